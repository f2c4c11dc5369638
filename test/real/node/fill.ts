import { Api, until, type Access, type Loose } from '../api';
import { knowNewerFields } from '../install';
import { registerWebhooks } from '../webhookConfiguration';
import {
  CHAOS_NAMESPACE,
  daemonPod,
  daemonSlice,
  databasePod,
  loadPod,
  NAMESPACE,
  ORDINALS,
  podName,
  type NodePlaces,
} from './pods';

const BASE = '/api/v1/namespaces';
const CRDS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
/** What the controller makes for itself and its chart lets pass without a look. */
const WITHOUT_WEBHOOK = /^(Pod(IO|Http|Network)Chaos|WorkflowNode|RemoteCluster|PhysicalMachine|StatusCheck)$/;

/** On a machine that is busy with other tests. */
const READY_MS = 300_000;

/** Whoever fills the cluster of the node, step by step. */
export class Filler {
  readonly #api: Api;
  readonly #places: NodePlaces;
  #kinds: string[] = [];

  constructor(access: Access, places: NodePlaces) {
    this.#api = new Api(access);
    this.#places = places;
  }

  dispose(): void {
    this.#api.dispose();
  }

  /** Namespaces, and Chaos Mesh's kinds. */
  async kinds(crds: readonly Loose[]): Promise<void> {
    await until(
      () => this.#api.call('GET', '/readyz').catch(() => ({ status: 0, body: '' })),
      ({ status }) => status === 200,
      'the API server to be ready',
      READY_MS,
    );
    for (const name of [CHAOS_NAMESPACE, NAMESPACE, 'clients'])
      await this.#api.must('POST', BASE, { metadata: { name } });
    for (const crd of crds) knowNewerFields(crd);
    await Promise.all(crds.map((crd) => this.#api.must('POST', CRDS, crd)));
    this.#kinds = crds.map(({ spec }) => spec.names.kind as string).filter((kind) => !WITHOUT_WEBHOOK.test(kind));
    await until(
      () => this.#api.call('GET', CRDS),
      ({ body }) =>
        body.items.length === crds.length &&
        body.items.every((crd: Loose) =>
          crd.status?.conditions?.some((one: Loose) => one.type === 'Established' && one.status === 'True'),
        ),
      'the kinds of Chaos Mesh',
      READY_MS,
    );
  }

  /** The webhooks of the controller, which runs by now. */
  async webhooks(port: number, authority: string): Promise<void> {
    await registerWebhooks(this.#api, { port, authority, kinds: this.#kinds });
  }

  async node(): Promise<void> {
    await until(
      () => this.#api.call('GET', `/api/v1/nodes/${this.#places.node}`),
      ({ body }) => body.status?.conditions?.some((one: Loose) => one.type === 'Ready' && one.status === 'True'),
      'the node to be ready',
      READY_MS,
    );
  }

  async daemon(): Promise<void> {
    await this.#create(daemonPod(this.#places));
    await this.#api.must(
      'POST',
      `/apis/discovery.k8s.io/v1/namespaces/${CHAOS_NAMESPACE}/endpointslices`,
      daemonSlice(this.#places),
    );
  }

  async database(): Promise<void> {
    for (const ordinal of ORDINALS) await this.#create(databasePod(this.#places, ordinal));
  }

  /** Fills the database and begins its load; resolves with the addresses of the pods by their names. */
  async load(): Promise<Record<string, string>> {
    const pods = await Promise.all(ORDINALS.map((ordinal) => this.#ready(NAMESPACE, podName(ordinal))));
    const addresses = pods.map(({ status }) => status.podIP as string);
    await this.#create(loadPod(this.#places, 'populate', addresses));
    await this.#seen('clients', 'populate', 'the database is filled', ({ status }) => {
      if (status?.phase === 'Failed') throw new Error('the database is not filled');
      return status?.phase === 'Succeeded';
    });
    await this.#create(loadPod(this.#places, 'load', addresses));
    await this.#ready('clients', 'load');
    return Object.fromEntries(pods.map(({ metadata, status }) => [metadata.name, status.podIP]));
  }

  /** Waits until a pod is ready. */
  #ready(namespace: string, name: string): Promise<Loose> {
    return this.#seen(namespace, name, `${name} is ready`, ({ status }) =>
      status?.conditions?.some((one: Loose) => one.type === 'Ready' && one.status === 'True'),
    );
  }

  async #create(pod: Loose): Promise<void> {
    await this.#api.must('POST', `${BASE}/${pod.metadata.namespace}/pods`, pod);
  }

  async #seen(namespace: string, name: string, what: string, wanted: (pod: Loose) => boolean): Promise<Loose> {
    const ask = (): Promise<Loose> => this.#api.must('GET', `${BASE}/${namespace}/pods/${name}`);
    return until(ask, wanted, what, READY_MS);
  }
}

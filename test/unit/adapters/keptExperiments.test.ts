import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect, type KubernetesConnection } from '../../../src/adapters/kubernetes/index';
import { systemClock } from '../../../src/core/base/clock';
import type { ExperimentSnapshot } from '../../../src/core/experiments/gateway';
import { ExperimentStore } from '../../../src/core/experiments/store';
import { silentLog } from '../../support';
import { chaosObject } from '../experiments/experiments';
import { API, discovery, kubernetesScene, list, status } from './kubernetesScene';

const scene = kubernetesScene();

let connection: KubernetesConnection;
let store: ExperimentStore;

beforeEach(async () => {
  const { file: kubeconfigPath } = scene;
  const namespaces = ['oceanbase', 'chaos-mesh'];
  const soon = { maxBackoffMs: 10, silentMs: 200, recheckMs: 50 };
  connection = await connect({ kubeconfigPath, trusted: true, log: silentLog, namespaces, ...soon });
  store = new ExperimentStore({ gateway: connection.experiments, clock: systemClock });
});

afterEach(() => {
  store.dispose();
  connection.dispose();
});

/** What the server has, and what it allows; changed while it runs. */
interface Cluster {
  objects: readonly { kind: string; namespace: string; name: string }[];
  /** A namespace, undefined for all. */
  allows: (what: 'list' | 'watch', namespace: string | undefined, kind: string) => number;
}

function serve(cluster: Cluster, kinds = ['StressChaos', 'NetworkChaos']): void {
  scene.server.handler = (_, response, { pathname, searchParams }) => {
    if (pathname === API) {
      const code = cluster.allows('list', undefined, '');
      return code === 200 || code === 403 ? discovery(response, ...kinds) : status(response, code, 'no');
    }
    const [, namespace] = /\/namespaces\/([\w-]+)\//.exec(pathname) ?? [];
    const kind = kinds.find((one) => pathname.endsWith(`/${one.toLowerCase()}`));
    if (kind === undefined) return list(response, []);
    const watches = searchParams.get('watch') === 'true';
    const code = cluster.allows(watches ? 'watch' : 'list', namespace, kind);
    if (code !== 200) return status(response, code, 'no');
    if (watches) return hold(response);
    const items = cluster.objects.filter(
      (one) => one.kind === kind && (namespace === undefined || namespace === one.namespace),
    );
    list(
      response,
      items.map(({ name, namespace: own }) => {
        const object = chaosObject({ kind, name, records: [{ appliedAfterMs: 1 }], duration: '1000000h' });
        return { ...object, metadata: { ...object.metadata, namespace: own, uid: `uid-${name}` } };
      }),
    );
  };
}

const hold = (response: ServerResponse): void => response.writeHead(200).flushHeaders();

const until = (wanted: (snapshot: ExperimentSnapshot) => boolean): Promise<ExperimentSnapshot> =>
  new Promise((resolve) => {
    const subscription = store.subscribe((snapshot) => {
      if (!wanted(snapshot)) return;
      setImmediate(() => subscription.dispose());
      resolve(snapshot);
    });
  });
const isLive = ({ health }: ExperimentSnapshot): boolean => health.state === 'live';
const isStale = ({ health }: ExperimentSnapshot): boolean => health.state === 'stale';
const names = ({ experiments }: ExperimentSnapshot): string[] => experiments.map(({ ref }) => ref.name).sort();
const acting = (): string[] => store.spans.flatMap(({ ref, toMs }) => (toMs === undefined ? ref.name : [])).sort();

const mine = { kind: 'StressChaos', namespace: 'oceanbase', name: 'mine' };
const net = { kind: 'NetworkChaos', namespace: 'oceanbase', name: 'net' };
const far = { kind: 'StressChaos', namespace: 'foo', name: 'far' };

describe('what was known when the experiments are listed anew', () => {
  it.each(['', 'StressChaos'])('stays while the server does not list %s, as old as it is', async (broken) => {
    let down = false;
    serve({
      objects: [mine, net],
      allows: (_, __, kind) => (down && (broken === '' || kind === broken) ? 503 : 200),
    });
    await until((snapshot) => isLive(snapshot) && names(snapshot).length === 2);
    down = true;
    const before = Date.now();
    store.relist();
    const { health, experiments } = await until(isStale);
    expect(experiments.map(({ ref }) => ref.name).sort()).toEqual(['mine', 'net']);
    expect(health).toMatchObject({ since: expect.toSatisfy((since: number) => since <= before + 5) as number });
    expect(acting()).toEqual(['mine', 'net']);
    down = false;
    await until(isLive);
  });

  it('goes where its kind was listed without it, and its span ends', async () => {
    const cluster: Cluster = { objects: [mine, net], allows: () => 200 };
    serve(cluster);
    await until((snapshot) => isLive(snapshot) && names(snapshot).length === 2);
    cluster.objects = [net];
    store.relist();
    await until((snapshot) => isLive(snapshot) && names(snapshot).join() === 'net');
    expect(acting()).toEqual(['net']);
  });

  it('goes with its kind', async () => {
    serve({ objects: [mine, net], allows: () => 200 });
    await until((snapshot) => isLive(snapshot) && names(snapshot).length === 2);
    serve({ objects: [mine, net], allows: () => 200 }, ['NetworkChaos']);
    store.relist();
    await until((snapshot) => isLive(snapshot) && names(snapshot).join() === 'net');
    expect(acting()).toEqual(['net']);
  });
});

describe('what acts outside of the namespaces of the settings', () => {
  it('stays, and is known to be old, where a permission for all namespaces is taken away', async () => {
    let narrow = false;
    serve({
      objects: [mine, net, far],
      allows: (_, namespace) => (narrow && (namespace === undefined || namespace === 'foo') ? 403 : 200),
    });
    await until((snapshot) => isLive(snapshot) && names(snapshot).length === 3);
    narrow = true;
    const seen = await until(({ onlyIn, health }) => onlyIn !== undefined && health.state === 'stale');
    expect(names(seen)).toEqual(['far', 'mine', 'net']);
    await until(({ onlyIn }) => onlyIn?.join() === 'chaos-mesh,oceanbase');
    expect(acting()).toEqual(['far', 'mine', 'net']);
  });

  it('is followed in its namespace where all may be listed, and only those watched', async () => {
    const cluster: Cluster = {
      objects: [],
      allows: (what, namespace) => (what === 'watch' && namespace === undefined ? 403 : 200),
    };
    serve(cluster);
    await until(({ onlyIn }) => onlyIn !== undefined);
    cluster.objects = [far];
    await until((snapshot) => isLive(snapshot) && names(snapshot).join() === 'far');
    const wide = scene.server.requests.filter((one) => /stresschaos\?.*watch=true/.test(one));
    const moves = scene.server.requests.filter((one) => /namespaces\/oceanbase\/stresschaos\?limit/.test(one));
    expect(wide.length).toBeGreaterThan(1); // asked again
    expect(moves.length).toBe(1); // without leaving what may be watched
  });

  it('is looked for in the namespaces where something was created from here, now and in an earlier session', async () => {
    const cluster: Cluster = { objects: [], allows: (_, namespace) => (namespace === undefined ? 403 : 200) };
    serve(cluster);
    await until((snapshot) => isLive(snapshot) && snapshot.onlyIn !== undefined);
    cluster.objects = [far, { ...net, namespace: 'bar' }];
    connection.lookInto(['bar']);
    const manifest = chaosObject({ name: 'far' });
    await connection.experiments.create({ ...manifest, metadata: { name: 'far', namespace: 'foo' } }).catch(() => 0);
    const seen = await until((snapshot) => names(snapshot).join() === 'far,net');
    expect(seen.onlyIn).toEqual(['bar', 'chaos-mesh', 'foo', 'oceanbase']);
    expect(names(await connection.experiments.list())).toEqual(['far', 'net']);
  });
});

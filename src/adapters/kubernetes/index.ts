import type { KindSchemas } from '../../core/chaosYaml/findings';
import { withoutSecrets, type ConnectionFacts } from '../../core/cluster/connection';
import type { HttpEndpoint } from '../../core/cluster/endpoint';
import type { Log } from '../../core/base/log';
import type { AccessGateway } from '../../core/cluster/access';
import type { TargetGateway } from '../../core/cluster/databasePod';
import type { ExperimentGateway } from '../../core/experiments/gateway';
import type { PodEventGateway } from '../../core/cluster/podEvents';
import type { PodGateway } from '../../core/impact/pod';
import type { OrchestrationGateway } from '../../core/workflows/orchestration';
import type { PrometheusService } from '../../core/cluster/prometheusService';
import { createAccessGateway } from './access';
import { KubeClient } from './connection/client';
import { createExperimentGateway } from './experiments/experiments';
import { connectionFacts } from './connection/facts';
import { readKindSchemas } from './experiments/kindSchemas';
import { findKubeconfig, loadKubeconfig, readKubeconfig, type KubeconfigOptions } from './connection/kubeconfig';
import { KnownNamespaces } from './knownNamespaces';
import { createPodEventGateway } from './podEvents';
import { createPodGateway } from './pods';
import { createOrchestrationGateway } from './experiments/orchestration';
import { chosenService, listPrometheusServices, serviceProxy } from './services';
import { createTargetGateway } from './targets';

export { writeYaml as toYaml } from '../yaml/write';

/** How to connect. */
export interface ConnectOptions extends KubeconfigOptions {
  log: Log;
  /** Looked at one by one where listing all namespaces is forbidden; the context's own when empty. */
  namespaces?: readonly string[];
  /** The longest wait between two tries of a broken watch, milliseconds; 30 s by default. */
  maxBackoffMs?: number;
  /** How long one answer may take, milliseconds; 20 s by default. */
  timeoutMs?: number;
  /** A watch that is silent for this long is reopened, milliseconds. */
  silentMs?: number;
  /** How often it is looked for kinds that were missing and for lists that were forbidden, milliseconds. */
  recheckMs?: number;
  /** How often the pods are looked at in which faults act, milliseconds. */
  podsMs?: number;
  /** Told the `Date` of every answer, with when its request went out and its answer came in. */
  heardDate?: (serverMs: number, sentMs: number, receivedMs: number) => void;
}

/** A context of the kubeconfig, to choose from. */
export interface ClusterContext {
  name: string;
  cluster: string;
  server: string;
  namespace: string | undefined;
}

/** A cluster that is ready to be asked. */
export interface KubernetesConnection {
  /** The kubeconfig context in use. */
  context: string;
  /** The API server's address. */
  server: string;
  /** The context's namespace, `default` where it names none. */
  namespace: string;
  /** Where it leads and how it is let in, to be shown. */
  facts: ConnectionFacts;
  contexts: readonly ClusterContext[];
  experiments: ExperimentGateway;
  targets: TargetGateway;
  orchestration: OrchestrationGateway;
  pods: PodGateway;
  podEvents: PodEventGateway;
  access: AccessGateway;
  /** The schemas of Chaos Mesh's kinds as this cluster has them; undefined where it does not tell. */
  kindSchemas(signal?: AbortSignal): Promise<KindSchemas | undefined>;
  /** A service's HTTP API through the API server. */
  serviceProxy(service: PrometheusService): HttpEndpoint;
  /** The same for one that was found earlier, whatever pod it runs in now. */
  chosenService(service: PrometheusService, signal?: AbortSignal): Promise<HttpEndpoint>;
  listPrometheusServices(signal?: AbortSignal): Promise<PrometheusService[]>;
  /** Looks there too while all namespaces may not be listed. */
  lookInto(namespaces: readonly string[]): void;
  /** Closes idle connections; watches are ended by their own disposables. */
  dispose(): void;
}

/** Reads the kubeconfig and prepares the way to its cluster; the network is used when something is asked. Throws AppError (`notConfigured`). */
export async function connect(options: ConnectOptions): Promise<KubernetesConnection> {
  const config = loadKubeconfig(options);
  const facts = connectionFacts(config, findKubeconfig(options));
  const { log, maxBackoffMs, timeoutMs, silentMs, recheckMs, podsMs, heardDate } = options;
  const client = new KubeClient(config, {
    // The same context, whatever the file names as its current one by then.
    reload: () => loadKubeconfig({ ...options, context: facts.context }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(heardDate === undefined ? {} : { heardDate }),
  });
  const { namespace } = facts;
  const wanted = [...new Set(options.namespaces?.filter((one) => one !== '') ?? [])];
  const namespaces = new KnownNamespaces(wanted.length > 0 ? wanted : [namespace]);
  return {
    context: facts.context,
    server: facts.server,
    namespace,
    facts,
    contexts: listContexts(config),
    experiments: createExperimentGateway({
      client,
      log,
      namespaces,
      ...(maxBackoffMs === undefined ? {} : { maxBackoffMs }),
      ...(silentMs === undefined ? {} : { silentMs }),
      ...(recheckMs === undefined ? {} : { recheckMs }),
      ...(podsMs === undefined ? {} : { podsMs }),
    }),
    targets: createTargetGateway(client),
    orchestration: createOrchestrationGateway({
      client,
      log,
      namespaces,
      ...(maxBackoffMs === undefined ? {} : { maxBackoffMs }),
      ...(recheckMs === undefined ? {} : { recheckMs }),
    }),
    pods: createPodGateway(client),
    podEvents: createPodEventGateway(client),
    access: createAccessGateway(client),
    kindSchemas: (signal) => readKindSchemas(client, log, signal),
    serviceProxy: (service) => serviceProxy(client, service),
    chosenService: (service, signal) => chosenService(client, service, signal),
    listPrometheusServices: (signal) => listPrometheusServices(client, [...namespaces, 'monitoring'], signal),
    lookInto: (more) => {
      for (const one of more) namespaces.add(one);
    },
    dispose: () => client.dispose(),
  };
}

/** The contexts of a kubeconfig, without connecting to any. Throws AppError (`notConfigured`). */
export function readContexts(kubeconfigPath?: string): ClusterContext[] {
  return listContexts(readKubeconfig({ kubeconfigPath: kubeconfigPath ?? '' }));
}

function listContexts(config: ReturnType<typeof loadKubeconfig>): ClusterContext[] {
  return config.getContexts().map(({ name, cluster, namespace }) => ({
    name,
    cluster,
    server: withoutSecrets(config.getCluster(cluster)?.server ?? ''),
    namespace,
  }));
}

import path from 'node:path';
import { connect } from '../../../src/adapters/kubernetes/index';
import { createMetricSource, resolvePrometheus } from '../../../src/adapters/prometheus/index';
import { createScorer } from '../../../src/adapters/tensorflow/localScorer';
import { systemClock } from '../../../src/core/base/clock';
import { lookBackMs } from '../../../src/core/diagnosis/stretches';
import { ExperimentStore } from '../../../src/core/experiments/store';
import { InjectionService } from '../../../src/core/injection/injection';
import type { ProfileName } from '../../../src/core/metrics/profiles';
import { createMonitor, type Monitor } from '../../../src/core/monitoring/monitor';
import type { Clock } from '../../../src/core/base/clock';
import type { Log } from '../../../src/core/base/log';
import type { TargetGateway } from '../../../src/core/cluster/databasePod';
import type { AnomalyScorer } from '../../../src/core/diagnosis/scorer';
import type { ExperimentGateway } from '../../../src/core/experiments/gateway';
import type { TargetQuery } from '../../../src/core/cluster/databasePod';
import { Evaluator } from '../../../src/core/evaluation/evaluator';
import { createPastDiagnosis, type PastDiagnosis } from '../../../src/core/evaluation/pastDiagnosis';
import { startDemoCluster } from '../../../src/demo/cluster';

/** Everything that the tour acts on: the extension's own parts without the editor. */
export interface TourWorld {
  clock: Clock;
  context: string;
  prometheus: string;
  query: TargetQuery;
  targets: TargetGateway;
  experiments: ExperimentGateway;
  store: ExperimentStore;
  injection: InjectionService;
  monitor: Monitor;
  scorer: AnomalyScorer;
  past: PastDiagnosis;
  evaluator: Evaluator;
  stepMs: number;
  close(): Promise<void>;
}

export interface TourWorldOptions {
  directory: string;
  /** Of a running cluster; undefined = start the embedded one in this process, `speed` times as fast. */
  kubeconfig: string | undefined;
  prometheusUrl: string;
  speed: number;
  nodes: number;
  seed: number;
  stepMs: number;
  /** Whose metrics are asked for: `container` leaves the database's own out. */
  profile?: ProfileName | undefined;
  /** The project's folder, where it is not two above this bundle. */
  root?: string;
}

const WINDOW_MS = 30 * 60_000;

const quiet: Log = {
  trace: () => undefined,
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** Connects to a cluster through its kubeconfig exactly as the extension does. */
export async function openTourWorld(options: TourWorldOptions): Promise<TourWorld> {
  const { directory, speed, nodes, seed, stepMs, profile = 'auto' } = options;
  const demo = options.kubeconfig === undefined ? await startDemoCluster({ directory, speed, nodes, seed }) : undefined;
  const clock = demo?.clock ?? systemClock;
  const query: TargetQuery = { namespace: 'oceanbase', labelSelector: 'ref-obcluster', container: 'observer' };
  const connection = await connect({
    kubeconfigPath: demo?.kubeconfigPath ?? options.kubeconfig ?? '',
    trusted: true,
    log: quiet,
    namespaces: [query.namespace],
  });
  const store = new ExperimentStore({ gateway: connection.experiments, clock });
  const injection = new InjectionService({ gateway: connection.experiments, store, clock, log: quiet });
  const resolve = (signal?: AbortSignal): ReturnType<typeof resolvePrometheus> =>
    resolvePrometheus({ url: options.prometheusUrl, cluster: connection, log: quiet }, signal);
  const metrics = createMetricSource({ resolve, clock, profile, container: query.container, log: quiet });
  const root = options.root ?? path.join(__dirname, '..', '..');
  const scorer = await createScorer({
    modelDirectory: path.join(root, 'models', 'anomaly-detector'),
    wasmDirectory: path.join(root, 'dist'),
  });
  const monitor = createMonitor({
    targets: connection.targets,
    query,
    metrics,
    scorer,
    store,
    clock,
    log: quiet,
    windowMs: WINDOW_MS,
    stepMs,
    refreshMs: stepMs,
  });
  const { targets } = connection;
  const past = createPastDiagnosis({ targets, query, metrics, scorer, windowMs: lookBackMs(stepMs), stepMs });
  const evaluator = new Evaluator({ store, monitor, past, clock, log: quiet, stepMs, refreshMs: stepMs });
  return {
    clock,
    context: connection.context,
    prometheus: (await resolve()).baseUrl,
    query,
    targets: connection.targets,
    experiments: connection.experiments,
    store,
    injection,
    monitor,
    scorer,
    past,
    evaluator,
    stepMs,
    close: async () => {
      evaluator.dispose();
      monitor.dispose();
      store.dispose();
      scorer.dispose();
      connection.dispose();
      await demo?.stop();
    },
  };
}

import path from 'node:path';
import type { KubernetesConnection } from '../adapters/kubernetes/index';
import type { resolvePrometheus } from '../adapters/prometheus/index';
import type { Clock } from '../core/base/clock';
import { systemClock } from '../core/base/clock';
import type { Disposable } from '../core/base/disposable';
import type { Log } from '../core/base/log';
import { accessNeeds } from '../core/cluster/access';
import { AccessGuard } from '../core/cluster/accessGuard';
import type { TargetQuery } from '../core/cluster/databasePod';
import type { PodEventGateway } from '../core/cluster/podEvents';
import { PodHistory } from '../core/cluster/podHistory';
import { aliasesOf } from '../core/cluster/protection';
import { ServerClock } from '../core/cluster/serverClock';
import { lookBackMs } from '../core/diagnosis/stretches';
import type { AnomalyScorer } from '../core/diagnosis/scorer';
import { createPastDiagnosis, type PastDiagnosis } from '../core/evaluation/pastDiagnosis';
import { createMonitor, type Monitor } from '../core/monitoring/monitor';
import { createWorkerScorer } from '../adapters/tensorflow/workerClient';
import { ExperimentStore } from '../core/experiments/store';
import { InjectionService } from '../core/injection/injection';
import type { QueryGateway } from '../core/metrics/chartQuery';
import type { MetricFrame } from '../core/metrics/series';
import type { MetricSource } from '../core/metrics/source';
import { ScenarioRuns } from '../core/scenario/runs';
import type { ScriptedSession } from '../ui/session/session';
import type { PrometheusWay } from './credentials';

/** How the program reaches a cluster, and what it protects there. */
export interface SessionOptions {
  /** '' = as kubectl finds it. */
  kubeconfig: string;
  /** '' = the kubeconfig's current one. */
  context: string;
  query: TargetQuery;
  prometheus: Pick<PrometheusWay, 'url' | 'auth'>;
  stepMs: number;
  protectedContexts: readonly string[];
  protectedNamespaces: readonly string[];
  log: Log;
  /** The machine's clock. */
  clock?: Clock;
  /** Where `models` and the WebAssembly files are. */
  root: string;
}

/** The extension's parts on one cluster, without the editor. */
export interface CliSession extends ScriptedSession, Disposable {
  readonly stepMs: number;
  readonly podEvents: PodEventGateway;
  readonly metrics: MetricSource;
  readonly queries: QueryGateway;
  readonly past: PastDiagnosis;
  readonly scorer: AnomalyScorer;
  /** The API server's address. */
  readonly server: string;
  readonly log: Log;
  readonly monitor: ScriptedSession['monitor'] & Pick<Monitor, 'subscribe'>;
  /** Asks for the memory in use anew, by which the guards judge a memory stress. */
  lookAtMemory(): Promise<void>;
}

/** What the monitor looks at, milliseconds. */
const SHOWN_MS = 10 * 60_000;
const REFRESH_MS = 10_000;
/** As the setting distdiag.injection.defaultDuration has it. */
export const DEFAULT_DURATION_MS = 180_000;

/** Connects; the detector is loaded when the diagnosis is asked for the first time. Rejects with AppError. */
export async function openSession(options: SessionOptions): Promise<CliSession> {
  const { query, log, stepMs, protectedContexts, protectedNamespaces } = options;
  const clock = new ServerClock(options.clock ?? systemClock);
  const { connect } = await import('../adapters/kubernetes/index');
  const prometheus = await import('../adapters/prometheus/index');
  const connection = await connect({
    kubeconfigPath: options.kubeconfig,
    context: options.context,
    trusted: true,
    log,
    namespaces: [query.namespace],
    ...(options.clock ? {} : { heardDate: clock.heard }),
  });
  const targets = new PodHistory(connection.targets, clock);
  const store = new ExperimentStore({ gateway: connection.experiments, clock });
  const injection = new InjectionService({ gateway: connection.experiments, store, clock, log });
  const scenarios = new ScenarioRuns({ injector: injection, store, clock, log });
  const resolve = (signal?: AbortSignal): ReturnType<typeof resolvePrometheus> =>
    prometheus.resolvePrometheus({ ...options.prometheus, cluster: connection, log }, signal);
  const metrics = prometheus.createMetricSource({ resolve, clock, profile: 'auto', container: query.container, log });
  const queries = prometheus.createQueries({
    resolve,
    clock,
    queryOf: (metric, pods, step, signal) => metrics.queryOf(metric, pods, step, signal),
  });
  // Its thread and the model are loaded at the first question.
  const scorer = createWorkerScorer({
    workerPath: path.join(options.root, 'dist', 'scorer.js'),
    modelDirectory: path.join(options.root, 'models', 'anomaly-detector'),
    log,
  });
  const shared = { targets, query, metrics, scorer, stepMs };
  const past = createPastDiagnosis({ ...shared, windowMs: lookBackMs(stepMs) });
  const monitor = createMonitor({ ...shared, store, clock, log, windowMs: SHOWN_MS, refreshMs: REFRESH_MS });
  let frame: MetricFrame | undefined;
  const lookAtMemory = async (): Promise<void> => {
    frame = await memoryFrame(metrics, targets, query, clock);
  };
  return {
    context: connection.context,
    server: connection.server,
    aliases: aliasesOf(connection.facts, connection.contexts),
    config: {
      query,
      protection: 'confirm',
      protectedContexts,
      protectedNamespaces,
      // Whoever starts the program has chosen its options.
      trusted: true,
      chaosNamespace: query.namespace,
      defaultDurationMs: DEFAULT_DURATION_MS,
    },
    clock,
    targets,
    pods: connection.pods,
    podEvents: connection.podEvents,
    experiments: connection.experiments,
    orchestration: connection.orchestration,
    store,
    injection,
    scenarios,
    metrics,
    queries,
    past,
    scorer,
    monitor: {
      get state() {
        return { frame };
      },
      refresh: (signal) => monitor.refresh(signal),
      subscribe: (listener) => monitor.subscribe(listener),
    },
    lookAtMemory,
    access: accessGuard(connection, query, log),
    stepMs,
    log,
    dispose: () => {
      injection.dispose();
      scenarios.dispose();
      monitor.dispose();
      store.dispose();
      scorer.dispose();
      connection.dispose();
    },
  };
}

function accessGuard(connection: KubernetesConnection, { namespace }: TargetQuery, log: Log): AccessGuard {
  const needs = accessNeeds({ targetNamespace: namespace, chaosNamespace: namespace, prometheus: undefined });
  const { access: gateway, context } = connection;
  return new AccessGuard({ gateway, needs: () => needs, context, clock: systemClock, log });
}

/** The memory in use, by which a memory stress is judged; undefined where the metrics do not tell. */
async function memoryFrame(
  metrics: MetricSource,
  targets: KubernetesConnection['targets'],
  query: TargetQuery,
  clock: Clock,
): Promise<MetricFrame | undefined> {
  try {
    const stepMs = 15_000;
    const toMs = Math.floor(clock.now() / stepMs) * stepMs;
    const span = { fromMs: toMs - 4 * stepMs, toMs, stepMs };
    const request = { targets: await targets.list(query), ...span, metrics: ['memory.used' as const] };
    return await metrics.fetch(request, new AbortController().signal);
  } catch {
    return undefined; // whatever needs metrics says so itself
  }
}

import path from 'node:path';
import { connect, type KubernetesConnection } from '../adapters/kubernetes/index';
import { createMetricSource, createQueries, resolvePrometheus } from '../adapters/prometheus/index';
import type { Clock } from '../core/base/clock';
import { systemClock } from '../core/base/clock';
import type { Disposable } from '../core/base/disposable';
import type { Log } from '../core/base/log';
import { accessNeeds } from '../core/cluster/access';
import { AccessGuard } from '../core/cluster/accessGuard';
import type { TargetQuery } from '../core/cluster/databasePod';
import type { PodEventGateway } from '../core/cluster/podEvents';
import { aliasesOf } from '../core/cluster/protection';
import { ServerClock } from '../core/cluster/serverClock';
import { lookBackMs } from '../core/diagnosis/stretches';
import { createPastDiagnosis, type PastDiagnosis } from '../core/evaluation/pastDiagnosis';
import { ExperimentStore } from '../core/experiments/store';
import { InjectionService } from '../core/injection/injection';
import type { QueryGateway } from '../core/metrics/chartQuery';
import type { MetricFrame } from '../core/metrics/series';
import type { MetricSource } from '../core/metrics/source';
import { ScenarioRuns } from '../core/scenario/runs';
import type { GuardedSession } from '../ui/session/session';

/** How the program reaches a cluster, and what it protects there. */
export interface SessionOptions {
  /** '' = as kubectl finds it. */
  kubeconfig: string;
  /** '' = the kubeconfig's current one. */
  context: string;
  query: TargetQuery;
  /** '' = found in the cluster. */
  prometheusUrl: string;
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
export interface CliSession extends GuardedSession, Disposable {
  readonly stepMs: number;
  readonly access: AccessGuard;
  readonly podEvents: PodEventGateway;
  readonly injection: InjectionService;
  readonly scenarios: ScenarioRuns;
  readonly metrics: MetricSource;
  readonly queries: QueryGateway;
  readonly past: Pick<PastDiagnosis, 'looks'>;
  readonly log: Log;
}

/** Connects; the detector is loaded when the diagnosis is asked for the first time. Rejects with AppError. */
export async function openSession(options: SessionOptions): Promise<CliSession> {
  const { query, log, stepMs, protectedContexts, protectedNamespaces } = options;
  const clock = new ServerClock(options.clock ?? systemClock);
  const connection = await connect({
    kubeconfigPath: options.kubeconfig,
    context: options.context,
    trusted: true,
    log,
    namespaces: [query.namespace],
    ...(options.clock ? {} : { heardDate: clock.heard }),
  });
  const { targets } = connection;
  const store = new ExperimentStore({ gateway: connection.experiments, clock });
  const injection = new InjectionService({ gateway: connection.experiments, store, clock, log });
  const scenarios = new ScenarioRuns({ injector: injection, store, clock, log });
  const resolve = (signal?: AbortSignal): ReturnType<typeof resolvePrometheus> =>
    resolvePrometheus({ url: options.prometheusUrl, cluster: connection, log }, signal);
  const metrics = createMetricSource({ resolve, clock, profile: 'auto', container: query.container, log });
  const queries = createQueries({
    resolve,
    clock,
    queryOf: (metric, pods, step, signal) => metrics.queryOf(metric, pods, step, signal),
  });
  const diagnosis = lazyDiagnosis({ targets, query, metrics, stepMs, root: options.root });
  return {
    context: connection.context,
    aliases: aliasesOf(connection.facts, connection.contexts),
    config: { query, protection: 'confirm', protectedContexts, protectedNamespaces },
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
    past: diagnosis,
    monitor: { state: { frame: await memoryFrame(metrics, targets, query, clock) } },
    access: accessGuard(connection, query, log),
    stepMs,
    log,
    dispose: () => {
      injection.dispose();
      scenarios.dispose();
      store.dispose();
      diagnosis.dispose();
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

function lazyDiagnosis(parts: {
  targets: KubernetesConnection['targets'];
  query: TargetQuery;
  metrics: MetricSource;
  stepMs: number;
  root: string;
}): Pick<PastDiagnosis, 'looks'> & Disposable {
  const { root, stepMs, ...rest } = parts;
  const load = async (): Promise<{ past: PastDiagnosis; dispose(): void }> => {
    const { createScorer } = await import('../adapters/tensorflow/localScorer');
    const scorer = await createScorer({
      modelDirectory: path.join(root, 'models', 'anomaly-detector'),
      wasmDirectory: path.join(root, 'dist'),
    });
    const past = createPastDiagnosis({ ...rest, scorer, stepMs, windowMs: lookBackMs(stepMs) });
    return { past, dispose: () => scorer.dispose() };
  };
  let loaded: ReturnType<typeof load> | undefined;
  return {
    looks: async (moments, signal) => (await (loaded ??= load())).past.looks(moments, signal),
    dispose: () =>
      void loaded?.then(
        (one) => one.dispose(),
        () => undefined,
      ),
  };
}

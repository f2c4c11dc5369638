import { msg } from '../base/text';
import type { Clock } from '../base/clock';
import type { Disposable } from '../base/disposable';
import { AppError, toAppError } from '../base/errors';
import type { Log } from '../base/log';
import type { DatabasePod, TargetGateway, TargetQuery } from '../cluster/databasePod';
import type { PodEventGateway } from '../cluster/podEvents';
import { fullNameOf } from '../experiments/find';
import type { ExperimentStore } from '../experiments/store';
import { untilAborted } from '../time/waiting';
import type { PastDiagnosis } from '../evaluation/pastDiagnosis';
import type { StopReport } from '../injection/injection';
import type { QueryGateway } from '../metrics/chartQuery';
import type { MetricFrame } from '../metrics/series';
import type { MetricSource } from '../metrics/source';
import type { SampleSource, Scope } from '../scenario/expectation';
import type { ScenarioPlan } from '../scenario/planScenario';
import type { FaultRun, TestWorld } from './testWorld';
import { Members } from './members';
import { aggregate, type Samples, type Span } from './samples';

/** What a test of a plan is run with: the parts of a session. */
export interface TestWorldOptions {
  plan: ScenarioPlan;
  targets: TargetGateway;
  podEvents: PodEventGateway;
  query: TargetQuery;
  metrics: MetricSource;
  queries: Pick<QueryGateway, 'range'>;
  past: Pick<PastDiagnosis, 'looks'>;
  store: Pick<ExperimentStore, 'spans' | 'snapshot' | 'subscribe'>;
  /** The cluster's time. */
  clock: Clock;
  log: Log;
  stepMs: number;
  start: () => FaultRun;
  stop: () => Promise<StopReport>;
}

/** How far apart the moments are of which the diagnosis is asked. */
const DIAGNOSED_EVERY_MS = 10_000;

/** The world of a test on a real cluster: Prometheus's samples, the past's diagnoses, the pods of the API server. */
export function createTestWorld(options: TestWorldOptions): TestWorld {
  const { plan, targets, podEvents, query, metrics, queries, past, store, clock, log, stepMs, start, stop } = options;
  const hit = new Set(plan.steps.flatMap(({ injection }) => injection.targets.map(({ pod }) => pod)));
  const aligned = ({ fromMs, toMs }: Span): Span => ({
    fromMs: Math.ceil(fromMs / stepMs) * stepMs,
    toMs: Math.floor(toMs / stepMs) * stepMs,
  });
  const members = new Members(hit);
  const list = async (signal: AbortSignal): Promise<readonly DatabasePod[]> => {
    const askedAt = clock.now();
    const found = await targets.list(query, signal);
    members.note(found, askedAt);
    return found;
  };
  let listing: ReturnType<typeof list> | undefined;
  /** What asks at the same time shares one answer. */
  const pods: TestWorld['pods'] = (signal) =>
    (listing ??= list(signal).finally(() => {
      listing = undefined;
    }));
  /** The nodes as one; what was not in the cluster at a moment has nothing to add then. */
  const combined = (frame: MetricFrame, { metric, of, aggregate: how }: NodeSource): Float64Array => {
    const series = frame.series.filter((one) => one.metric === metric && isOf(of, members.isTarget(one.node)));
    const at = (i: number): number => frame.timestamps[i] as number;
    return Float64Array.from(frame.timestamps, (_, i) => {
      const there = series.filter(({ node, values }) => Number.isFinite(values[i]) || !members.wasAbsent(node, at(i)));
      return aggregate(
        there.map(({ values }) => values[i] as number),
        how,
      );
    });
  };
  let run: FaultRun | undefined;
  const looked = new Map<number, Awaited<ReturnType<PastDiagnosis['looks']>>[number]>();
  return {
    clock,
    log,
    start: () => (run = start()),
    stop,
    hasForeign: ({ fromMs, toMs }) => {
      const own = new Set(run?.steps.flatMap(({ ref }) => (ref ? [fullNameOf(ref)] : [])));
      return store.spans.some(
        (one) => !own.has(fullNameOf(one.ref)) && one.fromMs < toMs && (one.toMs ?? Infinity) > fromMs,
      );
    },
    calmSince: async (signal) => {
      await untilListed(store, signal);
      const ends = store.spans.map(({ toMs, phase }) => (phase === 'finished' ? (toMs ?? -Infinity) : Infinity));
      return Math.max(-Infinity, ...ends);
    },
    pods,
    podEvents: async (signal) => {
      const [events] = await Promise.all([podEvents.list(query.namespace, signal), pods(signal)]);
      return events.filter(({ pod }) => members.has(pod));
    },
    samples: async (sources, span, signal) => {
      const range = aligned(span);
      const ids = [...new Set(sources.flatMap((source) => ('metric' in source ? [source.metric] : [])))];
      if (ids.length > 0) await pods(signal);
      const frame =
        ids.length === 0
          ? undefined
          : await metrics.fetch({ targets: members.all, ...range, stepMs, metrics: ids }, signal);
      return Promise.all(
        sources.map(async (source): Promise<Samples> => {
          if ('query' in source) {
            const { timestamps, lines } = await queries
              .range(source.query, { ...range, stepMs }, 2, signal)
              .catch((thrown: unknown) => Promise.reject(aboutQuery(source.query, toAppError(thrown))));
            if (lines.length > 1)
              throw new AppError('invalid', msg`The query "${source.query}" returns several series instead of one.`, {
                hint: 'Aggregate them, for example with sum().',
              });
            return { timestamps, values: lines[0]?.values ?? new Float64Array(timestamps.length).fill(NaN), stepMs };
          }
          if (!frame) return { timestamps: [], values: [], stepMs };
          return { timestamps: frame.timestamps, values: combined(frame, source), stepMs };
        }),
      );
    },
    diagnoses: async ({ fromMs, toMs }, signal) => {
      const moments: number[] = [];
      for (
        let at = Math.ceil(fromMs / DIAGNOSED_EVERY_MS) * DIAGNOSED_EVERY_MS;
        at <= toMs - stepMs;
        at += DIAGNOSED_EVERY_MS
      )
        if (!looked.has(at)) moments.push(at);
      if (moments.length > 0) for (const sample of await past.looks(moments, signal)) looked.set(sample.at, sample);
      return [...looked.values()].filter(({ at }) => at >= fromMs && at <= toMs).sort((a, b) => a.at - b.at);
    },
  };
}

/** Names the query that the server refuses: it is one of several. */
const aboutQuery = (query: string, error: AppError): AppError =>
  error.code === 'invalid'
    ? new AppError('invalid', msg`The query "${query}" is invalid. ${error.text}`, {
        cause: error,
        ...(error.hint === undefined ? {} : { hint: error.hint }),
      })
    : error;

/** Resolves when the experiments are listed, or cannot be; from then on their ends are known. */
function untilListed(store: TestWorldOptions['store'], signal: AbortSignal): Promise<void> {
  let watching: Disposable | undefined;
  const listed = new Promise<void>((resolve) => {
    watching = store.subscribe(({ health }) => {
      if (health.state !== 'connecting') resolve();
    });
  });
  return untilAborted(listed, signal).finally(() => watching?.dispose());
}

type NodeSource = Extract<SampleSource, { metric: string }>;

const isOf = (scope: Scope, isTarget: boolean): boolean => scope === 'database' || isTarget === (scope === 'targets');

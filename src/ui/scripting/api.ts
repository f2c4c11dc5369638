import type {
  DiagnosisAnswer,
  DistDiagApi,
  ListedExperiment,
  MetricsRow,
  RanksRow,
  StartAnomaly,
  StartedAnomaly,
} from '../../../types/index';
import type { Diagnosis } from '../../core/diagnosis/types';
import { diagnosisState, type DiagnosisState } from '../../core/monitoring/diagnosisState';
import { AppError } from '../../core/base/errors';
import { Gate } from '../../core/base/gate';
import { listingOf } from '../../core/experiments/listed';
import type { MonitorState } from '../../core/monitoring/monitorState';
import { findOurs, oursIn, withOurs } from '../../core/stop/ours';
import type { Disposable } from '../../core/base/disposable';
import type { Log } from '../../core/base/log';
import { endOwn, stopPart } from '../../core/stop/stopOurs';
import { isRecord } from '../../core/base/unknown';
import { requireTrust } from '../session/policy';
import { requestedPlan } from './requestedPlan';
import type { ScriptedSession, ScriptedSessions } from '../session/session';
import { stopParts } from './stopParts';

export type { DistDiagApi } from '../../../types/index';

/** The API over the window's session, with the same guards as the palette. */
export function createApi(
  sessions: ScriptedSessions,
  createdBy: string,
  log: Log,
): Omit<DistDiagApi, 'version' | 'activationMs'> {
  const state = async (): Promise<MonitorState> => (await sessions.current()).monitor.refresh();
  const turn = new Gate(1);
  return {
    // One after the other, so that each takes the one before into account.
    startAnomaly: async (request) => {
      const session = await sessions.current();
      const { recalled } = session.injection;
      return turn.pass(() => start(session, createdBy, request, recalled));
    },
    stopAllAnomalies: async (signal) => {
      const session = await sessions.current();
      requireTrust(session);
      const parts = stopParts(session, log);
      const own = await endOwn(parts); // nothing starts after the stop below
      const look = await findOurs(parts, session.store.snapshot.experiments, signal);
      const { stopped, failed, lost } = await stopPart(parts, oursIn(look), signal ? { signal } : {});
      // Everything visible was stopped; if there may be more, that is no success.
      const [doubt] = [...own, ...(look.doubt ? [look.doubt] : []), ...lost];
      if (doubt) throw doubt;
      const left = failed.map(({ ref: { kind, namespace, name }, error }) => ({
        kind,
        namespace,
        name,
        reason: error.message,
      }));
      return { stopped: stopped.length, failed: failed.length, ...(left.length > 0 ? { left } : {}) };
    },
    listExperiments: async (): Promise<ListedExperiment[]> => {
      const { experiments, orchestration, clock } = await sessions.current();
      const [{ experiments: all, health }, held] = await Promise.all([experiments.list(), orchestration.list()]);
      if (health.state === 'failed') throw health.error;
      return withOurs(all, held).map((experiment) => listingOf(experiment, clock.now()));
    },
    getMetrics: async () => metricsRows(shown(await state())),
    getAnomalyRanks: async () => ranksRows(shown(await state())),
    diagnose: async () => {
      const session = await sessions.current();
      const [refreshed] = await Promise.all([session.monitor.refresh(), listed(session)]);
      const seen = { ...shown(refreshed), spans: session.store.spans };
      if (seen.diagnosis) return answerOf(seen.diagnosis, diagnosisState({ ...seen, live: true }, session.clock.now()));
      throw new AppError('notFound', 'There is nothing to diagnose yet.');
    },
  };
}

/** On the cluster that was current at the time of the call, unless everything was `recalled` since. */
async function start(
  session: ScriptedSession,
  createdBy: string,
  asked: StartAnomaly,
  recalled: AbortSignal,
): Promise<StartedAnomaly> {
  const { signal, input } = partsOf(asked);
  const { plan, manifest, impact, policy } = await requestedPlan(session, createdBy, input, signal);
  recalled.throwIfAborted();
  const { ref } = await session.injection.injectManifest(manifest, policy, signal ? { signal } : {});
  return {
    kind: ref.kind,
    namespace: ref.namespace,
    name: ref.name,
    pods: plan.targets.map(({ pod }) => pod),
    durationMs: plan.durationMs,
    warnings: impact.warnings.map(String),
  };
}

/** Separates the signal of a request from the rest; anything that is not an AbortSignal is checked like other fields. */
function partsOf(asked: unknown): { signal: AbortSignal | undefined; input: unknown } {
  if (!isRecord(asked)) return { signal: undefined, input: asked };
  const { signal, ...input } = asked;
  if (signal === undefined || signal instanceof AbortSignal) return { signal, input };
  return { signal: undefined, input: asked };
}

/** How long to wait for a watch, milliseconds. */
const LISTED_MS = 3000;

/** Loads the running experiments even if nothing watches: a diagnosis right after an injection must say that it is too early. */
async function listed({ store, clock }: ScriptedSession): Promise<void> {
  let watching: Disposable | undefined;
  let timer: Disposable | undefined;
  await new Promise<void>((resolve) => {
    timer = clock.after(LISTED_MS, resolve);
    watching = store.subscribe(({ health }) => {
      if (health.state !== 'connecting') resolve();
    });
  });
  timer?.dispose();
  watching?.dispose();
}

/** A diagnosis with its state; "healthy" only if that is known. */
function answerOf(
  { unjudged: _unjudged, lost: _lost, ...diagnosis }: Diagnosis,
  { state, reason, since, readyInMs, unknownNodes }: DiagnosisState,
): DiagnosisAnswer {
  return {
    ...diagnosis,
    healthy: state === 'normal',
    state,
    reason: reason === undefined ? undefined : String(reason),
    since,
    readyInMs,
    unknownNodes: unknownNodes.map(({ node, reason: why }) => ({ node, reason: String(why) })),
  };
}

/** Never returns old data as new, or a failure as "no data". */
function shown(state: MonitorState): MonitorState {
  const { health } = state;
  if (health.state === 'failed' || health.state === 'stale') throw health.error;
  if (health.state === 'empty') throw new AppError('notFound', health.message);
  return state;
}

const number = (value: number | undefined): number | null =>
  value !== undefined && Number.isFinite(value) ? value : null;

function metricsRows({ frame }: MonitorState): MetricsRow[] {
  if (!frame) return [];
  const metrics = [...new Set(frame.series.map((series) => series.metric))].map((metric) => ({
    metric,
    all: frame.series.filter((series) => series.metric === metric).map(({ values }) => values),
  }));
  return [...frame.timestamps].map((at, i) => {
    const row: MetricsRow = { timestamp: new Date(at).toISOString() };
    for (const { metric, all } of metrics) {
      const values = all.map((one) => one[i] as number).filter(Number.isFinite);
      row[metric] = values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : null;
    }
    return Object.assign(row, {
      cpu: row['cpu.used'] ?? null,
      memory: row['memory.used'] ?? null,
      network: row['network.sendBytes'] ?? null,
    });
  });
}

function ranksRows({ ranks }: MonitorState): RanksRow[] {
  if (!ranks) return [];
  return [...ranks.timestamps].map((at, i) => ({
    timestamp: new Date(at).toISOString(),
    rank: number(ranks.cluster[i]),
    nodes: Object.fromEntries(ranks.nodes.map(({ node, ranks: values }) => [node, number(values[i])])),
  }));
}

import type {
  DistDiagApi,
  ListedExperiment,
  MetricsRow,
  RanksRow,
  StartAnomaly,
  StartedAnomaly,
} from '../../types/index';
import { anomalyDefinition, defaultParameters } from '../core/anomalies';
import { parseAnomalyRequest, targetsOf } from '../core/anomalyRequest';
import { AppError } from '../core/errors';
import { Gate } from '../core/gate';
import { listingOf } from '../core/listedExperiment';
import { toManifest } from '../core/manifest';
import { lookAround, oursIn, withOurs } from '../core/ours';
import { endOwn, stopPart } from '../core/stopOurs';
import type { MonitorState } from '../core/monitorState';
import type { Log } from '../core/ports';
import { isRecord } from '../core/unknown';
import { lookAtHarm } from './harm';
import { policyOf, requireTrust } from './policy';
import type { SessionManager } from './session';
import { stopParts } from './stopParts';

export type { DistDiagApi } from '../../types/index';

/** The API over the window's session, with the same guards as the palette. */
export function createApi(
  sessions: SessionManager,
  createdBy: string,
  log: Log,
): Omit<DistDiagApi, 'version' | 'activationMs'> {
  const state = async (): Promise<MonitorState> => (await sessions.current()).monitor.refresh();
  const turn = new Gate(1);
  return {
    // One after the other: each is to see what the one before it hits.
    startAnomaly: (request) => turn.pass(() => start(sessions, createdBy, request)),
    stopAllAnomalies: async (signal) => {
      const session = await sessions.current();
      requireTrust(session);
      const parts = stopParts(session, log);
      const own = await endOwn(parts); // nothing begins behind what is stopped below
      const look = await lookAround(parts, [], signal);
      const { stopped, failed, lost } = await stopPart(parts, oursIn(look), signal ? { signal } : {});
      // What can be seen is stopped; that there may be more is no success.
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
      const { diagnosis } = shown(await state());
      if (diagnosis) return diagnosis;
      throw new AppError('notFound', 'There is nothing to diagnose yet.');
    },
  };
}

/** Pods beyond this share of the database are hit only after a question, which a script cannot be asked. */
const MOST_SHARE = 0.5;

async function start(sessions: SessionManager, createdBy: string, asked: StartAnomaly): Promise<StartedAnomaly> {
  const { signal, input } = partsOf(asked);
  const request = parseAnomalyRequest(input);
  const { type } = request;
  const session = await sessions.current();
  requireTrust(session);
  await session.access.require('inject', [anomalyDefinition(type).kind]);
  const all = await session.targets.list(session.config.query, signal);
  const targets = targetsOf(request, all, Math.random);
  if (all.length > 1 && targets.length > all.length * MOST_SHARE)
    throw new AppError('invalid', `${targets.length} of ${all.length} pods are more than half of the database.`, {
      hint: 'Name fewer pods, or inject it from the palette, which asks first.',
    });
  const plan = {
    type,
    targets,
    parameters: { ...defaultParameters(type), ...request.parameters },
    durationMs: request.durationMs ?? session.config.defaultDurationMs,
    chaosNamespace: session.config.chaosNamespace,
    container: session.config.query.container,
    createdBy,
  };
  // What the palette has to be confirmed by the context's name is refused: a script cannot be asked.
  const { grave, problems } = await lookAtHarm([toManifest(plan)], session, signal);
  const [problem = grave[0]] = problems;
  if (problem !== undefined)
    throw new AppError('invalid', problem, {
      hint: 'Name other pods, or inject it from the palette, which asks first.',
    });
  const { ref } = await session.injection.inject(plan, policyOf(session, all.length), signal ? { signal } : {});
  return {
    kind: ref.kind,
    namespace: ref.namespace,
    name: ref.name,
    pods: targets.map(({ pod }) => pod),
    durationMs: plan.durationMs,
  };
}

/** The signal of a request where it has one, and the rest as it is to be checked: what is no signal is a word like any other. */
function partsOf(asked: unknown): { signal: AbortSignal | undefined; input: unknown } {
  if (!isRecord(asked)) return { signal: undefined, input: asked };
  const { signal, ...input } = asked;
  if (signal === undefined || signal instanceof AbortSignal) return { signal, input };
  return { signal: undefined, input: asked };
}

/** Nothing old is given out as new, and no failure as "no data". */
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

import type { Experiment } from './experiment';
import { derivePhase } from './phase';
import type { GroupItem } from './groupItem';

/** So long a row stays in its place after its end, milliseconds: whoever watches sees how it ended. */
const STAYS_MS = 60_000;

/** When an experiment finished, epoch milliseconds; undefined where it has not, or where that is not known. */
function finishedAt(experiment: Experiment, nowMs: number): number | undefined {
  if (derivePhase(experiment, nowMs).phase !== 'finished') return undefined;
  const { recoveredAt, injectedAt, createdAt, durationMs } = experiment;
  return recoveredAt ?? (durationMs === undefined ? (injectedAt ?? createdAt) : createdAt + durationMs);
}

/** Those that finished a while ago, in one row at the end of the list; undefined where there are none. */
export function finishedGroup(experiments: readonly Experiment[], nowMs: number): GroupItem | undefined {
  const members = experiments.filter((one) => (finishedAt(one, nowMs) ?? Infinity) + STAYS_MS <= nowMs);
  if (members.length === 0) return undefined;
  return {
    type: 'finished',
    key: 'finished',
    name: String(members.length),
    what: undefined,
    state: 'done',
    reason: undefined,
    at: undefined,
    lastAt: undefined,
    progress: undefined,
    ours: false,
    createdAt: -Infinity,
    members,
    object: undefined,
    run: undefined,
  };
}

/** True where a row will leave its place by the time alone. */
export const isToFold = (experiment: Experiment, nowMs: number): boolean =>
  (finishedAt(experiment, nowMs) ?? -Infinity) + STAYS_MS > nowMs;

import type { ChaosObject, Experiment } from '../experiments/experiment';
import { isOneShot } from '../experiments/kinds';
import { FORCE_CLEAN_ANNOTATION, PAUSE_ANNOTATION, toExperiment } from '../experiments/parse';
import { derivePhase, holdsFault } from '../experiments/phase';
import {
  ANOMALY_LABEL,
  CONTINUES_ANNOTATION,
  CREATED_BY_ANNOTATION,
  MANAGED_BY_LABEL,
  SCENARIO_ANNOTATION,
  SELECTORS_ANNOTATION,
} from '../experiments/labels';
import { lacksSecretValues, withoutSecretValues } from '../base/secretValues';
import { isRecord, recordsOf, stringsOf } from '../base/unknown';

/**
 * How an experiment ended: its targets were `recovered`; it was one that is `done` at once; it `failed` to inject
 * anything; it had `noTargets`; it was removed by force with the fault in a target (`forced`); or it was gone when it was
 * looked for again, and nobody here saw how (`vanished`).
 */
export type HistoryEnd = 'recovered' | 'done' | 'failed' | 'noTargets' | 'forced' | 'vanished';

/** Every way to end, for reading what was kept. */
export const HISTORY_ENDS: readonly HistoryEnd[] = ['recovered', 'done', 'failed', 'noTargets', 'forced', 'vanished'];

/** One experiment that this workspace has seen. */
export interface HistoryEntry {
  /** The cluster: two of one name and address are the same. */
  where: string;
  context: string;
  /** As it was last seen, without what could be a secret and without what nobody needs. */
  experiment: Experiment;
  /** Undefined while it was there when it was last looked at. */
  end: HistoryEnd | undefined;
  /** Epoch milliseconds by the cluster's clock. */
  endedAt: number | undefined;
  lastSeenAt: number;
  /** What Chaos Mesh said last of what went wrong. */
  reason: string | undefined;
  /** How many targets were injected, of how many. */
  injected: number;
  total: number;
}

/** Bounds of one entry: an experiment may have hundreds of targets that fail every three seconds. */
const MOST_RECORDS = 100;
const MOST_EVENTS = 5;
const KEPT_LABELS = [MANAGED_BY_LABEL, ANOMALY_LABEL];
const KEPT_ANNOTATIONS = [
  CREATED_BY_ANNOTATION,
  CONTINUES_ANNOTATION,
  SCENARIO_ANNOTATION,
  SELECTORS_ANNOTATION,
  PAUSE_ANNOTATION,
  FORCE_CLEAN_ANNOTATION,
];

/** What is kept of an experiment that is there, or was just seen to go (`removed`, in its last state). */
export function toEntry(
  seen: Experiment,
  at: { where: string; context: string; nowMs: number; removed: boolean },
  before?: HistoryEntry,
): HistoryEntry {
  const { where, context, nowMs, removed } = at;
  const { targets } = seen;
  // Ended once, it stays as it ended: its removal later says nothing new.
  const end = before?.end ?? (removed ? endOfRemoved(seen) : endOfListed(seen, nowMs));
  const failure = targets.find((one) => one.lastFailure !== undefined)?.lastFailure ?? lastFailed(seen);
  return {
    where,
    context,
    experiment: toExperiment(trimmed(seen.object)),
    end,
    endedAt: end === undefined ? undefined : (before?.endedAt ?? endDate(seen, end, nowMs)),
    lastSeenAt: nowMs,
    reason: end === 'recovered' && wasInjected(seen) === targets.length ? undefined : failure,
    injected: wasInjected(seen),
    total: targets.length,
  };
}

/** One that was there and is not any more, without having been seen to go. */
export function vanished(entry: HistoryEntry, nowMs: number): HistoryEntry {
  const { experiment } = entry;
  const { createdAt, durationMs } = experiment;
  const over = durationMs === undefined ? nowMs : Math.min(nowMs, createdAt + durationMs);
  // Recovered and asked to go when it was last seen: there was nothing left to happen.
  const known = experiment.deletingSince !== undefined && !experiment.targets.some(holdsFault);
  return {
    ...entry,
    end: known ? endOfRemoved(experiment) : 'vanished',
    endedAt: known ? (experiment.recoveredAt ?? entry.lastSeenAt) : Math.max(over, entry.lastSeenAt),
  };
}

function endOfListed(experiment: Experiment, nowMs: number): HistoryEnd | undefined {
  const { phase } = derivePhase(experiment, nowMs);
  if (phase === 'noTargets') return 'noTargets';
  if (phase !== 'finished') return undefined;
  return endOfRemoved(experiment);
}

function endOfRemoved(experiment: Experiment): HistoryEnd {
  const { targets, ref, object } = experiment;
  if (targets.length === 0) return experiment.conditions['Selected'] === false ? 'noTargets' : 'recovered';
  if (isOneShot(ref.kind, object.spec)) return wasInjected(experiment) > 0 ? 'done' : 'failed';
  if (targets.some((target) => holdsFault(target) && !target.lost)) return 'forced';
  return wasInjected(experiment) === 0 && lastFailed(experiment) !== undefined ? 'failed' : 'recovered';
}

function endDate({ recoveredAt, createdAt, injectedAt }: Experiment, end: HistoryEnd, nowMs: number): number {
  if (end === 'noTargets') return createdAt;
  if (end === 'done') return injectedAt ?? nowMs;
  return end === 'forced' ? nowMs : (recoveredAt ?? nowMs);
}

const wasInjected = ({ targets }: Experiment): number =>
  targets.filter((target) => target.injectedCount > 0 || target.phase.startsWith('Injected')).length;

const lastFailed = ({ targets }: Experiment): string | undefined =>
  targets
    .flatMap(({ events }) => events)
    .filter(({ type, message }) => type === 'Failed' && message !== undefined)
    .sort((a, b) => (a.at ?? 0) - (b.at ?? 0))
    .at(-1)?.message;

/** What is kept of an object: enough to read it, to run it again and to tell what happened. */
function trimmed({ apiVersion, kind, metadata, spec, status }: ChaosObject): ChaosObject {
  const { name, namespace, uid, creationTimestamp, deletionTimestamp } = metadata;
  const chosen = (of: unknown, keys: readonly string[]): Record<string, string> =>
    Object.fromEntries(Object.entries(stringsOf(of)).filter(([key]) => keys.includes(key)));
  const experiment = isRecord(status) && isRecord(status['experiment']) ? status['experiment'] : {};
  const records = recordsOf(experiment['containerRecords']).slice(0, MOST_RECORDS);
  return {
    apiVersion,
    kind,
    metadata: {
      ...defined({ name, namespace, uid, creationTimestamp, deletionTimestamp }),
      labels: chosen(metadata.labels, KEPT_LABELS),
      annotations: chosen(metadata.annotations, KEPT_ANNOTATIONS),
    },
    spec: withoutSecretValues(spec) as Record<string, unknown>,
    status: {
      conditions: isRecord(status) ? (status['conditions'] ?? []) : [],
      experiment: {
        ...defined({ desiredPhase: experiment['desiredPhase'] }),
        containerRecords: records.map((record) => ({
          ...record,
          events: recordsOf(record['events']).slice(-MOST_EVENTS),
        })),
      },
    },
  };
}

const defined = <T extends object>(fields: T): Partial<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;

/** True where something was left out of the spec, so that it cannot be run again as it was. */
export const lacksSecrets = ({ experiment }: HistoryEntry): boolean => lacksSecretValues(experiment.object.spec);

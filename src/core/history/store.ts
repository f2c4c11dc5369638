import type { Experiment } from '../experiments/experiment';
import { derivePhase } from '../experiments/phase';
import type { ExperimentSpan } from '../experiments/spans';
import { isUnseen, type ExperimentSnapshot } from '../experiments/gateway';
import { continuing } from '../experiments/spans';
import { toEntry, vanished, type HistoryEntry } from './entry';

/** How many experiments are kept. */
const HISTORY_LIMIT = 500;

/** The cluster that a snapshot is of. */
export interface HistoryPlace {
  where: string;
  context: string;
}

/** The experiments that this workspace has seen, the newest ones, followed from snapshot to snapshot. */
export class HistoryStore {
  readonly #limit: number;
  #entries = new Map<string, HistoryEntry>();
  /** What each entry was made from: the same object in the same phase says nothing new. */
  readonly #sources = new Map<string, { experiment: Experiment; phase: string }>();
  #clearedAt = 0;

  constructor(limit = HISTORY_LIMIT) {
    this.#limit = limit;
  }

  /** Everything that was cleared ended before this time of the editor's clock. */
  get clearedAt(): number {
    return this.#clearedAt;
  }

  /** All of them, also those that were still there when they were last seen; newest first. */
  get all(): HistoryEntry[] {
    return [...this.#entries.values()].sort((a, b) => b.experiment.createdAt - a.experiment.createdAt);
  }

  /** Those that have ended, newest first. */
  get ended(): HistoryEntry[] {
    return this.all.filter(({ end }) => end !== undefined);
  }

  find(key: string): HistoryEntry | undefined {
    return this.#entries.get(key);
  }

  /** Takes in what another window or an earlier one has kept; of two that are the same the one that knows more stays. */
  merge(entries: readonly HistoryEntry[], clearedAt = 0): void {
    if (clearedAt > this.#clearedAt) {
      this.#clearedAt = clearedAt;
      for (const [key, entry] of this.#entries) if (isBefore(entry, clearedAt)) this.#entries.delete(key);
    }
    for (const entry of entries) {
      const { key } = entry.experiment;
      const own = this.#entries.get(key);
      if (isBefore(entry, this.#clearedAt) || (own && !knowsMore(entry, own))) continue;
      this.#entries.set(key, entry);
    }
    this.#trim();
  }

  /** Forgets all that has ended. */
  clear(nowMs: number): void {
    // The cluster's clock may be ahead of the editor's.
    this.#clearedAt = Math.max(nowMs, this.#clearedAt, ...this.ended.map(({ lastSeenAt }) => lastSeenAt));
    for (const [key, entry] of this.#entries) if (entry.end !== undefined) this.#entries.delete(key);
  }

  /** Takes in what the cluster shows. True where something was learnt. */
  follow({ where, context }: HistoryPlace, snapshot: ExperimentSnapshot, nowMs: number): boolean {
    const { experiments, removed = [], health } = snapshot;
    let learnt = false;
    const take = (experiment: Experiment, gone: boolean): void => {
      const { key } = experiment;
      const before = this.#entries.get(key);
      const { phase } = derivePhase(experiment, nowMs);
      const source = this.#sources.get(key);
      if (!gone && source?.experiment === experiment && source.phase === phase) return;
      if (gone && (!before || before.end !== undefined)) return;
      // Forgotten by the user while the object is still listed: it does not come back by itself.
      if (!before && experiment.createdAt > 0 && isOver(phase) && experiment.createdAt < this.#clearedAt) return;
      this.#sources.set(key, { experiment, phase });
      this.#entries.set(key, toEntry(experiment, { where, context, nowMs, removed: gone }, before));
      learnt = true;
    };
    for (const experiment of experiments) take(experiment, false);
    for (const experiment of removed) take(experiment, true);
    if (health.state === 'live') {
      const listed = new Set(experiments.map(({ key }) => key));
      for (const [key, entry] of this.#entries) {
        if (entry.where !== where || listed.has(key)) continue;
        this.#sources.delete(key);
        if (entry.end !== undefined || isUnseen(snapshot, entry.experiment.ref)) continue;
        this.#entries.set(key, vanished(entry, nowMs));
        learnt = true;
      }
    }
    if (learnt) this.#trim();
    return learnt;
  }

  /** The namespaces in this cluster with experiments of ours that were not seen to end. */
  namespaces(where: string): string[] {
    const open = [...this.#entries.values()].filter((entry) => entry.where === where && entry.end === undefined);
    return [...new Set(open.flatMap(({ experiment }) => (experiment.ours ? experiment.ref.namespace : [])))];
  }

  /** When experiments of this cluster acted that have ended, to be shaded on its charts. */
  spans(where: string): ExperimentSpan[] {
    return this.ended
      .filter((entry) => entry.where === where)
      .flatMap(({ experiment, endedAt }): ExperimentSpan[] => {
        const { key, ref, fault, ours, targets, injectedAt, recoveredAt } = experiment;
        const toMs = recoveredAt ?? endedAt;
        if (injectedAt === undefined || toMs === undefined) return [];
        const hit = targets.filter((target) => target.injectedCount > 0 || target.phase.startsWith('Injected'));
        const nodes = [...new Set(hit.map(({ pod }) => pod))];
        const span = {
          key,
          ref,
          label: fault ?? ref.kind,
          ours,
          nodes,
          fromMs: injectedAt,
          ...continuing(experiment),
        };
        return [{ ...span, toMs: Math.max(toMs, injectedAt), phase: 'finished' }];
      })
      .reverse();
  }

  /** The oldest go first, those of others before ours. */
  #trim(): void {
    const beyond = this.#entries.size - this.#limit;
    if (beyond <= 0) return;
    const worth = ({ experiment }: HistoryEntry): number => (experiment.ours ? 1 : 0);
    const order = [...this.#entries].sort(
      ([, a], [, b]) => worth(a) - worth(b) || a.experiment.createdAt - b.experiment.createdAt,
    );
    for (const [key] of order.slice(0, beyond)) {
      this.#entries.delete(key);
    }
  }
}

const isOver = (phase: string): boolean => phase === 'finished' || phase === 'noTargets';
const isBefore = ({ end, lastSeenAt }: HistoryEntry, clearedAt: number): boolean =>
  end !== undefined && lastSeenAt <= clearedAt;

function knowsMore(entry: HistoryEntry, own: HistoryEntry): boolean {
  if ((entry.end === undefined) !== (own.end === undefined)) return entry.end !== undefined;
  // Whoever saw the end knows more than whoever found it gone.
  if (own.end === 'vanished' && entry.end !== 'vanished') return true;
  return entry.end === undefined && entry.lastSeenAt > own.lastSeenAt;
}

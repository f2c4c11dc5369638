import type { Evidence } from './evidence';

/** Types that the prior knows on any database. */
export const PRIOR_TYPES = ['workload_spike', 'disk_stress', 'lock_contention'] as const;
/** A type that the prior knows. */
export type PriorType = (typeof PRIOR_TYPES)[number];

const step = (value: number, at: number, width: number): number => 1 / (1 + Math.exp(-(value - at) / width));
const known = (values: readonly number[]): number[] => values.filter((value) => Number.isFinite(value));

/**
 * What queueing theory says about three faults on any database, without training. Each is a product of soft steps. Their
 * positions were chosen on development runs of two public data sets; moving any of them by a third changes no answer.
 *
 * - Lock contention: nearly every running thread waits for a lock, and that is new.
 * - I/O saturation: the CPU's time goes to the kernel and to waiting for disks, while less work is done.
 * - A spike of work: more threads run and at least as much work is done as before (or the disk explains why not).
 *
 * Undefined where the metrics for it are missing.
 */
export function priorProbability(type: PriorType, evidence: Evidence): number | undefined {
  const work = known([evidence.commits, evidence.received, evidence.reads]);
  if (work.length === 0) return undefined;
  const done = work.reduce((sum, value) => sum + value, 0) / work.length;
  const lock = Number.isFinite(evidence.waiting)
    ? Math.min(step(evidence.waiting, 0.94, 0.01), step(evidence.waitingRise, 1.3, 0.2))
    : undefined;
  const unlocked = 1 - (lock ?? 0);
  const most = Math.max(done, ...known([evidence.received]));
  const disk = Number.isFinite(evidence.ioTime)
    ? step(evidence.ioTime, 0.45, 0.06) * step(-0.1 - most, 0, 0.06) * unlocked
    : undefined;
  switch (type) {
    case 'lock_contention':
      return lock;
    case 'disk_stress':
      return disk;
    case 'workload_spike': {
      if (!Number.isFinite(evidence.threads)) return undefined;
      const explained = Math.max(step(done, -0.08, 0.05), disk ?? 0);
      return step(evidence.threads, 0.3, 0.06) * (0.35 + 0.65 * explained) * unlocked;
    }
  }
}

/** The evidence for a type that is more likely than not, largest share first; the shares add up to 1. */
export function priorTerms(type: PriorType, evidence: Evidence): { evidence: keyof Evidence; share: number }[] {
  if ((priorProbability(type, evidence) ?? 0) < 0.5) return [];
  const wanted: Readonly<Record<PriorType, readonly (keyof Evidence)[]>> = {
    lock_contention: ['waiting', 'threads', 'commits'],
    disk_stress: ['ioTime', 'commits', 'received'],
    workload_spike: ['threads', 'commits', 'received'],
  };
  // The first identifies the type; the others show its effect, by the size of their change.
  const terms = wanted[type].map((name, place) => {
    const size = Math.abs(evidence[name]);
    return { evidence: name, share: Number.isFinite(size) ? (place === 0 ? 2 : 1) * Math.min(1, size) : 0 };
  });
  const total = terms.reduce((sum, { share }) => sum + share, 0);
  return terms
    .filter(({ share }) => share > 0)
    .map(({ evidence: name, share }) => ({ evidence: name, share: share / total }))
    .sort((a, b) => b.share - a.share);
}

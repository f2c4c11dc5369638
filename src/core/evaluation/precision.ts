import type { ExperimentSpan } from '../experiments/spans';
import { actsAt, endOf, pairKey, expectedAt, whyNotJudged } from './acting';
import type { DiagnosisSample } from './sample';
import type { JudgingTimes } from './times';

/** Precision at 1, 3 and 5, each 0 to 1. */
export interface Precision {
  1: number;
  3: number;
  5: number;
}

const PLACES = [1, 3, 5] as const;

/** `Precision@k = |D[0..k) ∩ R| / min(k, |R|)` (DistDiagnosis, JOS 7282) of a ranking D and the true pairs R, which are not none. */
export function precisionOf(ranking: DiagnosisSample['ranking'], real: ReadonlySet<string>): Precision {
  const at = (k: number): number =>
    ranking.slice(0, k).filter(({ node, type }) => real.has(pairKey(node, type))).length / Math.min(k, real.size);
  return { 1: at(1), 3: at(3), 5: at(5) };
}

/** The mean of several; undefined of none. */
export function meanPrecision(all: readonly Precision[]): Precision | undefined {
  if (all.length === 0) return undefined;
  const [first, third, fifth] = PLACES.map((k) => all.reduce((sum, one) => sum + one[k], 0) / all.length);
  return { 1: first as number, 3: third as number, 5: fifth as number };
}

/** One case of AC@k: the same experiments acting all through the window. */
export interface PrecisionCase {
  /** Keys of its experiments, in order; several = a compound anomaly. */
  keys: readonly string[];
  precision: Precision;
  /** Looks that it is the mean of. */
  looks: number;
}

/**
 * The cases that looks give: a look counts where one and the same set of experiments, at least one of ours among them,
 * acted through its whole window and all of them have names in the diagnosis. Looks of the same set are one case, so that
 * a long experiment weighs as much as a short one.
 */
export function precisionCases(
  spans: readonly ExperimentSpan[],
  looks: readonly DiagnosisSample[],
  { windowMs }: Pick<JudgingTimes, 'windowMs'>,
): PrecisionCase[] {
  const cases = new Map<string, { keys: string[]; all: Precision[] }>();
  for (const look of looks) {
    if (!look.answered) continue;
    const since = look.at - windowMs;
    const changed = spans.some(
      (span) => (span.fromMs > since && span.fromMs <= look.at) || (endOf(span) >= since && endOf(span) < look.at),
    );
    if (changed) continue;
    const acting = spans.filter((span) => actsAt(span, look.at));
    if (!acting.some(({ ours }) => ours) || acting.some((span) => whyNotJudged(span, look) !== undefined)) continue;
    const keys = acting.map(({ key }) => key).sort();
    const id = keys.join('\n');
    const found = cases.get(id) ?? { keys, all: [] };
    found.all.push(precisionOf(look.ranking, expectedAt(spans, look).real));
    cases.set(id, found);
  }
  return [...cases.values()].map(({ keys, all }) => ({
    keys,
    precision: meanPrecision(all) as Precision,
    looks: all.length,
  }));
}

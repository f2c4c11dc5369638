import type { ExperimentSpan } from '../experiments/spans';
import { endOf } from './acting';
import type { DiagnosisSample } from './sample';
import { HEAL_MS, type JudgingTimes } from './times';

/** Moments asked for of one experiment at the most: of a long one they are further apart. */
const MOST = 240;

/**
 * Moments around an experiment at which nobody looked, `everyMs` apart on whole multiples, ascending: from a little before
 * its begin until its recovery should have been seen. Looks are in the order of their time.
 */
export function missingMoments(
  span: ExperimentSpan,
  looks: readonly DiagnosisSample[],
  { times, everyMs, nowMs }: { times: JudgingTimes; everyMs: number; nowMs: number },
): number[] {
  const from = span.fromMs - times.gapMs;
  const to = Math.min(nowMs, endOf(span) + HEAL_MS);
  const every = everyMs * Math.max(1, Math.ceil((to - from) / everyMs / MOST));
  const moments: number[] = [];
  let next = 0;
  for (let at = Math.ceil(from / every) * every; at <= to; at += every) {
    while (next < looks.length && (looks[next] as DiagnosisSample).at < at - 1.5 * every) next += 1;
    const near = looks[next];
    if (!near || near.at > at + 1.5 * every) moments.push(at);
  }
  return moments;
}

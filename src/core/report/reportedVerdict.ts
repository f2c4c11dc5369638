import { STATE_SIGNS, type Verdict } from '../resilience/outcome';
import type { Tone } from './document/reportDocument';
import { toneOf } from './stateText';

/** What became of a test; `error`: it could not be run. */
export type ReportedVerdict = Verdict | 'error';

/** A verdict with its sign. */
export const verdictText = (verdict: ReportedVerdict): string =>
  `${verdict === 'error' ? '!' : STATE_SIGNS[verdict]} ${verdict}`;

/** How a verdict is taken. */
export const verdictTone = (verdict: ReportedVerdict): Tone | undefined =>
  verdict === 'error' ? 'bad' : toneOf(verdict);

/** How a run of tests is taken: as the worst of them. What may still be running is as bad as a failure. */
export function worstTone(tests: readonly { verdict: ReportedVerdict; left: readonly string[] }[]): Tone | undefined {
  const tones = tests.map(({ verdict, left }) => (left.length > 0 ? 'bad' : verdictTone(verdict)));
  return (['bad', 'doubt', 'good'] as const).find((tone) => tones.includes(tone));
}

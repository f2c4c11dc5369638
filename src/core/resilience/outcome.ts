import type { Text } from '../base/text';

/** `pending`: it is too early to say. `inconclusive`: samples are missing, and gaps are no success. */
type OutcomeState = 'pending' | 'passed' | 'failed' | 'inconclusive';

/** What an expectation came to. Values are in the unit of its samples, times epoch milliseconds. */
export interface Outcome {
  name: string;
  state: OutcomeState;
  /** What was expected, e.g. `db.commits ≥ 412 (80% of 515)`. */
  expected: Text;
  /** What was seen, or what is missing. */
  seen: Text;
  /** When it was broken for longer than is tolerated. */
  brokenAt?: number;
  /** The value furthest beyond its limit, or furthest from the baseline where none is. */
  worst?: number;
  worstAt?: number;
  baseline?: number;
  /** What its samples may be, where there is such an end. */
  low?: number;
  high?: number;
  /** How far the worst value was from the baseline, as a share of it. */
  depth?: number;
  /** How long samples were beyond the limit, all breaches together, milliseconds. */
  lengthMs?: number;
  /** What was lost (or too much) by the baseline during the breaches: value × seconds. */
  area?: number;
  /** From the end of the last fault until samples were back. */
  recoveryMs?: number;
}

/** The verdict of a whole test. `aborted`: ended before its time, by an expectation or by a person. */
export type Verdict = 'passed' | 'failed' | 'aborted' | 'inconclusive';

/** A sign for each state, next to its word: a state is never shown by colour alone. */
export const STATE_SIGNS: Readonly<Record<Verdict | OutcomeState, string>> = {
  passed: '✓',
  failed: '✗',
  aborted: '■',
  inconclusive: '?',
  pending: '○',
};

/** One failure fails the test; what is not known is no success. */
export function verdictOf(outcomes: readonly Outcome[], aborted: boolean): Verdict {
  if (aborted) return 'aborted';
  if (outcomes.some(({ state }) => state === 'failed')) return 'failed';
  return outcomes.every(({ state }) => state === 'passed') ? 'passed' : 'inconclusive';
}

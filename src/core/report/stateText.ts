import { STATE_SIGNS, type Outcome } from '../resilience/outcome';
import type { CoverageState } from '../testCoverage/coverage';
import type { Tone } from './document/reportDocument';
import type { Say } from './reportTexts';

/** The state of a test, an expectation or a fault of the coverage: a sign and a word, as in the panel. */
export function stateText(state: CoverageState | Outcome['state'], say: Say): string {
  switch (state) {
    case 'never':
      return '–';
    case 'pending':
      return `${STATE_SIGNS.pending} ${say('not judged')}`;
    case 'tried':
      return `○ ${say('tried')}`;
    default:
      return `${STATE_SIGNS[state]} ${say(state)}`;
  }
}

const TONES: Readonly<Partial<Record<CoverageState | Outcome['state'], Tone>>> = {
  passed: 'good',
  failed: 'bad',
  aborted: 'bad',
  inconclusive: 'doubt',
};

/** How a state is taken; undefined where it says neither. */
export const toneOf = (state: CoverageState | Outcome['state']): Tone | undefined => TONES[state];

/** A state in a table, with its colour. */
export const statePiece = (
  state: CoverageState | Outcome['state'],
  say: Say,
): { text: string; tone: Tone | undefined } => ({ text: stateText(state, say), tone: toneOf(state) });

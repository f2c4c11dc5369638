import { STATE_SIGNS, type Outcome } from '../resilience/outcome';
import type { CoverageState } from '../testCoverage/coverage';
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

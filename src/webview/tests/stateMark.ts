import type { PanelCoverageState, PanelOutcome } from '../../shared/testMessages';
import { STATE_SIGNS } from '../../core/resilience/outcome';
import { h } from '../elements/dom';
import { t } from '../texts';

type State = PanelCoverageState | PanelOutcome['state'];

const SIGNS: Readonly<Record<State, string>> = { ...STATE_SIGNS, never: '–', tried: '○', pending: '?' };

/** A state in the editor's language. */
function stateName(state: State): string {
  switch (state) {
    case 'never':
      return t('Never');
    case 'tried':
      return t('Tried');
    case 'passed':
      return t('Passed');
    case 'failed':
      return t('Failed');
    case 'aborted':
      return t('Aborted');
    case 'inconclusive':
      return t('Inconclusive');
    case 'pending':
      return t('Not judged');
  }
}

/** Symbol and word of a state. */
export const stateMark = (state: State): HTMLElement =>
  h(
    'span',
    { class: `state ${state}` },
    h('span', { class: 'sign', 'aria-hidden': 'true' }, SIGNS[state]),
    stateName(state),
  );

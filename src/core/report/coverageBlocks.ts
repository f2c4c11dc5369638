import type { Text } from '../base/text';
import type { Coverage, CoverageCell, CoverageState } from '../testCoverage/coverage';
import type { Block } from './document/reportDocument';
import type { ReportInput } from './reportInput';
import type { Say } from './reportTexts';

/** What has been tried on the database, and how strengths are called in the reader's language. */
export interface ReportCoverage {
  coverage: Coverage;
  textOf: (text: Text) => string;
}

/** The coverage as a section; nothing where it is not known. */
export function coverageBlocks({ say, nameOf, clock, tested }: ReportInput): Block[] {
  if (!tested || tested.coverage.all === 0) return [];
  const { targets, rows, tried, all } = tested.coverage;
  const cell = ({ strengths }: CoverageCell): string =>
    strengths.length === 0
      ? stateText('never', say)
      : strengths
          .map(
            ({ strength, state, at }) =>
              `${stateText(state, say)} (${tested.textOf(strength.title)}, ${clock.dateTime(at)})`,
          )
          .join('; ');
  return [
    { type: 'heading', text: say('Appendix: coverage') },
    { type: 'paragraph', text: say('{0} of {1} pairs of fault and target tried.', tried, all) },
    {
      type: 'table',
      head: [say('Fault'), ...targets.map(({ name }) => name)],
      rows: rows.map(({ fault, cells }) => [nameOf(fault), ...cells.map(cell)]),
    },
  ];
}

/** A sign and a word. */
function stateText(state: CoverageState, say: Say): string {
  switch (state) {
    case 'never':
      return '–';
    case 'tried':
      return `○ ${say('tried')}`;
    case 'passed':
      return `✓ ${say('passed')}`;
    case 'failed':
      return `✗ ${say('failed')}`;
    case 'aborted':
      return `■ ${say('aborted')}`;
    case 'inconclusive':
      return `? ${say('inconclusive')}`;
  }
}

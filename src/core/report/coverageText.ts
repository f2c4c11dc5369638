import type { Text } from '../base/text';
import { markdownText } from '../base/sanitize';
import type { Coverage, CoverageCell, CoverageState } from '../testCoverage/coverage';
import { markdownTable } from './markdownTable';
import type { ReportInput } from './reportInput';
import type { Say } from './reportTexts';

/** What has been tried on the database, and how strengths are called in the reader's language. */
export interface ReportCoverage {
  coverage: Coverage;
  textOf: (text: Text) => string;
}

/** The coverage as a section; nothing where it is not known. */
export function coverageText(input: ReportInput): string[] {
  const { say, nameOf, clock, tested } = input;
  if (!tested || tested.coverage.all === 0) return [];
  const { targets, rows, tried, all } = tested.coverage;
  const cell = ({ strengths }: CoverageCell): string =>
    strengths.length === 0
      ? stateText('never', say)
      : strengths
          .map(
            ({ strength, state, at }) =>
              `${stateText(state, say)} (${markdownText(tested.textOf(strength.title))}, ${clock.dateTime(at)})`,
          )
          .join('<br>');
  return [
    `## ${say('Appendix: coverage')}`,
    say('{0} of {1} pairs of fault and target tried.', tried, all),
    markdownTable(
      [say('Fault'), ...targets.map(({ name }) => markdownText(name))],
      rows.map(({ fault, cells }) => [nameOf(fault), ...cells.map(cell)]),
    ),
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

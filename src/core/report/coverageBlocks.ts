import type { Text } from '../base/text';
import type { Coverage, CoverageCell } from '../testCoverage/coverage';
import type { Block, Inline } from './document/reportDocument';
import type { ReportInput } from './reportInput';
import { statePiece, stateText } from './stateText';

/** What has been tried on the database, and how strengths are called in the reader's language. */
export interface ReportCoverage {
  coverage: Coverage;
  textOf: (text: Text) => string;
}

/** The coverage as a section; nothing where it is not known. */
export function coverageBlocks({ say, nameOf, clock, tested }: ReportInput): Block[] {
  if (!tested || tested.coverage.all === 0) return [];
  const { targets, rows, tried, all } = tested.coverage;
  const cell = ({ strengths }: CoverageCell): Inline[] =>
    strengths.length === 0
      ? [stateText('never', say)]
      : strengths.flatMap(({ strength, state, at, onLeader, importedFrom }, i) => [
          ...(i > 0 ? ['; '] : []),
          statePiece(state, say),
          ` (${[
            tested.textOf(strength.title),
            clock.dateTime(at),
            ...(onLeader ? [say('leader')] : []),
            ...(importedFrom === undefined ? [] : [say('imported')]),
          ].join(', ')})`,
        ]);
  const leaderKnown = rows.some(({ onLeader }) => onLeader);
  const leader = 'The column “Leader” has the faults on the node that had the root service when they began.';
  return [
    { type: 'heading', text: say('Appendix: coverage') },
    { type: 'paragraph', text: say('{0} of {1} pairs of fault and target tried.', tried, all) },
    ...(leaderKnown ? [{ type: 'paragraph' as const, text: say(leader) }] : []),
    {
      type: 'table',
      head: [say('Fault'), ...targets.map(({ name }) => name), ...(leaderKnown ? [say('Leader')] : [])],
      rows: rows.map(({ fault, cells, onLeader }) => [
        nameOf(fault),
        ...[...cells, ...(onLeader ? [onLeader] : [])].map(cell),
      ]),
    },
  ];
}

import type { ShownTest } from '../resilience/testBoard';
import type { Text } from '../base/text';
import type { Block } from './document/reportDocument';
import { secondsText } from './lengths';
import type { ReportInput } from './reportInput';
import { statePiece, stateText, toneOf } from './stateText';

/** The resilience test that injected an experiment, and how its texts are said in the reader's language. */
export interface ReportedOutcome {
  test: Pick<ShownTest, 'name' | 'verdict' | 'outcomes'>;
  textOf: (text: Text) => string;
}

/** The verdict and the expectations of the test as a section; nothing where no test injected the experiment. */
export function testBlocks({ say, testedBy }: Pick<ReportInput, 'say' | 'testedBy'>): Block[] {
  if (!testedBy) return [];
  const { test, textOf } = testedBy;
  const verdict = test.verdict ?? 'pending';
  return [
    { type: 'heading', text: say('Resilience test') },
    {
      type: 'facts',
      rows: [
        [say('Test'), test.name],
        [say('Result'), { strong: stateText(verdict, say), tone: toneOf(verdict) }],
      ],
    },
    {
      type: 'table',
      head: [say('Expectation'), say('Result'), say('Expected'), say('Observed'), say('Recovered after')],
      rows: test.outcomes.map(({ name, state, expected, seen, recoveryMs }) => [
        name,
        statePiece(state, say),
        textOf(expected),
        textOf(seen),
        recoveryMs === undefined ? '–' : secondsText(recoveryMs),
      ]),
      figures: [4],
    },
  ];
}

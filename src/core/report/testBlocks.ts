import type { ShownTest } from '../resilience/testBoard';
import type { Text } from '../base/text';
import type { Block } from './document/reportDocument';
import { secondsText } from './lengths';
import type { ReportInput } from './reportInput';
import { stateText } from './stateText';

/** The resilience test that injected an experiment, and how its texts are said in the reader's language. */
export interface ReportedOutcome {
  test: Pick<ShownTest, 'name' | 'verdict' | 'outcomes'>;
  textOf: (text: Text) => string;
}

/** The verdict and the expectations of the test as a section; nothing where no test injected the experiment. */
export function testBlocks({ say, testedBy }: Pick<ReportInput, 'say' | 'testedBy'>): Block[] {
  if (!testedBy) return [];
  const { test, textOf } = testedBy;
  return [
    { type: 'heading', text: say('Resilience test') },
    {
      type: 'facts',
      rows: [
        [say('Test'), test.name],
        [say('Result'), { strong: stateText(test.verdict ?? 'pending', say) }],
      ],
    },
    {
      type: 'table',
      head: [say('Expectation'), say('Result'), say('Expected'), say('Observed'), say('Recovered after')],
      rows: test.outcomes.map(({ name, state, expected, seen, recoveryMs }) => [
        name,
        stateText(state, say),
        textOf(expected),
        textOf(seen),
        recoveryMs === undefined ? '–' : secondsText(recoveryMs),
      ]),
      figures: [4],
    },
  ];
}

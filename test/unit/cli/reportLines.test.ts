import { expect, it } from 'vitest';
import type { TestReport } from '../../../src/cli/junit';
import { reportLines } from '../../../src/cli/run';

const report: TestReport = {
  file: 'a',
  name: 'abort',
  verdict: 'aborted',
  reason: undefined,
  outcomes: [],
  startedAt: 0,
  seconds: 1,
  left: [],
};
const terminal = { paint: (text: string) => text, say: () => undefined, status: () => undefined };
const lines = (change: Partial<TestReport>): string[] => [...reportLines({ ...report, ...change }, terminal as never)];

it("a reason does not run into the test's name", () => {
  expect(lines({ reason: '"guard" failed.' })).toEqual(['  "guard" failed.', 'aborted: abort']);
});

it('what a guard saw is not said again as the reason', () => {
  const abort = { name: 'guard', brokenAt: 0, seenAt: 500, endedAt: 1200 };
  const outcomes = [{ name: 'guard', state: 'failed', expected: 'x ≥ 2', seen: 'Worst: 1.' }] as const;
  const ended = '  The faults were ended 1.2 s after the sample that broke "guard".';
  const said = ['  failed: guard: x ≥ 2. Worst: 1.', ended];
  expect(lines({ abort, outcomes, reason: '"guard" failed: Worst: 1.' })).toEqual([...said, 'aborted: abort']);
  const reason = 'Interrupted; all experiments of this test are deleted.';
  expect(lines({ abort, outcomes, reason })).toEqual([...said, `  ${reason}`, 'aborted: abort']);
});

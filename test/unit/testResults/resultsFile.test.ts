import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/core/base/errors';
import { msg } from '../../../src/core/base/text';
import type { TestRun } from '../../../src/core/resilience/runs/testRun';
import { readResults, writeResults } from '../../../src/core/testResults/resultsFile';

const run = (id: string, given: Partial<TestRun> = {}): TestRun => ({
  id,
  where: 'ci https://one',
  context: 'ci',
  scenario: 'busy',
  verdict: 'failed',
  reason: msg`"${'guard'}" failed: ${'Worst: 2.'}`,
  phases: { before: { fromMs: 1, toMs: 2 }, faultFromMs: 3, faultToMs: 4, endMs: 5 },
  steps: [{ fault: 'cpu_stress', pods: ['n0'], parameters: { workers: 1 }, leader: 'n0' }],
  outcomes: [{ name: 'a', state: 'failed', expected: msg`≤ ${2}`, seen: 'Worst: 3.', worst: 3 }],
  ...given,
});
/** A file with what a person reads beside each run. */
const fileOf = (...runs: (TestRun | undefined)[]): string =>
  writeResults(runs.map((one) => ({ file: 'a.yaml', name: 'busy', verdict: one?.verdict ?? 'error', run: one })));
const changed = (change: (file: { version?: unknown; tests: unknown[] }) => void): string => {
  const file = JSON.parse(fileOf(run('a'), run('b'))) as { version?: unknown; tests: unknown[] };
  change(file);
  return JSON.stringify(file);
};
const problemOf = (text: string): string => {
  try {
    readResults(text);
  } catch (error) {
    expect(error).toMatchObject({ code: 'invalid' });
    return (error as AppError).message;
  }
  throw new Error('it was read');
};

describe('a file of results', () => {
  it('gives back the runs, and counts the tests that could not be run', () => {
    const runs = [run('a'), run('b', { reason: undefined })];
    expect(readResults(fileOf(runs[0], undefined, runs[1]))).toEqual({ runs, notRun: 1, problems: [] });
  });

  it('still has what scripts read before, at the same place', () => {
    expect(JSON.parse(fileOf(run('a')))).toMatchObject({
      version: 1,
      tests: [{ file: 'a.yaml', name: 'busy', verdict: 'failed' }],
    });
  });

  it.each<[string, string, string]>([
    ['that is cut off', fileOf(run('a')).slice(0, 40), 'line 5, column 4'],
    ['with a comma too many', '{\n  "version": 1,,\n}', 'line 2, column 16'],
    ['whose place the parser does not tell', 'nope', 'It is not JSON.'],
    ['of another program', '[{"version": 1}]', 'no list "tests"'],
    ['of an older version', changed((file) => delete file.version), 'older version'],
    ['of a later version', changed((file) => (file.version = 7)), '"version" is 7'],
  ])('%s is refused with the place', (_, text, told) => expect(problemOf(text)).toContain(told));

  it('loses no run for one that is damaged, and names its place', () => {
    const text = changed(({ tests }) => {
      (tests[0] as { run: { phases: unknown } }).run.phases = {};
      tests.push('nonsense', { run: 5 });
    });
    const { runs, problems } = readResults(text);
    expect(runs.map(({ id }) => id)).toEqual(['b']);
    expect(problems.map(String)).toEqual([
      'tests[0].run.phases is missing or wrong.',
      'tests[2] is not an object.',
      'tests[3].run is missing or wrong.',
    ]);
  });

  it('of any content is read or refused, and nothing else', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), fc.jsonValue(), (text, value) => {
        for (const one of [text, JSON.stringify({ version: 1, tests: [value, { run: value }] })])
          try {
            readResults(one);
          } catch (error) {
            expect(error).toBeInstanceOf(AppError);
          }
      }),
    );
  });
});

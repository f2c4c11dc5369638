import { createRequire } from 'node:module';
import { parse } from 'junit2json';
import { expect, it } from 'vitest';
import { junitXml, type TestReport } from '../../../src/cli/junit';

/** A reader in common use; strict as it comes. */
const { parseStringPromise } = createRequire(import.meta.url)('xml2js') as {
  parseStringPromise(xml: string): Promise<Document>;
};
type Attributes = { $: Record<string, string> };
type Case = Attributes & { failure?: Attributes[]; error?: Attributes[]; skipped?: Attributes[] };
interface Document {
  testsuites: { testsuite: (Attributes & { testcase?: Case[] })[] };
}

const report = (change: Partial<TestReport> = {}): TestReport => ({
  file: 'a.scenario.yaml',
  name: 'a',
  verdict: 'passed',
  reason: undefined,
  outcomes: [{ name: 'one', state: 'passed', expected: 'x ≤ 1', seen: 'Worst: 1.' }],
  startedAt: Date.parse('2026-01-02T03:04:05Z'),
  seconds: 12.3456,
  left: [],
  ...change,
});
const suites = async (...reports: TestReport[]): Promise<Document['testsuites']['testsuite']> =>
  (await parseStringPromise(junitXml(reports))).testsuites.testsuite;

it('is a suite for each file and a case for each expectation', async () => {
  const [suite] = await suites(
    report({
      verdict: 'failed',
      outcomes: [
        ...report().outcomes,
        { name: 'two', state: 'failed', expected: 'y ≥ 2', seen: 'Worst: 0.' },
        { name: 'three', state: 'inconclusive', expected: 'z', seen: 'No samples.' },
      ],
    }),
  );
  expect(suite?.$).toEqual({
    name: 'a',
    file: 'a.scenario.yaml',
    tests: '3',
    failures: '1',
    errors: '0',
    skipped: '1',
    time: '12.346',
    timestamp: '2026-01-02T03:04:05',
  });
  const [one, two, three] = suite?.testcase ?? [];
  expect(one).toEqual({ $: { name: 'one', classname: 'a', file: 'a.scenario.yaml' } });
  expect(two?.failure?.[0]?.$['message']).toBe('Expected: y ≥ 2. Worst: 0.');
  expect(three?.skipped).toHaveLength(1);
});

it('does not hide what did not run, was aborted or is left behind all expectations that passed', async () => {
  const all = await suites(
    report({ verdict: 'error', reason: 'no cluster', outcomes: [] }),
    report({ verdict: 'aborted', reason: 'Cancelled.' }),
    report({ verdict: 'inconclusive', reason: 'No samples.' }),
    report({ left: ['StressChaos db/x: stuck'] }),
  );
  const kinds = all.map(({ testcase }) => Object.keys(testcase?.[0] ?? {}).find((key) => key !== '$'));
  expect(kinds).toEqual(['error', 'failure', 'error', 'error']);
  expect(all[0]?.testcase?.[0]?.error?.[0]?.$['message']).toBe('no cluster');
  expect(all[2]?.$['errors']).toBe('1');
});

it('keeps any text whole but what XML cannot hold', async () => {
  const name = `<a> & "b" 'c' ]]> \n\t ${String.fromCharCode(0, 27)} \ud800 ü 界 😀`;
  const [suite] = await suites(report({ name }));
  expect(suite?.$['name']).toBe(`<a> & "b" 'c' ]]> \n\t \ufffd\ufffd \ufffd ü 界 😀`);
});

it('is read by a reader of JUnit as what it is', async () => {
  const read = await parse(
    junitXml([
      report(),
      report({
        file: 'b.scenario.yaml',
        name: 'b',
        verdict: 'aborted',
        reason: 'Cancelled.',
        outcomes: [{ name: 'two', state: 'inconclusive', expected: 'y', seen: 'No samples.' }],
      }),
    ]),
  );
  expect(read).toMatchObject({
    name: 'distdiag',
    tests: 3,
    failures: 1,
    errors: 0,
    time: 24.692,
    testsuite: [
      { name: 'a', tests: 1, failures: 0, time: 12.346, testcase: [{ name: 'one', classname: 'a' }] },
      {
        name: 'b',
        tests: 2,
        failures: 1,
        skipped: 1,
        testcase: [
          { name: 'b', failure: [{ message: 'aborted: Cancelled.' }] },
          { name: 'two', skipped: [{ message: 'Expected: y. No samples.' }] },
        ],
      },
    ],
  });
});

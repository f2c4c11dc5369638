import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type * as vscode from 'vscode';
import type { TestRun } from '../../../src/core/resilience/runs/testRun';
import { writeResults } from '../../../src/core/testResults/resultsFile';
import type { CommandContext } from '../../../src/ui/commands/context';
import { importTestResults } from '../../../src/ui/commands/tests/importTestResults';
import { coverageOn } from '../../../src/ui/history/clusterCoverage';
import { TestRunService } from '../../../src/ui/history/testRunService';
import { ManualClock, silentLog } from '../../support';
import { target } from '../cluster/targets';
import { desk } from '../editor/desk';
import { Uri, window, workspace } from '../editor/vscode';

const chosen: string[] = [];
let directory: string;
Object.assign(workspace, { asRelativePath: (uri: Uri) => uri.path.replace(`${directory}/`, '') });
Object.assign(window, {
  showOpenDialog: () => Promise.resolve(chosen.length === 0 ? undefined : chosen.map((file) => Uri.file(file))),
});

const CLUSTER = { context: 'prod', server: 'https://prod' };
const run = (id: string, given: Partial<TestRun> = {}): TestRun => ({
  id,
  where: 'prod https://prod',
  context: 'prod',
  scenario: 'busy',
  verdict: 'passed',
  reason: undefined,
  phases: { before: { fromMs: 1, toMs: 2 }, faultFromMs: 3, faultToMs: 4, endMs: 5 },
  steps: [{ fault: 'cpu_stress', pods: ['n0'], parameters: {} }],
  outcomes: [],
  ...given,
});

let service: TestRunService;
let context: CommandContext;
let shown: string[];
const file = (name: string, text: string): void => {
  writeFileSync(path.join(directory, name), text);
  chosen.push(path.join(directory, name));
};
const results = (...runs: (TestRun | undefined)[]): string => writeResults(runs.map((one) => ({ run: one })));

beforeEach(() => {
  desk.clear();
  chosen.length = 0;
  shown = [];
  directory = mkdtempSync(path.join(tmpdir(), 'distdiag-import-'));
  const folder = Uri.file(path.join(directory, 'storage')) as unknown as vscode.Uri;
  service = new TestRunService({ folder, clock: new ManualClock(1_000_000), log: silentLog });
  context = {
    sessions: { current: () => Promise.resolve(CLUSTER) },
    testRuns: service,
    panel: { show: () => shown.push('panel') },
    reports: { show: (name: string, text: string) => Promise.resolve(void shown.push(`${name}: ${text}`)) },
  } as unknown as CommandContext;
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

it('takes in the runs of several files, which then count in the coverage', async () => {
  file('one.json', results(run('a'), undefined));
  file('two.json', results(run('b', { verdict: 'failed', phases: { ...run('').phases, faultFromMs: 9 } })));
  desk.answers.push('Show Coverage');
  await importTestResults.run(context);
  expect(desk.texts('information')[0]).toContain('Imported 2 test runs. Tests that could not be run: 1.');
  expect(shown).toEqual(['panel']);
  const history = { entries: [], load: () => Promise.resolve() };
  const coverage = await coverageOn({ history, testRuns: service }, CLUSTER, [target({ pod: 'n0' })]);
  const cell = coverage.rows.find(({ fault }) => fault === 'cpu_stress')?.cells[0];
  expect(cell).toMatchObject({ state: 'failed', strengths: [{ importedFrom: 'two.json' }] });
});

it('takes in no run twice', async () => {
  file('one.json', results(run('a')));
  await importTestResults.run(context);
  file('again.json', results(run('a'), run('b')));
  await importTestResults.run(context);
  expect(desk.texts('information').at(-1)).toContain('Imported 1 test run. Already imported: 2.');
  expect(service.runs.map(({ id, imported }) => [id, imported?.from]).sort()).toEqual([
    ['a', 'one.json'],
    ['b', 'again.json'],
  ]);
});

it('loses no file for one that is wrong, and names each problem with its file and place', async () => {
  file('cut.json', '{"version": 1, "tests": [');
  file('one.json', results(run('a'), { ...run('b'), phases: {} as never }));
  file('huge.json', '');
  truncateSync(path.join(directory, 'huge.json'), 20_000_001);
  chosen.push(path.join(directory, 'gone.json'));
  desk.answers.push('Show Problems');
  await importTestResults.run(context);
  expect(service.runs.map(({ id }) => id)).toEqual(['a']);
  expect(desk.texts('warning')[0]).toContain(
    'Imported 1 test run. 4 problems, the first: cut.json: It is not JSON: line 1',
  );
  expect(shown[0]?.split('\n')).toEqual([
    expect.stringMatching(/^import-problems\.txt: cut\.json: .*line 1, column 26\. Choose a file/),
    'one.json: tests[1].run.phases is missing or wrong.',
    'huge.json: The file is larger than 20 MB.',
    'gone.json: The file cannot be read.',
    '',
  ]);
});

it('asks whose runs they are where a pipeline reached the cluster by another name', async () => {
  const elsewhere = { where: 'ci https://10.0.0.1', context: 'ci' };
  file('one.json', results(run('a', elsewhere), run('b', elsewhere)));
  desk.answers.push('selected cluster');
  await importTestResults.run(context);
  expect(desk.texts('pick')).toHaveLength(1);
  expect(desk.texts('pick')[0]).toContain('ci https://10.0.0.1');
  expect((await service.of(CLUSTER)).map(({ context: of }) => of)).toEqual(['prod', 'prod']);
  chosen.length = 0;
  file('two.json', results(run('c', elsewhere)));
  desk.answers.push('another cluster');
  await importTestResults.run(context);
  expect(await service.of({ context: 'ci', server: 'https://10.0.0.1' })).toHaveLength(1);
});

it('takes in nothing where a question is left, and no file is chosen', async () => {
  await importTestResults.run(context);
  file('one.json', results(run('a', { where: 'ci https://other' })));
  desk.answers.push(undefined);
  await importTestResults.run(context);
  expect(service.runs).toEqual([]);
  expect(desk.texts('information')).toEqual([]);
});

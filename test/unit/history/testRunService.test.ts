import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type * as vscode from 'vscode';
import { defaultParameters } from '../../../src/core/faults/catalogue';
import type { TestedOnCluster } from '../../../src/core/resilience/runOnCluster';
import type { TestRun } from '../../../src/core/resilience/runs/testRun';
import type { ScenarioPlan } from '../../../src/core/scenario/planScenario';
import { TestRunService } from '../../../src/ui/history/testRunService';
import { ManualClock } from '../../support';
import { target } from '../cluster/targets';
import { keepingLog } from '../connection/keepingLog';

const ONE = { context: 'dev', server: 'https://one' };
let directory: string;
const clock = new ManualClock(1_000_000);
const { log, text } = keepingLog();

/** A window of the workspace. */
const openWindow = (): TestRunService =>
  new TestRunService({ folder: { path: directory } as unknown as vscode.Uri, clock, log });
const file = (name = 'resilience-tests.json'): string => path.join(directory, name);

const plan = {
  scenario: { name: 'busy' },
  steps: [
    {
      injection: {
        type: 'cpu_stress',
        targets: [target({ pod: 'n0' })],
        parameters: defaultParameters('cpu_stress'),
      },
    },
  ],
} as unknown as ScenarioPlan;
const result = (atMs: number): TestedOnCluster => ({
  leaders: ['n0'],
  injectedAt: [atMs],
  judged: new Map(),
  verdict: 'failed',
  reason: undefined,
  outcomes: [{ name: 'quiet', state: 'failed', expected: 'e', seen: 's', worst: 3 }],
  phases: { before: { fromMs: 0, toMs: atMs - 1 }, faultFromMs: atMs, faultToMs: atMs + 1, endMs: atMs + 2 },
  left: [],
});

beforeEach(() => (directory = mkdtempSync(path.join(tmpdir(), 'distdiag-runs-'))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

it('keeps what a test came to for the next window, by its cluster', async () => {
  const first = openWindow();
  let changes = 0;
  first.onDidChange(() => (changes += 1));
  await first.add(plan, result(5000), ONE);
  expect(changes).toBe(1);
  const next = openWindow();
  expect(await next.of(ONE)).toMatchObject([
    {
      scenario: 'busy',
      verdict: 'failed',
      steps: [{ fault: 'cpu_stress', pods: ['n0'], parameters: { workers: 1, load: 100 } }],
      outcomes: [{ name: 'quiet', worst: 3 }],
    },
  ]);
  expect(await next.of({ ...ONE, server: 'https://two' })).toEqual([]);
});

it('keeps which faults were not injected', async () => {
  await openWindow().add(plan, { ...result(5000), injectedAt: [undefined] }, ONE);
  const [run] = await openWindow().of(ONE);
  expect(run?.steps).toMatchObject([{ fault: 'cpu_stress', injected: false }]);
});

it('takes in what another window has written meanwhile', async () => {
  const [one, two] = [openWindow(), openWindow()];
  await Promise.all([one.load(), two.load()]);
  await one.add(plan, result(5000), ONE);
  await two.add(plan, result(6000), ONE);
  expect(await openWindow().of(ONE)).toHaveLength(2);
});

it('forgets all of them when it is cleared', async () => {
  const first = openWindow();
  await first.add(plan, result(5000), ONE);
  await first.clear();
  expect(first.runs).toEqual([]);
  expect(await openWindow().of(ONE)).toEqual([]);
});

it('puts a damaged file aside, and begins anew', async () => {
  writeFileSync(file(), '{"version":1,"runs":[5');
  const first = openWindow();
  expect(await first.of(ONE)).toEqual([]);
  await first.add(plan, result(5000), ONE);
  expect(existsSync(file('resilience-tests.damaged.json'))).toBe(true);
  expect(JSON.parse(readFileSync(file(), 'utf8'))).toMatchObject({ version: 1, runs: [{ scenario: 'busy' }] });
  expect(text()).toContain('resilience-tests.damaged.json');
});

it('takes in runs from elsewhere, each once, and keeps where they came from', async () => {
  const first = openWindow();
  await first.add(plan, result(5000), ONE);
  const [own] = first.runs as [TestRun];
  const imported = [
    { ...own, id: 'a' },
    { ...own, id: 'b' },
    { ...own, id: 'a' },
  ];
  let changes = 0;
  first.onDidChange(() => (changes += 1));
  expect(await first.import([{ from: 'ci/one.json', runs: imported }])).toEqual({ added: 2, known: 1, tooOld: 0 });
  expect(await first.import([{ from: 'ci/two.json', runs: [own, ...imported] }])).toEqual({
    added: 0,
    known: 4,
    tooOld: 0,
  });
  expect(changes).toBe(1);
  const next = await openWindow().of(ONE);
  expect(next.map(({ id, imported: from }) => [id, from?.from]).sort()).toEqual(
    [
      ['a', 'ci/one.json'],
      ['b', 'ci/one.json'],
      [own.id, undefined],
    ].sort(),
  );
});

it('keeps what is imported after a clearing of runs that are ahead of the editor’s clock', async () => {
  const first = openWindow();
  await first.add(plan, result(5_000_000), ONE);
  const [own] = first.runs as [TestRun];
  await first.clear();
  expect(await first.import([{ from: 'ci/one.json', runs: [{ ...own, id: 'a' }] }])).toMatchObject({ added: 1 });
  expect((await openWindow().of(ONE)).map(({ id }) => id)).toEqual(['a']);
});

import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { scenarioLanguage } from '../../../src/adapters/scenario/index';
import { TestBoard } from '../../../src/core/resilience/testBoard';
import { ScenarioRuns } from '../../../src/core/scenario/runs';
import type { DemoCluster } from '../../../src/demo/cluster';
import type { ClusterSession } from '../../../src/ui/session/session';
import { ResilienceTests } from '../../../src/ui/testing/resilienceTests';
import { desk } from '../editor/desk';
import { fakeTests, type FakeRun } from '../editor/tests';
import { Uri, workspace } from '../editor/vscode';
import { useDemoWindow } from './demoWindow';

const files = new Map<string, string>();
const watched: Record<string, (uri: object) => void> = {};
Object.assign(workspace, {
  findFiles: () => Promise.resolve([...files.keys()].map(Uri.file)),
  asRelativePath: ({ path }: Uri) => path,
  openTextDocument: ({ path }: Uri) => Promise.resolve({ getText: () => files.get(path) ?? '' }),
  createFileSystemWatcher: () => ({
    onDidCreate: () => undefined,
    onDidChange: (listener: (uri: object) => void) => (watched['change'] = listener),
    onDidDelete: (listener: (uri: object) => void) => (watched['delete'] = listener),
    dispose: () => undefined,
  }),
});

const FILE = `apiVersion: distdiag.io/v1
kind: Scenario
name: busy
steps:
  - {name: busy, anomaly: cpu_stress, targets: {index: 0}, duration: 60s}
expect:
  - {name: restarts, restarts: {max: 0}}
  - name: quiet
    metric: cpu.used
    of: targets
    at-most: 120%
`;
const demo = useDemoWindow({ speed: 10, historyMinutes: 30 }, { stepMs: 5000 });
let cluster: DemoCluster;
let session: ClusterSession;
let held: ResilienceTests;
/** What was kept of each run. */
const kept: string[] = [];
const controller = (): (typeof fakeTests.controllers)[number] => {
  const [one] = fakeTests.controllers;
  if (!one) throw new Error('there is no controller');
  return one;
};
/** Runs all tests by a profile, with these answers, until the run has ended. */
async function run(label: string, ...answers: string[]): Promise<FakeRun> {
  desk.answers.push(...answers);
  const token = { onCancellationRequested: () => ({ dispose: () => undefined }) };
  await controller()
    .profiles.find((one) => one.label === label)
    ?.run({}, token);
  return fakeTests.runs.at(-1) as FakeRun;
}
const names = async (): Promise<number> => (await session.experiments.list()).experiments.length;

beforeAll(async () => {
  cluster = demo.cluster;
  const { log } = demo.log;
  const { clock, store, injection } = demo.session;
  const scenarios = new ScenarioRuns({ injector: injection, store, clock, log });
  const { createMetricSource, resolvePrometheus } = await import('../../../src/adapters/prometheus/index');
  const resolve = (signal?: AbortSignal): ReturnType<typeof resolvePrometheus> =>
    resolvePrometheus({ url: cluster.prometheusUrl, cluster: undefined as never, log }, signal);
  const metrics = createMetricSource({ resolve, clock, profile: 'auto', container: 'observer', log });
  session = { ...demo.session, scenarios, tests: new TestBoard(), metrics };
  held = new ResilienceTests({
    sessions: { current: () => Promise.resolve(session) },
    language: () => Promise.resolve(scenarioLanguage),
    createdBy: 'test',
    testRuns: {
      add: ({ scenario }, { verdict }, { context }) =>
        Promise.resolve(void kept.push(`${scenario.name} ${verdict} ${context}`)),
    },
    log,
  });
});
beforeEach(async () => {
  files.clear();
  files.set('busy.scenario.yaml', FILE);
  files.set('other.scenario.yaml', FILE.replace(/expect:[^]*/, ''));
  await controller().resolveHandler?.();
});
afterAll(() => {
  held?.dispose();
  session?.scenarios.dispose();
});

it('shows the scenarios that expect something, with each expectation at its line', async () => {
  const items = controller().items.all();
  expect(items.map(({ label }) => label)).toEqual(['busy']);
  expect(items[0]?.children.all().map(({ label, range }) => [label, range?.start.line])).toEqual([
    ['restarts', 6],
    ['quiet', 7],
  ]);
  files.set('busy.scenario.yaml', FILE.replace('at-most: 120%', 'at-mst: 120%'));
  watched['change']?.(Uri.file('busy.scenario.yaml'));
  await vi.waitFor(() => expect(items[0]?.error).toContain('at-mst'));
  files.delete('busy.scenario.yaml');
  await controller().refreshHandler?.();
  expect(controller().items.size).toBe(0);
});

it('offers Run by default and Dry Run; a continuous run is refused in words', async () => {
  expect(controller().profiles.map((one) => [one.label, one.isDefault, one.supportsContinuousRun])).toEqual([
    ['Run', true, true],
    ['Dry Run', false, false],
  ]);
  const token = { onCancellationRequested: () => ({ dispose: () => undefined }) };
  await controller().profiles[0]?.run({ continuous: true }, token);
  expect(desk.texts('information')[0]).toContain('do not run continuously');
  expect(fakeTests.runs).toEqual([]); // it would stand among the results
  expect(await names()).toBe(0);
});

it('injects nothing by a dry run, nor where the question is left', async () => {
  const dry = await run('Dry Run');
  expect(dry.states).toEqual(['enqueued busy', 'started busy', 'skipped restarts', 'skipped quiet', 'skipped busy']);
  expect(dry.output).toContain(cluster.topology.pods[0]?.name);
  expect(dry.output).toMatch(/quiet\r\n {4}Expected: cpu\.used \(mean of targets\) ≤ .*baseline/);
  expect(dry.output).toContain('in its steady state');
  const left = await run('Run');
  expect(left.states).toEqual(['enqueued busy', 'skipped busy']);
  expect(desk.texts('warning')[0]).toContain('Run the resilience test "busy"?');
  expect([dry.ended, left.ended, await names()]).toEqual([true, true, 0]);
  expect(kept).toEqual([]);
});

it('asks once for all tests of a run, and tells what each of them would hit', async () => {
  files.set('second.scenario.yaml', FILE.replace('name: busy', 'name: second').replace('cpu_stress', 'network_delay'));
  files.set('wrong.scenario.yaml', FILE.replace('name: busy', 'name: wrong').replace('index: 0', 'index: 9'));
  await controller().refreshHandler?.();
  const { states, output } = await run('Run');
  expect(states.filter((one) => !one.startsWith('enqueued'))).toEqual([
    'errored wrong',
    'skipped busy',
    'skipped second',
  ]);
  const asked = desk.texts('warning');
  expect(asked).toHaveLength(1);
  expect(asked[0]).toContain('Run 2 resilience tests one after another?');
  expect(output.match(/Not confirmed\. Nothing was injected\./g)).toHaveLength(1);
  files.delete('second.scenario.yaml');
  files.delete('wrong.scenario.yaml');
  await controller().refreshHandler?.();
});

it('says at the file why a test could not be run', async () => {
  files.set('busy.scenario.yaml', FILE.replace('{index: 0}', '{index: 9}'));
  const { states, messages } = await run('Run');
  expect(states.at(-1)).toBe('errored busy');
  expect(messages[0]?.message).toContain('index 9');
});

it('runs one test after another, with one confirmation, and fails at the line that was broken', async () => {
  files.set('second.scenario.yaml', FILE.replace('name: busy', 'name: second').replace('60s', '20s'));
  await controller().refreshHandler?.();
  let most = 0;
  const watch = setInterval(() => (most = Math.max(most, cluster.board.all().length)), 50);
  const { name, states, messages, output } = await run('Run', 'Run');
  clearInterval(watch);
  files.delete('second.scenario.yaml');
  await controller().refreshHandler?.();
  expect(name).toBe('Run: 2 tests');
  expect(states).toEqual([
    ...['enqueued busy', 'enqueued second'],
    ...['started busy', 'started restarts', 'started quiet', 'passed restarts', 'failed quiet', 'failed busy'],
    ...['started second', 'started restarts', 'started quiet', 'passed restarts', 'failed quiet', 'failed second'],
  ]);
  expect([most, desk.texts('warning').length]).toEqual([1, 1]);
  expect(output.split('▶ second')[1]).toContain('Waiting until the database has settled');
  const [quiet, busy] = messages;
  const moment = held.momentOf('file:busy.scenario.yaml#quiet');
  expect(moment).toMatchObject({ metric: 'cpu.used', refs: [{ kind: 'StressChaos' }] });
  expect(moment?.atMs).toBeGreaterThan(moment?.fromMs ?? Infinity);
  expect(moment?.atMs).toBeLessThan(moment?.toMs ?? 0);
  expect(held.momentOf('file:busy.scenario.yaml')).toMatchObject({ metric: undefined, atMs: undefined });
  const [shown] = session.tests.tests;
  expect(shown).toMatchObject({ name: 'busy', verdict: 'failed', targets: new Set([cluster.topology.pods[0]?.name]) });
  expect(quiet?.message).toMatch(/^Worst: .*\nExpected: cpu\.used \(mean of targets\) ≤ [\d.]+ cores/);
  expect(quiet?.location?.range.start.line).toBe(7);
  expect(busy?.message).toMatch(/^Failed: quiet\nquiet\n {4}Expected: cpu\.used .*\n {4}Observed: Worst/);
  expect(kept).toEqual([`busy failed ${session.context}`, `second failed ${session.context}`]);
  expect(cluster.board.all()).toEqual([]); // the next test can begin
}, 60_000);

it('that is cancelled ends everything of it', async () => {
  let cancel: () => void = () => undefined;
  const token = {
    onCancellationRequested: (listener: () => void) => ((cancel = listener), { dispose: () => undefined }),
  };
  desk.answers.push('Run');
  const ended = controller().profiles[0]?.run({}, token);
  await vi.waitFor(() => expect(cluster.board.all()).not.toEqual([]), { timeout: 40_000, interval: 20 });
  cancel();
  await ended;
  const { states, output } = fakeTests.runs.at(-1) as FakeRun;
  expect(states.at(-1)).toBe('skipped busy');
  expect(states.filter((one) => one.startsWith('passed'))).toEqual([]); // green below it would make it green
  expect(output).toContain('■ busy: Cancelled. Everything that the test started was stopped.');
  await expect.poll(() => cluster.board.all(), { timeout: 20_000 }).toEqual([]);
}, 90_000);

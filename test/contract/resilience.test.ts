import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { CliSession } from '../../src/cli/session';
import type { TestOptions } from '../../src/core/resilience/resilienceTest';
import type { TestResult } from '../../src/core/resilience/testResult';
import {
  runOnCluster,
  steadyOnCluster,
  type PlannedTest,
  type TestParts,
} from '../../src/core/resilience/runOnCluster';
import { startDemoCluster, type DemoCluster } from '../../src/demo/cluster';
import { RESOURCES, type Resource } from '../../src/demo/kubernetes/objects/resources';
import { DEMO_QUERY } from '../support';
import { openDemoSession, plannedTest } from './demoTests';
import { temporaryFolder } from '../temporary';

const PROMETHEUS = 'monitoring/prometheus-operated';
const directory = temporaryFolder('resilience');
const services = new Map<string, string>();
let cluster: DemoCluster;
let session: CliSession;

beforeAll(async () => {
  cluster = await startDemoCluster({ directory, speed: 6, seed: 5, services });
  session = await openDemoSession(cluster);
});

afterAll(async () => {
  session?.dispose();
  await cluster?.stop();
});

/** What has ended by itself stays in the cluster until somebody removes it. */
afterEach(async () => {
  const { experiments } = await session.experiments.list();
  await session.injection.stopAll(experiments.map(({ ref }) => ref));
});

const resource = (kind: string): Resource => RESOURCES.find((one) => one.kind === kind) as Resource;
const parts = (): TestParts => ({ ...session, query: DEMO_QUERY });

/** A fault on the first node for some time, with these expectations. */
const testOf = (expectations: string, duration = '60s', anomaly = 'cpu_stress', index = 0): Promise<PlannedTest> =>
  plannedTest(
    `apiVersion: distdiag.io/v1
kind: Scenario
name: busy
steps:
  - {name: busy, anomaly: ${anomaly}, targets: {index: ${index}}, duration: ${duration}}
expect:
${expectations}`,
    session,
  );
const run = async (
  expectations: string,
  duration?: string,
  options?: TestOptions,
  anomaly?: string,
): Promise<TestResult> => runOnCluster(parts(), await testOf(expectations, duration, anomaly), options);
const stateOf = ({ outcomes }: TestResult, name: string): string | undefined =>
  outcomes.find((one) => one.name === name)?.state;
const WAIT = { timeout: 20_000, interval: 50 };
/** Nothing of a test acts any more, in the database itself. */
const nothingActs = (): Promise<void> => expect.poll(() => cluster.board.all(), WAIT).toEqual([]);

it('passes where the database bears the fault, with what was seen', async () => {
  const result = await run(
    `
  - {name: others, metric: cpu.used, of: others, at-most: 300%, for: 30s}
  - {name: restarts, restarts: {max: 0}}
  - {name: ready, notReady: {max: 0}}
  - {name: back, recovers: {metric: cpu.used, of: targets, to: 30%, within: 2m}}
  - {name: named, diagnosis: {names: injected, within: 60s}}
`,
    '90s',
  );
  expect(result).toMatchObject({ reason: undefined, left: [] });
  expect(result.outcomes.filter(({ state }) => state !== 'passed')).toEqual([]);
  expect(result.verdict).toBe('passed');
  const back = result.outcomes.find(({ name }) => name === 'back');
  expect(back?.recoveryMs).toBeLessThanOrEqual(120_000);
  await nothingActs();
}, 300_000);

it('tells who led when the fault began, although the fault makes another the leader', async () => {
  const targets = await session.targets.list(DEMO_QUERY);
  const leaderNow = (): Promise<string | undefined> => session.metrics.leaderAt!(targets, cluster.clock.now());
  const leader = await leaderNow();
  expect(targets.map(({ pod }) => pod)).toContain(leader);
  const index = targets.findIndex(({ pod }) => pod === leader);
  const test = await testOf('  - {name: ready, notReady: {max: 3}}', '30s', 'pod_failure', index);
  const result = await runOnCluster(parts(), test);
  expect(result.leaders).toEqual([leader]);
  const pods = await session.targets.list(DEMO_QUERY);
  const now = (): Promise<string | undefined> => session.metrics.leaderAt!(pods, cluster.clock.now());
  await expect.poll(now, { timeout: 60_000, interval: 1000 }).toBeDefined();
  expect(await now()).not.toBe(leader);
}, 300_000);

it('fails where it does not, with the worst value and when it was broken', async () => {
  const result = await run('  - {name: idle, metric: cpu.used, of: targets, at-most: 120%}');
  expect(result.verdict).toBe('failed');
  const [idle] = result.outcomes;
  const { faultFromMs = NaN, faultToMs = NaN } = result.phases;
  expect(idle?.worst).toBeGreaterThan(1.2 * (idle?.baseline ?? NaN));
  expect(idle?.brokenAt).toBeGreaterThanOrEqual(faultFromMs);
  expect(idle?.brokenAt).toBeLessThanOrEqual(faultToMs);
  await nothingActs();
}, 300_000);

it('ends the fault long before its time when a guard is broken', async () => {
  const states: (string | undefined)[] = [];
  const result = await run('  - {name: guard, metric: cpu.used, of: targets, at-most: 120%, abort: true}', '10m', {
    onLook: ({ outcomes, phases }) => phases.endMs === undefined && states.push(outcomes[0]?.state),
  });
  // It is ended at the very look that saw the sample; `npm run bench` measures how long that takes.
  expect([states.at(-1), states.filter((one) => one === 'failed').length]).toEqual(['failed', 1]);
  const { brokenAt = NaN, seenAt = NaN, endedAt = NaN } = result.abort ?? {};
  expect(brokenAt).toBeLessThanOrEqual(seenAt);
  expect(seenAt).toBeLessThanOrEqual(endedAt);
  expect(result.phases.faultToMs).toBe(endedAt);
  expect(result).toMatchObject({ verdict: 'aborted', left: [] });
  expect(String(result.reason)).toContain('guard');
  expect(stateOf(result, 'guard')).toBe('failed');
  const { faultFromMs = NaN, faultToMs = NaN } = result.phases;
  expect(faultToMs - faultFromMs).toBeLessThan(300_000); // of ten minutes
  await nothingActs();
  expect((await session.experiments.list()).experiments).toEqual([]);
}, 300_000);

it('fails by what Kubernetes itself says of the pods: not ready, restarted, with events', async () => {
  const result = await run(
    `
  - {name: ready, notReady: {max: 0}}
  - {name: restarts, restarts: {max: 0}}
  - {name: kills, oomKills: {max: 0}}
  - {name: warnings, events: {max: 0}}
  - {name: unhealthy, events: {reason: [Unhealthy, BackOff], max: 99}}
  - {name: started, events: {type: Normal, reason: Started, max: 0}}
`,
    '60s',
    {},
    'pod_failure',
  );
  const states = Object.fromEntries(result.outcomes.map(({ name, state, worst }) => [name, [state, worst]]));
  expect(states).toEqual({
    ready: ['failed', 1],
    restarts: ['failed', expect.any(Number)],
    kills: ['passed', 0],
    warnings: ['failed', expect.any(Number)],
    unhealthy: ['passed', expect.any(Number)],
    started: ['failed', expect.any(Number)],
  });
  expect(states['unhealthy']?.[1]).toBeGreaterThanOrEqual(1);
  expect(result.verdict).toBe('failed');
  await nothingActs();
}, 300_000);

it('is aborted by a container that is killed for lack of memory, as its status tells', async () => {
  const [name = ''] = cluster.topology.pods.map((one) => one.name);
  const kill = (): void => {
    const pod = cluster.objects.find(resource('Pod'), DEMO_QUERY.namespace, name);
    const statuses = (pod?.status?.['containerStatuses'] ?? []) as { name: string }[];
    const terminated = { exitCode: 137, reason: 'OOMKilled', finishedAt: new Date(cluster.clock.now()).toISOString() };
    const containerStatuses = statuses.map((one) =>
      one.name === DEMO_QUERY.container ? { ...one, lastState: { terminated } } : one,
    );
    if (pod) cluster.objects.update(resource('Pod'), { ...pod, status: { ...pod.status, containerStatuses } });
  };
  let killed = false;
  const result = await run('  - {name: kills, oomKills: {max: 0}, abort: true}', '10m', {
    onLook: () => {
      if (killed || cluster.board.all().length === 0) return;
      killed = true;
      kill();
    },
  });
  expect(result).toMatchObject({ verdict: 'aborted', left: [], abort: { name: 'kills' } });
  expect(result.outcomes[0]).toMatchObject({ state: 'failed', worst: 1 });
  await nothingActs();
  // What was before its start is not the next one's.
  expect((await run('  - {name: kills, oomKills: {max: 0}}')).verdict).toBe('passed');
}, 300_000);

it('that is cancelled leaves nothing of it', async () => {
  const cancel = new AbortController();
  const result = await run('  - {name: cpu, metric: cpu.used, max: 1000}', '10m', {
    signal: cancel.signal,
    onLook: () => {
      if (cluster.board.all().length > 0) cancel.abort();
    },
  });
  expect(result).toMatchObject({ verdict: 'aborted', left: [] });
  await nothingActs();
  expect((await session.experiments.list()).experiments).toEqual([]);
}, 300_000);

it('does not inject into a database that is not in its steady state, and says so beforehand', async () => {
  const expectations = '  - {name: calm, metric: cpu.used, max: 0, during: before}';
  const result = await run(expectations);
  expect(result.verdict).toBe('inconclusive');
  expect(String(result.reason)).toContain('"calm"');
  const before = await steadyOnCluster(parts(), await testOf(expectations));
  expect(String(before.unsteady)).toContain('"calm"');
  expect((await session.experiments.list()).experiments).toEqual([]);
  expect(cluster.board.all()).toEqual([]);
}, 300_000);

/** Stops Prometheus as soon as the fault acts. */
async function withoutPrometheus(test: () => Promise<TestResult>): Promise<TestResult> {
  const address = services.get(PROMETHEUS) as string;
  const watching = setInterval(() => {
    if (cluster.board.all().length > 0) services.set(PROMETHEUS, 'http://127.0.0.1:9');
  }, 20);
  try {
    return await test();
  } finally {
    clearInterval(watching);
    services.set(PROMETHEUS, address);
  }
}

it('is inconclusive where Prometheus was stopped meanwhile, and aborted where a guard could not see', async () => {
  const result = await withoutPrometheus(() => run('  - {name: cpu, metric: cpu.used, max: 1000}'));
  expect(result.verdict).toBe('inconclusive');
  expect(result.outcomes[0]).toMatchObject({ state: 'inconclusive', seen: expect.stringMatching(/\w/) });
  await nothingActs();
  const guarded = await withoutPrometheus(() =>
    run('  - {name: cpu, metric: cpu.used, max: 1000, abort: true}', '10m'),
  );
  expect(guarded).toMatchObject({ verdict: 'aborted', left: [] });
  expect(String(guarded.reason)).toContain('could not be judged');
  await nothingActs();
}, 300_000);

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { CliSession } from '../../../src/cli/session';
import { emergencyStop } from '../../../src/core/stop/emergencyStop';
import type { TestOptions } from '../../../src/core/resilience/resilienceTest';
import type { TestResult } from '../../../src/core/resilience/testResult';
import { runOnCluster } from '../../../src/core/resilience/runOnCluster';
import { DEMO_QUERY } from '../../support';
import { until } from '../../until';
import { openDemoSession, plannedTest } from '../demoTests';
import { refuse } from './faultyApi';
import { resource, startScene, type Scene } from './scene';

/** A test on a cluster whose servers fail while its fault acts. */
const PROMETHEUS = 'monitoring/prometheus-operated';
const services = new Map<string, string>();
let scene: Scene;
let session: CliSession;

async function open(speed: number): Promise<void> {
  scene = await startScene({ historyMinutes: 10, services, speed });
  session = await openDemoSession({
    clock: scene.cluster.clock,
    kubeconfigPath: path.join(scene.directory, 'faulty', 'kubeconfig'),
  });
}
afterEach(async () => {
  session?.dispose();
  await scene?.close();
});

/** Runs ten minutes of CPU stress on the first node; what `fails` does happens as soon as it acts. */
async function run(expectation: string, fails: () => void, options: TestOptions = {}): Promise<TestResult> {
  const test = await plannedTest(
    `apiVersion: distdiag.io/v1
kind: Scenario
name: busy
steps:
  - {name: busy, anomaly: cpu_stress, targets: {index: 0}, duration: 10m}
expect:
  - ${expectation}
`,
    session,
  );
  let acted = false;
  const watching = setInterval(() => {
    if (acted || scene.cluster.board.all().length === 0) return;
    acted = true;
    fails();
  }, 10);
  try {
    return await runOnCluster({ ...session, query: DEMO_QUERY }, test, options);
  } finally {
    clearInterval(watching);
    expect(acted).toBe(true);
  }
}

const left = (): string[] => scene.cluster.objects.list(resource('StressChaos')).map(({ metadata }) => metadata.name);
const nothingActs = (): Promise<unknown> =>
  until('nothing acts', () => scene.cluster.board.all().length === 0 && left().length === 0);

/** The lists and watches of the experiments end, and are refused from then on. */
function cutTheWatch(): void {
  scene.api.mischief = {
    arrived: ({ method, path: at, isWatch }, response) =>
      (isWatch || (method === 'GET' && /chaos$/.test(at))) && refuse(response, 503, 'cut'),
  };
  void scene.api.restart();
}

describe('a guard', () => {
  it('that is broken ends the fault although the watch is down', async () => {
    await open(3); // slow enough that a busy machine does not make the guard blind
    const broken = '{name: guard, metric: cpu.used, of: targets, at-most: 120%, abort: true}';
    const result = await run(broken, cutTheWatch);
    expect(result).toMatchObject({ verdict: 'aborted', left: [], abort: { name: 'guard' } });
    expect(session.store.snapshot.health.state).not.toBe('live');
    await nothingActs();
  }, 300_000);

  it('that cannot see ends the fault: Prometheus takes every request and answers none', async () => {
    await open(10);
    const asked: string[] = [];
    const silent: Server = createServer((request) => void asked.push(request.url ?? ''));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = silent.address() as AddressInfo;
      const result = await run('{name: guard, metric: cpu.used, max: 1000, abort: true}', () =>
        services.set(PROMETHEUS, `http://127.0.0.1:${port}`),
      );
      expect(result).toMatchObject({ verdict: 'aborted', left: [] });
      expect(String(result.reason)).toContain('could not be judged');
      expect(asked.length).toBeGreaterThan(0);
      await nothingActs();
    } finally {
      silent.closeAllConnections();
      silent.close();
    }
  }, 300_000);

  it('names what it could not end where the API server is gone; "stop all" finds it when the server is back', async () => {
    await open(10);
    const result = await run('{name: ready, notReady: {max: 0}, abort: true}', () => void scene.api.stop());
    expect(result.verdict).toBe('aborted');
    const [name = ''] = left();
    expect(result.left.map(({ ref }) => ref.name)).toEqual([name]);
    const [object] = scene.cluster.objects.list(resource('StressChaos'));
    expect(object?.spec?.['duration']).toBe('10m');
    await scene.api.start();
    const { experiments, health } = await session.experiments.list();
    expect([health.state, experiments.map((one) => [one.ref.name, one.ours])]).toEqual(['live', [[name, true]]]);
    const { experiments: gateway, orchestration, injection, scenarios, clock, log } = session;
    await emergencyStop({ gateway, orchestration, injection, scenarios, clock, log }, []);
    await nothingActs();
  }, 240_000);
});

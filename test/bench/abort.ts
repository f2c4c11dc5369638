import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { scenarioLanguage } from '../../src/adapters/scenario/index';
import { openSession } from '../../src/cli/session';
import type { AbortTimes } from '../../src/core/resilience/testResult';
import { runOnCluster } from '../../src/core/resilience/runOnCluster';
import { planScenario } from '../../src/core/scenario/planScenario';
import { startDemoCluster } from '../../src/demo/cluster';
import { DEMO_QUERY, silentLog } from '../support';
import { middle } from './numbers';

const RUNS = 5;
const STEP_MS = 5000;
const POLICY = { context: 'distdiag-demo', protectedContexts: [], protectedNamespaces: [] };
const FILE = `apiVersion: distdiag.io/v1
kind: Scenario
name: busy
steps:
  - {name: busy, anomaly: cpu_stress, targets: {index: 0}, duration: 10m}
expect:
  - {name: guard, metric: cpu.used, of: targets, at-most: 120%, abort: true}
`;

/** From the time of the sample that breaks a guard; milliseconds, Prometheus scraped and asked in steps of 5 s. */
export interface AbortFigures {
  seenMs: number;
  /** Until every experiment of the test is deleted, the embedded controller's recovery included. */
  endedMs: number;
  slowestMs: number;
}

/** Measures how soon a guard ends the faults of its test, at the cluster's own pace. */
export async function benchAbort(root: string): Promise<AbortFigures> {
  const times: AbortTimes[] = [];
  for (let i = 0; i < RUNS; i++) times.push(await abortOnce(root, i + 1));
  const ended = times.map(({ endedAt, brokenAt }) => endedAt - brokenAt);
  return {
    seenMs: middle(times.map(({ seenAt, brokenAt }) => seenAt - brokenAt)),
    endedMs: middle(ended),
    slowestMs: Math.max(...ended),
  };
}

async function abortOnce(root: string, seed: number): Promise<AbortTimes> {
  const directory = mkdtempSync(path.join(tmpdir(), 'distdiag-abort-'));
  const cluster = await startDemoCluster({ directory, historyMinutes: 10, seed });
  const session = await openSession({
    kubeconfig: cluster.kubeconfigPath,
    context: '',
    query: DEMO_QUERY,
    prometheus: { url: '', auth: {} },
    stepMs: STEP_MS,
    protectedContexts: [],
    protectedNamespaces: [],
    log: silentLog,
    clock: cluster.clock,
    root,
  });
  try {
    const { scenario } = scenarioLanguage.read(FILE);
    if (!scenario?.expect) throw new Error('The bench has no test.');
    const plan = planScenario(scenario, {
      targets: await session.targets.list(DEMO_QUERY),
      policy: POLICY,
      defaultDurationMs: 60_000,
      chaosNamespace: DEMO_QUERY.namespace,
      container: DEMO_QUERY.container,
      createdBy: 'bench',
    });
    const test = { plan, expectations: scenario.expect, policy: () => POLICY };
    const { abort, verdict } = await runOnCluster({ ...session, query: DEMO_QUERY }, test);
    if (!abort) throw new Error(`The guard was not broken: ${verdict}.`);
    return abort;
  } finally {
    session.dispose();
    await cluster.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

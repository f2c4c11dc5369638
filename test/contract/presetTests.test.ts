import { afterEach, beforeEach, expect, it } from 'vitest';
import { scenarioLanguage } from '../../src/adapters/scenario/index';
import type { CliSession } from '../../src/cli/session';
import { ANOMALY_TYPES, FAULT_TYPES, isAnomalyType, type FaultType } from '../../src/core/faults/catalogue';
import { toManifest } from '../../src/core/injection/manifest';
import { presetTest } from '../../src/core/presets/presetTest';
import { runOnCluster, steadyOnCluster, type PlannedTest } from '../../src/core/resilience/runOnCluster';
import { startDemoCluster, type DemoCluster } from '../../src/demo/cluster';
import { DEMO_QUERY } from '../support';
import { openDemoSession, plannedTest } from './demoTests';
import { temporaryFolder } from '../temporary';

const directory = temporaryFolder('presets');
let cluster: DemoCluster;
let session: CliSession;

/** A database on which no fault has ever acted: its steady state need not be waited for. */
beforeEach(async () => {
  // Slow enough that a busy machine blinds no guard.
  cluster = await startDemoCluster({ directory, speed: 5, seed: 5 });
  session = await openDemoSession(cluster, cluster.prometheusUrl);
});
afterEach(async () => {
  session?.dispose();
  await cluster?.stop();
});
/** The preset as a user gets it: written into a file and read again. */
const planned = (type: FaultType): Promise<PlannedTest> =>
  plannedTest(scenarioLanguage.write(presetTest(type)), session);

it.each(FAULT_TYPES.filter((type) => !isAnomalyType(type)))(
  'the test of %s starts from the steady state, and the server takes its fault',
  async (type) => {
    const test = await planned(type);
    const { unsteady, outcomes } = await steadyOnCluster({ ...session, query: DEMO_QUERY }, test);
    expect(unsteady).toBeUndefined();
    expect(outcomes.filter(({ baseline }) => baseline !== undefined).length).toBeGreaterThan(0);
    for (const { injection } of test.plan.steps)
      await expect(session.experiments.dryRun(toManifest(injection))).resolves.toBeDefined();
    expect(cluster.board.all()).toEqual([]);
  },
  30_000,
);

it.each(ANOMALY_TYPES)(
  'the demo database passes the test of %s',
  async (type) => {
    const { verdict, reason, outcomes, left } = await runOnCluster(
      { ...session, query: DEMO_QUERY },
      await planned(type),
    );
    const notPassed = outcomes.filter(({ state }) => state !== 'passed');
    expect({ verdict, reason, notPassed, left }).toEqual({
      verdict: 'passed',
      reason: undefined,
      notPassed: [],
      left: [],
    });
    expect(cluster.board.all()).toEqual([]);
  },
  180_000,
);

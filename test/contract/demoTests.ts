import path from 'node:path';
import { expect } from 'vitest';
import { scenarioLanguage } from '../../src/adapters/scenario/index';
import { openSession, type CliSession } from '../../src/cli/session';
import type { PlannedTest } from '../../src/core/resilience/runOnCluster';
import { planScenario, type ScenarioPlan } from '../../src/core/scenario/planScenario';
import type { DemoCluster } from '../../src/demo/cluster';
import { DEMO_QUERY, silentLog } from '../support';

export const POLICY = { context: 'distdiag-demo', protectedContexts: [], protectedNamespaces: ['kube-system'] };

/** What the command line has of an embedded cluster; Prometheus is looked for in it where no address is given. */
export const openDemoSession = (
  { clock, kubeconfigPath }: Pick<DemoCluster, 'clock' | 'kubeconfigPath'>,
  prometheusUrl = '',
): Promise<CliSession> =>
  openSession({
    kubeconfig: kubeconfigPath,
    context: '',
    query: DEMO_QUERY,
    prometheus: { url: prometheusUrl, auth: {} },
    stepMs: 5000,
    protectedContexts: [],
    protectedNamespaces: [],
    log: silentLog,
    clock,
    root: path.join(__dirname, '..', '..'),
  });

/** A scenario file, read and planned on the pods of a cluster. */
export async function planned(text: string, { targets }: Pick<CliSession, 'targets'>): Promise<ScenarioPlan> {
  const { scenario, issues } = scenarioLanguage.read(text);
  expect(issues).toEqual([]);
  if (!scenario) throw new Error('no scenario');
  const plan = planScenario(scenario, {
    targets: await targets.list(DEMO_QUERY),
    policy: POLICY,
    defaultDurationMs: 60_000,
    chaosNamespace: DEMO_QUERY.namespace,
    container: DEMO_QUERY.container,
    createdBy: 'test',
  });
  expect(plan.problems).toEqual([]);
  return plan;
}

/** The same with what it expects. */
export async function plannedTest(text: string, session: Pick<CliSession, 'targets'>): Promise<PlannedTest> {
  const plan = await planned(text, session);
  if (!plan.scenario.expect) throw new Error('nothing is expected');
  return { plan, expectations: plan.scenario.expect, policy: () => POLICY };
}

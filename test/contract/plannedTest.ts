import { expect } from 'vitest';
import { scenarioLanguage } from '../../src/adapters/scenario/index';
import type { CliSession } from '../../src/cli/session';
import type { TargetQuery } from '../../src/core/cluster/databasePod';
import type { PlannedTest } from '../../src/core/resilience/runOnCluster';
import { planScenario } from '../../src/core/scenario/planScenario';

const POLICY = { context: 'distdiag-demo', protectedContexts: [], protectedNamespaces: [] };

/** A scenario file with expectations, read and planned on the pods of a session. */
export async function plannedTest(
  text: string,
  { targets }: Pick<CliSession, 'targets'>,
  query: TargetQuery,
): Promise<PlannedTest> {
  const { scenario, issues } = scenarioLanguage.read(text);
  expect(issues).toEqual([]);
  if (!scenario?.expect) throw new Error('nothing is expected');
  const plan = planScenario(scenario, {
    targets: await targets.list(query),
    policy: POLICY,
    defaultDurationMs: 60_000,
    chaosNamespace: query.namespace,
    container: query.container,
    createdBy: 'test',
  });
  expect(plan.problems).toEqual([]);
  return { plan, expectations: scenario.expect, policy: () => POLICY };
}

import { defaultParameters } from '../../../src/core/faults/catalogue';
import { planScenario, type ScenarioPlan } from '../../../src/core/scenario/planScenario';
import type { Scenario, ScenarioStep } from '../../../src/core/scenario/scenario';
import type { DatabasePod } from '../../../src/core/cluster/databasePod';
import { target } from '../cluster/targets';

export const PODS = ['db-0', 'db-1', 'db-2'];
export const TARGETS: DatabasePod[] = PODS.map((pod, i) =>
  target({ pod, zone: `zone${i + 1}`, labels: { 'ref-obzone': `zone${i + 1}`, app: 'db' } }),
);
export const POLICY = { context: 'dev', protectedContexts: [], protectedNamespaces: ['kube-system'], clusterSize: 3 };

/** A CPU stress on the first pod, at once, for a minute. */
export function step(change: Partial<ScenarioStep> = {}): ScenarioStep {
  const anomaly = change.anomaly ?? 'cpu_stress';
  return {
    name: 'first',
    anomaly,
    targets: [{ pod: 'db-0' }],
    parameters: defaultParameters(anomaly),
    offsetMs: 0,
    durationMs: 60_000,
    ...change,
  };
}

export function scenario(steps: readonly ScenarioStep[], change: Partial<Scenario> = {}): Scenario {
  return { name: 'test', description: undefined, onFailure: 'stop', steps, ...change };
}

export function planned(steps: readonly ScenarioStep[], change: Partial<Scenario> = {}): ScenarioPlan {
  return planScenario(scenario(steps, change), {
    targets: TARGETS,
    policy: POLICY,
    defaultDurationMs: 180_000,
    chaosNamespace: 'oceanbase',
    container: 'observer',
    createdBy: 'test',
  });
}

import { expect, it } from 'vitest';
import type { ScenarioPlan } from '../../../src/core/scenario/planScenario';
import { requireShown } from '../../../src/ui/testing/agreement';
import { planned, step, TARGETS } from '../scenario/scenarios';

const [first, second] = TARGETS.map((target) => target);
/** A plan whose steps hit these pods. */
const hitting = (...pods: (typeof first)[]): ScenarioPlan => {
  const plan = planned(pods.map(() => step()).slice(0, 1));
  const [one] = plan.steps;
  const steps = pods.map((pod) => ({ ...one, injection: { ...one?.injection, targets: [pod] } }));
  return { ...plan, steps } as ScenarioPlan;
};

it('refuses a fault that would hit other pods than was shown, also where another fault was shown with them', () => {
  expect(() => requireShown(hitting(first, second), hitting(first, second))).not.toThrow();
  for (const now of [hitting(second, second), hitting(second, first), hitting(first, second, second)])
    expect(() => requireShown(hitting(first, second), now)).toThrow(
      /^The targets of ".*" have changed since you confirmed\.$/,
    );
});

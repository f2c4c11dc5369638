import type { AccessGuard } from '../cluster/accessGuard';
import { faultDefinition } from '../faults/catalogue';
import type { ScenarioPlan } from '../scenario/planScenario';

/** Throws `forbidden` with what is missing to inject the faults of tests and to see what they expect. */
export async function requireForTests(
  access: Pick<AccessGuard, 'require'>,
  plans: readonly ScenarioPlan[],
  signal?: AbortSignal,
): Promise<void> {
  const kinds = plans.flatMap(({ steps }) => steps.map(({ injection }) => faultDefinition(injection.type).kind));
  await access.require('inject', [...new Set(kinds)], signal);
  if (plans.some(({ scenario }) => scenario.expect?.some(({ kind }) => kind === 'events')))
    await access.require('podEvents', undefined, signal);
}

import type { Text } from '../../core/base/text';
import { faultDefinition, defaultParameters } from '../../core/faults/catalogue';
import { parseAnomalyRequest, targetsOf } from '../../core/injection/anomalyRequest';
import { AppError } from '../../core/base/errors';
import type { InjectionPlan } from '../../core/injection/plan';
import type { InjectionPolicy } from '../../core/injection/policy';
import { propose, type Proposal } from '../impact/proposal';
import { policyOf, requireTrust } from '../session/policy';
import type { ScriptedSession } from '../session/session';

/** What a script or an agent may have injected, as it would be. */
export interface RequestedPlan extends Proposal {
  plan: InjectionPlan & { durationMs: number };
  policy: InjectionPolicy;
}

/** Pods beyond this share of the database are hit only after a question, which a script cannot be asked. */
const MOST_SHARE = 0.5;

/**
 * Everything that is checked before a person is asked, for whoever cannot be: the plan, the cluster as it is now, and what
 * is hit. What a person would have to agree to is refused. Throws AppError; changes nothing.
 */
export async function requestedPlan(
  session: ScriptedSession,
  createdBy: string,
  input: unknown,
  signal?: AbortSignal,
): Promise<RequestedPlan> {
  const request = parseAnomalyRequest(input);
  const { type } = request;
  requireTrust(session);
  await session.access.require('inject', [faultDefinition(type).kind]);
  const all = await session.targets.list(session.config.query, signal);
  const targets = targetsOf(request, all, Math.random);
  if (all.length > 1 && targets.length > all.length * MOST_SHARE)
    throw refusal(`${targets.length} of ${all.length} pods are more than half of the database.`);
  const plan = {
    type,
    targets,
    parameters: { ...defaultParameters(type), ...request.parameters },
    durationMs: request.durationMs ?? session.config.defaultDurationMs,
    chaosNamespace: session.config.chaosNamespace,
    container: session.config.query.container,
    createdBy,
  };
  const policy = policyOf(session, all.length);
  const { manifest, impact } = await propose(session, plan, policy, signal);
  const [wrong] = impact.problems;
  if (wrong !== undefined) throw new AppError('invalid', wrong, { hint: 'Nothing was changed in the cluster.' });
  const [reason] = [...impact.grave, ...impact.serious];
  if (reason !== undefined) throw refusal(reason);
  return { plan, manifest, impact, policy: { ...policy, agreed: impact } };
}

const refusal = (reason: Text): AppError =>
  new AppError('invalid', reason, {
    hint: 'Ask for less or for other pods, or inject it from the palette, which asks first.',
  });

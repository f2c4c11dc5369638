import type { Text } from '../../core/base/text';
import { faultDefinition, defaultParameters } from '../../core/faults/catalogue';
import { parseAnomalyRequest, targetsOf } from '../../core/injection/anomalyRequest';
import { AppError } from '../../core/base/errors';
import type { InjectionPlan } from '../../core/injection/plan';
import type { InjectionPolicy } from '../../core/injection/policy';
import { propose, type Proposal } from '../impact/proposal';
import { policyOf, requireTrust } from '../session/policy';
import type { ScriptedSession } from '../session/session';

/** An injection that a script or an agent may perform. */
export interface RequestedPlan extends Proposal {
  plan: InjectionPlan & { durationMs: number };
  policy: InjectionPolicy;
}

/** A larger share of the database needs a confirmation, which a script cannot give. */
const MOST_SHARE = 0.5;

/**
 * The checks before a question, for callers that cannot be asked: the plan, the current cluster, and what would be hit.
 * Refuses whatever a person would have to confirm. Throws AppError; changes nothing.
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
    hint: 'Ask for less or for other pods. Only a person can agree to this: the command palette in VS Code asks first.',
  });

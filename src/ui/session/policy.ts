import { AppError } from '../../core/base/errors';
import { lessConfirmed, type InjectionPolicy } from '../../core/injection/policy';
import { memoryUsedIn, worldOf } from '../impact/impactWorld';
import type { GuardedSession, ScriptedSession } from './session';

/** What the settings allow without a question, with the memory in use where the metrics tell. */
export function policyOf(session: GuardedSession, clusterSize?: number): InjectionPolicy {
  const { protectedContexts, protectedNamespaces } = session.config;
  return {
    context: session.context,
    ...(session.aliases === undefined ? {} : { aliases: session.aliases }),
    protectedContexts,
    protectedNamespaces,
    ...(clusterSize === undefined ? {} : { clusterSize }),
    memoryUsed: memoryUsedIn(session),
    currentScope: (manifests, anew, signal) => worldOf(manifests, session, anew, signal),
  };
}

/**
 * What is allowed once a person has been asked about everything grave, as `assessImpact` lists it: also what is protected,
 * unless the setting distdiag.protection refuses it altogether. What is protected only since `confirmed` is still refused.
 */
export function askedPolicyOf(
  session: GuardedSession,
  clusterSize?: number,
  confirmed: InjectionPolicy = policyOf(session),
): InjectionPolicy {
  const policy = policyOf(session, clusterSize);
  return session.config.protection === 'confirm'
    ? { ...lessConfirmed(policy, confirmed), asksOfClusters: true }
    : policy;
}

/**
 * Throws where the folder is not trusted: what scripts and agents do there may be said by the folder, and nobody sees it.
 * A person can do it from the palette.
 */
export function requireTrust({ config }: { config: Pick<ScriptedSession['config'], 'trusted'> }): void {
  if (config.trusted) return;
  throw new AppError('forbidden', 'Scripts and agents can act only in a trusted workspace.', {
    hint: 'Trust the workspace, or use the Command Palette. Nothing was changed in the cluster.',
  });
}

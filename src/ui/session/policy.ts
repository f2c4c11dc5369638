import { AppError } from '../../core/base/errors';
import { lessConfirmed, type InjectionPolicy } from '../../core/injection/policy';
import { memoryUsedIn, worldOf } from '../impact/impactWorld';
import type { GuardedSession, ScriptedSession } from './session';

/** What the settings allow without a question, with the memory in use if the metrics have it. */
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
 * What is allowed after a person has confirmed every grave risk that `assessImpact` lists: also what is protected, unless
 * the setting distdiag.protection refuses it altogether. Protections added since `confirmed` still refuse.
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
 * Throws if the folder is not trusted: the folder could make scripts and agents act unseen. A person can still act from
 * the Command Palette.
 */
export function requireTrust({ config }: { config: Pick<ScriptedSession['config'], 'trusted'> }): void {
  if (config.trusted) return;
  throw new AppError('forbidden', 'Scripts and agents can act only in a trusted workspace.', {
    hint: 'Trust the workspace, or use the Command Palette. Nothing was changed in the cluster.',
  });
}

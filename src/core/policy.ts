import type { ChaosObject } from './experiment';
import { isNamespaceName, isProtected } from './protection';
import { isRecord, textOf } from './unknown';

/** What the user's settings and the cluster allow. */
export interface InjectionPolicy {
  /** The kubeconfig context that a fault would act on. */
  context: string;
  /** What else names its cluster: the address of its server, and the contexts and clusters that lead there as well. */
  aliases?: readonly string[];
  /** Names, or patterns with `*` and `?`. */
  protectedContexts: readonly string[];
  /** The same, of namespaces. */
  protectedNamespaces: readonly string[];
  /** How many nodes the database has; undefined = not known. */
  clusterSize?: number;
  /** Bytes in use by pod, where the metrics tell. */
  memoryUsed?: Readonly<Record<string, number>>;
}

/** One thing about a plan that the user should read. */
export interface PlanIssue {
  /** What it is about: `targets`, `duration`, `namespace`, `context` or a parameter's id. */
  field: string;
  message: string;
}

/** What forbids a fault in these namespaces of the policy's context. */
export function checkPolicy(policy: InjectionPolicy, namespaces: Iterable<string>): PlanIssue[] {
  const issues: PlanIssue[] = [];
  const { context, aliases = [], protectedContexts, protectedNamespaces } = policy;
  const found = [context, ...aliases].find((name) => isProtected(name, protectedContexts));
  if (found !== undefined) {
    issues.push({
      field: 'context',
      message:
        found === context
          ? `The context "${context}" is protected by the setting distdiag.protectedContexts.`
          : `The context "${context}" leads to "${found}", which is protected by the setting distdiag.protectedContexts.`,
    });
  }
  for (const namespace of new Set(namespaces)) {
    if (namespace.trim() !== '' && !isNamespaceName(namespace))
      issues.push({ field: 'namespace', message: `"${namespace}" is no name of a namespace.` });
    if (isProtected(namespace, protectedNamespaces)) {
      issues.push({
        field: 'namespace',
        message: `The namespace "${namespace}" is protected by the setting distdiag.protectedNamespaces.`,
      });
    }
  }
  return issues;
}

/**
 * The policy now, less the protections that were in force, and so asked about, when a person confirmed: what is
 * protected since then holds.
 */
export function lessConfirmed(now: InjectionPolicy, confirmed: InjectionPolicy): InjectionPolicy {
  const rest = (all: readonly string[], asked: readonly string[]): string[] =>
    all.filter((name) => !asked.includes(name));
  return {
    ...now,
    protectedContexts: rest(now.protectedContexts, confirmed.protectedContexts),
    protectedNamespaces: rest(now.protectedNamespaces, confirmed.protectedNamespaces),
  };
}

/**
 * Every namespace that an object is in or selects from, also by a spec that it holds for later, such as a workflow's
 * templates. A selector that names none selects from the object's own.
 */
export function namespacesOf({ metadata, spec }: Pick<ChaosObject, 'metadata' | 'spec'>): string[] {
  const named = selectorsIn(spec, 0).flatMap(({ namespaces, pods }) => [
    ...(Array.isArray(namespaces) ? namespaces.map(textOf) : []),
    ...(isRecord(pods) ? Object.keys(pods) : []),
  ]);
  return [...new Set([metadata.namespace ?? '', ...named])].filter((name) => name !== '');
}

/** Deeper than a selector in a workflow in a schedule. */
const DEEPEST = 10;

function selectorsIn(value: unknown, depth: number): Readonly<Record<string, unknown>>[] {
  if (depth > DEEPEST) return [];
  if (Array.isArray(value)) return value.flatMap((one) => selectorsIn(one, depth + 1));
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'selector' && isRecord(inner) ? [inner] : selectorsIn(inner, depth + 1),
  );
}

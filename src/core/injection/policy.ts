import { msg, type Text } from '../base/text';
import type { ChaosObject } from '../experiments/experiment';
import { isNamespaceName, isProtected } from '../cluster/protection';
import { elsewhereText, remoteClustersOf } from '../experiments/remoteClusters';
import type { Impact } from '../impact/impact';
import type { ImpactScope } from '../impact/scope';
import { everyRecord, isRecord, textOf } from '../base/unknown';

/** What the user's settings and the cluster allow. */
export interface InjectionPolicy {
  /** The kubeconfig context that a fault would act on. */
  context: string;
  /** Other names of its cluster: its server's address, and the contexts and clusters that lead to the same server. */
  aliases?: readonly string[];
  /** Names, or patterns with `*` and `?`. */
  protectedContexts: readonly string[];
  /** The same for namespaces. */
  protectedNamespaces: readonly string[];
  /** How many nodes the database has; undefined = not known. */
  clusterSize?: number;
  /** Bytes in use by pod, where the metrics tell. */
  memoryUsed?: Readonly<Record<string, number>>;
  /** True if a person was asked about the other clusters that an object acts in; otherwise they count as protected. */
  asksOfClusters?: boolean;
  /** The impact that was shown and agreed to; without it, nothing grave is allowed. */
  agreed?: Impact;
  /** Reads the cluster again, to check whether more would be hit than was agreed to; `anew`: without relying on the watch. */
  currentScope?: (manifests: readonly ChaosObject[], anew: boolean, signal?: AbortSignal) => Promise<ImpactScope>;
}

/** One thing about a plan that the user should read. */
export interface PlanIssue {
  /** What it is about: `targets`, `duration`, `namespace`, `context` or a parameter's id. */
  field: string;
  message: Text;
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
          ? msg`The context "${context}" is protected by the setting distdiag.protectedContexts.`
          : msg`The context "${context}" leads to "${found}", which is protected by the setting distdiag.protectedContexts.`,
    });
  }
  for (const namespace of new Set(namespaces)) {
    if (namespace.trim() !== '' && !isNamespaceName(namespace))
      issues.push({ field: 'namespace', message: msg`"${namespace}" is not a valid namespace name.` });
    if (isProtected(namespace, protectedNamespaces)) {
      issues.push({
        field: 'namespace',
        message: msg`The namespace "${namespace}" is protected by the setting distdiag.protectedNamespaces.`,
      });
    }
  }
  return issues;
}

const EVERYWHERE: PlanIssue = {
  field: 'namespace',
  message: 'A selector contains an empty namespace name: Chaos Mesh would select from all namespaces.',
};

/** What forbids these objects: where they are, what they select from, and other clusters that they act in. */
export function checkObjects(
  policy: InjectionPolicy,
  objects: readonly Pick<ChaosObject, 'metadata' | 'spec'>[],
): PlanIssue[] {
  const clusters = policy.asksOfClusters ? [] : remoteClustersOf(objects.map(({ spec }) => spec));
  return [
    ...checkPolicy(policy, objects.flatMap(namespacesOf)),
    ...(objects.some(selectsEverywhere) ? [EVERYWHERE] : []),
    ...clusters.map((name) => ({
      field: 'context',
      message: elsewhereText(name),
    })),
  ];
}

const selectsEverywhere = ({ spec }: Pick<ChaosObject, 'spec'>): boolean =>
  everyRecord(spec).some(({ selector }) => {
    const namespaces = isRecord(selector) ? selector['namespaces'] : undefined;
    return Array.isArray(namespaces) && namespaces.some((one) => textOf(one).trim() === '');
  });

/**
 * The policy now without the protections that a person has already confirmed: they were in force at that time. Protections
 * added since then hold.
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
 * Every namespace that an object is in, selects from or reads a secret of, also in embedded specs such as a workflow's
 * templates. A selector without namespaces selects from the object's own.
 */
export function namespacesOf({ metadata, spec }: Pick<ChaosObject, 'metadata' | 'spec'>): string[] {
  const named = everyRecord(spec).flatMap(({ selector, secretNamespace }) => {
    const { namespaces, pods, physicalMachines } = isRecord(selector) ? selector : {};
    return [
      textOf(secretNamespace),
      ...(Array.isArray(namespaces) ? namespaces.map(textOf) : []),
      ...[pods, physicalMachines].flatMap((one) => (isRecord(one) ? Object.keys(one) : [])),
    ];
  });
  return [...new Set([metadata.namespace ?? '', ...named])].filter((name) => name !== '');
}

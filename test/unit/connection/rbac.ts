import { loadAllYaml } from '@kubernetes/client-node';
import type { Allowed } from '../../../src/demo/kubernetes/requests/reviews';

interface Rule {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
}

interface Granted extends Rule {
  /** '' = everywhere. */
  namespace: string;
}

/** Grants as the API server's RBAC decides on them: what no rule allows is forbidden. */
export class Rbac {
  readonly #granted: Granted[] = [];
  /** Every question and request that was decided on. */
  readonly asked: Record<string, string>[] = [];

  grant(namespace: string, ...rules: Rule[]): this {
    this.#granted.push(...rules.map((rule) => ({ ...rule, namespace })));
    return this;
  }

  /** `kubectl apply` of roles and bindings; only what is bound to the user counts. */
  apply(yaml: string, user: string): this {
    const objects = loadAllYaml(yaml) as {
      kind: string;
      metadata: { name: string; namespace?: string };
      rules?: Rule[];
      roleRef?: { kind: string; name: string };
      subjects?: { kind: string; name: string }[];
    }[];
    for (const { metadata, roleRef, subjects } of objects) {
      if (!roleRef || !subjects?.some(({ kind, name }) => kind === 'User' && name === user)) continue;
      const namespace = metadata.namespace ?? '';
      const role = objects.find(
        (one) =>
          one.kind === roleRef.kind &&
          one.metadata.name === roleRef.name &&
          (one.metadata.namespace ?? '') === namespace,
      );
      this.grant(namespace, ...(role?.rules ?? []));
    }
    return this;
  }

  readonly allowed: Allowed = (attributes) => {
    this.asked.push(attributes);
    const { verb = '', group = '', resource = '', subresource, namespace = '' } = attributes;
    const name = subresource ? `${resource}/${subresource}` : resource;
    const has = (list: readonly string[], wanted: string): boolean => list.includes(wanted) || list.includes('*');
    return this.#granted.some(
      (rule) =>
        (rule.namespace === '' || rule.namespace === namespace) &&
        has(rule.apiGroups, group) &&
        has(rule.resources, name) &&
        has(rule.verbs, verb),
    );
  };
}

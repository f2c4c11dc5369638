import { dumpYaml } from '@kubernetes/client-node';

/** A Kubernetes object as YAML, as people write it. */
export function toYaml(value: unknown): string {
  return dumpYaml(value, { noRefs: true, lineWidth: -1 });
}

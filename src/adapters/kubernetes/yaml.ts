import { writeYaml } from '../yaml/write';

/** A Kubernetes object as YAML, as people write it. */
export function toYaml(value: unknown): string {
  return writeYaml(value);
}

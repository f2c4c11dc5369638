import type { ServerLabels } from '../../core/cluster/databasePod';
import { isRecord, recordsOf, stringsOf, textOf } from '../../core/base/unknown';

const AGENT = 'obagent';

/**
 * What obagent calls its server, by the environment that ob-operator gives it (`createMonitorContainer` in its
 * `internal/resource/observer/utils.go`): `HOST_IP` is 127.0.0.1 in the mode `standalone`, the ClusterIP of the server's
 * service in the mode `service`, and not there otherwise, where the agent takes the pod's address. Undefined without agent.
 */
export function serverLabels(pod: Readonly<Record<string, unknown>>): ServerLabels | undefined {
  const spec = isRecord(pod['spec']) ? pod['spec'] : {};
  const containers = recordsOf(spec['containers']);
  const agent =
    containers.find((one) => one['name'] === AGENT) ?? containers.find((one) => textOf(one['image']).includes(AGENT));
  if (!agent) return undefined;
  const values = environmentOf(agent, pod);
  // What names a variable that the pod does not tell is no value.
  const known = (name: string): string | undefined => values.get(name)?.replace(/^.*\$\(.*$/, '') || undefined;
  return {
    address: known('HOST_IP'),
    cluster: known('CLUSTER_NAME'),
    clusterId: known('CLUSTER_ID'),
    zone: known('ZONE_NAME'),
  };
}

/** A container's variables whose values the pod itself tells; those of secrets and config maps are left out. */
function environmentOf(
  container: Readonly<Record<string, unknown>>,
  pod: Readonly<Record<string, unknown>>,
): Map<string, string> {
  const values = new Map<string, string>();
  for (const variable of recordsOf(container['env'])) {
    const from = isRecord(variable['valueFrom']) ? variable['valueFrom']['fieldRef'] : undefined;
    const value = isRecord(from)
      ? fieldOf(pod, textOf(from['fieldPath']))
      : textOf(variable['value']).replace(/\$\(([\w.-]+)\)/g, (whole, name: string) => values.get(name) ?? whole);
    if (value !== undefined) values.set(textOf(variable['name']), value);
  }
  return values;
}

/** A field of the pod by a path as `fieldRef` has it: `status.podIP`, `metadata.labels['zone']`. */
function fieldOf(pod: Readonly<Record<string, unknown>>, path: string): string | undefined {
  const [, map, key = ''] = /^metadata\.(labels|annotations)\['([^']+)'\]$/.exec(path) ?? [];
  const metadata = isRecord(pod['metadata']) ? pod['metadata'] : {};
  if (map !== undefined) return stringsOf(metadata[map])[key];
  const found = path.split('.').reduce<unknown>((at, part) => (isRecord(at) ? at[part] : undefined), pod);
  return textOf(found) || undefined;
}

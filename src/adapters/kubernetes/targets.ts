import { msg } from '../../core/base/text';
import type { TargetGateway } from '../../core/cluster/databasePod';
import { AppError } from '../../core/base/errors';
import { isNamespaceName } from '../../core/cluster/protection';
import { parseQuantity } from '../../core/base/quantity';
import type { DatabasePod, TargetContainer } from '../../core/cluster/databasePod';
import { isRecord, recordsOf, stringsOf, textOf } from '../../core/base/unknown';
import type { KubeClient } from './connection/client';
import { listAll } from './watch/lists';
import { serverLabels } from './serverLabels';

/** The pods of a namespace. Throws where it is no name of one: `..` would lead to the pods of all. */
export function podsPath(namespace: string): string {
  if (isNamespaceName(namespace)) return `/api/v1/namespaces/${namespace}/pods`;
  throw new AppError('invalid', msg`"${namespace}" is not a valid namespace name.`);
}

/** The database's pods. */
export function createTargetGateway(client: KubeClient): TargetGateway {
  return {
    async list(query, signal) {
      const path = podsPath(query.namespace);
      const { items } = await listAll(client, path, `list the pods of ${query.namespace}`, {
        signal,
        labelSelector: query.labelSelector,
      });
      return items.map((pod) => toTarget(pod, query.container)).sort((a, b) => (a.pod < b.pod ? -1 : 1));
    },
  };
}

/** A pod as a target; what is missing is as if it were not there. */
export function toTarget(pod: Readonly<Record<string, unknown>>, databaseContainer: string): DatabasePod {
  const part = (of: Readonly<Record<string, unknown>>, key: string): Readonly<Record<string, unknown>> =>
    isRecord(of[key]) ? of[key] : {};
  const metadata = part(pod, 'metadata');
  const spec = part(pod, 'spec');
  const status = part(pod, 'status');
  const labels = stringsOf(metadata['labels']);
  const containers = recordsOf(spec['containers']).map(toContainer);
  const ready = recordsOf(status['conditions']).some((one) => one['type'] === 'Ready' && one['status'] === 'True');
  const restarts = recordsOf(status['containerStatuses']).map((one) =>
    typeof one['restartCount'] === 'number' ? one['restartCount'] : 0,
  );
  const running = recordsOf(status['containerStatuses']).find((one) => one['name'] === databaseContainer);
  return {
    namespace: textOf(metadata['namespace']),
    pod: textOf(metadata['name']),
    ip: textOf(status['podIP']) || undefined,
    hostNode: textOf(spec['nodeName']) || undefined,
    // A pod that is being deleted keeps its phase; kubectl calls it Terminating too.
    phase: metadata['deletionTimestamp'] ? 'Terminating' : textOf(status['phase']) || 'Unknown',
    ready,
    restarts: restarts.reduce((sum, one) => sum + one, 0),
    hostNetwork: spec['hostNetwork'] === true,
    labels,
    zone: labels['ref-obzone'],
    cluster: labels['ref-obcluster'],
    containers,
    database: containers.find((container) => container.name === databaseContainer),
    uid: textOf(metadata['uid']) || undefined,
    hostIp: textOf(status['hostIP']) || undefined,
    containerId: textOf(running?.['containerID']).replace(/^.*:\/\//, '') || undefined,
    sidecars: recordsOf(spec['initContainers'])
      .filter((one) => one['restartPolicy'] === 'Always')
      .map((one) => textOf(one['name'])),
    oomKills: recordsOf(status['containerStatuses']).flatMap(oomKillsOf),
    server: serverLabels(pod),
  };
}

/** A container that was killed, is waiting or runs again tells of it as its present or its last state. */
function oomKillsOf(container: Readonly<Record<string, unknown>>): string[] {
  const states = [container['state'], container['lastState']].map((one) => (isRecord(one) ? one['terminated'] : {}));
  return states.flatMap((one) =>
    isRecord(one) && one['reason'] === 'OOMKilled'
      ? [`${textOf(container['name'])}/${textOf(one['containerID']) || textOf(one['finishedAt'])}`]
      : [],
  );
}

function toContainer(container: Readonly<Record<string, unknown>>): TargetContainer {
  const resources = isRecord(container['resources']) ? container['resources'] : {};
  const limits = isRecord(resources['limits']) ? resources['limits'] : {};
  const quantity = (value: unknown): number | undefined =>
    textOf(value) === '' ? undefined : parseQuantity(textOf(value));
  return {
    name: textOf(container['name']),
    cpuLimit: quantity(limits['cpu']),
    memoryLimit: quantity(limits['memory']),
    mounts: recordsOf(container['volumeMounts'])
      .map((mount) => textOf(mount['mountPath']))
      .filter((mount) => mount !== ''),
  };
}

import type { PodGateway } from '../../core/impact/pod';
import type { SelectablePod } from '../../core/impact/pod';
import { isRecord, stringsOf, textOf } from '../../core/base/unknown';
import type { KubeClient } from './connection/client';
import { listAll } from './watch/lists';
import { podsPath, toTarget } from './targets';

/** Pods as Chaos Mesh's selectors see them, and the labels of the nodes. */
export function createPodGateway(client: KubeClient): PodGateway {
  return {
    async list(namespace, signal) {
      const path = podsPath(namespace);
      const { items } = await listAll(client, path, `list the pods of ${namespace}`, { signal });
      return items.map(toSelectablePod).sort((a, b) => (a.target.pod < b.target.pod ? -1 : 1));
    },
    async nodeLabels(signal) {
      const { items } = await listAll(client, '/api/v1/nodes', 'list the nodes', { signal });
      return new Map(
        items.map(({ metadata }) => {
          const { name, labels } = isRecord(metadata) ? metadata : {};
          return [textOf(name), stringsOf(labels)];
        }),
      );
    },
  };
}

/** A pod with its field selectors' values; what is missing is as if it were empty. */
export function toSelectablePod(pod: Readonly<Record<string, unknown>>): SelectablePod {
  const part = (key: string): Readonly<Record<string, unknown>> => (isRecord(pod[key]) ? pod[key] : {});
  const metadata = part('metadata');
  const spec = part('spec');
  const status = part('status');
  return {
    target: toTarget(pod, ''),
    annotations: stringsOf(metadata['annotations']),
    fields: {
      'metadata.name': textOf(metadata['name']),
      'metadata.namespace': textOf(metadata['namespace']),
      'spec.nodeName': textOf(spec['nodeName']),
      'spec.restartPolicy': textOf(spec['restartPolicy']),
      'spec.schedulerName': textOf(spec['schedulerName']),
      'spec.serviceAccountName': textOf(spec['serviceAccountName']),
      'spec.hostNetwork': String(spec['hostNetwork'] === true),
      'status.phase': textOf(status['phase']),
      'status.podIP': textOf(status['podIP']),
      'status.nominatedNodeName': textOf(status['nominatedNodeName']),
    },
  };
}

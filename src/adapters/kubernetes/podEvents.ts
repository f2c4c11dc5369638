import { isRecord, textOf } from '../../core/base/unknown';
import { urlPart } from '../../core/base/urlPart';
import type { PodEvent, PodEventGateway } from '../../core/cluster/podEvents';
import type { KubeClient } from './connection/client';
import { listAll } from './watch/lists';

/** Events of pods, from the API server, which keeps them for an hour. */
export function createPodEventGateway(client: KubeClient): PodEventGateway {
  return {
    async list(namespace, signal) {
      const path = `/api/v1/namespaces/${urlPart(namespace)}/events`;
      const what = `list the events of the pods in ${namespace}`;
      const { items } = await listAll(client, path, what, { signal, fieldSelector: 'involvedObject.kind=Pod' });
      return items.map(toPodEvent);
    },
  };
}

function toPodEvent(event: Readonly<Record<string, unknown>>): PodEvent {
  const part = (key: string): Readonly<Record<string, unknown>> => (isRecord(event[key]) ? event[key] : {});
  return {
    uid: textOf(part('metadata')['uid']),
    pod: textOf(part('involvedObject')['name']),
    type: textOf(event['type']),
    reason: textOf(event['reason']),
    count: eventCount(event),
  };
}

/** How often an event has happened: old writers fill in `count`, new ones `series`. */
export function eventCount(event: Readonly<Record<string, unknown>>): number {
  const series = isRecord(event['series']) ? event['series'] : {};
  const count = Number(event['count'] ?? series['count'] ?? 1);
  return Number.isInteger(count) && count > 0 ? count : 1;
}

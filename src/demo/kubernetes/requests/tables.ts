import type { KubeObject } from '../objects/objects';
import type { Resource } from '../objects/resources';
import { badRequest } from '../objects/status';
import { fieldAt as at } from './selectors';

interface Column {
  name: string;
  type: string;
  /** Shown by `-o wide` only. */
  wide?: true;
  value: (object: KubeObject, nowMs: number) => unknown;
}

/** `45s`, `3m12s`, `45m`, `3h5m`, `20h`, `3d4h`, `40d`, `2y10d`: a duration as kubectl writes it. */
export function humanDuration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (size: number, unit: string, small: number, smallUnit: string): string => {
    const rest = Math.floor((seconds % size) / small);
    return `${Math.floor(seconds / size)}${unit}${rest > 0 ? `${rest}${smallUnit}` : ''}`;
  };
  const hour = 3600;
  const day = 24 * hour;
  if (Number.isNaN(seconds)) return '<unknown>';
  if (seconds < 120) return `${seconds}s`;
  if (seconds < 600) return two(60, 'm', 1, 's');
  if (seconds < 3 * hour) return `${Math.floor(seconds / 60)}m`;
  if (seconds < 8 * hour) return two(hour, 'h', 60, 'm');
  if (seconds < 2 * day) return `${Math.floor(seconds / hour)}h`;
  if (seconds < 8 * day) return two(day, 'd', hour, 'h');
  if (seconds < 2 * 365 * day) return `${Math.floor(seconds / day)}d`;
  return seconds < 8 * 365 * day ? two(365 * day, 'y', day, 'd') : `${Math.floor(seconds / (365 * day))}y`;
}

const since = (nowMs: number, time: unknown): string => humanDuration(nowMs - Date.parse(String(time)));
const age = (object: KubeObject, nowMs: number): string => since(nowMs, object.metadata.creationTimestamp);

/** A pod's state as kubectl sums it up. */
function podStatus(object: KubeObject): unknown {
  return object.metadata.deletionTimestamp ? 'Terminating' : object.status?.['phase'];
}

interface Restarted {
  restartCount: number;
  lastState?: { terminated?: { finishedAt?: string } };
}

/** `0`, `3 (5m ago)`: how often the containers restarted, and when the last one did, if known. */
function restarts(object: KubeObject, nowMs: number): string {
  const statuses = (object.status?.['containerStatuses'] ?? []) as Restarted[];
  const count = statuses.reduce((sum, { restartCount }) => sum + restartCount, 0);
  const ends = statuses.flatMap(({ lastState }) => lastState?.terminated?.finishedAt ?? []).sort();
  const last = ends.at(-1);
  return count > 0 && last !== undefined ? `${count} (${since(nowMs, last)} ago)` : String(count);
}

const NAME: Column = { name: 'Name', type: 'string', value: (object) => object.metadata.name };
const AGE: Column = { name: 'Age', type: 'string', value: age };

function portsOf(object: KubeObject): string {
  const ports = (object.spec?.['ports'] ?? []) as { port: number; protocol: string }[];
  return ports.map(({ port, protocol }) => `${port}/${protocol}`).join(',') || '<none>';
}

function nodeStatus(object: KubeObject): string {
  return object.spec?.['unschedulable'] === true ? 'Ready,SchedulingDisabled' : 'Ready';
}

function addressOf(object: KubeObject, type: string): string {
  const all = (object.status?.['addresses'] ?? []) as { type: string; address: string }[];
  return all.find((one) => one.type === type)?.address ?? '<none>';
}

const BY_KIND: Readonly<Record<string, Column[]>> = {
  Pod: [
    NAME,
    {
      name: 'Ready',
      type: 'string',
      value: (object) => {
        const statuses = (object.status?.['containerStatuses'] as { ready: boolean }[] | undefined) ?? [];
        return `${statuses.filter((status) => status.ready).length}/${statuses.length}`;
      },
    },
    { name: 'Status', type: 'string', value: podStatus },
    { name: 'Restarts', type: 'string', value: restarts },
    AGE,
    { name: 'IP', type: 'string', wide: true, value: (object) => at(object, 'status.podIP') ?? '<none>' },
    { name: 'Node', type: 'string', wide: true, value: (object) => at(object, 'spec.nodeName') ?? '<none>' },
    {
      name: 'Nominated Node',
      type: 'string',
      wide: true,
      value: (object) => at(object, 'status.nominatedNodeName') ?? '<none>',
    },
    { name: 'Readiness Gates', type: 'string', wide: true, value: () => '<none>' },
  ],
  Namespace: [NAME, { name: 'Status', type: 'string', value: (object) => object.status?.['phase'] }, AGE],
  Node: [
    NAME,
    { name: 'Status', type: 'string', value: nodeStatus },
    { name: 'Roles', type: 'string', value: () => '<none>' },
    AGE,
    { name: 'Version', type: 'string', value: (object) => at(object, 'status.nodeInfo.kubeletVersion') },
    { name: 'Internal-IP', type: 'string', wide: true, value: (object) => addressOf(object, 'InternalIP') },
  ],
  Service: [
    NAME,
    { name: 'Type', type: 'string', value: (object) => object.spec?.['type'] },
    { name: 'Cluster-IP', type: 'string', value: (object) => object.spec?.['clusterIP'] },
    { name: 'Port(s)', type: 'string', value: portsOf },
    AGE,
  ],
  Event: [
    {
      name: 'Last Seen',
      type: 'string',
      value: (object, nowMs) => since(nowMs, object['lastTimestamp'] ?? object.metadata.creationTimestamp),
    },
    { name: 'Type', type: 'string', value: (object) => object['type'] },
    { name: 'Reason', type: 'string', value: (object) => object['reason'] },
    {
      name: 'Object',
      type: 'string',
      value: (object) =>
        `${String(at(object, 'involvedObject.kind')).toLowerCase()}/${String(at(object, 'involvedObject.name'))}`,
    },
    { name: 'Message', type: 'string', value: (object) => object['message'] },
  ],
};

function columnsOf(resource: Resource): Column[] {
  const known = BY_KIND[resource.kind];
  if (known) return known;
  const extra = resource.columns.map((column): Column => ({
    name: column.name,
    type: 'string',
    value: (object) => at(object, column.path.replace(/^\./, '')),
  }));
  return resource.columns.length > 0 ? [NAME, ...extra] : [NAME, AGE];
}

/** What the rows of a table carry: `includeObject` of the request. */
export type IncludeObject = 'None' | 'Metadata' | 'Object';

/** How a request wants its answer: as a table with these rows, or undefined as it is. */
export function tableOf(accept: string | undefined, query: URLSearchParams): IncludeObject | undefined {
  if (!(accept ?? '').includes('as=Table')) return undefined;
  const include = query.get('includeObject') || 'Metadata';
  if (include === 'None' || include === 'Metadata' || include === 'Object') return include;
  throw badRequest(`unrecognized includeObject value: ${JSON.stringify(include)}`);
}

/** Objects in the table form that kubectl asks for; it sorts by the whole objects where they are included. */
export function toTable(
  resource: Resource,
  objects: readonly KubeObject[],
  nowMs: number,
  version: number,
  include: IncludeObject,
): Record<string, unknown> {
  const columns = columnsOf(resource);
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: { resourceVersion: String(version) },
    columnDefinitions: columns.map(({ name, type, wide }) => ({
      name,
      type,
      format: name === 'Name' ? 'name' : '',
      description: '',
      priority: wide ? 1 : 0,
    })),
    rows: objects.map((object) => ({
      cells: columns.map((column) => column.value(object, nowMs) ?? ''),
      ...(include === 'None' ? {} : { object: include === 'Object' ? object : partial(object) }),
    })),
  };
}

const partial = ({ metadata }: KubeObject): Record<string, unknown> => ({
  kind: 'PartialObjectMetadata',
  apiVersion: 'meta.k8s.io/v1',
  metadata,
});

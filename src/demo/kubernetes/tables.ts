import type { KubeObject } from './objects';
import type { Resource } from './resources';

interface Column {
  name: string;
  type: string;
  value: (object: KubeObject, nowMs: number) => unknown;
}

const at = (object: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (value, key) =>
        typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined,
      object,
    );

/** `45s`, `3m12s`, `2h`, `5d`: as kubectl writes ages. */
function age(object: KubeObject, nowMs: number): string {
  const seconds = Math.max(0, Math.floor((nowMs - Date.parse(object.metadata.creationTimestamp ?? '')) / 1000));
  if (Number.isNaN(seconds)) return '<unknown>';
  if (seconds < 120) return `${seconds}s`;
  if (seconds < 600) return `${Math.floor(seconds / 60)}m${seconds % 60}s`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)}m`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3600)}h`;
  return `${Math.floor(seconds / 86_400)}d`;
}

const NAME: Column = { name: 'Name', type: 'string', value: (object) => object.metadata.name };
const AGE: Column = { name: 'Age', type: 'string', value: age };

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
    { name: 'Status', type: 'string', value: (object) => object.status?.['phase'] },
    {
      name: 'Restarts',
      type: 'integer',
      value: (object) =>
        ((object.status?.['containerStatuses'] as { restartCount: number }[] | undefined) ?? []).reduce(
          (sum, status) => sum + status.restartCount,
          0,
        ),
    },
    AGE,
  ],
  Namespace: [NAME, { name: 'Status', type: 'string', value: (object) => object.status?.['phase'] }, AGE],
  Node: [
    NAME,
    { name: 'Status', type: 'string', value: () => 'Ready' },
    AGE,
    { name: 'Version', type: 'string', value: () => 'v1.32.0' },
  ],
  Service: [
    NAME,
    { name: 'Type', type: 'string', value: (object) => object.spec?.['type'] },
    { name: 'Cluster-IP', type: 'string', value: (object) => object.spec?.['clusterIP'] },
    AGE,
  ],
  Event: [
    { name: 'Last Seen', type: 'string', value: age },
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

/** Objects in the table form that kubectl asks for. */
export function toTable(
  resource: Resource,
  objects: readonly KubeObject[],
  nowMs: number,
  version: number,
): Record<string, unknown> {
  const columns = columnsOf(resource);
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: { resourceVersion: String(version) },
    columnDefinitions: columns.map(({ name, type }) => ({
      name,
      type,
      format: name === 'Name' ? 'name' : '',
      description: '',
      priority: 0,
    })),
    rows: objects.map((object) => ({
      cells: columns.map((column) => column.value(object, nowMs) ?? ''),
      object: { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata },
    })),
  };
}

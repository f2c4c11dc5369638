import type { RankedPair, Reason } from '../diagnosis/types';
import type { MonitorState } from './monitorState';
import type { DatabasePod } from '../cluster/databasePod';

/** A row of the node view: a zone of many nodes; a node; below it the named anomalies; below these the metrics that are evidence. */
export type NodeRow =
  | { type: 'zone'; zone: string; targets: readonly DatabasePod[] }
  | { type: 'node'; target: DatabasePod }
  | { type: 'pair'; target: DatabasePod; pair: RankedPair }
  | { type: 'reason'; target: DatabasePod; pair: RankedPair; reason: Reason };

type Seen = Pick<MonitorState, 'targets' | 'diagnosis'>;

/** More nodes are grouped by zone. */
const UNGROUPED = 8;

/** The rows below a row, or the top rows, sorted by name so that none moves at a refresh. */
export function nodeRows({ targets, diagnosis }: Seen, parent?: NodeRow): NodeRow[] {
  switch (parent?.type) {
    case 'reason':
      return [];
    case 'pair':
      return parent.pair.reasons.map((reason) => ({ ...parent, type: 'reason', reason }));
    case 'node':
      return (diagnosis?.ranking ?? [])
        .filter((pair) => pair.named && pair.node === parent.target.pod)
        .map((pair) => ({ type: 'pair', target: parent.target, pair }));
    case 'zone':
      return nodesOf(parent.targets);
    case undefined:
      return zonesOf(targets) ?? nodesOf(targets);
  }
}

const byName = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true });

const nodesOf = (targets: readonly DatabasePod[]): NodeRow[] =>
  [...targets].sort((a, b) => byName(a.pod, b.pod)).map((target) => ({ type: 'node', target }));

/** The zones of many nodes; undefined if there are few nodes or no zones. */
function zonesOf(targets: readonly DatabasePod[]): NodeRow[] | undefined {
  if (targets.length <= UNGROUPED) return undefined;
  const zones = new Map<string, DatabasePod[]>();
  for (const target of targets) {
    if (target.zone === undefined || target.zone === '') return undefined;
    zones.set(target.zone, [...(zones.get(target.zone) ?? []), target]);
  }
  if (zones.size < 2) return undefined;
  return [...zones]
    .sort(([a], [b]) => byName(a, b))
    .map(([zone, members]) => ({ type: 'zone', zone, targets: members }));
}

/** An id that is stable while the row means the same, whatever its numbers. */
export function nodeRowId(row: NodeRow): string {
  if (row.type === 'zone') return `zone/${row.zone}`;
  const { namespace, pod } = row.target;
  const node = `${namespace}/${pod}`;
  if (row.type === 'node') return node;
  return row.type === 'pair' ? `${node}/${row.pair.type}` : `${node}/${row.pair.type}/${row.reason.metric}`;
}

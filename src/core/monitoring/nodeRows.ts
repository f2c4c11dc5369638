import type { RankedPair, Reason } from '../diagnosis/types';
import type { MonitorState } from './monitorState';
import type { DatabasePod } from '../cluster/databasePod';

/** A row of the node view: a node; below it what the diagnosis names in it; below that the metrics that say so. */
export type NodeRow =
  | { type: 'node'; target: DatabasePod }
  | { type: 'pair'; target: DatabasePod; pair: RankedPair }
  | { type: 'reason'; target: DatabasePod; pair: RankedPair; reason: Reason };

type Seen = Pick<MonitorState, 'targets' | 'diagnosis'>;

/** The rows below another, or the nodes themselves: the sickest first while something is wrong, else by name. */
export function nodeRows({ targets, diagnosis }: Seen, parent?: NodeRow): NodeRow[] {
  if (parent?.type === 'reason') return [];
  if (parent?.type === 'pair') return parent.pair.reasons.map((reason) => ({ ...parent, type: 'reason', reason }));
  if (parent) {
    const pairs = diagnosis?.ranking.filter((pair) => pair.named && pair.node === parent.target.pod) ?? [];
    return pairs.map((pair) => ({ type: 'pair', target: parent.target, pair }));
  }
  const ranks = new Map(diagnosis?.nodes.map((node) => [node.node, node.rank]));
  const sick = (pod: string): number => (diagnosis?.healthy === false ? (ranks.get(pod) ?? 0) : 0);
  return [...targets]
    .sort((a, b) => sick(b.pod) - sick(a.pod) || a.pod.localeCompare(b.pod))
    .map((target) => ({ type: 'node', target }));
}

/** Stable while the row means the same, whatever its numbers are. */
export function nodeRowId(row: NodeRow): string {
  const { namespace, pod } = row.target;
  const node = `${namespace}/${pod}`;
  if (row.type === 'node') return node;
  return row.type === 'pair' ? `${node}/${row.pair.type}` : `${node}/${row.pair.type}/${row.reason.metric}`;
}

import type { Target } from '../target';
import { urlText } from '../urlPart';
import { alternative } from './matchers';
import { renderQuery, type MetricQuery, type NodeLabel, type QueryScope } from './profiles';

/** Nodes that one query asks for: of one namespace, by the value of the label that tells them apart. */
export interface Batch {
  namespace: string;
  /** Pods that share an address (on the host's network) share its series. */
  nodes: ReadonlyMap<string, readonly Target[]>;
}

/** Up to 256 alternatives Prometheus looks up in its index one by one; beyond, it tries an expression on every series. */
const MOST_NODES = 100;
/**
 * Characters of a query once it is written into an address. Proxies commonly take 8 KiB of address; a form in a body has
 * no such limit, but the API server's proxy wants another permission for it than for reading.
 */
const MOST_CHARACTERS = 6000;

/** The value of the label by which a query's series name their node; undefined where the pod has none yet. */
export function nodeValue(label: NodeLabel, target: Target): string | undefined {
  return label === 'pod' ? target.pod : target.ip;
}

/** The fewest queries for a metric of these nodes that are all short enough to be sent; nodes without the label's value are left out. */
export function batchesOf(query: MetricQuery, targets: readonly Target[], container: string): Batch[] {
  const byNamespace = new Map<string, Map<string, Target[]>>();
  for (const target of targets) {
    const value = nodeValue(query.node, target);
    if (value === undefined) continue;
    const nodes = byNamespace.get(target.namespace) ?? new Map<string, Target[]>();
    nodes.set(value, [...(nodes.get(value) ?? []), target]);
    byNamespace.set(target.namespace, nodes);
  }
  const mentions = query.template.match(/\$(container|pod|server)\b/g)?.length ?? 1;
  return [...byNamespace].flatMap(([namespace, nodes]) => {
    const scope: QueryScope = { namespace, nodes: [], container, rateWindowMs: 1e9 };
    const free = MOST_CHARACTERS - urlText(renderQuery(query.template, scope)).length;
    const batches: Map<string, readonly Target[]>[] = [];
    let left = 0;
    for (const [value, of] of nodes) {
      const length = mentions * urlText(`${alternative(value)}|`).length;
      if (batches.length === 0 || length > left || (batches.at(-1)?.size ?? 0) >= MOST_NODES) {
        batches.push(new Map());
        left = free;
      }
      batches.at(-1)?.set(value, of);
      left -= length;
    }
    return batches.map((batch) => ({ namespace, nodes: batch }));
  });
}

/** A batch as two. */
export function halves({ namespace, nodes }: Batch): Batch[] {
  const entries = [...nodes];
  const middle = entries.length >> 1;
  return [entries.slice(0, middle), entries.slice(middle)].map((half) => ({ namespace, nodes: new Map(half) }));
}

import type { DatabasePod } from '../cluster/databasePod';
import { urlText } from '../base/urlPart';
import { alternative, matcherOf } from './matchers';
import type { Lives, Pin, PinOf } from './pin';
import { renderQuery, type MetricQuery, type NodeLabel, type QueryScope } from './profiles';

/** Nodes that one query asks for: of one namespace, by the value of the label that tells them apart. */
export interface Batch {
  namespace: string;
  /** Pods that share an address (on the host's network) share its series. */
  nodes: ReadonlyMap<string, readonly DatabasePod[]>;
  /** Matchers that all of them need in addition to their own value. */
  matchers?: string | undefined;
  /** Of each node, where Prometheus has several lives of their containers. */
  lives?: ReadonlyMap<string, Lives> | undefined;
}

/** Up to 256 alternatives Prometheus looks up in its index one by one; beyond, it tries an expression on every series. */
const MOST_NODES = 100;
/**
 * Characters of a query once it is written into an address. Proxies commonly take 8 KiB of address; a form in a body has
 * no such limit, but the API server's proxy wants another permission for it than for reading.
 */
const MOST_CHARACTERS = 6000;
/** Place-holders of a template that name the nodes. */
const MENTION = /\$(container|pod|whole|server|exported\w+)\b/g;

/** The value of the label by which a query's series name their node; undefined where the pod has none yet. */
export function nodeValue(label: NodeLabel, target: DatabasePod): string | undefined {
  return label === 'svr_ip' ? (target.server?.address ?? target.ip) : target.pod;
}

/** Nodes that can be asked for with one query. */
interface Group {
  namespace: string;
  matchers: string | undefined;
  /** The label that tells lives apart; undefined where each node has one. */
  label: string | undefined;
  nodes: Map<string, DatabasePod[]>;
  lives: Map<string, Lives>;
}

function grouped(query: MetricQuery, targets: readonly DatabasePod[], pinOf: PinOf): Group[] {
  const groups = new Map<string, Group>();
  for (const target of targets) {
    const pin: Pin = pinOf(query, target) ?? {};
    const value = pin.value ?? nodeValue(query.node, target);
    if (value === undefined || pin.undecided !== undefined) continue;
    const { namespace } = target;
    const { matchers, lives } = pin;
    const key = JSON.stringify([namespace, matchers, lives?.label]);
    const group = groups.get(key) ?? {
      namespace,
      matchers,
      label: lives?.label,
      nodes: new Map<string, DatabasePod[]>(),
      lives: new Map<string, NonNullable<typeof lives>>(),
    };
    groups.set(key, group);
    group.nodes.set(value, [...(group.nodes.get(value) ?? []), target]);
    if (lives) group.lives.set(value, lives);
  }
  return [...groups.values()];
}

/** The PromQL of a metric for a batch. */
export function batchQuery(
  { template }: Pick<MetricQuery, 'template'>,
  { namespace, nodes, matchers, lives }: Batch,
  scope: Pick<QueryScope, 'container' | 'rateWindowMs'>,
): string {
  const render = (names: readonly string[], ofLives?: string): string =>
    renderQuery(template, { ...scope, namespace, nodes: names, matchers, lives: ofLives });
  const of = [...nodes.keys()].map((node) => [node, lives?.get(node)] as const);
  const deepest = Math.max(1, ...of.map(([, one]) => one?.values.length ?? 0));
  // An older life answers only where no newer one does: `or` takes of its right side what the left side lacks.
  const levels = Array.from({ length: deepest }, (_, level) => {
    const having = of.filter(([, one]) => level === 0 || one?.values[level] !== undefined);
    const values = having.flatMap(([, one]) => one?.values[level] ?? []);
    const label = having.find(([, one]) => one)?.[1]?.label;
    return render(
      having.map(([node]) => node),
      label === undefined ? undefined : matcherOf(label, values),
    );
  });
  return levels.length === 1 ? (levels[0] as string) : levels.map((text) => `(${text})`).join(' or ');
}

/** The fewest queries for a metric of these nodes that are all short enough to be sent; nodes without the label's value, or without a series of their own, are left out. */
export function batchesOf(
  query: MetricQuery,
  targets: readonly DatabasePod[],
  container: string,
  pinOf: PinOf = () => undefined,
): Batch[] {
  const mentions = query.template.match(MENTION)?.length ?? 1;
  return grouped(query, targets, pinOf).flatMap(({ namespace, matchers, nodes, lives }) => {
    const scope: QueryScope = { namespace, nodes: [], container, rateWindowMs: 1e9, matchers };
    const empty = urlText(renderQuery(query.template, scope)).length;
    const free = MOST_CHARACTERS - empty;
    const batches: { nodes: Map<string, readonly DatabasePod[]>; lives: Map<string, Lives> }[] = [];
    let left = 0;
    let levels = 1;
    for (const [value, of] of nodes) {
      const own = lives.get(value);
      const alone = urlText(`${alternative(value)}|`).length;
      const kept = own && fitting(own, free, (length) => mentions * (length + alone) + empty);
      const length =
        mentions *
        (alone * (kept?.values.length ?? 1) + (kept ? urlText(kept.values.map(alternative).join('|')).length : 0));
      // Each level is the whole query once more.
      const more = Math.max(0, (kept?.values.length ?? 1) - levels) * empty;
      if (batches.length === 0 || length + more > left || (batches.at(-1)?.nodes.size ?? 0) >= MOST_NODES) {
        batches.push({ nodes: new Map(), lives: new Map() });
        levels = kept?.values.length ?? 1;
        left = free - (levels - 1) * empty;
      } else {
        left -= more;
        levels = Math.max(levels, kept?.values.length ?? 1);
      }
      const batch = batches.at(-1);
      batch?.nodes.set(value, of);
      if (kept) batch?.lives.set(value, kept);
      left -= length;
    }
    return batches.map((batch) => ({ namespace, nodes: batch.nodes, matchers, lives: batch.lives }));
  });
}

/** The newest lives that fit into one query, given the length of each; at least the newest. */
function fitting({ label, values }: Lives, room: number, costOf: (characters: number) => number): Lives {
  let left = room;
  const kept = values.filter((value, i) => {
    left -= costOf(urlText(`${alternative(value)}|`).length);
    return i === 0 || left > 0;
  });
  return { label, values: kept };
}

/** A batch as two. */
export function halves(batch: Batch): Batch[] {
  const entries = [...batch.nodes];
  const middle = entries.length >> 1;
  return [entries.slice(0, middle), entries.slice(middle)].map((half) => ({ ...batch, nodes: new Map(half) }));
}

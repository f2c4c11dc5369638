import { CONTAINER_LABELS, NODE_LABELS, type SeriesRow } from './seriesRow';

/** Series of one pod or server that would be the same but for what tells clusters, scrapes or lives apart. */
export interface Rivals {
  rows: readonly SeriesRow[];
  /** How sure it is that a row is the pod's own, as `belongs` has it. */
  proof: (row: SeriesRow) => number;
}

/** Labels of the pod, its container and its Kubernetes node: others of the same cluster have other values. */
const OF_A_POD = new Set([
  ...CONTAINER_LABELS,
  ...NODE_LABELS,
  ...['__name__', 'image', 'container', 'pod', 'namespace', 'pod_ip', 'host_ip', 'phase'],
  ...['exported_container', 'exported_pod', 'exported_namespace', 'exported_instance'],
]);
/** Kubernetes' own labels of a node, as a scrape maps them: `topology_kubernetes_io_zone`. */
const OF_A_NODE = /(^|_)kubernetes_io_/;
/** Labels of a pair of servers that scrape the same. */
const OF_A_REPLICA = ['prometheus_replica', 'replica', 'receive'];
/** Labels of a scrape: one cluster may have several of the same pod. */
const OF_A_SCRAPE = [...OF_A_REPLICA, 'job', 'endpoint', 'service', 'metrics_path'];

/**
 * Labels, whatever their names, that set series of other clusters apart from ours: those in which series of the same pod
 * at the same time differ, as `external_labels` of several servers do. Left out are labels that one container has two
 * values of, or our cluster has. `scrapesToo`: other clusters are known to be there, so another scrape may be theirs.
 */
export function externalLabels(all: readonly Rivals[], scrapesToo = false): string[] {
  const several = all.filter(({ rows }) => rows.length > 1);
  const names = new Set(several.flatMap(({ rows }) => differing(rows)));
  const unsure = new Set(scrapesToo ? OF_A_REPLICA : OF_A_SCRAPE);
  return [...names].filter((name) => {
    const ofProof = (sure: number): Set<string> =>
      new Set(all.flatMap(({ rows, proof }) => rows.filter((row) => proof(row) === sure).map(valueOf(name))));
    const own = ofProof(2);
    if (own.size > 0) return own.size === 1;
    // Nodes of two clusters may have the same name.
    return ofProof(1).size === 1 || !unsure.has(name);
  });
}

/** How long both series had samples, milliseconds; without end where it is not known when they had. */
export function togetherMs(a: SeriesRow, b: SeriesRow): number {
  const from = Math.max(a.firstAt ?? -Infinity, b.firstAt ?? -Infinity);
  return Math.min(a.lastAt ?? Infinity, b.lastAt ?? Infinity) - from;
}

function differing(rows: readonly SeriesRow[]): string[] {
  return namesIn(rows).filter((name) => {
    if (!differs(rows, name)) return false;
    const value = valueOf(name);
    const sameContainer = (a: SeriesRow, b: SeriesRow): boolean =>
      containerOf(a) !== '' && containerOf(a) === containerOf(b);
    const pairs = rows.flatMap((a, i) =>
      rows.slice(i + 1).flatMap((b) => (value(a) === value(b) ? [] : [[a, b] as const])),
    );
    return !pairs.some(([a, b]) => sameContainer(a, b)) && pairs.some(([a, b]) => togetherMs(a, b) > 0);
  });
}

const namesIn = (rows: readonly SeriesRow[]): string[] =>
  [...new Set(rows.flatMap(({ labels }) => Object.keys(labels)))].filter(
    (name) => !OF_A_POD.has(name) && !OF_A_NODE.test(name),
  );

const differs = (rows: readonly SeriesRow[], name: string): boolean => new Set(rows.map(valueOf(name))).size > 1;

const valueOf =
  (name: string) =>
  ({ labels }: SeriesRow): string =>
    labels[name] ?? '';

/** What only one container in the world has. */
const containerOf = ({ labels }: SeriesRow): string =>
  labels['id'] || labels['container_id'] || labels['name'] || labels['uid'] || labels['pod_uid'] || '';

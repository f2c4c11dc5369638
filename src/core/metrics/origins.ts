import { msg, type Text } from '../base/text';
import type { DatabasePod } from '../cluster/databasePod';
import { escapeLabelValue } from './matchers';
import { belongs, type SeriesRow } from './seriesRow';

/** Labels that one server puts on the series of each Kubernetes cluster, and their values there. */
export type Origin = Readonly<Record<string, string>>;

/** Which of several Kubernetes clusters' series are the targets'. */
export interface OriginChoice {
  /** Labels that only our cluster's series have; undefined where nothing tells which it is. */
  own: Origin | undefined;
  /** The label that tells the clusters apart, and all its values. */
  label: string;
  values: readonly string[];
}

/** A series, and the target that it may be of. */
export interface TargetRow {
  row: SeriesRow;
  target: DatabasePod;
}

/** Names under which `external_labels`, remote writing and scrape configurations name a cluster. */
const NAMES = new Set([
  'k8s',
  'kube',
  'kubernetes',
  'project_id',
  'location',
  'region',
  'env',
  'environment',
  'datacenter',
  'dc',
  'site',
  'stage',
  'stack',
  'landscape',
  'tenant_id',
  'account',
  'vm_account_id',
  'vm_project_id',
]);
const OF_THE_DATABASE = /^ob_/;

const isOrigin = (name: string): boolean =>
  NAMES.has(name) || (/cluster/i.test(name) && !OF_THE_DATABASE.test(name) && !/^cluster_ip$/i.test(name));

const originOf = ({ labels }: SeriesRow, more: readonly string[]): Origin =>
  Object.fromEntries(
    Object.entries(labels)
      .filter(([name, value]) => (isOrigin(name) || more.includes(name)) && value !== '')
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

interface Group {
  origin: Origin;
  rows: TargetRow[];
}

/**
 * Which of several clusters' series are the targets': by what the user chose, else by what the API server tells of the
 * pods. Undefined where all series are of one. `evidence`: series of other exporters that tell more of the pods; `more`:
 * labels that tell clusters apart here, beside those with a usual name.
 */
export function chooseOrigin(
  rows: readonly TargetRow[],
  chosen: Origin = {},
  evidence: readonly TargetRow[] = [],
  more: readonly string[] = [],
): OriginChoice | undefined {
  const groups = new Map<string, Group>();
  const names = [...Object.keys(chosen), ...more];
  for (const one of rows) {
    const origin = originOf(one.row, names);
    const key = JSON.stringify(origin);
    const group = groups.get(key) ?? { origin, rows: [] };
    groups.set(key, group);
    group.rows.push(one);
  }
  const all = [...groups.values()];
  const proofs = all.map(({ origin, rows: of }) => {
    const others = evidence.filter(({ row }) => agrees(originOf(row, names), origin));
    return Math.max(...[...of, ...others].map(({ row, target }) => belongs(row, target)));
  });
  const label = labelFor(all);
  const values = [...new Set(all.map(({ origin }) => origin[label] ?? ''))].sort();
  const fitting = Object.keys(chosen).length > 0 ? all.filter(({ origin }) => fits(chosen, origin)) : [];
  // All that is there is of another cluster than was chosen.
  if (all.length === 1 && Object.keys(chosen).length > 0 && fitting.length === 0 && proofs[0] === -1)
    return { own: chosen, label, values };
  if (all.length < 2) return undefined;
  const own = fitting.length > 0 ? fitting : proven(all, proofs);
  if (own.length === 0) return { own: undefined, label, values };
  if (own.length === all.length) return undefined;
  const others = all.filter((group) => !own.includes(group));
  const told = telling(own, others);
  // Where a label came later to our series, those before it have nothing in common that the others lack.
  const newest = [...own].sort((a, b) => Object.keys(b.origin).length - Object.keys(a.origin).length).slice(0, 1);
  return { own: Object.keys(told).length > 0 ? told : telling(newest, others), label, values };
}

/** Why nothing is shown of some series. */
export const severalClusters = (what: 'container' | 'obagent', { label, values }: OriginChoice): Text =>
  msg`Prometheus has ${what} metrics of several Kubernetes clusters (${label}: ${values.map((one) => one || '""').join(', ')}), and nothing identifies the cluster of these pods. Select it with DistDiag: Choose Cluster in Prometheus.`;

/** The matchers of an origin's labels, in PromQL. */
export const originMatchers = (origin: Origin): string =>
  Object.entries(origin)
    .map(([name, value]) => `${name}="${escapeLabelValue(value)}"`)
    .join(',');

/** True for a series with these labels. */
export const isOf = (origin: Origin, { labels }: SeriesRow): boolean => fits(origin, labels);

/** True for a label by which a cluster may be chosen. */
export const isOriginLabel = isOrigin;

/** The groups of our cluster: of several where a label came later to the same containers; [] where nothing tells. */
function proven(all: readonly Group[], proofs: readonly number[]): Group[] {
  const best = Math.max(...proofs);
  const own = best > 0 ? all.filter((_, i) => proofs[i] === best) : [];
  if (own.length === 1) return own;
  // Nodes of two clusters may have the same name, and no id is of two clusters: the same id is the same container.
  const ids = own.map((group) => new Set(group.rows.map(({ row }) => row.labels['id'] ?? row.labels['name'] ?? '')));
  const [first = new Set()] = ids;
  const same = ids.every((one) => [...one].some((id) => id !== '' && first.has(id)));
  return best === 2 || same ? own : [];
}

const fits = (wanted: Origin, origin: Origin): boolean =>
  Object.entries(wanted).every(([name, value]) => (origin[name] ?? '') === value);

/** True where no label of both differs, and there is one of both. */
function agrees(a: Origin, b: Origin): boolean {
  const common = Object.keys(a).filter((name) => b[name] !== undefined);
  return common.length > 0 && common.every((name) => a[name] === b[name]);
}

/** The label that tells most of them apart, one that speaks of clusters before others. */
function labelFor(all: readonly Group[]): string {
  const names = [...new Set(all.flatMap(({ origin }) => Object.keys(origin)))];
  const worth = (name: string): number =>
    new Set(all.map(({ origin }) => origin[name] ?? '')).size * 10 +
    (/cluster/i.test(name) ? 5 : 0) +
    (name === 'cluster' ? 1 : 0);
  return names.sort((a, b) => worth(b) - worth(a) || (a < b ? -1 : 1))[0] ?? 'cluster';
}

/** Labels that all of the first have and none of the others: one where that is enough, else all that they have in common. */
function telling(own: readonly Group[], others: readonly Group[]): Origin {
  const names = [...new Set([...own, ...others].flatMap(({ origin }) => Object.keys(origin)))];
  const valuesOf = (groups: readonly Group[], name: string): string[] => [
    ...new Set(groups.map(({ origin }) => origin[name] ?? '')),
  ];
  const common = names.filter((name) => valuesOf(own, name).length === 1);
  const alone = common
    .filter((name) => !valuesOf(others, name).includes(valuesOf(own, name)[0] as string))
    .sort((a, b) => Number(/cluster/i.test(b)) - Number(/cluster/i.test(a)) || a.length - b.length);
  const used = alone.length > 0 ? alone.slice(0, 1) : common;
  return Object.fromEntries(used.map((name) => [name, valuesOf(own, name)[0] as string]));
}

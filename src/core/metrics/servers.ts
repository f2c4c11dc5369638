import { msg, type Text } from '../base/text';
import type { DatabasePod } from '../cluster/databasePod';
import { nodeValue } from './batches';
import { escapeLabelValue } from './matchers';
import { externalLabels } from './external';
import { isOriginLabel, type Origin } from './origins';
import type { Pin } from './pin';
import { belongs, type SeriesRow } from './seriesRow';

const PODS = ['pod', 'kubernetes_pod_name', 'pod_name', 'exported_pod', 'k8s_pod_name'];
const NAMESPACES = ['namespace', 'kubernetes_namespace', 'exported_namespace', 'k8s_namespace_name'];
/** Labels that distinguish servers at one address, in this order; as few as needed are used. */
const OF_A_SERVER = ['ob_cluster_name', 'ob_cluster_id', 'obzone', ...NAMESPACES, ...PODS, 'svr_port'];

/** Labels of a server's own series, which tell no cluster. */
const OF_A_SERIES = /^(ob_|obzone$|svr_|tenant_|stat_|event_|app$|version$)/;

/** Labels without a usual name that tell clusters apart: those in which series of one address, all of one moment, differ that would be the same else. */
export function clusterLabels(rows: readonly SeriesRow[], chosen: Origin | undefined): string[] {
  const same = new Map<string, SeriesRow[]>();
  for (const row of rows) {
    const own = Object.entries(row.labels).filter(([name]) => OF_A_SERIES.test(name) || name === 'pod');
    const key = JSON.stringify(own.sort());
    same.set(key, [...(same.get(key) ?? []), row]);
  }
  // The address, which is all that obagent's series have of the pod, is no proof: another cluster's pods may have the same.
  const rivals = [...same.values()].map((of) => ({ rows: of, proof: () => 0 }));
  const found = externalLabels(rivals, chosen !== undefined).filter((name) => !OF_A_SERVER.includes(name));
  return [...new Set([...found, ...Object.keys(chosen ?? {})])];
}

/**
 * Which of obagent's series are each target's, by its address and whatever else both the series and the pod tell. `more`:
 * labels that tell clusters apart here, beside those with a usual name.
 */
export function serverPins(
  rows: readonly SeriesRow[],
  targets: readonly DatabasePod[],
  chosen: Origin | undefined,
  more: readonly string[],
): Map<DatabasePod, Pin> {
  const isOrigin = (name: string): boolean => isOriginLabel(name) || more.includes(name);
  const pins = new Map<DatabasePod, Pin>();
  for (const target of targets) {
    const pin = serverPin(rows, target, chosen, isOrigin);
    if (pin) pins.set(target, pin);
  }
  return pins;
}

function serverPin(
  rows: readonly SeriesRow[],
  target: DatabasePod,
  chosen: Origin | undefined,
  isOrigin: (name: string) => boolean,
): Pin | undefined {
  const address = nodeValue('svr_ip', target);
  const fitting = rows.filter((row) => fits(row, target));
  // What names the pod or stands at its address is its own, whatever address its agent gives the server.
  const at = fitting.filter(({ labels }) => labels['svr_ip'] === address);
  const own = at.length > 0 ? at : fitting.filter((row) => namesPod(row, target) || belongs(row, target) === 2);
  const svr_ip = own[0]?.labels['svr_ip'];
  if (svr_ip === undefined) {
    // Another cluster's server at the same address: its figures are not this pod's.
    const foreign = rows.find(({ labels }) => labels['svr_ip'] === address);
    return foreign && { undecided: notOurs(foreign, target) };
  }
  const mine = narrowed(own, target, chosen, isOrigin);
  const value = svr_ip === address ? undefined : svr_ip;
  if (!mine) return { value, undecided: ambiguous(own, svr_ip) };
  const others = rows.filter((row) => row.labels['svr_ip'] === svr_ip && !mine.includes(row));
  const matchers = telling(mine, others, target, isOrigin);
  if (matchers === undefined) return { value, undecided: ambiguous([...mine, ...others], svr_ip) };
  return matchers === '' ? { value } : { value, matchers };
}

/** False where a label of the series says that it is of another server. */
function fits({ labels }: SeriesRow, target: DatabasePod): boolean {
  const { cluster, clusterId, zone } = target.server ?? {};
  const said: [string | undefined, string | undefined][] = [
    [cluster, labels['ob_cluster_name']],
    [clusterId, labels['ob_cluster_id']],
    [zone, labels['obzone']],
  ];
  return said.every(([ours, theirs]) => ours === undefined || theirs === undefined || theirs === '' || ours === theirs);
}

const namesPod = ({ labels }: SeriesRow, { namespace, pod }: DatabasePod): boolean =>
  PODS.some((name) => labels[name] === pod) &&
  (NAMESPACES.every((name) => labels[name] === undefined) || NAMESPACES.some((name) => labels[name] === namespace));

/** The series of one server among those of an address; undefined where nothing tells which. */
function narrowed(
  rows: readonly SeriesRow[],
  target: DatabasePod,
  chosen: Origin | undefined,
  isOrigin: (name: string) => boolean,
): SeriesRow[] | undefined {
  const kinds = (of: readonly SeriesRow[]): number => new Set(of.map((row) => signature(row, isOrigin))).size;
  const wanted = Object.entries(chosen ?? {});
  const steps: ((row: SeriesRow) => boolean)[] = [
    (row) => namesPod(row, target),
    (row) => wanted.every(([name, value]) => (row.labels[name] ?? '') === value),
    (row) => belongs(row, target) === 2,
    (row) => belongs(row, target) === 1,
  ];
  let left = [...rows];
  for (const step of steps) {
    if (kinds(left) < 2) break;
    const kept = left.filter(step);
    if (kept.length > 0) left = kept;
  }
  return kinds(left) < 2 ? left : undefined;
}

/** What tells one server from another of the same address. */
function signature({ labels }: SeriesRow, isOrigin: (name: string) => boolean): string {
  const names = [...OF_A_SERVER, ...Object.keys(labels).filter(isOrigin).sort()];
  return JSON.stringify(names.map((name) => labels[name] ?? ''));
}

/** The matchers that leave others out, undefined where there are none; of the cluster's name always where the pod tells it, as others may come. */
function telling(
  mine: readonly SeriesRow[],
  others: readonly SeriesRow[],
  { server }: DatabasePod,
  isOrigin: (name: string) => boolean,
): string | undefined {
  const [first] = mine;
  const origins = [...new Set([...mine, ...others].flatMap(({ labels }) => Object.keys(labels).filter(isOrigin)))];
  const used: string[] = [];
  let left = others.filter((row) => signature(row, isOrigin) !== (first && signature(first, isOrigin)));
  for (const name of [...OF_A_SERVER.slice(0, 3), ...origins, ...OF_A_SERVER.slice(3)]) {
    const value = first?.labels[name] ?? '';
    const tells = left.some(({ labels }) => (labels[name] ?? '') !== value);
    if (!tells && !(name === 'ob_cluster_name' && value !== '' && value === server?.cluster)) continue;
    used.push(`${name}="${escapeLabelValue(value)}"`);
    left = left.filter(({ labels }) => (labels[name] ?? '') === value);
  }
  return left.length > 0 ? undefined : used.join(',');
}

const notOurs = ({ labels }: SeriesRow, { server }: DatabasePod): Text =>
  msg`Prometheus has no obagent metrics of this server: the series for ${labels['svr_ip'] ?? '?'} belong to the cluster ${labels['ob_cluster_name'] || '?'}, zone ${labels['obzone'] || '?'}, but this pod belongs to ${server?.cluster ?? '?'}, zone ${server?.zone ?? '?'}.`;

function ambiguous(rows: readonly SeriesRow[], address: string): Text {
  const names = [...new Set(rows.map(({ labels }) => labels['ob_cluster_name'] ?? '').filter((name) => name !== ''))];
  return names.length > 1
    ? msg`Servers of the OceanBase clusters ${names.join(', ')} share the address ${address} in Prometheus, and no label identifies this pod’s.`
    : msg`Several OceanBase servers share the address ${address} in Prometheus, and no label identifies this pod’s.`;
}

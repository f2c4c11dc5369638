import type { DatabasePod } from '../cluster/databasePod';

/** One series of the server: its labels, and what is known of its time. */
export interface SeriesRow {
  labels: Readonly<Record<string, string>>;
  /** When its container was started, epoch seconds; undefined where no series tells. */
  startedAt?: number | undefined;
  /** Its first sample in the window that was looked at, epoch milliseconds. */
  firstAt?: number | undefined;
}

/** Labels by which exporters and scrape configurations name the Kubernetes node. */
const NODE_LABELS = ['node', 'node_name', 'nodename', 'kubernetes_node', 'kubernetes_io_hostname', 'host', 'hostname'];
const UID = /pod([0-9a-f]{8}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{12})/;

/** The pod's id that a series tells, by a label or in the path of its control group, where systemd writes `_` for `-`. */
function podUid({ labels }: SeriesRow): string | undefined {
  const told =
    labels['uid'] ||
    labels['pod_uid'] ||
    UID.exec(labels['id'] ?? '')?.[1] ||
    UID_IN_NAME.exec(labels['name'] ?? '')?.[1];
  return told?.replaceAll('_', '-');
}
/** As Docker names containers for the kubelet: `k8s_observer_<pod>_<namespace>_<uid>_<attempt>`. */
const UID_IN_NAME = /_([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})_\d+$/;

/** `10.0.0.1` of `10.0.0.1:10250`, and of `[fd00::1]:10250` the part within the brackets. */
function hostOf(instance: string | undefined): string | undefined {
  return instance === undefined
    ? undefined
    : instance.replace(/^https?:\/\//, '').replace(/^\[([^\]]*)\].*$|:\d+.*$/, '$1');
}

/**
 * How sure it is that a series is of this very pod, by what the API server tells of it: its own id or its container's
 * (2), its address (2), the Kubernetes node that it runs on (1); -1 where the series tells of another pod, 0 where nothing speaks.
 */
export function belongs(row: SeriesRow, target: DatabasePod): -1 | 0 | 1 | 2 {
  const { labels } = row;
  const { containerId, uid, hostNode, hostIp, ip } = target;
  if (containerId && (labels['id']?.includes(containerId) || labels['name'] === containerId)) return 2;
  const told = podUid(row);
  if (uid !== undefined && told !== undefined) return told === uid ? 2 : -1;
  if (ip !== undefined && (labels['pod_ip'] === ip || (!target.hostNetwork && hostOf(labels['instance']) === ip)))
    return 2;
  const places = [...NODE_LABELS.map((name) => labels[name]), hostOf(labels['instance']), labels['host_ip']];
  const known = [hostNode, hostIp].filter((one) => one !== undefined);
  if (places.some((place) => place !== undefined && known.includes(place))) return 1;
  const named = NODE_LABELS.some((name) => labels[name]) && hostNode !== undefined;
  return named ? -1 : 0;
}

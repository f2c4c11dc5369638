import type { MetricId } from '../metrics/catalogue';
import type { NodeDeviations } from './features';
import { leastNoticeable } from './distance/noticeable';
import { median } from './statistics';
import type { Reason } from './types';

/**
 * What the other nodes measure of a node's anomaly. Remote calls are timed where they arrive (OceanBase's statistics 10005
 * and 10000), so calls that leave a node late show at its peers only.
 */
const AT_PEERS: Readonly<Record<string, MetricId>> = { network_delay: 'network.rpcDelay' };

/** A rise is at least this many robust deviations. */
const CLEAR = 3;

/**
 * The rise that a node's peers see, as their median. Undefined where it cannot be attributed to this node: calls that
 * arrive at it are late too, or calls at some other node are not, so another node may be the cause.
 */
export function peerReason(nodes: readonly NodeDeviations[], node: number, type: string): Reason | undefined {
  const metric = Object.hasOwn(AT_PEERS, type) ? AT_PEERS[type] : undefined;
  const own = metric === undefined ? undefined : nodes[node]?.get(metric);
  if (metric === undefined || !own) return undefined;
  const least = leastNoticeable(metric);
  const peers = nodes.filter((_, i) => i !== node).map((one) => one.get(metric));
  const late = peers.flatMap((one) => (one && one.value - one.baseline > least && one.z >= CLEAR ? [one] : []));
  if (late.length === 0 || late.length < peers.length || own.value - own.baseline > least) return undefined;
  return {
    metric,
    value: median(late.map(({ value }) => value)),
    baseline: median(late.map(({ baseline }) => baseline)),
    direction: 'up',
    deviation: median(late.map(({ z }) => z)),
    weight: 0,
    measuredAt: 'peers',
  };
}

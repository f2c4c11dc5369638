import type { Fault, FaultBoard } from '../faults';
import type { DemoPod } from '../topology';

/** One end of a path. */
type End = Pick<DemoPod, 'name' | 'ip'>;

/** One-way properties of the path between two pods. */
export interface NetworkPath {
  /** Seconds that a packet takes beyond the base. */
  delay: number;
  /** Share of packets that arrive, 0 to 1. */
  arrives: number;
}

/** The load's sessions, outside the cluster's pods: only what acts towards everybody acts on the way to them. */
export const CLIENT: End = { name: '', ip: '' };

const concerns = (peers: readonly string[], pod: End): boolean =>
  peers.length === 0 || peers.includes(pod.name) || peers.includes(pod.ip);

/** What the faults of both ends do to packets from one pod to another. */
export function path(board: FaultBoard, from: End, to: End): NetworkPath {
  const result: NetworkPath = { delay: 0, arrives: 1 };
  for (const fault of board.on(from.name)) applyEnd(result, fault, 'to', to);
  for (const fault of board.on(to.name)) applyEnd(result, fault, 'from', from);
  return result;
}

function applyEnd(result: NetworkPath, fault: Fault, leaving: 'to' | 'from', peer: End): void {
  if (fault.type === 'podFailure') result.arrives = 0;
  if (!('direction' in fault) || !concerns(fault.peers, peer)) return;
  if (fault.direction !== 'both' && fault.direction !== leaving) return;
  if (fault.type === 'networkDelay') result.delay += fault.latencyMs / 1000;
  else if (fault.type === 'networkPartition') result.arrives = 0;
  else if (fault.type === 'networkLoss' || fault.type === 'networkCorrupt') result.arrives *= 1 - fault.percent / 100;
}

/** Seconds for a request and its answer; a lost packet costs a retransmission (RTO 200 ms, doubling, at most 3 s). */
export function roundTrip(board: FaultBoard, a: End, b: End, base: number): number {
  const there = path(board, a, b);
  const back = path(board, b, a);
  const arrives = there.arrives * back.arrives;
  const retries = arrives <= 0.06 ? 3 : Math.min(3, 0.2 * (1 / arrives - 1));
  return base + there.delay + back.delay + retries;
}

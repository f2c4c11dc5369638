import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '../../src/demo/faults';
import { hasEnded, type Cgroup } from './host';

/** What a fault acts on. */
export interface FaultTarget {
  group: Cgroup;
  log: string;
  /** The helper's address. */
  helper: string;
  filesOf(volumePath: string): string;
  /** Address in the bed's network of a peer that is named by its pod or its address. */
  addressOf(peer: string): string;
  restart(): Promise<void>;
}

/** Sends an order to a helper; throws with what it answers when it refuses. */
export async function send(url: string, order: object): Promise<void> {
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(order) });
  if (!response.ok) throw new Error(`${url}: ${await response.text()}`);
}

type End = () => Promise<void>;

/** Brings a fault into force; what is returned ends it. */
export async function applyFault(target: FaultTarget, fault: Fault): Promise<End> {
  const id = randomUUID();
  switch (fault.type) {
    case 'cpu':
      return stress(target, ['--cpu', String(fault.workers), '--cpu-load', String(fault.load)]);
    case 'memory': // allocated, touched and held
      return stress(target, ['--vm', '1', '--vm-bytes', String(fault.bytes), '--vm-keep', '--vm-hang', '0']);
    case 'networkDelay': {
      const { latencyMs: delayMs, jitterMs, direction, peers } = fault;
      const order = { id, delayMs, jitterMs, direction, peers: peers.map((peer) => target.addressOf(peer)) };
      await send(`${target.helper}/network`, order);
      return () => send(`${target.helper}/network`, { id, delayMs: 0 });
    }
    case 'ioLatency': {
      const { delayMs, percent, volumePath } = fault;
      await send(`${target.helper}/files`, { id, delayMs, percent, pattern: target.filesOf(volumePath) });
      return () => send(`${target.helper}/files`, { id, delayMs: 0 });
    }
    case 'podKill':
      await target.restart();
      return async () => {};
    default:
      throw new Error(`the bed has no fault of the type ${fault.type}`);
  }
}

/** Stressors in the node's control group, as Chaos Mesh's daemon starts them. */
export async function stress(
  { group, log }: Pick<FaultTarget, 'group' | 'log'>,
  args: readonly string[],
): Promise<End> {
  const child = group.spawn('stress-ng', ['-q', ...args], { log });
  await once(child, 'spawn');
  return () => endSession(child);
}

async function endSession(child: ChildProcess): Promise<void> {
  const signal = (name: NodeJS.Signals): void => {
    try {
      process.kill(-(child.pid as number), name);
    } catch {
      // all of it has ended
    }
  };
  signal('SIGTERM');
  for (let turn = 0; turn < 30 && !hasEnded(child); turn++) await sleep(100);
  signal('SIGKILL');
}

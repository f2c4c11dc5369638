import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { EngineName } from './types';
import { call, Cgroup, mountsBelow, namespaces, startOf } from './host';

/** The names of all that a bed makes on this machine; every other bed has others. */
export interface Traces {
  /** From 0: tells beds of one engine apart. */
  place: number;
  folder: string;
  /** The group of each node, from 0. */
  nodes: readonly Cgroup[];
  /** Holds the nodes' groups. */
  all: Cgroup;
  /** For what is no node: the nodes' helpers and the load. */
  helpers: Cgroup;
  /** For neighbours that make the host busy. */
  noise: Cgroup;
  /** Network namespace of each node. */
  netns: readonly string[];
  /** Network namespace of the clients. */
  router: string;
}

/** Three nodes: what a quorum needs. */
export const NODES = [0, 1, 2] as const;

/** As many beds of one engine can stand side by side. */
const PLACES = [0, 1, 2, 3] as const;

function tracesOf(engine: EngineName, place: number): Traces {
  const name = `distdiag-bed-${engine}${place > 0 ? `-${place}` : ''}`;
  const space = `ddb${engine.slice(0, 1)}${place > 0 ? place : ''}`;
  return {
    place,
    folder: path.join(tmpdir(), name),
    all: new Cgroup(name),
    nodes: NODES.map((index) => new Cgroup(`${name}/n${index + 1}`)),
    helpers: new Cgroup(`${name}-helpers`),
    noise: new Cgroup(`${name}-noise`),
    netns: NODES.map((index) => `${space}n${index + 1}`),
    router: `${space}r`,
  };
}

const ownerFile = (traces: Traces): string => `${traces.folder}.owner`;

/** Makes the first place that is free this process's, and removes the traces of beds that crashed. */
export async function ownPlace(engine: EngineName): Promise<Traces> {
  let mine: Traces | undefined;
  for (const place of PLACES) {
    const traces = tracesOf(engine, place);
    if (mine && !existsSync(ownerFile(traces))) continue;
    if (!take(traces)) continue;
    await removeTraces(traces);
    if (mine) disown(traces);
    mine ??= traces;
  }
  if (!mine) throw new Error(`${PLACES.length} beds of ${engine} run already`);
  return mine;
}

/** False when a process that is alive has them. */
function take(traces: Traces): boolean {
  const file = ownerFile(traces);
  if (existsSync(file)) {
    const [pid, start] = readFileSync(file, 'utf8').split(' ');
    if (start && startOf(Number(pid)) === start) return false;
    rmSync(file);
  }
  writeFileSync(file, `${process.pid} ${startOf(process.pid)}`, { flag: 'wx' });
  return true;
}

/** Removes every trace of a bed, also of one that crashed: processes, mounts, namespaces, groups, files. */
export async function removeTraces(traces: Traces): Promise<void> {
  for (const group of [...traces.nodes, traces.noise]) await group.end();
  await traces.helpers.end('SIGTERM'); // they take their mounts down
  for (const mount of mountsBelow(traces.folder)) await call('umount', '-l', mount);
  const there = await namespaces();
  for (const name of [...traces.netns, traces.router]) if (there.includes(name)) await call('ip', 'netns', 'del', name);
  for (const group of [...traces.nodes, traces.all, traces.helpers, traces.noise]) group.remove();
  rmSync(traces.folder, { recursive: true, force: true });
}

/** The last step: the bed is no one's. */
export function disown(traces: Traces): void {
  rmSync(ownerFile(traces), { force: true });
}

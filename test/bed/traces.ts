import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { EngineName } from './types';
import { call, Cgroup, mountsBelow, namespaces, startOf } from './host';

/** The names of all that a bed makes on this machine; a bed of another engine has others. */
export interface Traces {
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

/** The names of a bed's traces. */
export function tracesOf(engine: EngineName): Traces {
  const name = `distdiag-bed-${engine}`;
  const letter = engine.slice(0, 1);
  return {
    folder: path.join(tmpdir(), name),
    all: new Cgroup(name),
    nodes: NODES.map((index) => new Cgroup(`${name}/n${index + 1}`)),
    helpers: new Cgroup(`${name}-helpers`),
    noise: new Cgroup(`${name}-noise`),
    netns: NODES.map((index) => `ddb${letter}${index + 1}`),
    router: `ddb${letter}r`,
  };
}

const ownerFile = (traces: Traces): string => `${traces.folder}.owner`;

/** Makes this process the owner of the engine's bed; throws when another one that is alive is. */
export function own(traces: Traces): void {
  if (existsSync(ownerFile(traces))) {
    const [pid, start] = readFileSync(ownerFile(traces), 'utf8').split(' ');
    if (start && startOf(Number(pid)) === start) throw new Error(`such a bed runs already: process ${pid}`);
  }
  writeFileSync(ownerFile(traces), `${process.pid} ${startOf(process.pid)}`);
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

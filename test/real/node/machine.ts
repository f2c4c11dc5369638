import { execFileSync, spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import type { Loose } from '../api';
import { POD_ENGINES } from './engines';
import { fileOrNothing, observer } from './nodeScene';
import type { NodePlaces } from './pods';

/** A process of the node. */
export interface Process {
  pid: number;
  name: string;
  /** Bytes of memory that it holds. */
  resident: number;
}

const PAGE = 4096;
const SERVERS = Object.values(POD_ENGINES).map(({ process }) => process);

function processOf(pid: number): Process {
  const name = fileOrNothing(`/proc/${pid}/comm`).trim();
  return { pid, name, resident: Number(fileOrNothing(`/proc/${pid}/statm`).split(' ')[1] ?? 0) * PAGE };
}

/** Those that have ended but were not waited for are left out: a database's server waits for no strangers. */
const allProcesses = (): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && !/^State:\tZ/m.test(fileOrNothing(`/proc/${name}/status`)))
    .map(Number);

/** The processes of the node with this name. */
export const processesNamed = (name: string): Process[] =>
  allProcesses()
    .map(processOf)
    .filter((one) => one.name === name);

/** The processes in the control group of the database's container of a pod. */
export function processesIn(pod: Loose): Process[] {
  const [, id] = String(observer(pod).containerID).split('://');
  return allProcesses()
    .filter((pid) => fileOrNothing(`/proc/${pid}/cgroup`).includes(`/${id}`))
    .map(processOf);
}

/** The server's process in the database's container. */
export const serverOf = (pod: Loose): Process => processesIn(pod).find(({ name }) => SERVERS.includes(name)) as Process;

/** Runs a command in the network of a pod; its output, or undefined when it fails. */
export function inNetworkOf(pod: Loose, command: string, ...args: string[]): string | undefined {
  try {
    const enter = ['--net', '--target', String(serverOf(pod).pid), command, ...args];
    return execFileSync('nsenter', enter, { stdio: ['ignore', 'pipe', 'ignore'], timeout: 20_000 }).toString();
  } catch {
    return undefined;
  }
}

/** The answer of the database in a pod to a statement. */
export function ask(pod: Loose, statement: string): string {
  const args = ['mariadb', '-uroot', '-h127.0.0.1', '-P2881', '-N', '-e', statement];
  const enter = ['--net', '--mount', '--target', String(serverOf(pod).pid), ...args];
  return execFileSync('nsenter', enter, { timeout: 20_000 }).toString().trim();
}

/** Milliseconds until a pod's server takes a connection from the node: the least of a few. */
export async function roundTrip(pod: Loose): Promise<number> {
  const once = (): Promise<number> =>
    new Promise((resolve, reject) => {
      const since = performance.now();
      const socket = connect(2881, pod.status.podIP as string, () => {
        resolve(performance.now() - since);
        socket.destroy();
      });
      socket.once('error', reject);
    });
  const times: number[] = [];
  for (let i = 0; i < 5; i++) times.push(await once());
  return Math.min(...times);
}

/** The control group of the database's container for a controller. */
function groupOf(pod: Loose, controller: string): string {
  const groups = fileOrNothing(`/proc/${serverOf(pod).pid}/cgroup`);
  const [, group] = new RegExp(`^\\d+:${controller}:(.*)$`, 'm').exec(groups) ?? [];
  return `/sys/fs/cgroup/${controller}${group}`;
}

/** To how many operations a second the container is held. */
export const limitOf = (pod: Loose): string =>
  fileOrNothing(`${groupOf(pod, 'blkio')}/blkio.throttle.write_iops_device`).trim();

/** Milliseconds that so many writes take, one after the other, by a process in the database's container. */
export function writesTake(pod: Loose, count: number): number {
  const join = `echo $$ >${groupOf(pod, 'blkio')}/cgroup.procs`;
  const write = `dd if=/dev/zero of=/home/admin/data-file/probe bs=4k count=${count} oflag=direct status=none`;
  const since = performance.now();
  execFileSync('sh', ['-c', `${join}; exec nsenter --mount --target ${serverOf(pod).pid} ${write}`], {
    timeout: 60_000,
  });
  return performance.now() - since;
}

/** Bytes that the kernel says the container uses and could not give back at once, as the kubelet counts them. */
export function workingSetOf(pod: Loose): number {
  const group = groupOf(pod, 'memory');
  const [, inactive] = /^total_inactive_file (\d+)$/m.exec(fileOrNothing(`${group}/memory.stat`)) ?? [];
  return Number(fileOrNothing(`${group}/memory.usage_in_bytes`)) - Number(inactive);
}

/** Starts the node's container runtime again, as a machine's service manager does; it ends with the node. */
export function restartContainerd({ folder }: NodePlaces): void {
  const args = ['--config', path.join(folder, 'containerd.toml')];
  spawn('containerd', args, { detached: true, stdio: 'ignore' }).unref();
}

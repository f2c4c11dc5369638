import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import type { Loose } from '../api';
import { POD_ENGINES } from './engines';
import { fileOrNothing, observer } from './nodeScene';

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

/** The control group of the database's container that its disk operations count for. */
function diskGroupOf(pod: Loose): string {
  const [, group] = /^\d+:blkio:(.*)$/m.exec(fileOrNothing(`/proc/${serverOf(pod).pid}/cgroup`)) ?? [];
  return `/sys/fs/cgroup/blkio${group}`;
}

/** To how many operations a second the container is held. */
export const limitOf = (pod: Loose): string =>
  fileOrNothing(`${diskGroupOf(pod)}/blkio.throttle.write_iops_device`).trim();

/** Milliseconds that so many writes take, one after the other, by a process in the database's container. */
export function writesTake(pod: Loose, count: number): number {
  const join = `echo $$ >${diskGroupOf(pod)}/cgroup.procs`;
  const write = `dd if=/dev/zero of=/home/admin/data-file/probe bs=4k count=${count} oflag=direct status=none`;
  const since = performance.now();
  execFileSync('sh', ['-c', `${join}; exec nsenter --mount --target ${serverOf(pod).pid} ${write}`], {
    timeout: 60_000,
  });
  return performance.now() - since;
}

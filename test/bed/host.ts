import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, openSync, closeSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const CGROUPS = '/sys/fs/cgroup';
const CONTROLLERS = ['cpu', 'cpuacct', 'memory', 'blkio'] as const;

/** Runs a program to its end; throws with what it wrote when it fails. */
export async function call(program: string, ...args: string[]): Promise<string> {
  return (await promisify(execFile)(program, args, { maxBuffer: 1 << 26 })).stdout;
}

/** A control group of version 1, in the trees of all controllers that a container has. */
export class Cgroup {
  constructor(readonly path: string) {}

  create(settings: { cpuShares?: number; cores?: number; memoryBytes?: number } = {}): void {
    for (const controller of CONTROLLERS) mkdirSync(`${CGROUPS}/${controller}/${this.path}`, { recursive: true });
    if (settings.cpuShares) this.#set('cpu', 'cpu.shares', settings.cpuShares);
    if (settings.cores) this.limitCpu(settings.cores);
    if (settings.memoryBytes) this.#set('memory', 'memory.limit_in_bytes', settings.memoryBytes);
  }

  /** Cores; Infinity = no limit. */
  limitCpu(cores: number): void {
    this.#set('cpu', 'cpu.cfs_quota_us', Number.isFinite(cores) ? cores * 100_000 : -1);
  }

  /** Starts a program in the group, its output in a file or, for one line of it, in a pipe. */
  spawn(program: string, args: readonly string[], options: { log: string; env?: NodeJS.ProcessEnv }): ChildProcess {
    const enter = `for c in ${CONTROLLERS.join(' ')}; do echo $$ > ${CGROUPS}/$c/$0/cgroup.procs; done; exec "$@"`;
    const log = openSync(options.log, 'a');
    // In a session of its own: Ctrl-C in the terminal is for the bed, which ends its processes in order.
    const child = spawn('sh', ['-c', enter, this.path, program, ...args], {
      stdio: ['ignore', 'pipe', log],
      detached: true,
      env: { ...process.env, ...options.env },
    });
    closeSync(log);
    return child;
  }

  processes(): number[] {
    const file = `${CGROUPS}/cpu/${this.path}/cgroup.procs`;
    if (!existsSync(file)) return [];
    return readFileSync(file, 'utf8').split('\n').filter(Boolean).map(Number);
  }

  /** Ends every process of the group. */
  async end(signal: 'SIGTERM' | 'SIGKILL' = 'SIGKILL'): Promise<void> {
    for (let turn = 0; this.processes().length > 0; turn++) {
      if (turn > 100) throw new Error(`the processes ${this.processes().join(', ')} of ${this.path} do not end`);
      for (const pid of this.processes()) kill(pid, turn > 30 ? 'SIGKILL' : signal);
      await sleep(100);
    }
  }

  remove(): void {
    for (const controller of CONTROLLERS) {
      const folder = `${CGROUPS}/${controller}/${this.path}`;
      if (existsSync(folder)) rmdirSync(folder);
    }
  }

  #set(controller: string, file: string, value: number): void {
    writeFileSync(`${CGROUPS}/${controller}/${this.path}/${file}`, String(Math.round(value)));
  }
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // it has ended
  }
}

/** True when a child has ended, by itself or by a signal. */
export function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

/** The first line that a program writes. */
export function firstLine(child: ChildProcess, what: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')));
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${what} ended with code ${code}`)));
  });
}

/** The network namespaces that there are. */
export function namespaces(): Promise<string[]> {
  return call('ip', 'netns', 'list').then((text) => text.split('\n').map((line) => line.split(' ')[0] ?? ''));
}

/** What is mounted below a folder, the innermost first. */
export function mountsBelow(folder: string): string[] {
  return readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((place) => place.startsWith(`${folder}/`))
    .sort((a, b) => b.length - a.length);
}

/** When a process started, in the kernel's ticks: with its id it is one process and no other. */
export function startOf(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ')[19];
  } catch {
    return undefined;
  }
}

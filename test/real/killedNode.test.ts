import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { sweep } from '../../scripts/real/node/traces.mjs';
import { until } from './api';

const GROUPS = '/sys/fs/cgroup';
const possible = process.getuid?.() === 0 && existsSync(`${GROUPS}/cpu/cgroup.procs`);

/** The processes whose command line, or one of whose mounts, names a node. */
const processesOf = (name: string): number[] =>
  readdirSync('/proc')
    .map(Number)
    .filter((pid) => {
      try {
        return ['cmdline', 'mountinfo'].some((file) => readFileSync(`/proc/${pid}/${file}`, 'utf8').includes(name));
      } catch {
        return false;
      }
    });
const tracesOf = (name: string): string[] =>
  [tmpdir(), ...readdirSync(GROUPS).map((controller) => path.join(GROUPS, controller))]
    .map((folder) => path.join(folder, name))
    .filter(existsSync);

/** Starts a node, kills the process that it belongs to, and waits until its own processes and mounts are gone; its name. */
async function killedNode(...args: string[]): Promise<string> {
  const run = spawn(process.execPath, [path.resolve('test/real/node/killed.mjs'), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(run.stdout, 'data')) as [Buffer];
  const name = line.toString().trim();
  // The first process, its command and what that has started.
  await until(
    async () => processesOf(name).length,
    (count) => count >= 4,
    'the node to run',
  );
  const ended = once(run, 'exit');
  run.kill('SIGKILL');
  await ended;
  await until(
    async () => processesOf(name),
    (pids) => pids.length === 0,
    'the processes of the node to end',
  );
  return name;
}

describe.runIf(possible)('a node whose run is killed', () => {
  it('leaves no process, mount, control group or folder', async () => {
    const name = await killedNode('watched');
    await until(
      async () => tracesOf(name),
      (left) => left.length === 0,
      'the traces of the node to be removed',
    );
  });

  it('together with whoever watched over it: the next run removes the rest', async () => {
    const name = await killedNode();
    expect(tracesOf(name)).not.toEqual([]);
    expect(await sweep()).toContain(name);
    expect(tracesOf(name)).toEqual([]);
  });
});

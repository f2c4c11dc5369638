import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
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

it.runIf(possible)(
  'a node whose run is killed leaves no process and no mount, and the next run removes the rest',
  async () => {
    const run = spawn(process.execPath, [path.resolve('test/real/node/killed.mjs')], {
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
    expect(tracesOf(name)).not.toEqual([]);
    expect(await sweep()).toContain(name);
    expect(tracesOf(name)).toEqual([]);
  },
);

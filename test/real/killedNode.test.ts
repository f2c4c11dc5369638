import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { once } from 'node:events';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { inhabited, namespacesOf, processesOf, tracesOf } from '../../scripts/real/node/remains.mjs';
import { sweep } from '../../scripts/real/node/traces.mjs';
import { until } from './api';

const possible = process.getuid?.() === 0 && existsSync('/sys/fs/cgroup/cpu/cgroup.procs');

/** Starts a node, kills the process that it belongs to, and waits until its processes, mounts and namespaces are gone; its name. */
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
  const namespaces = namespacesOf(processesOf(name));
  expect(namespaces.size).toBeGreaterThanOrEqual(3);
  const ended = once(run, 'exit');
  run.kill('SIGKILL');
  await ended;
  await until(
    async () => [...processesOf(name), ...inhabited(namespaces)],
    ({ length }) => length === 0,
    'the processes and namespaces of the node to end',
  );
  return name;
}

describe.runIf(possible)('a node whose run is killed', () => {
  it('leaves no process, mount, namespace, control group or folder', async () => {
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

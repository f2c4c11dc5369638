import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const SCRIPT = ['scripts/test-real.mjs', 'node'];
const possible = process.getuid?.() === 0 && process.platform === 'linux';
const programs = mkdtempSync(path.join(tmpdir(), 'distdiag-programs-'));

/** The whole PATH of a machine that has these programs, and Debian packages but for one. */
function machine(name: string, has: readonly string[], missing?: string): string {
  const folder = mkdtempSync(path.join(programs, `${name}-`));
  for (const program of has) {
    const found = execFileSync('sh', ['-c', `command -v ${program}`])
      .toString()
      .trim();
    symlinkSync(found, path.join(folder, program));
  }
  const dpkg = path.join(folder, 'dpkg');
  writeFileSync(dpkg, `#!/bin/sh\n[ "$2" != '${missing ?? ''}' ]\n`);
  chmodSync(dpkg, 0o755);
  return folder;
}

/** What the tests on a node print where something is missing; a failure or a start of a node would throw. */
function run(command: string[], env: NodeJS.ProcessEnv = {}): string {
  const [program = '', ...args] = command;
  return execFileSync(program, args, { env: { ...process.env, ...env }, timeout: 60_000 }).toString();
}

const skipped = (missing: string): RegExp =>
  new RegExp(
    `^A Kubernetes node needs what is not here: ${missing}\\. Skipped\\.\\nnode: .*"skipped":1.*\\n0 passed, 0 failed, 1 skipped\\n$`,
  );

describe.runIf(possible)('where something is missing, the tests on a node are skipped with one line', () => {
  afterAll(() => rmSync(programs, { recursive: true, force: true }));

  it('root', () => {
    const user = 'data:text/javascript,process.getuid = () => 1000';
    expect(run([process.execPath, '--import', user, ...SCRIPT])).toMatch(skipped('root'));
  });

  it('Go', () => {
    const PATH = machine('go', ['sh', 'unshare']);
    expect(run([process.execPath, ...SCRIPT], { PATH })).toMatch(skipped('Go'));
  });

  it('version 1 of control groups', () => {
    const hide = 'mount -t tmpfs none /sys/fs/cgroup && exec "$0" "$@"';
    const without = ['unshare', '--mount', 'sh', '-c', hide];
    expect(run([...without, process.execPath, ...SCRIPT])).toMatch(skipped('version 1 of control groups'));
  });

  it('containerd, where it cannot be installed', () => {
    const PATH = machine('containerd', ['sh', 'unshare', 'go'], 'containerd');
    expect(run([process.execPath, ...SCRIPT], { PATH })).toMatch(skipped('containerd'));
  });
});

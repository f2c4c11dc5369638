import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { root } from '../host/node24.mjs';
import { has, installPackages } from '../host/packages.mjs';
import { buildBedHelper, cacheDirectory, whyNoGo } from '../real/build.mjs';

/** Why a bed of this engine cannot stand on this machine, in one line; undefined when it can. */
export function whyNoBed(engine) {
  const missing = [
    process.getuid?.() !== 0 && 'root',
    ...['/dev/fuse', '/dev/net/tun'].map((device) => !existsSync(device) && device),
    !existsSync('/sys/fs/cgroup/cpu/cgroup.procs') && 'version 1 of control groups',
    engine === 'seekdb' && !python() && 'Python 3.11',
    !has('go') ? 'Go' : whyNoGo(),
  ].filter(Boolean);
  return missing.length > 0 ? `A bed of ${engine} needs what is not here: ${missing.join(', ')}.` : undefined;
}

/** Brings what the bed needs and is not in the project, once for this user. */
export async function bedPrograms(engine) {
  const wanted = ['stress-ng', 'fuse3', 'iproute2', ...(engine === 'galera' ? ['mariadb-server', 'galera-4'] : [])];
  const missing = installPackages([...wanted, ...(engine === 'galera' ? ['rsync'] : [])]);
  if (missing.length > 0) throw new Error(`These Debian packages are missing: ${missing.join(', ')}`);
  const helper = await buildBedHelper();
  return engine === 'seekdb' ? { helper, python: python(), seekdb: seekdbPackage() } : { helper };
}

/** The interpreter itself: a version manager's wrapper would be started with it each time. */
export function python() {
  try {
    return execFileSync('python3.11', ['-c', 'import sys; print(sys.executable)'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
      .toString()
      .trim();
  } catch {
    return undefined;
  }
}

/** The last version of the kernel's package that has its statistics, unpacked. */
export function seekdbPackage() {
  const folder = path.join(cacheDirectory, 'pylibseekdb-1.3.0');
  if (existsSync(folder)) return folder;
  console.log(`> pip install pylibseekdb into ${folder} (once; 160 MB)`);
  const unfinished = `${folder}.${process.pid}`;
  mkdirSync(cacheDirectory, { recursive: true });
  const requirements = path.join(root, 'test/bed/requirements.txt');
  const options = ['--quiet', '--no-deps', '--require-hashes', '--only-binary=:all:', '--no-compile'];
  try {
    execFileSync(python(), ['-m', 'pip', 'install', ...options, '--target', unfinished, '-r', requirements], {
      stdio: 'inherit',
      env: { ...process.env, PIP_DISABLE_PIP_VERSION_CHECK: '1', PIP_ROOT_USER_ACTION: 'ignore' },
    });
    renameSync(unfinished, folder);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return folder;
}

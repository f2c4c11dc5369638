import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { cacheDirectory } from '../build.mjs';

const SUITE = 'bookworm';
/** What the database's pods run, and the tools that Chaos Mesh's daemon has in its own image. */
const PACKAGES = [
  ...['mariadb-server', 'mariadb-client', 'galera-4', 'rsync', 'python3'],
  ...['iptables', 'ipset', 'stress-ng', 'iproute2', 'procps', 'tzdata'],
];
const LEFT_OUT = ['/usr/share/doc/*', '/usr/share/man/*', '/usr/share/locale/*', '/usr/share/mysql/mysql-test/*'];

/** The files of a small Debian with these packages, as a layer for images; made once for this user. */
export function rootfsLayer() {
  const options = ['--mode=root', '--variant=minbase', `--include=${PACKAGES.join(',')}`];
  const excluded = LEFT_OUT.map((pattern) => `--dpkgopt=path-exclude=${pattern}`);
  const args = [...options, ...excluded, SUITE];
  const layer = path.join(
    cacheDirectory,
    `node-rootfs-${createHash('sha256').update(args.join()).digest('hex').slice(0, 12)}.tar`,
  );
  if (existsSync(layer)) return layer;
  mkdirSync(cacheDirectory, { recursive: true });
  console.log(`> mmdebstrap ${SUITE} into ${layer} (once; 400 MB)`);
  const unfinished = `${layer}.${process.pid}.tar`;
  try {
    execFileSync('mmdebstrap', ['--quiet', ...args, unfinished], { stdio: ['ignore', 'inherit', 'inherit'] });
    renameSync(unfinished, layer);
  } finally {
    rmSync(unfinished, { force: true });
  }
  return layer;
}

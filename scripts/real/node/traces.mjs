import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, rmdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const CGROUPS = '/sys/fs/cgroup';
/** The trees of version 1 that the kubelet and runc want, and that of version 2, in which runc makes groups too. */
const CONTROLLERS = [
  'cpu',
  'cpuacct',
  'cpuset',
  'memory',
  'blkio',
  'devices',
  'freezer',
  'pids',
  'systemd',
  'unified',
].filter((name) => existsSync(path.join(CGROUPS, name)));
const PREFIX = 'distdiag-node-';

/** When a process started, in ticks since the machine did: with its number it is told from every other. */
function startOf(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
    // One that nobody has waited for yet has ended all the same.
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

/** The name of all that this process's node leaves on the machine while it runs: it tells whose it is. */
export const ownName = () => `${PREFIX}${process.pid}-${startOf(process.pid)}`;

const isOfTheDead = (name) => {
  const [pid, start] = name.slice(PREFIX.length).split('-');
  return startOf(Number(pid)) !== start;
};

const groupsOf = (name) => CONTROLLERS.map((controller) => path.join(CGROUPS, controller, name));
const folderOf = (name) => path.join(tmpdir(), name);

/** Makes a node's folder and control groups; `device` is the disk of the folder, whose use is counted. */
export function makeTraces(name) {
  const folder = folderOf(name);
  mkdirSync(folder, { mode: 0o700 });
  for (const group of groupsOf(name)) mkdirSync(group, { recursive: true });
  const cpuset = path.join(CGROUPS, 'cpuset');
  for (const file of ['cpuset.cpus', 'cpuset.mems'])
    writeFileSync(path.join(cpuset, name, file), readFileSync(path.join(cpuset, file)));
  countDisk(name, folder);
  return folder;
}

/** Reads and writes of a group are counted only where somebody has a limit: one that nobody reaches. */
function countDisk(name, folder) {
  const limited = path.join(CGROUPS, 'blkio', name, 'counted');
  mkdirSync(limited);
  writeFileSync(path.join(limited, 'blkio.throttle.write_bps_device'), `${deviceOf(folder)} ${2 ** 46}`);
}

function deviceOf(folder) {
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8').trim().split('\n');
  const below = mounts
    .map((line) => line.split(' '))
    .filter(([, , , , at]) => folder === at || folder.startsWith(at === '/' ? '/' : `${at}/`))
    .sort((a, b) => b[4].length - a[4].length);
  return below[0][2];
}

/** Removes what a node has left: its processes are gone with its PID namespace, its mounts with theirs. */
export async function removeTraces(name) {
  for (const group of groupsOf(name)) await removeGroup(group);
  rmSync(folderOf(name), { recursive: true, force: true });
}

async function removeGroup(group) {
  if (!existsSync(group)) return;
  for (const entry of readdirSync(group, { withFileTypes: true }))
    if (entry.isDirectory()) await removeGroup(path.join(group, entry.name));
  // The kernel takes a moment to let go of a process that has ended.
  for (let turn = 0; ; turn++) {
    try {
      return rmdirSync(group);
    } catch (error) {
      if (error.code !== 'EBUSY' || turn >= 1200) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** Removes what runs have left that were killed. */
export async function sweep() {
  const places = [...CONTROLLERS.map((controller) => path.join(CGROUPS, controller)), tmpdir()];
  const names = places.flatMap((place) => readdirSync(place));
  const left = new Set(names.filter((name) => name.startsWith(PREFIX) && isOfTheDead(name)));
  for (const name of left) await removeTraces(name);
  return [...left];
}

import { existsSync, readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const GROUPS = '/sys/fs/cgroup';
const SPACES = ['mnt', 'net', 'pid'];

const orNothing = (read) => {
  try {
    return read();
  } catch {
    return ''; // it has ended
  }
};
const pids = () => readdirSync('/proc').filter((entry) => /^\d+$/.test(entry));
const spacesOf = (pid) =>
  SPACES.map((space) => orNothing(() => readlinkSync(`/proc/${pid}/ns/${space}`))).filter(Boolean);

/** The processes whose command line, or one of whose mounts, names a node. */
export function processesOf(name) {
  const says = (pid, file) => orNothing(() => readFileSync(`/proc/${pid}/${file}`, 'utf8')).includes(name);
  return pids()
    .filter((pid) => ['cmdline', 'mountinfo'].some((file) => says(pid, file)))
    .map(Number);
}

/** The namespaces of processes that this process is not in. */
export function namespacesOf(processes) {
  const own = new Set(spacesOf('self'));
  return new Set(processes.flatMap(spacesOf).filter((space) => !own.has(space)));
}

/** Those of some namespaces in which there is still a process. */
export const inhabited = (namespaces) =>
  [...new Set(pids().flatMap(spacesOf))].filter((space) => namespaces.has(space));

/** The control groups and the folder that a node has left. */
export const tracesOf = (name) =>
  [tmpdir(), ...readdirSync(GROUPS).map((controller) => path.join(GROUPS, controller))]
    .map((folder) => path.join(folder, name))
    .filter((place) => existsSync(place));

import { readFileSync } from 'node:fs';
import { clearInterval, setInterval } from 'node:timers';

const LOOK_MS = 1000;

function read(pid, file) {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

const parentOf = (pid) => Number(read(pid, 'stat').split(') ')[1]?.split(' ')[1]);

function runs(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/**
 * Ends this process, as an interruption does, when one that it works for has ended and had no time to say so: npm, which
 * starts scripts by a shell, or the process that DISTDIAG_ENDS_WITH names.
 */
export function endWithOwners() {
  const owner = Number(process.env.DISTDIAG_ENDS_WITH);
  if (owner > 0) endUnless(() => runs(owner));
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  endUnless(() => process.ppid === parent);
  if (read(parent, 'cmdline').split('\0')[1] !== '-c') return;
  const npm = parentOf(parent);
  endUnless(() => parentOf(parent) === npm);
}

function endUnless(isThere) {
  const timer = setInterval(() => {
    if (isThere()) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, LOOK_MS);
  timer.unref();
}

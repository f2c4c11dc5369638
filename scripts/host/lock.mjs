import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';

/** No work under a lock takes longer; of an owner that cannot be asked, this is all that is known. */
const LONGEST_MS = 20 * 60_000;
/** An owner writes its name at once: a lock without one that is older was left half made. */
const NAMELESS_MS = 10_000;

/**
 * Does work while no other process that asks for the same lock does; says once that it waits. The lock is a folder,
 * since making one either succeeds or fails everywhere, and that of a process that has died is taken over.
 */
export async function withLock(lock, waiting, work) {
  mkdirSync(path.dirname(lock), { recursive: true });
  let told = false;
  while (!take(lock)) {
    if (removeStale(lock)) continue;
    if (!told) console.error(waiting);
    told = true;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function take(lock) {
  try {
    mkdirSync(lock);
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
  writeFileSync(path.join(lock, 'owner'), `${process.pid} ${hostname()}`);
  return true;
}

/** Who holds a lock, and for how long; undefined when it has just been given back. */
function look(lock) {
  try {
    const ageMs = Date.now() - statSync(lock).mtimeMs;
    try {
      return { owner: readFileSync(path.join(lock, 'owner'), 'utf8'), ageMs };
    } catch {
      return { owner: '', ageMs };
    }
  } catch {
    return undefined;
  }
}

function isStale({ owner, ageMs }) {
  if (owner === '') return ageMs > NAMELESS_MS;
  const [pid, host] = owner.split(' ');
  if (host !== hostname()) return ageMs > LONGEST_MS;
  try {
    process.kill(Number(pid), 0);
    return ageMs > LONGEST_MS; // its number may have been given to another process
  } catch (error) {
    return error.code === 'ESRCH';
  }
}

/** Takes a dead owner's lock out of the way; true when it is worth trying again at once. */
function removeStale(lock) {
  const seen = look(lock);
  if (!seen) return true;
  if (!isStale(seen)) return false;
  const aside = `${lock}.${process.pid}`;
  try {
    renameSync(lock, aside);
  } catch {
    return true; // another one was faster
  }
  // Between the look and the move another waiter may have made it its own: then it is put back.
  if (look(aside)?.owner === seen.owner) rmSync(aside, { recursive: true, force: true });
  else renameSync(aside, lock);
  return true;
}

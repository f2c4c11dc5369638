import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { run, startReadyServer, startServer } from './processes.mjs';

const GUARD = fileURLToPath(new URL('guard.mjs', import.meta.url));
const SWEEP = fileURLToPath(new URL('sweep.mjs', import.meta.url));
/** Out of reach of the terminal's signals: Ctrl-C is heard by the script, which ends its programs in order. */
const OWN_GROUP = { detached: process.platform !== 'win32' };

/**
 * A program as one that ends, with all that it starts, when this process ends, were it by SIGKILL: command, arguments
 * and options for `spawn`.
 */
export function guarded(command, args, { stdio = ['ignore', 'inherit', 'inherit'], ...options } = {}) {
  const [, out, err] = stdio;
  return [process.execPath, [GUARD, command, ...args], { ...options, ...OWN_GROUP, stdio: ['pipe', out, err] }];
}

const server = (command, args, options) => guarded(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });

/** As `run`, of a program that ends with this process. */
export const runGuarded = (command, args, options) => run(...guarded(command, args, options));

/** As `startServer` and `startReadyServer`, of servers that end with this process. */
export const startGuarded = (command, args, options, test) => startServer(...server(command, args, options), test);
export const startReadyGuarded = (command, args, options, test) =>
  startReadyServer(...server(command, args, options), test);

/** Held, since the pipe of one that is forgotten is closed. */
const sweepers = new Set();

/** Has a folder removed when this process ends, however that is, and a log that is empty then, if there is one. */
export function sweepAtEnd(folder, log) {
  const child = spawn(process.execPath, [SWEEP, folder, ...(log ? [log] : [])], {
    ...OWN_GROUP,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.once('error', (error) => console.error(`${folder} has to be removed by hand at the end: ${error.message}`));
  child.stdin.on('error', () => undefined);
  child.stdin.unref();
  sweepers.add(child);
  child.unref();
}

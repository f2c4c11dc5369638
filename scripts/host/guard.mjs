// node guard.mjs PROGRAM ARGUMENT…: runs a program in a group of processes that ends with whoever started this one,
// however that ends: its standard input tells. What the program has started and left behind ends with it.
import { spawn } from 'node:child_process';

/** Shorter than the patience of those who end this one. */
const END_MS = 4000;

const [command, ...args] = process.argv.slice(2);
const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });

/** The group is our own where we were started detached. */
function signalGroup(signal) {
  try {
    process.kill(-process.pid, signal);
  } catch {
    child.kill(signal);
  }
}

let asked = false;
function end() {
  if (asked) return;
  asked = true;
  signalGroup('SIGTERM');
  setTimeout(() => signalGroup('SIGKILL'), END_MS);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, end);
process.stdin.on('end', end).on('error', end).resume();
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
child.once('error', (error) => {
  console.error(error.message);
  process.exit(127);
});
child.once('exit', (code, signal) => {
  if (asked) signalGroup('SIGKILL');
  process.exit(signal ? 1 : (code ?? 1));
});

import { spawn } from 'node:child_process';
import { setInterval } from 'node:timers';

/**
 * Resolves when the demo is to end: by a signal, or where npm started us, when npm is gone: a signal to npm alone, or
 * its kill, would leave us behind without a terminal.
 */
export function interruption() {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, resolve);
    // A terminal that is closed takes no more words; that is no failure.
    for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
    if (process.env.npm_lifecycle_event === undefined || process.platform === 'win32') return;
    const parent = process.ppid;
    setInterval(() => process.ppid !== parent && resolve(), 500).unref();
  });
}

/**
 * Runs a program of ours that takes `--with-parent` until it ends, or is asked to; resolves with its exit code. It ends
 * in order when its standard input does, which also tells of a signal that it does not get, and of our own kill.
 */
export function runWithParent(program, interrupted) {
  const child = spawn(process.execPath, [...program, '--with-parent'], { stdio: ['pipe', 'inherit', 'inherit'] });
  child.stdin.on('error', () => undefined);
  void interrupted.then(() => child.stdin.end());
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(signal ? 1 : (code ?? 1)));
  });
}

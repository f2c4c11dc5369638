import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { guarded } from '../host/guarded.mjs';
import { root } from '../host/node24.mjs';

const TAIL_LINES = 40;
const SCRIPT = path.join(root, 'scripts/test-real.mjs');

/**
 * Runs rows of parts side by side, those of a row one after the other: each part is a process of its own whose lines bear
 * its name. Resolves with the counts and the last lines of each. On SIGINT or SIGTERM those that run end first.
 */
export async function runSideBySide(rows) {
  const running = new Set();
  let interrupted = false;
  const runRow = async (names) => {
    const results = [];
    for (const name of names) {
      if (interrupted) break;
      const part = start(name);
      running.add(part);
      results.push(await part.ended);
      running.delete(part);
    }
    return results;
  };
  const interrupt = () => {
    interrupted = true;
    for (const { child } of running) child.kill('SIGTERM');
  };
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, interrupt);
  const results = await Promise.all(rows.map(runRow));
  for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, interrupt);
  if (interrupted) process.exit(130);
  return results.flat();
}

function start(name) {
  const options = { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] };
  const child = spawn(...guarded(process.execPath, [SCRIPT, name], options));
  let count = { passed: 0, failed: 1, skipped: 0 };
  const tail = [];
  const hear = (line) => {
    console.log(`${name} | ${line}`);
    tail.push(line);
    if (tail.length > TAIL_LINES) tail.shift();
    const [, found] = line.match(new RegExp(`^${name}: (\\{.*\\}) in \\d+ s$`)) ?? [];
    if (found) count = JSON.parse(found);
  };
  for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', hear);
  const ended = new Promise((resolve) => {
    child.once('error', (error) => hear(error.message));
    child.once('close', (code) =>
      resolve({ name, tail, ...count, failed: Math.max(count.failed, code === 0 ? 0 : 1) }),
    );
  });
  return { child, ended };
}

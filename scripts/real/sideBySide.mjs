import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { guarded } from '../host/guarded.mjs';
import { root } from '../host/node24.mjs';

const TAIL_LINES = 40;
const SCRIPT = path.join(root, 'scripts/test-real.mjs');

/**
 * Runs parts side by side, each as a process of its own whose lines bear its name; resolves with the counts and the last
 * lines of each. On SIGINT or SIGTERM they end first.
 */
export async function runSideBySide(names) {
  const children = names.map((name) => start(name));
  const interrupted = () => {
    for (const { child } of children) child.kill('SIGTERM');
    void Promise.all(children.map(({ ended }) => ended)).then(() => process.exit(130));
  };
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, interrupted);
  const results = await Promise.all(children.map(({ ended }) => ended));
  for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, interrupted);
  return results;
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

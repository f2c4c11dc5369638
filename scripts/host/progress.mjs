import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { clearInterval, setInterval } from 'node:timers';
import { guarded } from './guarded.mjs';

const TICK_MS = 1000;
/** Between two lines where nothing can be overwritten. */
const LINE_MS = 10_000;
const TAIL_LINES = 30;

/**
 * Says what is being done, and for how long: on a terminal in one line that ticks, elsewhere in a line every ten
 * seconds. `detail` says what it is at.
 */
export async function step(title, work, detail = () => '') {
  const out = process.stderr; // standard output is the command's own
  const started = Date.now();
  const seconds = () => Math.round((Date.now() - started) / 1000);
  const now = () => [`${seconds()} s`, detail()].filter(Boolean).join(', ');
  const tick = () => {
    if (out.isTTY) out.write(`\r\x1b[K${`> ${title}: ${now()}`.slice(0, (out.columns || 80) - 1)}`);
    else console.error(`  ${title}: ${now()}`);
  };
  if (!out.isTTY) console.error(`> ${title}`);
  else tick();
  const timer = setInterval(tick, out.isTTY ? TICK_MS : LINE_MS);
  const end = (how) => {
    clearInterval(timer);
    console.error(`${out.isTTY ? '\r\x1b[K' : ''}> ${title}: ${how} ${seconds()} s`);
  };
  try {
    const result = await work();
    end('done in');
    return result;
  } catch (error) {
    end('failed after');
    throw error;
  }
}

/**
 * Runs a program as a step, with all that it says in a log; rejects with the log's end and its path where it fails.
 * `detail` makes of the log what it is at; by default its last line.
 */
export async function runLogged(title, [command, args, options = {}], log, detail = lastLine) {
  mkdirSync(path.dirname(log), { recursive: true });
  const file = openSync(log, 'w');
  const text = () => readFileSync(log, 'utf8');
  try {
    await step(
      title,
      async () => {
        const code = await new Promise((resolve, reject) => {
          const child = spawn(...guarded(command, args, { ...options, stdio: ['ignore', file, file] }));
          child.once('error', reject);
          child.once('exit', (exit) => resolve(exit ?? 1));
        });
        if (code !== 0) throw new Error(failure(`${path.basename(command)} ended with exit code ${code}`, log));
      },
      () => detail(text()),
    );
  } finally {
    closeSync(file);
  }
}

/** What failed, with the end of its log. */
export function failure(what, log) {
  const tail = readFileSync(log, 'utf8').trimEnd().split('\n').slice(-TAIL_LINES);
  return [`${what}. The end of its log:`, ...tail.map((line) => `  ${line}`), `The whole log: ${log}`].join('\n');
}

/** The last line that says something, without what colours it. */
function lastLine(text) {
  // eslint-disable-next-line no-control-regex -- that is what colours are
  const lines = text.replace(/\x1b\[[0-9;]*[A-Za-z]/g, '').split(/[\r\n]+/);
  return lines.findLast((line) => line.trim() !== '')?.trim() ?? '';
}

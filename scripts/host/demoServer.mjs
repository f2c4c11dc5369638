import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { whyNoBed } from '../bed/programs.mjs';
import { root } from './node24.mjs';
import { whyNoPrometheus } from './prometheus.mjs';

/** Which database the arguments of a demo ask for: `simulator`, or an engine of the bed. */
export function engineOf(args) {
  const { values } = parseArgs({ args, strict: false, options: { engine: { type: 'string' } } });
  return values.engine ?? 'simulator';
}

/** Why the demo cannot run here on what its arguments ask for, in one line; undefined when it can. */
export function whyNoDemo(args) {
  const engine = engineOf(args);
  if (engine === 'simulator') return undefined;
  if (engine !== 'seekdb') return `--engine takes simulator or seekdb, not ${JSON.stringify(engine)}`;
  return whyNoBed(engine) ?? whyNoPrometheus();
}

/** The arguments that are left when the engine is known. */
export function withoutEngine(args) {
  return args.filter((arg, i) => !/^--engine(=|$)/.test(arg) && args[i - 1] !== '--engine');
}

/** The program that serves a demo cluster, with its arguments. */
export function demoProgram(args) {
  return engineOf(args) === 'simulator'
    ? [path.join(root, 'dist/demo.js'), ...withoutEngine(args)]
    : [path.join(root, 'scripts/bed.mjs'), ...args];
}

/** The simulator is quick but for many nodes; real databases are fetched and compiled at first, and filled each time. */
const SIMULATED = { startMs: 5 * 60_000, endMs: 5000, restarts: 3, shown: false };
const REAL = { startMs: 20 * 60_000, endMs: 60_000, restarts: 0, shown: true };

const silent = { restarting: () => undefined, restarted: () => undefined, gaveUp: () => undefined };

/** Built before any script runs. */
const keeperBundle = () => createRequire(import.meta.url)('../../dist/keeper.js');

/**
 * A keeper of the embedded cluster as a process, whose directory is made when it starts and removed at its end. With
 * `news` it is started again when it ends by itself, where that is quick.
 */
export function keepDemo(args, { directory, logFile, news } = {}) {
  const own = directory ?? path.join(tmpdir(), `distdiag-demo-${randomUUID()}`);
  return keeperBundle().createDemoKeeper({
    ...(engineOf(args) === 'simulator' ? SIMULATED : REAL),
    ...(news ? {} : { restarts: 0 }),
    news: news ?? silent,
    command: process.execPath,
    args: demoProgram(['--serve', ...args]),
    directory: own,
    logFile: logFile ?? `${own}.log`,
  });
}

/** Starts the embedded cluster as a process; resolves with its facts. */
export async function startDemo(args = []) {
  const keeper = keepDemo(args);
  const stop = () => keeper.stop();
  try {
    return { facts: await keeper.start(), stop };
  } catch (error) {
    await stop();
    throw startError(error);
  }
}

/** Why it did not start, with all that is known. */
export function startError(error) {
  return new Error([`The demo cluster did not start: ${error.message}`, ...endLines(error.end)].join('\n'));
}

/** How it ended, in a few words. */
export const endText = (end) => keeperBundle().endText(end);

/** What is known of how a demo cluster ended, line by line. */
export function endLines(end) {
  if (!end || end.lastLines.length === 0) return [];
  return ['Its last lines:', ...end.lastLines.map((line) => `  ${line}`), `All of them: ${end.logFile}`];
}

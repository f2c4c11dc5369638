import path from 'node:path';
import { parseArgs } from 'node:util';
import { whyNoBed } from '../bed/programs.mjs';
import { root } from './node24.mjs';
import { startServer } from './processes.mjs';
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

/** Real databases are fetched and compiled at first, filled each time, and taken down in order. */
const BED = { limitMs: 20 * 60_000, endMs: 60_000 };

/** Starts the embedded cluster as a process; resolves with its facts. */
export async function startDemo(args = []) {
  const real = engineOf(args) !== 'simulator';
  const server = startServer(
    process.execPath,
    demoProgram(['--serve', ...args]),
    // What takes minutes says how far it is.
    { cwd: root, ...(real ? { stdio: ['ignore', 'pipe', 'inherit'] } : {}) },
    (line) => (line.startsWith('{"kubeconfig"') ? JSON.parse(line) : undefined),
    ...(real ? [BED.limitMs, BED.endMs] : []),
  );
  try {
    return { facts: await server.ready, stop: server.stop };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

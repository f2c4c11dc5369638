import { fork, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createDemoKeeper, type KeeperOptions } from '../../../src/adapters/demo/index';
import { connect } from '../../../src/adapters/kubernetes/index';
import { systemClock } from '../../../src/core/base/clock';
import { DemoStartError, type DemoEnd, type DemoFacts, type DemoKeeper } from '../../../src/core/cluster/demoCluster';
import { ExperimentStore } from '../../../src/core/experiments/store';
import { silentLog } from '../../support';
import { isLive, seen } from './scene';
import { until } from '../../until';
import { runs } from '../../runs';
import { temporaryFolder } from '../../temporary';

const directory = temporaryFolder('keeper');
let turn = 0;
const opened: DemoKeeper[] = [];

/** In the cluster's process: says its id, and fails as it is told by signals. */
const HOOK = `
const { renameSync, writeFileSync } = require('node:fs');
writeFileSync(process.env.PID_FILE + '.new', String(process.pid));
renameSync(process.env.PID_FILE + '.new', process.env.PID_FILE);
process.on('SIGUSR2', () => { throw new TypeError('this was not foreseen'); });
process.on('SIGWINCH', () => process.exit(1));
process.on('SIGIO', () => { const all = []; for (;;) all.push(new Array(1e5).fill({}).map(() => ({}))); });
if (process.env.FAILS) { console.error('no luck today'); process.exit(3); }
`;

/** A program that keeps a cluster, as the editor or a terminal does. */
const PARENT = `
const { createDemoKeeper } = require('./keeper.cjs');
const keeper = createDemoKeeper({ ...JSON.parse(process.argv[2]), news: {} });
keeper.start().then(() => process.send('answers'));
`;

beforeAll(async () => {
  const root = path.join(__dirname, '..', '..', '..', 'src');
  const common = { bundle: true, platform: 'node', format: 'cjs', logLevel: 'silent' } as const;
  const outfile = (name: string): string => path.join(directory, name);
  await build({ ...common, entryPoints: [path.join(root, 'demo/main.ts')], outfile: outfile('demo.cjs') });
  await build({ ...common, entryPoints: [path.join(root, 'adapters/demo/index.ts')], outfile: outfile('keeper.cjs') });
  writeFileSync(outfile('hook.cjs'), HOOK);
  writeFileSync(outfile('parent.cjs'), PARENT);
});

afterEach(async () => {
  for (const keeper of opened.splice(0)) await keeper.stop();
});

/** Where the n-th cluster of these tests has its files. */
interface Place {
  options: Omit<KeeperOptions, 'news'>;
  pid(): number;
}

function place(env: NodeJS.ProcessEnv = {}, more: Partial<KeeperOptions> = {}): Place {
  const own = path.join(directory, String((turn += 1)));
  const pidFile = `${own}.pid`;
  return {
    options: {
      command: process.execPath,
      args: [
        '--max-old-space-size=96',
        '-r',
        path.join(directory, 'hook.cjs'),
        path.join(directory, 'demo.cjs'),
        '--serve',
        '--nodes',
        '2',
      ],
      env: { ...process.env, ...env, PID_FILE: pidFile },
      directory: own,
      logFile: `${own}.log`,
      restarts: 3,
      startMs: 50_000,
      endMs: 10_000,
      pauseMs: 20,
      ...more,
    },
    pid: () => Number(readFileSync(pidFile, 'utf8')),
  };
}

/** A keeper with its news, each to be awaited in turn. */
class Kept {
  readonly keeper: DemoKeeper;
  readonly #told: ['restarting' | 'gaveUp', DemoEnd][] = [];
  readonly #back: DemoFacts[] = [];

  constructor(options: Place['options']) {
    this.keeper = createDemoKeeper({
      ...options,
      news: {
        restarting: (end) => void this.#told.push(['restarting', end]),
        restarted: (facts) => void this.#back.push(facts),
        gaveUp: (end) => void this.#told.push(['gaveUp', end]),
      },
    });
    opened.push(this.keeper);
  }

  end = (): Promise<['restarting' | 'gaveUp', DemoEnd]> => next(this.#told);
  restarted = (): Promise<DemoFacts> => next(this.#back);
}

async function next<T>(queue: T[]): Promise<T> {
  await until('news of the cluster', () => queue.length > 0, 60_000);
  return queue.shift() as T;
}

describe('a demo cluster that ends by itself', () => {
  it.each([
    ['is killed', 'SIGKILL', { signal: 'SIGKILL' }, undefined],
    ['meets an error that nobody foresaw', 'SIGUSR2', { code: 70 }, /error of its own.*\n.*this was not foreseen/s],
    ['exits', 'SIGWINCH', { code: 1 }, undefined],
    ['has its memory full', 'SIGIO', { signal: 'SIGABRT', outOfMemory: true }, /heap out of memory/],
  ] as const)('and %s is the same one again to the editors that watch it', async (_, signal, wanted, words) => {
    const { options, pid } = place();
    const kept = new Kept(options);
    const facts = await kept.keeper.start();
    const kubeconfig = readFileSync(facts.kubeconfig, 'utf8');
    const connection = await connect({
      kubeconfigPath: facts.kubeconfig,
      trusted: true,
      log: silentLog,
      maxBackoffMs: 50,
    });
    const store = new ExperimentStore({ gateway: connection.experiments, clock: systemClock });
    await seen(store, isLive);
    const watching = store.subscribe(() => undefined);
    const before = pid();

    process.kill(before, signal);
    const [what, end] = await kept.end();
    expect(what).toBe('restarting');
    expect(end).toMatchObject({ code: undefined, signal: undefined, outOfMemory: false, ...wanted });
    expect(end.lastLines.length).toBeLessThanOrEqual(20);
    if (words) expect(end.lastLines.join('\n')).toMatch(words);
    if (words) expect(readFileSync(end.logFile, 'utf8')).toMatch(words);
    expect(await kept.restarted()).toEqual(facts);
    expect(readFileSync(facts.kubeconfig, 'utf8')).toBe(kubeconfig);
    expect(pid()).not.toBe(before);
    await seen(store, isLive);
    expect((await fetch(`${facts.prometheusUrl}/-/healthy`)).status).toBe(200);

    watching.dispose();
    store.dispose();
    connection.dispose();
    await kept.keeper.stop();
    expect(runs(pid())).toBe(false);
    expect(existsSync(options.directory)).toBe(false);
    expect(existsSync(options.logFile)).toBe(words !== undefined); // where it says why
  });

  it('too often is given up, with its last words', async () => {
    const { options, pid } = place({}, { restarts: 1 });
    const kept = new Kept(options);
    await kept.keeper.start();
    process.kill(pid(), 'SIGKILL');
    expect((await kept.end())[0]).toBe('restarting');
    await kept.restarted();
    process.kill(pid(), 'SIGUSR2');
    const [what, end] = await kept.end();
    expect([what, end.code]).toEqual(['gaveUp', 70]);
    await kept.keeper.stop();
    expect(existsSync(options.directory)).toBe(false);
  });

  it('before it answers is told with its last words, and leaves its log only', async () => {
    const { options } = place({ FAILS: '1' });
    const { keeper } = new Kept(options);
    const failure: unknown = await keeper.start().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(DemoStartError);
    expect((failure as DemoStartError).end).toMatchObject({ code: 3, lastLines: ['no luck today'] });
    await keeper.stop();
    expect(existsSync(options.directory)).toBe(false);
    expect(readFileSync(options.logFile, 'utf8')).toBe('no luck today\n');
  });
});

describe('a demo cluster that is ended', () => {
  it('leaves nothing, whether it answers yet or not', async () => {
    for (const answers of [true, false]) {
      const { options, pid } = place();
      const { keeper } = new Kept(options);
      const start = keeper.start().catch((error: unknown) => error);
      if (answers) await start;
      else await until('the process has started', () => existsSync(`${options.directory}.pid`));
      await keeper.stop();
      if (!answers) expect(await start).toMatchObject({ stopped: true });
      expect(runs(pid())).toBe(false);
      expect(existsSync(options.directory)).toBe(false);
      expect(existsSync(options.logFile)).toBe(false);
    }
  });

  it('by the end of the program that keeps it, however that ends, leaves no process and no kubeconfig', async () => {
    for (const answers of [true, false]) {
      const { options, pid } = place();
      const parent: ChildProcess = fork(path.join(directory, 'parent.cjs'), [JSON.stringify(options)]);
      if (answers) await new Promise((resolve) => parent.once('message', resolve));
      else await until('the process has started', () => existsSync(`${options.directory}.pid`));
      parent.kill('SIGKILL');
      await until('the process has ended', () => !runs(pid()));
      expect(existsSync(options.directory)).toBe(false);
    }
  });
});

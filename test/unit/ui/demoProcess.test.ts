import { rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { DemoStartError, type DemoEnd, type DemoFacts } from '../../../src/core/cluster/demoCluster';
import { startDemoClusterCommand } from '../../../src/ui/commands/cluster/cluster';
import type { CommandContext } from '../../../src/ui/commands/context';
import { DemoProcess, type DemoParts } from '../../../src/ui/demoProcess';
import { desk } from '../editor/desk';
import { keepingLog } from '../connection/keepingLog';

const FACTS: DemoFacts = {
  kubeconfig: '/demo/kubeconfig',
  prometheusUrl: 'http://127.0.0.1:1',
  namespace: 'oceanbase',
};
const END: DemoEnd = {
  code: 70,
  signal: undefined,
  outOfMemory: false,
  ranMs: 12_345,
  lastLines: ['TypeError: this was not foreseen'],
  logFile: '/logs/demo-cluster.log',
};

let given: Parameters<DemoParts['keep']>[0];
let stopped: number;
const directories: string[] = [];
let start: () => Promise<DemoFacts>;
let log: ReturnType<typeof keepingLog>;
let demo: DemoProcess;
const onEnd = vi.fn();

beforeEach(() => {
  desk.clear();
  onEnd.mockClear();
  stopped = 0;
  start = () => Promise.resolve(FACTS);
  log = keepingLog();
  demo = new DemoProcess({
    root: '/extension',
    logFolder: '/logs',
    log: log.log,
    keep: (options) => {
      given = options;
      directories.push(options.directory);
      return { start: () => start(), stop: () => Promise.resolve(void (stopped += 1)) };
    },
  });
});

afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
});

const told = (): Promise<unknown> => new Promise((resolve) => setImmediate(resolve));

it('a demo cluster that ended and is started again stays in use, and its end is told and logged', async () => {
  expect(await demo.start(onEnd)).toEqual(FACTS);
  desk.answers.push('Show Log');
  given.news.restarting(END, 1, 3);
  await told();
  expect(desk.texts().join('\n')).toContain('exited (exit code 70) and is being restarted');
  expect(desk.commands).toContainEqual(['distdiag.showLog']);
  const lines = log.text();
  for (const words of ['after 12 s', 'this was not foreseen', '/logs/demo-cluster.log']) expect(lines).toContain(words);
  expect([demo.facts, onEnd.mock.calls.length, stopped]).toEqual([FACTS, 0, 0]);
});

it('one that ended too often is left, taken away, and offered again', async () => {
  await demo.start(onEnd);
  desk.answers.push('Start Again');
  given.news.gaveUp({ ...END, code: undefined, signal: 'SIGKILL' });
  await told();
  expect(desk.texts().join('\n')).toContain('(signal SIGKILL)');
  expect(desk.commands).toContainEqual(['distdiag.startDemoCluster']);
  expect([demo.facts, onEnd.mock.calls.length, stopped]).toEqual([undefined, 1, 1]);
});

it('nothing goes on in another cluster where it has ended, until a person chooses one', async () => {
  let ended = (): void => undefined;
  const sessions = { useDemo: vi.fn(), reopen: vi.fn() };
  const starting = (onLost: () => void): Promise<typeof FACTS> => ((ended = onLost), Promise.resolve(FACTS));
  await startDemoClusterCommand.run({ demo: { start: starting }, sessions } as unknown as CommandContext);
  ended();
  expect(sessions.useDemo.mock.calls).toEqual([[FACTS]]);
  expect(sessions.reopen).toHaveBeenCalledOnce();
});

it('one that is started while the one before still ends has a log and a directory of its own', async () => {
  await demo.start(onEnd);
  const before = given;
  demo.dispose();
  await demo.start(onEnd);
  expect(given.logFile).not.toBe(before.logFile);
  expect(given.directory).not.toBe(before.directory);
});

it('nothing is told of one that was stopped meanwhile', async () => {
  await demo.start(onEnd);
  demo.dispose();
  given.news.restarting(END, 1, 3);
  given.news.gaveUp(END);
  await told();
  expect([desk.texts(), onEnd.mock.calls.length, stopped]).toEqual([[], 0, 1]);
});

it('one that does not start says why, and one that was stopped meanwhile is no error to be shown', async () => {
  start = () => Promise.reject(new DemoStartError('it ended', { end: { ...END, outOfMemory: true } }));
  await expect(demo.start(onEnd)).rejects.toMatchObject({
    code: 'internal',
    message: expect.stringContaining('out of memory') as string,
  });
  expect(stopped).toBe(1);
  start = () => Promise.reject(new DemoStartError('stopped', { stopped: true }));
  await expect(demo.start(onEnd)).rejects.toMatchObject({ code: 'cancelled' });
});

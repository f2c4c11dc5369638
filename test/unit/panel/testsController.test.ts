import { beforeEach, expect, it } from 'vitest';
import { AppError } from '../../../src/core/base/errors';
import type { MetricFrame } from '../../../src/core/metrics/series';
import type { MonitorState } from '../../../src/core/monitoring/monitorState';
import type { TestRun } from '../../../src/core/resilience/runs/testRun';
import type { TestHostMessage } from '../../../src/shared/testMessages';
import { TestsController, type TestsSession } from '../../../src/ui/panel/testsController';
import { target } from '../cluster/targets';
import { settle, silentLog } from '../../support';

const run = (id: string, atMs: number, pods: string[] = ['n0']): TestRun => ({
  id,
  where: 'dev https://one',
  context: 'dev',
  scenario: 'busy',
  verdict: 'passed',
  reason: undefined,
  phases: { before: { fromMs: atMs - 300_000, toMs: atMs }, faultFromMs: atMs, faultToMs: atMs, endMs: atMs + 60_000 },
  steps: [{ fault: 'cpu_stress', pods, parameters: {} }],
  outcomes: [{ name: 'throughput', state: 'passed', expected: 'e', seen: 's', worst: 5, recoveryMs: 1000 }],
});
const BEFORE = run('before', 10_000_000);
const NOW = run('now', 90_000_000);

let posted: TestHostMessage[];
let ran: unknown[][];
let kept: TestRun[];
let changed: (() => void)[];
let asked: {
  fromMs: number;
  toMs: number;
  signal: AbortSignal;
  answer: (frame: MetricFrame) => void;
  fail: (error: Error) => void;
}[];
let side: TestsController;
let session: TestsSession;

const none = { dispose: () => undefined };
beforeEach(() => {
  posted = [];
  ran = [];
  kept = [];
  changed = [];
  asked = [];
  const listen = (listener: () => void): typeof none => (changed.push(listener), none);
  side = new TestsController({
    log: silentLog,
    post: (message) => posted.push(message),
    run: (...args) => ran.push(args),
    history: { entries: [], load: () => Promise.resolve(), onDidChange: listen as never },
    testRuns: { of: () => Promise.resolve(kept), onDidChange: listen as never },
  });
  session = {
    context: 'dev',
    server: 'https://one',
    monitor: {
      state: { targets: [target({ pod: 'n0' }), target({ pod: 'n1' })] } as unknown as MonitorState,
      subscribe: () => none,
    },
    past: {
      frame: (fromMs, toMs, signal) =>
        new Promise((answer, fail) =>
          asked.push({ fromMs, toMs, signal: signal as AbortSignal, answer, fail: fail as (error: Error) => void }),
        ),
    },
  };
});

const frame = (timestamps: number[], values: number[]): MetricFrame => ({
  timestamps: Float64Array.from(timestamps),
  stepMs: 15_000,
  nodes: ['n0', 'n1'],
  series: [
    { metric: 'cpu.used', node: 'n0', values: Float64Array.from(values) },
    { metric: 'cpu.used', node: 'n1', values: Float64Array.from(values, () => NaN) },
  ],
  problems: [],
});
const comparisons = (): Extract<TestHostMessage, { type: 'comparison' }>['comparison'][] =>
  posted.flatMap((one) => (one.type === 'comparison' ? [one.comparison] : []));

it('tells the coverage at once, and again only when it changed', async () => {
  side.follow(session);
  await settle();
  expect(posted).toHaveLength(1);
  expect(posted[0]).toMatchObject({
    type: 'coverage',
    coverage: { tried: 0, targets: [{ name: 'n0' }, { name: 'n1' }] },
  });
  changed.forEach((listener) => listener());
  await settle();
  expect(posted).toHaveLength(1);
  kept = [NOW];
  changed[1]?.();
  await settle();
  const [, again] = posted;
  expect(again).toMatchObject({ type: 'coverage', coverage: { tried: 1 } });
  const row = again?.type === 'coverage' ? again.coverage?.rows.find(({ fault }) => fault === 'cpu_stress') : undefined;
  expect(row).toMatchObject({ title: 'CPU stress', cells: [{ state: 'passed' }, { state: 'never' }] });
});

it('tells what was tried on the leader, and what was imported, where that is known', async () => {
  const [step] = NOW.steps;
  kept = [{ ...NOW, steps: [{ ...step!, leader: 'n0' }], imported: { from: 'ci.json', at: 1 } }];
  side.follow(session);
  await settle();
  const [told] = posted;
  const row = told?.type === 'coverage' ? told.coverage?.rows.find(({ fault }) => fault === 'cpu_stress') : undefined;
  expect(row?.cells[0]?.strengths).toMatchObject([{ onLeader: true, importedFrom: 'ci.json' }]);
  expect(row?.onLeader).toMatchObject({ state: 'passed', strengths: [{ title: 'Default' }] });
});

it('puts the earlier run on the time of the later one', async () => {
  side.follow(session);
  side.compare(BEFORE, NOW);
  expect(comparisons()[0]).toMatchObject({
    title: 'busy',
    ghosts: undefined,
    rows: [{ name: 'throughput', change: 'same', before: { worst: 5 }, now: { recoveryMs: 1000 } }],
  });
  const [question] = asked;
  expect(question).toMatchObject({ fromMs: 10_000_000 - 120_000, toMs: 10_060_000 });
  question?.answer(frame([1000, 10_000_000, 10_015_000], [1, 2, 3]));
  await settle();
  const ghosts = comparisons().at(-1)?.ghosts;
  expect([...(ghosts?.timestamps ?? [])]).toEqual([90_000_000, 90_015_000]);
  expect(ghosts?.series.map(({ node, values }) => [node, [...values]])).toEqual([['n0', [2, 3]]]);
  expect(new Set(comparisons().map((one) => one?.id)).size).toBe(1);
});

it('says why the earlier run cannot be drawn', async () => {
  side.follow(session);
  side.compare(BEFORE, NOW);
  asked[0]?.fail(new AppError('timeout', 'Prometheus did not answer.'));
  await settle();
  expect(comparisons().at(-1)).toMatchObject({ problem: 'Prometheus did not answer.', ghosts: undefined });
});

it('shows what was asked for before the page was there, and again when it is back', async () => {
  side.compare(BEFORE, NOW);
  expect(posted).toEqual([]);
  side.follow(session);
  expect(comparisons()).toHaveLength(1);
  side.stop();
  expect(asked[0]?.signal.aborted).toBe(true);
  side.follow(session);
  asked[1]?.answer(frame([10_000_000], [2]));
  await settle();
  expect(comparisons().at(-1)?.ghosts?.series).toHaveLength(1);
});

it('ends a comparison when it is asked to, and an answer that comes later is dropped', async () => {
  side.follow(session);
  side.compare(BEFORE, NOW);
  side.handle({ type: 'endComparison' });
  asked[0]?.answer(frame([10_000_000], [2]));
  await settle();
  expect(comparisons().at(-1)).toBeUndefined();
});

it('passes on what is asked of commands', () => {
  side.handle({ type: 'testUntried', cell: undefined });
  side.handle({ type: 'testUntried', cell: { fault: 'cpu_stress', target: 'n1' } });
  side.handle({ type: 'compareRuns' });
  expect(ran).toEqual([
    ['distdiag.testUntried'],
    ['distdiag.testUntried', { fault: 'cpu_stress', target: 'n1' }],
    ['distdiag.compareTestRuns'],
  ]);
});

import { beforeEach, describe, expect, it } from 'vitest';
import type { RankedMoments } from '../../../src/core/diagnosis/rankSeries';
import type { Diagnosis, RankSeries } from '../../../src/core/diagnosis/types';
import { diagnosisState } from '../../../src/core/monitoring/diagnosisState';
import { AppError, isAbort } from '../../../src/core/base/errors';
import { ExperimentStore } from '../../../src/core/experiments/store';
import { timeAxis } from '../../../src/core/metrics/axis';
import type { FrameRequest, MetricFrame } from '../../../src/core/metrics/series';
import { createMonitor, type Monitor } from '../../../src/core/monitoring/monitor';
import type { MonitorState } from '../../../src/core/monitoring/monitorState';
import type { DatabasePod } from '../../../src/core/cluster/databasePod';
import { DEMO_QUERY, ManualClock, settle, silentLog } from '../../support';
import { CREATED, experiment } from '../experiments/experiments';
import { FakeGateway } from '../injection/fakes';
import { target } from '../cluster/targets';

const REFRESH = 15_000;
const WINDOW = 30 * 60_000;
const diagnosis = { healthy: true, unjudged: [], lost: [], nodes: [] } as unknown as Diagnosis;
const ranks = { nodes: [] } as unknown as RankSeries;

let clock: ManualClock;
let gateway: FakeGateway;
let monitor: Monitor;
let targets: DatabasePod[];
let gone: DatabasePod[];
let metricCount: number;
let analysed: { frame: MetricFrame; ranked: RankedMoments }[];
let pendingCalls: number;
let requests: FrameRequest[];
let signals: AbortSignal[];
let answer: (request: FrameRequest) => Promise<MetricFrame>;

function frame(request: FrameRequest, value = 1): MetricFrame {
  const timestamps = timeAxis(request.fromMs, request.toMs, request.stepMs);
  const values = new Float64Array(timestamps.length).fill(value);
  return {
    timestamps,
    stepMs: request.stepMs,
    nodes: request.targets.map(({ pod }) => pod),
    series: request.targets.map(({ pod }) => ({ metric: 'cpu.used', node: pod, values })),
    problems: [],
  };
}

beforeEach(() => {
  clock = new ManualClock(CREATED + 7_000);
  gateway = new FakeGateway();
  targets = [target()];
  gone = [];
  metricCount = 1;
  requests = [];
  analysed = [];
  pendingCalls = 0;
  signals = [];
  answer = (request) => Promise.resolve(frame(request));
  monitor = createMonitor({
    targets: { list: () => Promise.resolve(targets), gone: () => gone },
    query: DEMO_QUERY,
    metrics: {
      describe: () =>
        Promise.resolve({
          url: 'http://prometheus',
          profile: 'oceanbase',
          metrics: Array.from({ length: metricCount }, () => ({ metric: 'cpu.used', profile: 'oceanbase' })),
          notes: [],
          version: undefined,
        }),
      fetch: (request, signal) => {
        requests.push(request);
        if (signal) signals.push(signal);
        return answer(request);
      },
    },
    scorer: {
      analyse: (given, ranked) => {
        analysed.push({ frame: given, ranked });
        return Promise.resolve({ ranks: { ...ranks, pending: analysed.length < pendingCalls }, diagnosis });
      },
      info: () => Promise.reject(new Error('not asked')),
      dispose: () => undefined,
    },
    store: new ExperimentStore({ gateway, clock }),
    clock,
    log: silentLog,
    windowMs: 30 * 60_000,
    stepMs: 15_000,
    refreshMs: REFRESH,
  });
});

function follow(): { states: MonitorState[]; dispose(): void } {
  const states: MonitorState[] = [];
  return { states, dispose: monitor.subscribe((state) => states.push(state)).dispose };
}

describe('the monitor', () => {
  it('asks nothing before somebody subscribes', async () => {
    clock.advance(10 * REFRESH);
    await settle();
    expect(requests).toEqual([]);
    expect(monitor.state.health).toEqual({ state: 'idle' });
  });

  it('loads, then is live, with the newest window on whole steps', async () => {
    const { states } = follow();
    await settle();
    expect(states.map(({ health }) => health.state)).toEqual(['idle', 'loading', 'loading', 'live']);
    expect(monitor.state).toMatchObject({ diagnosis, targets, source: { profile: 'oceanbase' } });
    expect(monitor.state.frame?.timestamps).toEqual(timeAxis(CREATED - WINDOW, CREATED, 15_000));
  });

  it('asks in one question for the range and for what its first moment is ranked by', async () => {
    follow();
    await settle();
    expect(requests).toMatchObject([{ fromMs: CREATED - 2 * WINDOW, toMs: CREATED, stepMs: 15_000 }]);
    const [{ frame: given, ranked }] = analysed as [(typeof analysed)[number]];
    expect(given.timestamps[0]).toBe(CREATED - 2 * WINDOW);
    expect(ranked).toEqual({ timestamps: monitor.state.frame?.timestamps, windowMs: WINDOW });
  });

  it('diagnoses and ranks by the configured window and step, whatever range is shown', async () => {
    follow();
    await settle();
    monitor.setRange(180 * 60_000, 60_000);
    await settle();
    expect(requests.slice(-2).map(({ stepMs }) => stepMs)).toEqual([60_000, 15_000]);
    const { frame: given, ranked } = analysed.at(-1) as (typeof analysed)[number];
    expect(given).toMatchObject({ stepMs: 15_000 });
    expect(given.timestamps[0]).toBe(CREATED - 180 * 60_000 - WINDOW);
    expect(ranked.timestamps).toBe(monitor.state.frame?.timestamps);
    expect(monitor.state.frame?.stepMs).toBe(60_000);
  });

  it('does not ask for days of samples to rank a range: its begin is left out', async () => {
    metricCount = 30;
    monitor.setRange(7 * 24 * 3_600_000, 3_600_000);
    follow();
    await settle();
    const [, looking] = requests as [FrameRequest, FrameRequest];
    const steps = (looking.toMs - looking.fromMs) / looking.stepMs;
    expect(30 * steps).toBeLessThanOrEqual(500_000);
    expect(30 * steps).toBeGreaterThan(490_000);
  });

  it('has pods that are gone ranked as peers of the moments when they were there, and does not show them', async () => {
    gone = [target({ pod: 'old' })];
    follow();
    await settle();
    expect(requests[0]?.targets.map(({ pod }) => pod)).toEqual([targets[0]?.pod, 'old']);
    expect(monitor.state.targets).toBe(targets);
  });

  it('lets the scorer rest between the parts of a large range, and shows all of it', async () => {
    pendingCalls = 3;
    follow();
    await settle();
    expect(analysed).toHaveLength(3);
    expect(monitor.state.ranks?.pending).toBe(false);
  });

  it('tells when its picture has become old, though no look has ended or failed', async () => {
    const { states } = follow();
    await settle();
    expect(diagnosisState(monitor.state, clock.now()).state).not.toBe('unknown');
    answer = () => new Promise(() => undefined);
    clock.advance(monitor.state.freshMs);
    await settle();
    const told = states.length;
    clock.advance(1);
    expect(states.length).toBeGreaterThan(told);
    const { updatedAt } = monitor.state.health as { updatedAt: number };
    expect(diagnosisState(monitor.state, clock.now())).toMatchObject({ state: 'unknown', since: updatedAt });
  });

  it('refreshes while it is subscribed, and rests when the last has left', async () => {
    const { dispose } = follow();
    await settle();
    clock.advance(REFRESH);
    await settle();
    expect(requests).toHaveLength(2);
    dispose();
    clock.advance(10 * REFRESH);
    await settle();
    expect(requests).toHaveLength(2);
  });

  it('goes on where it was left', async () => {
    follow().dispose();
    const { states } = follow();
    await settle();
    expect(states.at(-1)?.health.state).toBe('live');
  });

  it('never has two looks under way: a slow one is not overtaken', async () => {
    let finish: () => void = () => undefined;
    answer = (request) => new Promise((resolve) => (finish = () => resolve(frame(request))));
    follow();
    await settle();
    clock.advance(10 * REFRESH);
    await settle();
    expect(requests).toHaveLength(1);
    finish();
    await settle();
    clock.advance(REFRESH);
    await settle();
    expect(requests).toHaveLength(2);
  });

  it('asks nothing while paused, and keeps what it has', async () => {
    follow();
    await settle();
    const before = monitor.state.frame;
    monitor.setLive(false);
    clock.advance(10 * REFRESH);
    await settle();
    expect(requests).toHaveLength(1);
    expect(monitor.state).toMatchObject({ live: false, frame: before });
    monitor.setLive(true);
    await settle();
    expect(requests).toHaveLength(2);
  });

  it('drops what is under way when the range changes', async () => {
    answer = () => new Promise(() => undefined);
    follow();
    await settle();
    answer = (request) => Promise.resolve(frame(request));
    monitor.setRange(5 * 60_000, 5000);
    await settle();
    expect(signals[0]?.aborted).toBe(true);
    expect(requests[1]).toMatchObject({ stepMs: 5000 });
    expect(monitor.state).toMatchObject({ windowMs: 300_000, stepMs: 5000, health: { state: 'live' } });
  });

  it('keeps the last good frame as old when a refresh fails, waits longer each time, and comes back', async () => {
    follow();
    await settle();
    const good = monitor.state;
    answer = () => Promise.reject(new AppError('unreachable', 'no route'));
    clock.advance(REFRESH);
    await settle();
    const since = good.health.state === 'live' ? good.health.updatedAt : NaN;
    expect(monitor.state).toMatchObject({
      frame: good.frame,
      diagnosis,
      health: { state: 'stale', since, error: { code: 'unreachable' } },
    });
    for (let i = 0; i < 8; i++) {
      clock.advance(120_000);
      await settle();
    }
    expect(monitor.state.health).toMatchObject({ state: 'stale', since });
    const asked = requests.length;
    clock.advance(REFRESH);
    await settle();
    expect(requests).toHaveLength(asked); // still waiting
    answer = (request) => Promise.resolve(frame(request));
    await monitor.refresh();
    expect(monitor.state.health.state).toBe('live');
  });

  it('that never had a frame has failed', async () => {
    answer = () => Promise.reject(new Error('boom'));
    follow();
    await settle();
    expect(monitor.state.health).toMatchObject({ state: 'failed', error: { message: 'boom' } });
  });

  it('says what to do where there are no pods, or no samples', async () => {
    targets = [];
    follow();
    await settle();
    expect(monitor.state.health).toMatchObject({
      state: 'empty',
      message: expect.stringContaining('distdiag.target.labelSelector'),
    });
    targets = [target()];
    answer = (request) => Promise.resolve(frame(request, NaN));
    await monitor.refresh();
    expect(monitor.state.health).toMatchObject({
      state: 'empty',
      message: expect.stringContaining('http://prometheus'),
    });
  });

  it('refreshes once for who asks without subscribing, and plans nothing', async () => {
    await expect(monitor.refresh()).resolves.toMatchObject({ health: { state: 'live' } });
    expect(clock.pending).toBe(0);
  });

  it('rejects a refresh that is aborted, and only that', async () => {
    answer = () => new Promise(() => undefined);
    const controller = new AbortController();
    const stopped = monitor.refresh(controller.signal);
    const rejected = expect(stopped).rejects.toMatchObject({ code: 'cancelled' });
    await settle();
    controller.abort();
    await rejected;
    expect(signals[0]?.aborted).toBe(true);
  });

  it('answers all who ask at the same time by the newest query', async () => {
    const controller = new AbortController();
    const asked = [monitor.refresh(), monitor.refresh(controller.signal), monitor.refresh()];
    for (const { health } of await Promise.all(asked)) expect(health).toMatchObject({ state: 'live' });
    answer = () => new Promise(() => undefined);
    const [first, second] = [monitor.refresh(controller.signal), monitor.refresh()];
    await settle();
    controller.abort();
    await expect(first).rejects.toSatisfy(isAbort);
    monitor.dispose();
    await expect(second).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('shows when experiments acted', async () => {
    follow();
    gateway.show(experiment({ records: [{ pod: 'a', appliedAfterMs: 500 }] }));
    await settle();
    expect(monitor.state.spans).toMatchObject([{ nodes: ['a'], label: 'cpu_stress' }]);
  });

  it('looks at a stretch of the past without changing its own picture', async () => {
    follow();
    await settle();
    const before = monitor.state;
    const toMs = CREATED - 3_600_000;
    const past = await monitor.past({ fromMs: toMs - 600_000, toMs, stepMs: 5000 });
    expect(past).toMatchObject({ windowMs: 600_000, stepMs: 5000, diagnosis, health: { state: 'live' } });
    expect(past.frame?.timestamps.at(-1)).toBe(toMs);
    // The diagnosis is of the configured window that ends there.
    const { frame: given, ranked } = analysed.at(-1) as (typeof analysed)[number];
    expect([given.stepMs, given.timestamps[0], given.timestamps.at(-1)]).toEqual([
      15_000,
      toMs - 600_000 - WINDOW,
      toMs,
    ]);
    expect(ranked.timestamps).toEqual(past.frame?.timestamps);
    expect(monitor.state).toBe(before);
  });

  it('tells that a stretch of the past is empty, and what failed', async () => {
    answer = (request) => Promise.resolve(frame(request, NaN));
    const stretch = { fromMs: CREATED - 600_000, toMs: CREATED, stepMs: 5000 };
    expect(await monitor.past(stretch)).toMatchObject({ health: { state: 'empty' }, diagnosis: undefined });
    answer = () => Promise.reject(new AppError('unreachable', 'no route'));
    await expect(monitor.past(stretch)).rejects.toMatchObject({ code: 'unreachable' });
  });

  it('is silent once disposed', async () => {
    const { states } = follow();
    await settle();
    const told = states.length;
    monitor.dispose();
    clock.advance(10 * REFRESH);
    await settle();
    expect(states).toHaveLength(told);
  });
});

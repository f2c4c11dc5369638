import { beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../src/core/base/errors';
import type { PodEvent } from '../../../src/core/cluster/podEvents';
import type { DatabasePod } from '../../../src/core/cluster/databasePod';
import type { DiagnosisSample } from '../../../src/core/evaluation/sample';
import type { Expectation } from '../../../src/core/scenario/expectation';
import type { Samples, Span } from '../../../src/core/resilience/samples';
import { runResilienceTest, type TestOptions } from '../../../src/core/resilience/resilienceTest';
import type { TestResult } from '../../../src/core/resilience/testResult';
import { STEADY_MS } from '../../../src/core/resilience/steadyState';
import { BLIND_MS } from '../../../src/core/resilience/looks';
import type { FaultRun, TestWorld } from '../../../src/core/resilience/testWorld';
import type { RunState, StepProgress } from '../../../src/core/scenario/run';
import { ManualClock, settle, silentLog } from '../../support';
import { planned, step, TARGETS } from '../scenario/scenarios';

const STEP = 5000;
/** The step of the samples. */
let stepMs: number;
const FAULT_MS = 60_000;

/** A run that is told when its fault is in the cluster, and when it has ended. */
class FakeRun implements FaultRun {
  state: RunState = 'running';
  reason: string | undefined;
  left: FaultRun['left'] = [];
  steps: StepProgress[] = [{ state: 'injecting', ref: undefined, error: undefined }];
  ended: Promise<void>;
  #end: () => void = () => undefined;

  constructor() {
    this.ended = new Promise((resolve) => (this.#end = resolve));
  }

  injected(): void {
    this.steps = [{ state: 'running', ref: { kind: 'StressChaos', namespace: 'db', name: 'x' }, error: undefined }];
  }

  end(state: RunState, reason?: string): void {
    this.state = state;
    this.reason = reason;
    this.#end();
  }
}

let clock: ManualClock;
let run: FakeRun | undefined;
let stopped: number;
let begin: number;
/** The value at a time, milliseconds after the test's start. */
let value: (ms: number) => number;
let failing: AppError | undefined;
/** When the last fault before the test has ended. */
let calm: number;
/** When a fault of somebody else began. */
let foreignFrom: number;
let pods: readonly DatabasePod[];
let looks: DiagnosisSample[];
let stopFails: boolean;
let events: readonly PodEvent[];
let eventsFail: AppError | undefined;
/** Prometheus takes requests, and never answers. */
let hanging: boolean;

const world: TestWorld = {
  get clock() {
    return clock;
  },
  log: silentLog,
  calmSince: () => Promise.resolve(calm),
  hasForeign: ({ toMs }) => foreignFrom < toMs,
  samples: (sources, { fromMs, toMs }: Span) => {
    if (hanging) return new Promise(() => undefined);
    if (failing) return Promise.reject(failing);
    const from = Math.ceil(fromMs / stepMs) * stepMs;
    const timestamps = Array.from({ length: Math.floor((toMs - from) / stepMs) + 1 }, (_, i) => from + i * stepMs);
    const values = timestamps.map((at) => value(at - begin));
    return Promise.resolve(sources.map((): Samples => ({ timestamps, values, stepMs })));
  },
  diagnoses: () => Promise.resolve(looks),
  pods: () => Promise.resolve(pods),
  podEvents: () => (eventsFail ? Promise.reject(eventsFail) : Promise.resolve(events)),
  start: () => (run = new FakeRun()),
  stop: () => {
    stopped += 1;
    run?.end('stopped');
    const ref = { kind: 'StressChaos', namespace: 'db', name: 'x' };
    return Promise.resolve(
      stopFails
        ? { stopped: [], failed: [{ ref, error: new AppError('stuck', 'x is stuck.') }] }
        : { stopped: [ref], failed: [] },
    );
  },
};

const throughput = (change: object = {}): Expectation => ({
  kind: 'metric',
  name: 'throughput',
  source: { metric: 'db.commits', of: 'database', aggregate: 'sum' },
  bound: { atLeast: 0.8 },
  during: 'fault',
  forMs: 0,
  abort: false,
  ...change,
});
const recovery: Expectation = {
  kind: 'recovery',
  name: 'recovery',
  source: { metric: 'db.commits', of: 'database', aggregate: 'sum' },
  to: 0.1,
  withinMs: 60_000,
};

beforeEach(() => {
  clock = new ManualClock();
  begin = clock.now();
  [run, failing, stopped, stopFails] = [undefined, undefined, 0, false];
  calm = -Infinity;
  stepMs = STEP;
  foreignFrom = Infinity;
  value = () => 100;
  pods = TARGETS;
  [events, eventsFail, hanging] = [[], undefined, false];
  looks = [];
});

/** Lets time pass, with what the test does in it. */
async function pass(ms: number): Promise<void> {
  for (let i = 0; i < ms; i += 1000) {
    clock.advance(1000);
    await settle();
  }
}

async function start(
  expectations: readonly Expectation[],
  options: TestOptions = {},
): Promise<{ result: Promise<TestResult> }> {
  const plan = planned([step({ durationMs: FAULT_MS })]);
  const result = runResilienceTest(plan, expectations, world, options);
  result.catch(() => undefined);
  await settle();
  return { result };
}

async function through(expectations: readonly Expectation[], options: TestOptions = {}): Promise<TestResult> {
  const { result } = await start(expectations, options);
  run?.injected();
  await pass(FAULT_MS);
  run?.end('done');
  await pass(200_000);
  return result;
}

describe('a resilience test', () => {
  it('passes where everything that was expected was seen', async () => {
    value = (ms) => (ms > 0 && ms < FAULT_MS ? 85 : 100);
    expect(await through([throughput(), recovery])).toMatchObject({
      verdict: 'passed',
      outcomes: [
        { name: 'throughput', state: 'passed', worst: 85 },
        { name: 'recovery', state: 'passed' },
      ],
    });
    expect(stopped).toBe(0);
  });

  it('fails where one expectation is broken, and lets the faults run to their end', async () => {
    value = (ms) => (ms > 0 && ms < FAULT_MS ? 40 : 100);
    const { verdict, outcomes } = await through([throughput(), recovery]);
    expect({ verdict, states: outcomes.map(({ state }) => state) }).toEqual({
      verdict: 'failed',
      states: ['failed', 'passed'],
    });
    expect(stopped).toBe(0);
  });

  it('is aborted within five seconds of the sample that broke a guard', async () => {
    const { result } = await start([throughput({ abort: true })]);
    run?.injected();
    await pass(10_000);
    const breaks = clock.now();
    value = (ms) => (begin + ms >= breaks ? 10 : 100);
    await pass(10_000);
    expect(stopped).toBe(1);
    const { verdict, reason, abort } = await result;
    expect({ verdict, reason }).toEqual({ verdict: 'aborted', reason: expect.stringContaining('"throughput" failed') });
    expect(abort).toMatchObject({ name: 'throughput', brokenAt: Math.ceil(breaks / STEP) * STEP });
    expect((abort?.endedAt ?? Infinity) - (abort?.brokenAt ?? 0)).toBeLessThanOrEqual(5000);
  });

  it.each([
    ['whose metrics fail', () => (failing = new AppError('unreachable', 'gone'))],
    ['whose metrics have no new samples', () => (value = (ms) => (ms > 10_000 ? NaN : 100))],
  ])('is aborted by a guard that cannot see, %s', async (_, blind) => {
    const { result } = await start([throughput({ abort: true, forMs: 60_000 })]);
    run?.injected();
    await pass(10_000);
    blind();
    await pass(BLIND_MS + 5000);
    expect(stopped).toBe(1);
    expect(await result).toMatchObject({ verdict: 'aborted', reason: expect.stringContaining('could not be judged') });
  });

  it('is aborted by a guard that has no baseline although it is forced', async () => {
    value = (ms) => (ms < 0 ? NaN : ms < 10_000 ? 1 : 0);
    const { result } = await start([throughput({ abort: true })], { force: true });
    run?.injected();
    await pass(BLIND_MS + 5000);
    expect(stopped).toBe(1);
    expect(await result).toMatchObject({ verdict: 'aborted', reason: expect.stringContaining('could not be judged') });
  });

  it('is not aborted by a guard whose step is longer than it may be blind, but where two steps are missing', async () => {
    stepMs = 60_000;
    const { result } = await start([throughput({ abort: true })]);
    run?.injected();
    await pass(90_000);
    expect(stopped).toBe(0);
    const lost = clock.now();
    value = (ms) => (begin + ms > lost ? NaN : 100);
    await pass(130_000);
    expect(stopped).toBe(1);
    expect(await result).toMatchObject({ verdict: 'aborted', reason: expect.stringContaining('could not be judged') });
  });

  it('is aborted by pods within five seconds, although Prometheus never answers any more', async () => {
    const guard: Expectation = { kind: 'pods', name: 'ready', count: 'notReady', max: 0, abort: true };
    const { result } = await start([throughput(), guard]);
    run?.injected();
    await pass(10_000);
    hanging = true;
    await pass(10_000);
    expect(stopped).toBe(0);
    pods = pods.map((one, i) => (i === 0 ? { ...one, ready: false } : one));
    const breaks = clock.now();
    await pass(5000);
    expect(stopped).toBe(1);
    await pass(130_000); // the last look is given up
    const { verdict, outcomes, abort } = await result;
    expect(verdict).toBe('aborted');
    expect((abort?.endedAt ?? Infinity) - breaks).toBeLessThanOrEqual(5000);
    expect(outcomes.map(({ state }) => state)).toEqual(['inconclusive', 'failed']);
  });

  it('is aborted by a guard whose question is never answered', async () => {
    const { result } = await start([throughput({ abort: true })]);
    run?.injected();
    await pass(10_000);
    hanging = true;
    await pass(BLIND_MS + 5000);
    expect(stopped).toBe(1);
    await pass(130_000);
    expect(await result).toMatchObject({ verdict: 'aborted', reason: expect.stringContaining('could not be judged') });
  });

  it('is inconclusive, not passed, where samples are missing and nothing guards', async () => {
    value = (ms) => (ms > 10_000 && ms < FAULT_MS ? NaN : 100);
    expect(await through([throughput()])).toMatchObject({ verdict: 'inconclusive' });
  });

  it('injects nothing where the database is not steady, unless it is forced', async () => {
    const before = throughput({ during: 'before', bound: { min: 50 } });
    value = (ms) => (ms < -STEADY_MS / 2 ? 20 : 100);
    const { result } = await start([before]);
    expect(await result).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringContaining('not in its steady state'),
    });
    expect(run).toBeUndefined();
    expect(await through([before], { force: true })).toMatchObject({ verdict: 'failed' });
  });

  it.each<[string, Expectation, () => void]>([
    ['has no samples', throughput({ bound: { min: 10 } }), () => (value = () => NaN)],
    ['is broken already', throughput({ bound: { min: 10 } }), () => (value = (ms) => (ms > -60_000 ? 1 : 100))],
    [
      'counts pods that are not ready already',
      { kind: 'pods', name: 'ready', count: 'notReady', max: 0, abort: true },
      () => (pods = TARGETS.map((one, i) => ({ ...one, ready: i !== 0 }))),
    ],
  ])('injects nothing where an expectation of the fault %s', async (_, expectation, broken) => {
    broken();
    const { result } = await start([expectation]);
    const { verdict, reason } = await result;
    expect({ verdict, reason }).toEqual({
      verdict: 'inconclusive',
      reason: expect.stringContaining('not in its steady state'),
    });
    expect(run).toBeUndefined();
  });

  it('injects where one sample before the fault is beyond the bound of the fault', async () => {
    value = (ms) => (ms > -8000 && ms <= -3000 ? 1 : 100);
    expect(await through([throughput({ bound: { min: 10 } })])).toMatchObject({ verdict: 'passed' });
  });

  it('injects nothing where the metrics cannot be had', async () => {
    failing = new AppError('unreachable', 'gone');
    await expect((await start([throughput()])).result).rejects.toBe(failing);
    expect(run).toBeUndefined();
  });

  it('that is cancelled ends its faults, and names what it could not end', async () => {
    stopFails = true;
    const cancel = new AbortController();
    const { result } = await start([throughput()], { signal: cancel.signal });
    run?.injected();
    await pass(4000);
    cancel.abort();
    await pass(2000);
    expect(await result).toMatchObject({ verdict: 'aborted', reason: 'Cancelled.', left: [{ ref: { name: 'x' } }] });
    expect(stopped).toBe(1);
  });

  it('is inconclusive where a step could not be injected', async () => {
    const { result } = await start([throughput()]);
    await pass(4000);
    run?.end('failed', 'Step "first" failed.');
    await pass(100_000);
    expect(await result).toMatchObject({ verdict: 'inconclusive', reason: 'Step "first" failed.' });
  });

  it('counts restarts since its start', async () => {
    const restarts: Expectation = { kind: 'pods', name: 'restarts', count: 'restarts', max: 0, abort: true };
    pods = TARGETS.map((one) => ({ ...one, restarts: 3 }));
    const { result } = await start([restarts]);
    run?.injected();
    await pass(10_000);
    expect(stopped).toBe(0);
    pods = pods.map((one, i) => (i === 1 ? { ...one, restarts: 4 } : one));
    await pass(5000);
    expect(await result).toMatchObject({ verdict: 'aborted', outcomes: [{ state: 'failed', worst: 1 }] });
  });

  it('counts kills for lack of memory since its start, also where a container is killed twice', async () => {
    const killed = (...oomKills: string[]): readonly DatabasePod[] =>
      TARGETS.map((one, i) => (i === 0 ? { ...one, oomKills } : one));
    const kills: Expectation = { kind: 'pods', name: 'kills', count: 'oomKills', max: 1, abort: true };
    pods = killed('db/before');
    const { result } = await start([kills]);
    run?.injected();
    await pass(6000);
    pods = killed('db/first', 'db/before');
    await pass(6000);
    expect(stopped).toBe(0);
    pods = killed('db/second', 'db/first');
    await pass(5000);
    expect(await result).toMatchObject({ verdict: 'aborted', outcomes: [{ state: 'failed', worst: 2 }] });
  });

  describe('counts events', () => {
    const event = (uid: string, change: Partial<PodEvent> = {}): PodEvent => ({
      uid,
      pod: 'db-0',
      type: 'Warning',
      reason: 'BackOff',
      count: 1,
      ...change,
    });
    const expected = (change: Partial<Extract<Expectation, { kind: 'events' }>> = {}): Expectation => ({
      kind: 'events',
      name: 'events',
      type: 'Warning',
      reasons: [],
      max: 1,
      abort: true,
      ...change,
    });

    it('since its start, also repeated ones and those that the server forgets', async () => {
      events = [event('old', { count: 7 })];
      const { result } = await start([expected()]);
      run?.injected();
      await pass(6000);
      events = [event('old', { count: 8 }), event('calm', { type: 'Normal' })];
      await pass(6000);
      expect(stopped).toBe(0);
      events = [event('new')];
      await pass(5000);
      expect(await result).toMatchObject({ verdict: 'aborted', outcomes: [{ state: 'failed', worst: 2 }] });
    });

    it('with the reasons that are named, of any type', async () => {
      const wanted = expected({ type: 'any', reasons: ['Killing'], abort: false });
      events = [];
      const { result } = await start([wanted]);
      run?.injected();
      await pass(6000);
      events = [event('a', { count: 9 }), event('b', { type: 'Normal', reason: 'Killing' })];
      await pass(FAULT_MS);
      run?.end('done');
      await pass(10_000);
      expect(await result).toMatchObject({ verdict: 'passed', outcomes: [{ state: 'passed', worst: 1 }] });
    });

    it('and ends the faults where they cannot be listed any more; without them nothing is injected', async () => {
      const { result } = await start([expected()]);
      run?.injected();
      await pass(10_000);
      eventsFail = new AppError('forbidden', 'no');
      await pass(BLIND_MS + 5000);
      expect(await result).toMatchObject({ verdict: 'aborted', reason: expect.stringContaining('not be judged') });
      run = undefined;
      await expect((await start([expected()])).result).rejects.toBe(eventsFail);
      expect(run).toBeUndefined();
    });
  });

  it('asks that the diagnosis names what was injected, and nothing else', async () => {
    const named: Expectation = { kind: 'diagnosis', name: 'named', withinMs: 60_000, noOther: true };
    const sample = (ms: number, node: string): DiagnosisSample => ({
      at: begin + ms,
      answered: true,
      nodes: ['db-0', 'db-1'],
      types: ['cpu_stress'],
      ranking: [{ node, type: 'cpu_stress', probability: 0.9, named: true }],
      answeredBy: 'model',
    });
    looks = [sample(40_000, 'db-0')];
    expect(await through([named])).toMatchObject({
      verdict: 'passed',
      outcomes: [{ seen: expect.stringMatching(/^Named after/) }],
    });
    looks = [sample(40_000, 'db-1')];
    begin = clock.now();
    looks = [sample(40_000, 'db-1')];
    expect(await through([named])).toMatchObject({
      verdict: 'failed',
      outcomes: [{ seen: 'It named cpu_stress on db-1.' }],
    });
  });

  it('counts the time of a diagnosis from the injection, also where the first step has an offset', async () => {
    const offsetMs = 30_000;
    const diagnosis: Expectation = { kind: 'diagnosis', name: 'named', withinMs: 20_000, noOther: false };
    const result = runResilienceTest(planned([step({ offsetMs, durationMs: FAULT_MS })]), [diagnosis], world);
    await settle();
    await pass(offsetMs);
    run?.injected();
    const injectedAt = clock.now();
    const [{ injection }] = planned([step({})]).steps as [ReturnType<typeof planned>['steps'][number]];
    const ranking = [{ node: injection.targets[0]?.pod ?? '', type: injection.type, named: true, probability: 1 }];
    looks = [10_000, 20_000].map(
      (ms) => ({ at: injectedAt + ms, answered: true, ranking }) as unknown as DiagnosisSample,
    );
    await pass(FAULT_MS);
    run?.end('done');
    await pass(200_000);
    expect(await result).toMatchObject({ verdict: 'passed' });
  });

  it('does not say that the diagnosis was late before it has answered', async () => {
    const named: Expectation = { kind: 'diagnosis', name: 'named', withinMs: 60_000, noOther: false };
    const states = new Set<string | undefined>();
    value = (ms) => (ms < FAULT_MS + 20_000 ? 50 : 100);
    const { result } = await start([named, recovery], {
      force: true,
      onLook: ({ outcomes }) => states.add(outcomes.find(({ name }) => name === 'named')?.state),
    });
    run?.injected();
    await pass(FAULT_MS);
    run?.end('done');
    await pass(10_000);
    const pair = { node: 'db-0', type: 'cpu_stress', probability: 0.9, named: true };
    looks = [
      {
        at: begin + 40_000,
        answered: true,
        nodes: ['db-0'],
        types: ['cpu_stress'],
        ranking: [pair],
        answeredBy: 'model',
      },
    ];
    await pass(200_000);
    await result;
    expect([...states]).toEqual(['pending', 'passed']);
  });

  it('takes for the steady state only what was after the last fault, and waits for it', async () => {
    calm = clock.now();
    value = (ms) => (ms < 0 ? 900 : 100); // what the last fault did
    const { result } = await start([throughput()]);
    expect(run).toBeUndefined();
    await pass(120_000);
    expect(run).toBeDefined();
    run?.injected();
    await pass(FAULT_MS);
    run?.end('done');
    await pass(100_000);
    expect(await result).toMatchObject({ injected: [true], outcomes: [{ state: 'passed', baseline: 100 }] });
  });

  it('does not begin while another fault acts', async () => {
    calm = Infinity;
    const { result } = await start([throughput()]);
    expect(await result).toMatchObject({ verdict: 'inconclusive', reason: expect.stringContaining('Another fault') });
    expect(run).toBeUndefined();
  });

  it('does not begin where another fault began while it waited for the database to settle', async () => {
    calm = clock.now();
    const { result } = await start([throughput()]);
    await pass(30_000);
    calm = Infinity;
    await pass(120_000);
    expect(run).toBeUndefined();
    expect(await result).toMatchObject({ verdict: 'inconclusive', reason: expect.stringContaining('Another fault') });
  });

  it('does not begin where another fault began, or came and went, while the steady state was looked at', async () => {
    for (const since of [Infinity, clock.now()]) {
      calm = -Infinity;
      value = () => {
        calm = since;
        return 100;
      };
      const { result } = await start([throughput()]);
      expect(run).toBeUndefined();
      expect((await result).verdict).toBe('inconclusive');
    }
  });

  it('is inconclusive where a fault of another run acted at the same time', async () => {
    foreignFrom = begin + 20_000;
    expect((await through([throughput()])).verdict).toBe('inconclusive');
  });

  it('that somebody stopped is aborted', async () => {
    const { result } = await start([throughput()]);
    run?.injected();
    await pass(10_000);
    run?.end('stopped');
    await pass(100_000);
    expect((await result).verdict).toBe('aborted');
  });

  it('counts the fault as over when Chaos Mesh has taken it back, and is inconclusive where that takes too long', async () => {
    for (const [lateMs, verdict] of [
      [20_000, 'passed'],
      [200_000, 'inconclusive'],
    ] as const) {
      calm = -Infinity;
      const { result } = await start([throughput()]);
      run?.injected();
      calm = Infinity;
      await pass(FAULT_MS);
      const end = clock.now();
      run?.end('done');
      await pass(lateMs);
      calm = clock.now();
      await pass(100_000);
      const { verdict: is, phases } = await result;
      expect(is).toBe(verdict);
      if (verdict === 'passed') expect((phases.faultToMs ?? 0) - end).toBeGreaterThanOrEqual(lateMs - 2000);
    }
  });

  it('names what a failed scenario could not stop', async () => {
    const { result } = await start([throughput()]);
    run?.injected();
    await pass(10_000);
    const ref = { kind: 'StressChaos', namespace: 'db', name: 'x' };
    if (run) run.left = [{ ref, error: new AppError('unreachable', 'The API server is gone.') }];
    run?.end('failed', 'Step "b" failed, so the scenario was stopped.');
    await pass(100_000);
    const { verdict, left } = await result;
    expect({ verdict, left }).toEqual({ verdict: 'inconclusive', left: run?.left });
    expect(left).toHaveLength(1);
  });

  describe('whose fault acts beyond its planned end', () => {
    async function late(expectation: Expectation, signal?: AbortSignal): ReturnType<typeof start> {
      const started = await start([expectation], signal ? { signal } : {});
      run?.injected();
      await pass(FAULT_MS);
      calm = Infinity;
      run?.end('done');
      await pass(6000);
      return started;
    }

    it('stops it when cancelled, and names what it could not stop', async () => {
      stopFails = true;
      const cancel = new AbortController();
      const { result } = await late(throughput(), cancel.signal);
      cancel.abort();
      await pass(20_000);
      const { verdict, left } = await result;
      expect({ verdict, left: left.length, stopped }).toEqual({ verdict: 'aborted', left: 1, stopped: 1 });
    });

    it('stops it when it takes too long, and names what it could not stop', async () => {
      stopFails = true;
      const { result } = await late(throughput());
      await pass(200_000);
      const { verdict, left } = await result;
      expect({ verdict, left: left.length, stopped }).toEqual({ verdict: 'inconclusive', left: 1, stopped: 1 });
    });

    it('stops it when a guard breaks', async () => {
      const { result } = await late(throughput({ abort: true }));
      const broken = clock.now() - begin;
      value = (ms) => (ms >= broken ? 1 : 100);
      await pass(15_000);
      expect(stopped).toBe(1);
      expect((await result).abort?.name).toBe('throughput');
    });
  });
});

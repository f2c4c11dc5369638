import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/core/base/errors';
import type { Expectation } from '../../../src/core/scenario/expectation';
import { BLIND_MS } from '../../../src/core/resilience/looks';
import type { Verdict } from '../../../src/core/resilience/outcome';
import type { TestResult } from '../../../src/core/resilience/testResult';
import { FAULT_MS, pass, recovery, scene, start, STEP, through, throughput, useScene } from './testScene';

useScene();

describe('a resilience test', () => {
  it('is aborted within five seconds of the sample that broke a guard', async () => {
    const { result } = await start([throughput({ abort: true })]);
    scene.run?.injected();
    await pass(10_000);
    const breaks = scene.clock.now();
    scene.value = (ms) => (scene.begin + ms >= breaks ? 10 : 100);
    await pass(10_000);
    expect(scene.stopped).toBe(1);
    const { verdict, reason, abort } = await result;
    expect({ verdict, reason }).toEqual({ verdict: 'aborted', reason: expect.stringContaining('"throughput" failed') });
    expect(abort).toMatchObject({ name: 'throughput', brokenAt: Math.ceil(breaks / STEP) * STEP });
    expect((abort?.endedAt ?? Infinity) - (abort?.brokenAt ?? 0)).toBeLessThanOrEqual(5000);
  });

  it.each([
    ['whose metrics fail', () => (scene.failing = new AppError('unreachable', 'gone'))],
    ['whose metrics have no new samples', () => (scene.value = (ms) => (ms > 10_000 ? NaN : 100))],
  ])('is aborted by a guard that cannot see, %s', async (_, blind) => {
    const { result } = await start([throughput({ abort: true, forMs: 60_000 })]);
    scene.run?.injected();
    await pass(10_000);
    blind();
    await pass(BLIND_MS + 5000);
    expect(scene.stopped).toBe(1);
    expect(await result).toMatchObject({ verdict: 'aborted', reason: expect.stringContaining('could not be judged') });
  });

  it('is aborted by a guard that has no baseline although it is forced', async () => {
    scene.value = (ms) => (ms < 0 ? NaN : ms < 10_000 ? 1 : 0);
    const { result } = await start([throughput({ abort: true })], { force: true });
    scene.run?.injected();
    await pass(BLIND_MS + 5000);
    expect(scene.stopped).toBe(1);
    expect(await result).toMatchObject({ verdict: 'aborted', reason: expect.stringContaining('could not be judged') });
  });

  it('is not aborted by a guard whose step is longer than it may be blind, but where two steps are missing', async () => {
    scene.stepMs = 60_000;
    const { result } = await start([throughput({ abort: true })]);
    scene.run?.injected();
    await pass(90_000);
    expect(scene.stopped).toBe(0);
    const lost = scene.clock.now();
    scene.value = (ms) => (scene.begin + ms > lost ? NaN : 100);
    await pass(130_000);
    expect(scene.stopped).toBe(1);
    expect(await result).toMatchObject({ verdict: 'aborted', reason: expect.stringContaining('could not be judged') });
  });

  it('waits for as many samples as a recovery needs, also where they are far apart', async () => {
    scene.stepMs = 15_000;
    scene.value = (ms) => (ms < 0 ? 100 : 50);
    const soon = { ...recovery, withinMs: 10_000 } as Expectation;
    expect(await through([soon])).toMatchObject({
      verdict: 'failed',
      outcomes: [{ seen: expect.stringMatching(/^Not back after/) }],
    });
  });

  it('is aborted by pods within five seconds, although Prometheus never answers any more', async () => {
    const guard: Expectation = { kind: 'pods', name: 'ready', count: 'notReady', max: 0, abort: true };
    const { result } = await start([throughput(), guard]);
    scene.run?.injected();
    await pass(10_000);
    scene.hanging = true;
    await pass(10_000);
    expect(scene.stopped).toBe(0);
    scene.pods = scene.pods.map((one, i) => (i === 0 ? { ...one, ready: false } : one));
    const breaks = scene.clock.now();
    await pass(5000);
    expect(scene.stopped).toBe(1);
    await pass(130_000); // the last look is given up
    const { verdict, outcomes, abort } = await result;
    expect(verdict).toBe('aborted');
    expect((abort?.endedAt ?? Infinity) - breaks).toBeLessThanOrEqual(5000);
    expect(outcomes.map(({ state }) => state)).toEqual(['inconclusive', 'failed']);
  });

  it('is aborted by a guard whose question is never answered', async () => {
    const { result } = await start([throughput({ abort: true })]);
    scene.run?.injected();
    await pass(10_000);
    scene.hanging = true;
    await pass(BLIND_MS + 5000);
    expect(scene.stopped).toBe(1);
    await pass(130_000);
    expect(await result).toMatchObject({ verdict: 'aborted', reason: expect.stringContaining('could not be judged') });
  });

  it('that is cancelled ends its faults, and names what it could not end', async () => {
    scene.stopFails = true;
    const cancel = new AbortController();
    const { result } = await start([throughput()], { signal: cancel.signal });
    scene.run?.injected();
    await pass(4000);
    cancel.abort();
    await pass(2000);
    expect(await result).toMatchObject({ verdict: 'aborted', reason: 'Cancelled.', left: [{ ref: { name: 'x' } }] });
    expect(scene.stopped).toBe(1);
  });

  it('that somebody stopped is aborted', async () => {
    const { result } = await start([throughput()]);
    scene.run?.injected();
    await pass(10_000);
    scene.run?.end('stopped');
    await pass(100_000);
    expect((await result).verdict).toBe('aborted');
  });

  it('counts the fault as over when Chaos Mesh has taken it back, and is inconclusive where that takes too long', async () => {
    for (const [lateMs, verdict] of [
      [20_000, 'passed'],
      [200_000, 'inconclusive'],
    ] as const) {
      scene.calm = -Infinity;
      const { result } = await start([throughput()]);
      scene.run?.injected();
      scene.calm = Infinity;
      await pass(FAULT_MS);
      const end = scene.clock.now();
      scene.run?.end('done');
      await pass(lateMs);
      scene.calm = scene.clock.now();
      await pass(100_000);
      const { verdict: is, phases } = await result;
      expect(is).toBe(verdict);
      if (verdict === 'passed') expect((phases.faultToMs ?? 0) - end).toBeGreaterThanOrEqual(lateMs - 2000);
    }
  });

  it('names what a failed scenario could not stop', async () => {
    const { result } = await start([throughput()]);
    scene.run?.injected();
    await pass(10_000);
    const ref = { kind: 'StressChaos', namespace: 'db', name: 'x' };
    if (scene.run) scene.run.left = [{ ref, error: new AppError('unreachable', 'The API server is gone.') }];
    scene.run?.end('failed', 'Step "b" failed, so the scenario was stopped.');
    await pass(100_000);
    const { verdict, left } = await result;
    expect({ verdict, left }).toEqual({ verdict: 'inconclusive', left: scene.run?.left });
    expect(left).toHaveLength(1);
  });

  describe('whose fault acts beyond its planned end', () => {
    async function late(expectation: Expectation, signal?: AbortSignal): ReturnType<typeof start> {
      const started = await start([expectation], signal ? { signal } : {});
      scene.run?.injected();
      await pass(FAULT_MS);
      scene.calm = Infinity;
      scene.run?.end('done');
      await pass(6000);
      return started;
    }

    /** That it was tried once, and what is left is named. */
    async function expectStopped(result: Promise<TestResult>, verdict: Verdict): Promise<void> {
      const { left, ...ended } = await result;
      expect({ verdict: ended.verdict, left: left.length, stopped: scene.stopped }).toEqual({
        verdict,
        left: 1,
        stopped: 1,
      });
    }

    it('stops it when cancelled, and names what it could not stop', async () => {
      scene.stopFails = true;
      const cancel = new AbortController();
      const { result } = await late(throughput(), cancel.signal);
      cancel.abort();
      await pass(20_000);
      await expectStopped(result, 'aborted');
    });

    it('stops it when it takes too long, and names what it could not stop', async () => {
      scene.stopFails = true;
      const { result } = await late(throughput());
      await pass(200_000);
      await expectStopped(result, 'inconclusive');
    });

    it('says that it is the fault of another run', async () => {
      const { result } = await late(throughput());
      scene.foreignFrom = scene.clock.now();
      await pass(200_000);
      expect(await result).toMatchObject({ verdict: 'inconclusive', reason: expect.stringContaining('another run') });
    });

    it('stops it when a guard breaks', async () => {
      const { result } = await late(throughput({ abort: true }));
      const broken = scene.clock.now() - scene.begin;
      scene.value = (ms) => (ms >= broken ? 1 : 100);
      await pass(15_000);
      expect(scene.stopped).toBe(1);
      expect((await result).abort?.name).toBe('throughput');
    });
  });
});

import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/core/base/errors';
import type { Expectation } from '../../../src/core/scenario/expectation';
import { STEADY_MS } from '../../../src/core/resilience/steadyState';
import { lookAtSteadyState } from '../../../src/core/resilience/resilienceTest';
import { planned, step, TARGETS } from '../scenario/scenarios';
import { FAULT_MS, pass, scene, start, through, throughput, useScene, world } from './testScene';

useScene();

describe('a resilience test', () => {
  it('injects nothing where the database is not steady, unless it is forced', async () => {
    const before = throughput({ during: 'before', bound: { min: 50 } });
    scene.value = (ms) => (ms < -STEADY_MS / 2 ? 20 : 100);
    const { result } = await start([before]);
    expect(await result).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringContaining('not in its steady state'),
    });
    expect(scene.run).toBeUndefined();
    expect(await through([before], { force: true })).toMatchObject({ verdict: 'failed' });
  });

  it.each<[string, Expectation, () => void]>([
    ['has no samples', throughput({ bound: { min: 10 } }), () => (scene.value = () => NaN)],
    ['is broken already', throughput({ bound: { min: 10 } }), () => (scene.value = (ms) => (ms > -60_000 ? 1 : 100))],
    [
      'counts pods that are not ready already',
      { kind: 'pods', name: 'ready', count: 'notReady', max: 0, abort: true },
      () => (scene.pods = TARGETS.map((one, i) => ({ ...one, ready: i !== 0 }))),
    ],
  ])('injects nothing where an expectation of the fault %s', async (_, expectation, broken) => {
    broken();
    const { result } = await start([expectation]);
    const { verdict, reason } = await result;
    expect({ verdict, reason }).toEqual({
      verdict: 'inconclusive',
      reason: expect.stringContaining('not in its steady state'),
    });
    expect(scene.run).toBeUndefined();
  });

  it('injects where one sample before the fault is beyond the bound of the fault', async () => {
    scene.value = (ms) => (ms > -8000 && ms <= -3000 ? 1 : 100);
    expect(await through([throughput({ bound: { min: 10 } })])).toMatchObject({ verdict: 'passed' });
  });

  it('injects nothing where the metrics cannot be had', async () => {
    scene.failing = new AppError('unreachable', 'gone');
    await expect((await start([throughput()])).result).rejects.toBe(scene.failing);
    expect(scene.run).toBeUndefined();
  });

  it('takes for the steady state only what was after the last fault, and waits for it', async () => {
    scene.calm = scene.clock.now();
    scene.value = (ms) => (ms < 0 ? 900 : 100); // what the last fault did
    const { result } = await start([throughput()]);
    expect(scene.run).toBeUndefined();
    await pass(120_000);
    expect(scene.run).toBeDefined();
    scene.run?.injected();
    await pass(FAULT_MS);
    scene.run?.end('done');
    await pass(100_000);
    expect(await result).toMatchObject({
      injectedAt: [expect.any(Number)],
      outcomes: [{ state: 'passed', baseline: 100 }],
    });
  });

  it('does not begin while another fault acts', async () => {
    scene.calm = Infinity;
    const { result } = await start([throughput()]);
    expect(await result).toMatchObject({ verdict: 'inconclusive', reason: expect.stringContaining('Another fault') });
    expect(scene.run).toBeUndefined();
  });

  it('does not begin where another fault began while it waited for the database to settle', async () => {
    scene.calm = scene.clock.now();
    const { result } = await start([throughput()]);
    await pass(30_000);
    scene.calm = Infinity;
    await pass(120_000);
    expect(scene.run).toBeUndefined();
    expect(await result).toMatchObject({ verdict: 'inconclusive', reason: expect.stringContaining('Another fault') });
  });

  it('does not begin where another fault began, or came and went, while the steady state was looked at', async () => {
    for (const since of [Infinity, scene.clock.now()]) {
      scene.calm = -Infinity;
      scene.value = () => {
        scene.calm = since;
        return 100;
      };
      const { result } = await start([throughput()]);
      expect(scene.run).toBeUndefined();
      expect((await result).verdict).toBe('inconclusive');
    }
  });

  it('is inconclusive where a fault of another run acted at the same time', async () => {
    scene.foreignFrom = scene.begin + 20_000;
    expect((await through([throughput()])).verdict).toBe('inconclusive');
  });
});

describe('a look at the steady state', () => {
  const look = (expectation: Expectation): ReturnType<typeof lookAtSteadyState> =>
    lookAtSteadyState(planned([step()]), [expectation], world);

  it('judges as a test would, and injects nothing', async () => {
    expect(await look(throughput())).toMatchObject({ unsteady: undefined, outcomes: [{ baseline: 100 }] });
    scene.calm = Infinity;
    expect((await look(throughput())).unsteady).toContain('Another fault');
    expect(scene.run).toBeUndefined();
  });

  it('fails with what a test would fail with: the diagnosis, or the events', async () => {
    scene.diagnosesFail = new AppError('unreachable', 'no Prometheus');
    const diagnosis = { kind: 'diagnosis', name: 'named', withinMs: 60_000, noOther: false } as const;
    await expect(look(diagnosis)).rejects.toBe(scene.diagnosesFail);
    scene.eventsFail = new AppError('forbidden', 'no events');
    const events: Expectation = { kind: 'events', name: 'calm', type: 'Warning', reasons: [], max: 0, abort: false };
    await expect(look(events)).rejects.toBe(scene.eventsFail);
  });
});

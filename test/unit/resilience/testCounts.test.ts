import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/core/base/errors';
import type { PodEvent } from '../../../src/core/cluster/podEvents';
import type { DatabasePod } from '../../../src/core/cluster/databasePod';
import type { Expectation } from '../../../src/core/scenario/expectation';
import { BLIND_MS } from '../../../src/core/resilience/looks';
import { TARGETS } from '../scenario/scenarios';
import { FAULT_MS, pass, scene, start, useScene } from './testScene';

useScene();

describe('a resilience test', () => {
  it('counts restarts since its start', async () => {
    const restarts: Expectation = { kind: 'pods', name: 'restarts', count: 'restarts', max: 0, abort: true };
    scene.pods = TARGETS.map((one) => ({ ...one, restarts: 3 }));
    const { result } = await start([restarts]);
    scene.run?.injected();
    await pass(10_000);
    expect(scene.stopped).toBe(0);
    scene.pods = scene.pods.map((one, i) => (i === 1 ? { ...one, restarts: 4 } : one));
    await pass(5000);
    expect(await result).toMatchObject({ verdict: 'aborted', outcomes: [{ state: 'failed', worst: 1 }] });
  });

  it('counts kills for lack of memory since its start, also where a container is killed twice', async () => {
    const killed = (...oomKills: string[]): readonly DatabasePod[] =>
      TARGETS.map((one, i) => (i === 0 ? { ...one, oomKills } : one));
    const kills: Expectation = { kind: 'pods', name: 'kills', count: 'oomKills', max: 1, abort: true };
    scene.pods = killed('db/before');
    const { result } = await start([kills]);
    scene.run?.injected();
    await pass(6000);
    scene.pods = killed('db/first', 'db/before');
    await pass(6000);
    expect(scene.stopped).toBe(0);
    scene.pods = killed('db/second', 'db/first');
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
      scene.events = [event('old', { count: 7 })];
      const { result } = await start([expected()]);
      scene.run?.injected();
      await pass(6000);
      scene.events = [event('old', { count: 8 }), event('calm', { type: 'Normal' })];
      await pass(6000);
      expect(scene.stopped).toBe(0);
      scene.events = [event('new')];
      await pass(5000);
      expect(await result).toMatchObject({ verdict: 'aborted', outcomes: [{ state: 'failed', worst: 2 }] });
    });

    it('with the reasons that are named, of any type', async () => {
      const wanted = expected({ type: 'any', reasons: ['Killing'], abort: false });
      scene.events = [];
      const { result } = await start([wanted]);
      scene.run?.injected();
      await pass(6000);
      scene.events = [event('a', { count: 9 }), event('b', { type: 'Normal', reason: 'Killing' })];
      await pass(FAULT_MS);
      scene.run?.end('done');
      await pass(10_000);
      expect(await result).toMatchObject({ verdict: 'passed', outcomes: [{ state: 'passed', worst: 1 }] });
    });

    it('and ends the faults where they cannot be listed any more; without them nothing is injected', async () => {
      const { result } = await start([expected()]);
      scene.run?.injected();
      await pass(10_000);
      scene.eventsFail = new AppError('forbidden', 'no');
      await pass(BLIND_MS + 5000);
      expect(await result).toMatchObject({ verdict: 'aborted', reason: expect.stringContaining('not be judged') });
      scene.run = undefined;
      await expect((await start([expected()])).result).rejects.toBe(scene.eventsFail);
      expect(scene.run).toBeUndefined();
    });
  });
});

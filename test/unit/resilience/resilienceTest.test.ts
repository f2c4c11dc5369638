import { describe, expect, it } from 'vitest';
import { FAULT_MS, pass, recovery, scene, start, through, throughput, useScene } from './testScene';

useScene();

describe('a resilience test', () => {
  it('passes where everything that was expected was seen', async () => {
    scene.value = (ms) => (ms > 0 && ms < FAULT_MS ? 85 : 100);
    expect(await through([throughput(), recovery])).toMatchObject({
      verdict: 'passed',
      outcomes: [
        { name: 'throughput', state: 'passed', worst: 85 },
        { name: 'recovery', state: 'passed' },
      ],
    });
    expect(scene.stopped).toBe(0);
  });

  it('fails where one expectation is broken, and lets the faults run to their end', async () => {
    scene.value = (ms) => (ms > 0 && ms < FAULT_MS ? 40 : 100);
    const { verdict, outcomes } = await through([throughput(), recovery]);
    expect({ verdict, states: outcomes.map(({ state }) => state) }).toEqual({
      verdict: 'failed',
      states: ['failed', 'passed'],
    });
    expect(scene.stopped).toBe(0);
  });

  it('is inconclusive, not passed, where samples are missing and nothing guards', async () => {
    scene.value = (ms) => (ms > 10_000 && ms < FAULT_MS ? NaN : 100);
    expect(await through([throughput()])).toMatchObject({ verdict: 'inconclusive' });
  });

  it('judges all samples of a fault that had ended when it was looked at for the first time', async () => {
    scene.value = (ms) => (ms > 0 && ms <= FAULT_MS ? 50 : 100);
    const { result } = await start([throughput()]);
    scene.run?.injected();
    const fromMs = scene.clock.now();
    scene.clock.advance(FAULT_MS); // a machine that is busy with other things
    scene.run?.end('done');
    await pass(60_000);
    expect(await result).toMatchObject({
      verdict: 'failed',
      injectedAt: [fromMs],
      phases: { faultFromMs: fromMs },
      outcomes: [{ state: 'failed', worst: 50 }],
    });
  });

  it('is inconclusive where a step could not be injected', async () => {
    const { result } = await start([throughput()]);
    await pass(4000);
    scene.run?.end('failed', 'Step "first" failed.');
    await pass(100_000);
    expect(await result).toMatchObject({ verdict: 'inconclusive', reason: 'Step "first" failed.' });
  });
});

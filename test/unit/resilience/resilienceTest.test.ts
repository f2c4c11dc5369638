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

  it('is inconclusive where a step could not be injected', async () => {
    const { result } = await start([throughput()]);
    await pass(4000);
    scene.run?.end('failed', 'Step "first" failed.');
    await pass(100_000);
    expect(await result).toMatchObject({ verdict: 'inconclusive', reason: 'Step "first" failed.' });
  });
});

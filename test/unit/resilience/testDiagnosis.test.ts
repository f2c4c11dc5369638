import { describe, expect, it } from 'vitest';
import type { DiagnosisSample } from '../../../src/core/evaluation/sample';
import type { Expectation } from '../../../src/core/scenario/expectation';
import { runResilienceTest } from '../../../src/core/resilience/resilienceTest';
import { settle } from '../../support';
import { planned, step } from '../scenario/scenarios';
import { FAULT_MS, pass, recovery, scene, start, through, useScene, world } from './testScene';

useScene();

describe('a resilience test', () => {
  it('asks that the diagnosis names what was injected, and nothing else', async () => {
    const named: Expectation = { kind: 'diagnosis', name: 'named', withinMs: 60_000, noOther: true };
    const sample = (ms: number, node: string): DiagnosisSample => ({
      at: scene.begin + ms,
      answered: true,
      nodes: ['db-0', 'db-1'],
      types: ['cpu_stress'],
      ranking: [{ node, type: 'cpu_stress', probability: 0.9, named: true }],
      answeredBy: 'model',
    });
    scene.looks = [sample(40_000, 'db-0')];
    expect(await through([named])).toMatchObject({
      verdict: 'passed',
      outcomes: [{ seen: expect.stringMatching(/^Named after/) }],
    });
    scene.begin = scene.clock.now();
    scene.looks = [sample(40_000, 'db-1')];
    expect(await through([named])).toMatchObject({
      verdict: 'failed',
      outcomes: [{ seen: 'It named cpu_stress on db-1.' }],
    });
  });

  it('says when a fault was named that was not named in time, and of no diagnosis in time that there was none', async () => {
    const at = (ms: number, ...types: string[]): DiagnosisSample => ({
      at: scene.begin + ms,
      answered: true,
      nodes: ['db-0', 'db-1'],
      types: ['cpu_stress'],
      ranking: types.map((type) => ({ node: 'db-0', type, probability: 0.9, named: true })),
      answeredBy: 'model',
    });
    const named = (withinMs: number): Expectation => ({ kind: 'diagnosis', name: 'named', withinMs, noOther: false });
    scene.looks = [at(5000), at(20_000, 'cpu_stress')];
    expect(await through([named(10_000)])).toMatchObject({
      verdict: 'failed',
      outcomes: [{ seen: expect.stringMatching(/^Not named in time: cpu_stress on db-0\. Named after \d+s\.$/) }],
    });
    scene.begin = scene.clock.now();
    scene.looks = [at(20_000, 'cpu_stress')];
    expect(await through([named(1000)])).toMatchObject({
      verdict: 'inconclusive',
      outcomes: [{ seen: expect.stringMatching(/^No diagnosis within 1s of the injection\. Named after \d+s\.$/) }],
    });
  });

  it('counts the time of a diagnosis from the injection, also where the first step has an offset', async () => {
    const offsetMs = 30_000;
    const diagnosis: Expectation = { kind: 'diagnosis', name: 'named', withinMs: 20_000, noOther: false };
    const result = runResilienceTest(planned([step({ offsetMs, durationMs: FAULT_MS })]), [diagnosis], world);
    await settle();
    await pass(offsetMs);
    scene.run?.injected();
    const injectedAt = scene.clock.now();
    const [{ injection }] = planned([step({})]).steps as [ReturnType<typeof planned>['steps'][number]];
    const ranking = [{ node: injection.targets[0]?.pod ?? '', type: injection.type, named: true, probability: 1 }];
    scene.looks = [10_000, 20_000].map(
      (ms) => ({ at: injectedAt + ms, answered: true, ranking }) as unknown as DiagnosisSample,
    );
    await pass(FAULT_MS);
    scene.run?.end('done');
    await pass(200_000);
    expect(await result).toMatchObject({ verdict: 'passed' });
  });

  it('does not say that the diagnosis was late before it has answered', async () => {
    const named: Expectation = { kind: 'diagnosis', name: 'named', withinMs: 60_000, noOther: false };
    const states = new Set<string | undefined>();
    scene.value = (ms) => (ms < FAULT_MS + 20_000 ? 50 : 100);
    const { result } = await start([named, recovery], {
      force: true,
      onLook: ({ outcomes }) => states.add(outcomes.find(({ name }) => name === 'named')?.state),
    });
    scene.run?.injected();
    await pass(FAULT_MS);
    scene.run?.end('done');
    await pass(10_000);
    const pair = { node: 'db-0', type: 'cpu_stress', probability: 0.9, named: true };
    scene.looks = [
      {
        at: scene.begin + 40_000,
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
});

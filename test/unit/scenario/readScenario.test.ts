import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FAULTS } from '../../../src/core/faults/catalogue';
import { readScenario } from '../../../src/core/scenario/readScenario';

const head = { apiVersion: 'distdiag.io/v1', kind: 'Scenario', name: 'two nodes' };
const issues = (content: unknown): string[] =>
  readScenario(content).issues.map(({ path, message }) => `${path.join('.')}: ${message}`);

describe('a scenario file', () => {
  it('is read with its defaults filled in', () => {
    const reading = readScenario({
      ...head,
      description: 'what for',
      steps: [
        { anomaly: 'cpu_stress', targets: ['db-0', { index: 1 }], parameters: { load: 80 } },
        { name: 'slow', anomaly: 'network_delay', targets: { labels: { zone: 'z1' } }, offset: '30s', duration: '2m' },
      ],
    });
    expect(reading.issues).toEqual([]);
    expect(reading.scenario).toEqual({
      name: 'two nodes',
      description: 'what for',
      onFailure: 'stop',
      steps: [
        {
          name: 'step-1',
          anomaly: 'cpu_stress',
          targets: [{ pod: 'db-0' }, { index: 1 }],
          parameters: { workers: 1, load: 80 },
          offsetMs: 0,
          durationMs: undefined,
        },
        {
          name: 'slow',
          anomaly: 'network_delay',
          targets: [{ labels: { zone: 'z1' } }],
          parameters: expect.objectContaining({ latency: '100ms' }) as unknown,
          offsetMs: 30_000,
          durationMs: 120_000,
        },
      ],
    });
  });

  it('that is wrong in many places says each, and where', () => {
    const said = issues({
      ...head,
      apiVersion: 'distdiag.io/v9',
      onFailure: 'explode',
      colour: 'red',
      steps: [
        { name: 'a', anomaly: 'earthquake', targets: ['DB_0'] },
        { name: 'a', anomaly: 'cpu_stress', targets: [], offset: 30, duration: '1d' },
        {
          name: 'a',
          anomaly: 'cpu_stress',
          targets: [{ index: -1 }, { labels: {} }],
          parameters: { load: 900, speed: 1 },
        },
        'cpu',
      ],
    });
    expect(said).toEqual([
      expect.stringMatching(/^colour: Unknown field "colour"/) as unknown,
      'apiVersion: apiVersion must be "distdiag.io/v1".',
      'onFailure: onFailure must be "stop" or "continue".',
      expect.stringMatching(/^steps.0.anomaly: anomaly must be one of cpu_stress, /) as unknown,
      'steps.0.targets.0: This is not a valid pod name.',
      expect.stringMatching(/^steps.1.targets: A step requires targets/) as unknown,
      expect.stringMatching(/^steps.1.offset: The offset must be a time such as 90s/) as unknown,
      expect.stringMatching(/^steps.1.duration: The duration must be a time such as 90s/) as unknown,
      expect.stringMatching(/^steps.2.targets.0.index: /) as unknown,
      expect.stringMatching(/^steps.2.targets.1.labels: /) as unknown,
      'steps.2.parameters.load: Load must be at most 100%.',
      expect.stringMatching(/^steps.2.parameters.speed: cpu_stress has no parameter "speed"/) as unknown,
      'steps.2.name: Step 2 has the name "a" already.',
      'steps.3: A step requires an anomaly and targets.',
    ]);
  });

  it('names the field that was meant, and a name that YAML reads as something else', () => {
    const step = { anomaly: 'cpu_stress', targets: ['db-0'] };
    expect(issues({ ...head, steps: [{ ...step, duratoin: '2m' }] })).toEqual([
      'steps.0.duratoin: Unknown field "duratoin". Did you mean duration?',
    ]);
    expect(issues({ ...head, name: false, steps: [step] })).toEqual([
      'name: "name" must be text. Put the value in quotes.',
    ]);
  });

  it('takes every guided fault, with its own parameters', () => {
    for (const { type, parameters } of FAULTS) {
      const { scenario, issues: found } = readScenario({ ...head, steps: [{ anomaly: type, targets: ['db-0'] }] });
      expect(found, type).toEqual([]);
      expect(Object.keys(scenario?.steps[0]?.parameters ?? {}), type).toEqual(parameters.map(({ id }) => id));
    }
    const of = (step: object): string[] => issues({ ...head, steps: [{ targets: ['db-0'], ...step }] });
    expect(of({ anomaly: 'io_fault', parameters: { errno: 'ENOSPC', percent: 5 } })).toEqual([]);
    expect(of({ anomaly: 'io_fault', parameters: { errno: 'ESORRY' } })).toHaveLength(1);
    expect(of({ anomaly: 'clock_skew', parameters: { offset: '-10m' } })).toEqual([]);
    expect(of({ anomaly: 'network_los' })).toEqual([
      'steps.0.anomaly: Unknown anomaly "network_los". Did you mean network_loss?',
    ]);
  });

  it('has no duration where a fault happens once, and a second group of pods only for a partition', () => {
    const of = (step: object): string[] => issues({ ...head, steps: [{ targets: ['db-0'], ...step }] });
    expect(of({ anomaly: 'pod_kill', parameters: { gracePeriod: 30 }, offset: '1m' })).toEqual([]);
    expect(of({ anomaly: 'container_kill', duration: '1m' })).toEqual([
      'steps.0.duration: container_kill happens once: it has no duration.',
    ]);
    expect(of({ anomaly: 'network_partition', peers: ['db-1', { index: 2 }] })).toEqual([]);
    expect(of({ anomaly: 'network_partition', peers: [{ index: -1 }] })).toHaveLength(1);
    expect(of({ anomaly: 'network_loss', peers: ['db-1'] })).toEqual([
      'steps.0.peers: network_loss takes no second group of pods: "peers" applies to network_partition only.',
    ]);
  });

  it('has an end always: no duration is endless and none is nothing', () => {
    const of = (duration: unknown): string[] =>
      issues({ ...head, steps: [{ anomaly: 'cpu_stress', targets: ['db-0'], duration }] });
    expect(of('24h')).toEqual([]);
    for (const duration of ['0s', '25h', '-5m', '', 'untilStopped', {}])
      expect(of(duration), String(duration)).toHaveLength(1);
  });

  it('has at most fifty steps', () => {
    const steps = Array.from({ length: 10_000 }, () => ({ anomaly: 'cpu_stress', targets: ['db-0'] }));
    expect(issues({ ...head, steps })).toEqual(['steps.50: A scenario has at most 50 steps; this one has 10000.']);
  });

  it('never throws, whatever it holds, and gives a scenario only without issues', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (whole, part) => {
        for (const content of [whole, { ...head, steps: [part] }, { ...head, steps: part }]) {
          const { scenario, issues: found } = readScenario(content);
          expect(scenario === undefined).toBe(found.length > 0);
        }
      }),
      { numRuns: 300 },
    );
  });
});

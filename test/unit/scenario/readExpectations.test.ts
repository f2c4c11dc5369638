import { describe, expect, it } from 'vitest';
import { readExpectations } from '../../../src/core/scenario/readExpectations';
import type { FaultType } from '../../../src/core/faults/types';
import type { DocumentPath } from '../../../src/core/scenario/issues';

function read(
  value: unknown,
  faults: readonly FaultType[] = ['cpu_stress'],
): {
  read: unknown[];
  wrong: { path: DocumentPath; message: string; meant?: string | undefined }[];
} {
  const wrong: { path: DocumentPath; message: string; meant?: string | undefined }[] = [];
  return {
    read: readExpectations(
      value,
      faults,
      (path, message, _onName, meant) => void wrong.push({ path, message: String(message), meant }),
    ),
    wrong,
  };
}

describe('the expectations of a scenario file', () => {
  it('are read with their defaults', () => {
    expect(
      read([
        { name: 'throughput', metric: 'db.commits', 'at-least': '80%', for: '30s', abort: true },
        { query: 'sum(up)', min: 3, during: 'always' },
        { name: 'back', recovers: { metric: 'db.commitLatency', to: '20%', within: '2m' } },
        { name: 'named', diagnosis: { names: 'injected', within: '60s', 'no-other': true } },
        { name: 'no restart', restarts: { max: 0 }, abort: true },
        { name: 'no kill', oomKills: {} },
        { name: 'calm', events: { reason: 'BackOff', max: 2 }, abort: true },
        { name: 'all', events: { type: 'any', reason: ['Killing', 'Evicted'] } },
      ]),
    ).toEqual({
      wrong: [],
      read: [
        {
          kind: 'metric',
          name: 'throughput',
          source: { metric: 'db.commits', of: 'database', aggregate: 'sum' },
          bound: { atLeast: 0.8 },
          during: 'fault',
          forMs: 30_000,
          abort: true,
        },
        {
          kind: 'metric',
          name: 'expectation-2',
          source: { query: 'sum(up)' },
          bound: { min: 3 },
          during: 'always',
          forMs: 0,
          abort: false,
        },
        {
          kind: 'recovery',
          name: 'back',
          source: { metric: 'db.commitLatency', of: 'database', aggregate: 'mean' },
          to: 0.2,
          withinMs: 120_000,
        },
        { kind: 'diagnosis', name: 'named', withinMs: 60_000, noOther: true },
        { kind: 'pods', name: 'no restart', count: 'restarts', max: 0, abort: true },
        { kind: 'pods', name: 'no kill', count: 'oomKills', max: 0, abort: false },
        { kind: 'events', name: 'calm', type: 'Warning', reasons: ['BackOff'], max: 2, abort: true },
        { kind: 'events', name: 'all', type: 'any', reasons: ['Killing', 'Evicted'], max: 0, abort: false },
      ],
    });
  });

  it.each<[unknown, DocumentPath, RegExp, string?]>([
    ['x', ['expect'], /must be a list/],
    [[], ['expect'], /is empty/],
    [null, ['expect'], /is empty/],
    [[{ name: 'a', metric: ['cpu.used'], min: 1 }], ['expect', 0, 'metric'], /must be text/],
    [[{ name: 'a', metric: 'cpu.usd', min: 1 }], ['expect', 0, 'metric'], /Unknown metric "cpu\.usd"/, 'cpu.used'],
    [[{ name: 'recorded only', metric: 'memory.cached', min: 1 }], ['expect', 0, 'metric'], /Unknown metric/],
    [[{ query: 'sum(rate(foo[1m])', min: 1 }], ['expect', 0, 'query'], /"\(" that is not closed/],
    [[{ recovers: { query: 'up}' } }], ['expect', 0, 'recovers', 'query'], /"}" that closes nothing/],
    [[1], ['expect', 0], /map of fields/],
    [[{ name: 'a' }], ['expect', 0], /exactly one of/],
    [[{ metric: 'db.commits', query: 'up', min: 1 }], ['expect', 0], /exactly one of/],
    [[{ metric: 'db.comits', min: 1 }], ['expect', 0, 'metric'], /Did you mean db.commits/, 'db.commits'],
    [[{ metric: 'db.commits' }], ['expect', 0], /requires a bound/],
    [[{ metric: 'db.commits', within: 20 }], ['expect', 0, 'within'], /percentage of the baseline/, '20%'],
    [[{ metric: 'db.commits', min: 2, max: 1 }], ['expect', 0, 'max'], /below "min"/],
    [
      [{ metric: 'db.commits', 'at-least': '120%', 'at-most': '10%' }],
      ['expect', 0, 'at-most'],
      /"at-most" must not be below "at-least"/,
    ],
    [[{ metric: 'db.commits', min: 1, durring: 'fault' }], ['expect', 0, 'durring'], /Unknown field/, 'during'],
    [
      [{ metric: 'db.commits', min: 1, during: 'foult' }],
      ['expect', 0, 'during'],
      /must be one of .*\. Did you mean fault\?$/,
      'fault',
    ],
    [[{ name: true, metric: 'db.commits', min: 1 }], ['expect', 0, 'name'], /must be text\. Put the value in quotes/],
    [[{ metric: 'db.commits', min: 1, during: 'before', abort: true }], ['expect', 0, 'abort'], /during the fault/],
    [[{ query: 'up', of: 'targets', min: 1 }], ['expect', 0, 'of'], /applies to a metric/],
    [[{ restarts: { max: 'none' } }], ['expect', 0, 'restarts', 'max'], /must be a number/],
    [[{ recovers: { metric: 'db.commits', within: '3h' } }], ['expect', 0, 'recovers', 'within'], /at most 1h/],
  ])('say what is wrong with %j', (value, path, message, meant) => {
    const { wrong } = read(value);
    expect(wrong[0]).toMatchObject({ path, message: expect.stringMatching(message) });
    expect(wrong[0]?.meant).toBe(meant);
  });

  it.each<[string, unknown, RegExp, string | undefined]>([
    ['db.commitLatency', '20ms', /"max" must be a number\. This metric is in seconds/, '0.02'],
    ['cpu.used', '80%', /in CPU cores/, undefined],
    ['cpu.used', '500m', /in CPU cores/, '0.5'],
    ['cpu.server', '80%', /a share from 0 to 1/, '0.8'],
    ['memory.used', '2GiB', /in bytes/, '2147483648'],
    ['network.sendBytes', '5 MB', /in bytes per second/, undefined],
    ['db.commits', '100', /a rate per second/, '100'],
  ])('name the unit of a bound: %s, %s', (metric, max, message, meant) => {
    const path = ['expect', 0, 'max'];
    expect(read([{ metric, max }]).wrong).toEqual([
      { path, message: expect.stringMatching(message) as unknown, meant },
    ]);
  });

  it('name a misspelt field once, with what was meant, and not what follows from it', () => {
    const said = (one: unknown): unknown[] => read([one]).wrong.map(({ path, message }) => [path.at(-1), message]);
    const atLeast = ['atleast', 'Unknown field "atleast". Did you mean at-least?'];
    expect(said({ metrik: 'db.commits', atleast: '80%' })).toEqual([
      ['metrik', 'Unknown field "metrik". Did you mean metric?'],
      atLeast,
    ]);
    expect(said({ metric: 'db.commits', atleast: '80%' })).toEqual([atLeast]);
    expect(said({ nothing: 1 })).toMatchObject([
      ['nothing', expect.stringContaining('Expected one of metric, query')],
      [0, expect.stringContaining('exactly one of')],
    ]);
  });

  it('ask no diagnosis of faults that it cannot name', () => {
    const diagnosis = [{ name: 'named', diagnosis: { names: 'injected' } }];
    expect(read(diagnosis, ['network_delay', 'disk_stress']).wrong).toEqual([]);
    expect(read(diagnosis, ['cpu_stress', 'pod_kill']).wrong).toEqual([
      {
        path: ['expect', 0, 'diagnosis'],
        message: 'The diagnosis cannot name pod_kill, only cpu_stress, memory_stress, network_delay, disk_stress.',
      },
    ]);
  });

  it('have names of their own', () => {
    const one = { name: 'a', metric: 'db.commits', min: 1 };
    expect(read([one, one]).wrong).toMatchObject([
      { path: ['expect', 1], message: /* the second */ expect.stringContaining('"a"') },
    ]);
  });
});

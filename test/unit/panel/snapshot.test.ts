import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/core/base/errors';
import type { MonitorState } from '../../../src/core/monitoring/monitorState';
import { toSnapshot } from '../../../src/ui/panel/snapshot';

const state: MonitorState = {
  health: { state: 'live', updatedAt: 5 },
  source: undefined,
  targets: [],
  frame: {
    timestamps: Float64Array.from([1000, 2000, 3000]),
    stepMs: 1000,
    nodes: ['a'],
    series: [{ metric: 'cpu.used', node: 'a', values: Float64Array.from([1, NaN, Infinity]) }],
    problems: [
      { metric: 'x', node: 'a', message: 'no answer' },
      { metric: 'y', node: 'a', message: 'no answer' },
    ],
  },
  ranks: undefined,
  diagnosis: undefined,
  problems: [],
  spans: [],
  windowMs: 3000,
  stepMs: 1000,
  freshMs: 60_000,
  live: true,
};

describe('the panel’s snapshot', () => {
  it('keeps gaps as gaps, in one buffer that is sent as bytes', () => {
    const sent = structuredClone(toSnapshot(state, 9000));
    expect([...(sent.series[0]?.values ?? [])]).toEqual([1, NaN, NaN]);
    expect(sent).toMatchObject({ fromMs: 0, toMs: 3000, fixed: false, problems: ['no answer'] });
    const two = {
      ...state,
      frame: state.frame && { ...state.frame, series: [...state.frame.series, ...state.frame.series] },
    };
    expect(new Set(toSnapshot(two, 0).series.map(({ values }) => values.buffer)).size).toBe(1);
  });

  it('says what went wrong and what to do', () => {
    const error = new AppError('unreachable', 'No answer.', { hint: 'Set the URL.' });
    expect(toSnapshot({ ...state, health: { state: 'stale', since: 4, error } }, 0).health).toEqual({
      state: 'stale',
      since: 4,
      message: 'No answer.',
      hint: 'Set the URL.',
    });
    expect(toSnapshot({ ...state, live: false }, 0).health).toEqual({ state: 'paused', updatedAt: 5 });
  });

  it('orders named pairs first, hides improbable ones, and puts reasons in words', () => {
    const pair = (
      node: string,
      probability: number,
      named: boolean,
    ): NonNullable<MonitorState['diagnosis']>['ranking'][number] => ({
      node,
      type: 'disk_stress',
      probability,
      importance: probability,
      named,
      reasons: named
        ? [{ metric: 'disk.writeLatency', value: 0.1, baseline: 0.001, direction: 'up', deviation: 9, weight: 1 }]
        : [],
    });
    const diagnosis: MonitorState['diagnosis'] = {
      from: 0,
      at: 1,
      healthy: false,
      unjudged: [],
      lost: [],
      ranking: [pair('b', 0.97, true), pair('a', 0.2, false), pair('c', 0.01, false)],
      nodes: [],
      clusterRank: 1,
      graph: { nodes: [], weights: new Float64Array() },
      info: { answeredBy: 'distance', model: undefined, reason: 'model file missing' },
      insufficient: undefined,
    };
    const sent = toSnapshot({ ...state, diagnosis }, 0).diagnosis;
    expect(sent?.pairs.map(({ node }) => node)).toEqual(['b', 'a']);
    expect(sent?.pairs[0]).toMatchObject({
      title: 'Disk stress',
      reasons: [{ text: 'Write latency 100 ms, baseline 1 ms', value: 0.1, baseline: 0.001 }],
    });
    expect(sent).toMatchObject({
      from: 0,
      at: 1,
      answeredBy: 'comparison with each node’s own baseline, without a model',
      answeredByReason: 'model file missing',
    });
  });
});

import { describe, expect, it } from 'vitest';
import { distanceDetector } from '../../../src/core/diagnosis/distance/distanceDetector';
import { rank } from '../../../src/core/diagnosis/ranking';
import type { Diagnosis } from '../../../src/core/diagnosis/types';
import { answerState, diagnosisState, pastState } from '../../../src/core/monitoring/diagnosisState';
import { AppError } from '../../../src/core/base/errors';
import type { MonitorHealth, MonitorState } from '../../../src/core/monitoring/monitorState';
import type { ExperimentSpan } from '../../../src/core/experiments/spans';
import { span } from '../evaluation/build';

const STEP = 15_000;
const AT = 1_800_000_000_000;
const METRICS = ['cpu.used', 'memory.rss', 'disk.writeOps', 'disk.writeLatency', 'db.commits', 'network.sendBytes'];

/** The diagnosis of nodes whose samples stand still, but for what is changed. */
function diagnosisOf(
  change: (node: string, metric: string) => { before?: number[]; now?: number[] } = () => ({}),
): Diagnosis {
  const nodes = ['a', 'b', 'c'].map((name) => ({
    name,
    metrics: Object.fromEntries(
      METRICS.map((metric) => {
        const { before = new Array<number>(40).fill(2), now = [2, 2] } = change(name, metric);
        return [metric, { baseline: Float64Array.from(before), window: Float64Array.from(now) }];
      }),
    ),
  }));
  return rank({ from: AT - STEP, at: AT, nodes }, distanceDetector(), {
    answeredBy: 'distance',
    model: undefined,
    reason: undefined,
  });
}

const GONE = [NaN, NaN];
const live: MonitorHealth = { state: 'live', updatedAt: AT };

const state = (change: Partial<MonitorState> = {}): MonitorState => ({
  health: live,
  source: undefined,
  targets: [],
  frame: undefined,
  ranks: undefined,
  diagnosis: diagnosisOf(),
  problems: [],
  spans: [],
  windowMs: 1_800_000,
  stepMs: STEP,
  freshMs: 60_000,
  live: true,
  ...change,
});

const acting = (secondsBefore: number, more: Partial<ExperimentSpan> = {}): ExperimentSpan => ({
  ...span('x', 'cpu_stress', ['b'], 0, undefined),
  fromMs: AT - secondsBefore * 1000,
  ...more,
});

describe('no anomaly is said to be there', () => {
  it('of a fresh window with samples of every node', () => {
    expect(diagnosisState(state(), AT + 59_000)).toEqual({
      state: 'normal',
      reason: undefined,
      since: AT,
      readyInMs: undefined,
      unknownNodes: [],
    });
  });

  it.each<[string, Partial<MonitorState>, number, object]>([
    ['before the first answer', { health: { state: 'loading' }, diagnosis: undefined }, 0, { state: 'collecting' }],
    ['before anybody asked', { health: { state: 'idle' }, diagnosis: undefined }, 0, { state: 'collecting' }],
    [
      'when the cluster or Prometheus cannot be reached any more',
      { health: { state: 'stale', since: AT - 5, error: new AppError('unreachable', 'It refused the connection.') } },
      0,
      { state: 'unknown', since: AT - 5, reason: 'It refused the connection.' },
    ],
    [
      'when it never could be',
      { health: { state: 'failed', error: new AppError('unreachable', 'It refused.') }, diagnosis: undefined },
      0,
      { state: 'unknown', since: undefined, reason: 'It refused.' },
    ],
    [
      'when there is no pod or no sample',
      { health: { state: 'empty', message: 'No pod.' }, diagnosis: undefined },
      0,
      { state: 'unknown', reason: 'No pod.' },
    ],
    ['when refreshing is paused', { live: false }, 0, { state: 'unknown', since: AT, reason: 'Refreshing is paused.' }],
    ['when the refresh hangs', {}, 60_001, { state: 'unknown', since: AT }],
    [
      'when a query failed',
      {
        problems: [
          { metric: 'cpu.used', node: 'a', message: 'HTTP 500.', incomplete: true },
          { metric: 'cpu.used', node: 'b', message: 'HTTP 500.', incomplete: true },
          { metric: 'cpu.throttled', node: 'a', message: 'No samples in this range.' },
        ],
      },
      0,
      { state: 'unknown', reason: 'HTTP 500.' },
    ],
    [
      'when a node is silent',
      { diagnosis: diagnosisOf((node) => (node === 'c' ? { now: GONE } : {})) },
      0,
      {
        state: 'unknown',
        reason: 'No samples from c in this window.',
        unknownNodes: [{ node: 'c', reason: 'No samples from c in this window.' }],
      },
    ],
    [
      'when a node was never there',
      { diagnosis: diagnosisOf((node) => (node === 'c' ? { before: [], now: GONE } : {})) },
      0,
      { state: 'unknown', reason: 'No samples from c in this window.' },
    ],
    [
      'when no node is there',
      { diagnosis: diagnosisOf(() => ({ now: GONE })) },
      0,
      { state: 'unknown', reason: 'No samples from a, b, c in this window.' },
    ],
    [
      'when a group of metrics is gone',
      { diagnosis: diagnosisOf((node, metric) => (node !== 'a' && metric.startsWith('db.') ? { now: GONE } : {})) },
      0,
      {
        state: 'unknown',
        reason: 'No workload metrics from b, c in this window.',
        unknownNodes: ['b', 'c'].map((node) => ({ node, reason: `No workload metrics from ${node} in this window.` })),
      },
    ],
    [
      'when a node has never had a group that the others have',
      {
        diagnosis: diagnosisOf((node, metric) =>
          node === 'c' && metric.startsWith('cpu.') ? { before: new Array<number>(40).fill(NaN), now: GONE } : {},
        ),
      },
      0,
      { state: 'unknown', reason: 'No CPU metrics from c in this window.' },
    ],
    [
      'when nothing tells which series are those of a node: the cause stands for what is missing',
      {
        diagnosis: diagnosisOf((node, metric) =>
          node !== 'a' && metric.startsWith('cpu.') ? { before: [], now: GONE } : {},
        ),
        problems: [{ metric: undefined, node: 'c', message: 'Several clusters.', incomplete: true }],
      },
      0,
      {
        state: 'unknown',
        reason: 'No CPU metrics from b in this window. Several clusters.',
        unknownNodes: [
          { node: 'b', reason: 'No CPU metrics from b in this window.' },
          { node: 'c', reason: 'Several clusters.' },
        ],
      },
    ],
    [
      'when a new node has no baseline yet',
      { diagnosis: diagnosisOf((node) => (node === 'c' ? { before: [2, 2] } : {})) },
      0,
      { state: 'collecting', reason: 'Too few samples from c yet.', readyInMs: 3 * STEP },
    ],
    [
      'when none has',
      { diagnosis: diagnosisOf(() => ({ before: [] })) },
      0,
      { state: 'collecting', reason: 'Too few samples from a, b, c yet.', readyInMs: 7 * STEP },
    ],
    [
      '10 s after an injection',
      { spans: [acting(10)] },
      0,
      {
        state: 'collecting',
        reason: 'CPU stress has just started: the window does not show it yet.',
        readyInMs: 50_000,
      },
    ],
    [
      '10 s after an injection that was stopped at once',
      { spans: [acting(10, { toMs: AT - 2 })] },
      0,
      {
        state: 'collecting',
        reason: 'CPU stress acted for a short time: the window does not show all of it yet.',
        readyInMs: 50_000,
      },
    ],
    [
      'after two, one of which has ended already, and before their window has ended',
      { spans: [acting(10, { toMs: AT - 2 }), acting(-3, { key: 'y' })] },
      5000,
      {
        state: 'collecting',
        reason: '2 experiments have just started: the window does not show them yet.',
        readyInMs: 63_000,
      },
    ],
  ])('and not %s', (_, change, laterMs, expected) => {
    expect(diagnosisState(state(change), AT + laterMs)).toMatchObject(expected);
  });

  it('again when an experiment has acted long enough to be seen, or acts on other nodes', () => {
    expect(diagnosisState(state({ spans: [acting(61)] }), AT).state).toBe('normal');
    expect(diagnosisState(state({ spans: [acting(5, { nodes: ['elsewhere'] })] }), AT).state).toBe('normal');
  });

  it('where mean times are missing because nothing happens', () => {
    const idle = diagnosisOf((_, metric) => (metric === 'disk.writeLatency' ? { now: GONE } : {}));
    expect(diagnosisState(state({ diagnosis: idle }), AT).state).toBe('normal');
  });

  it('of the end of a range of the past, by what acted until then', () => {
    const past = { live: false, health: { state: 'live' as const, updatedAt: AT + 9e6 } };
    expect(pastState(state({ ...past, spans: [acting(-600)] }))).toMatchObject({ state: 'normal', since: AT });
    expect(pastState(state({ ...past, spans: [acting(10)] }))).toMatchObject({ state: 'collecting' });
  });
});

describe('an anomaly', () => {
  const anomalous = (more: (node: string) => { now?: number[] } = () => ({})): Diagnosis =>
    diagnosisOf((node, metric) => (node === 'b' && metric === 'cpu.used' ? { now: [9, 9] } : more(node)));

  it('is said with what the answer leaves out', () => {
    expect(answerState(anomalous(), { problems: [], spans: [acting(5)], nowMs: AT })).toMatchObject({
      state: 'anomalous',
      reason: undefined,
    });
    const partly = anomalous((node) => (node === 'c' ? { now: GONE } : {}));
    expect(answerState(partly, { problems: [], spans: [], nowMs: AT })).toMatchObject({
      state: 'anomalous',
      reason: 'No samples from c in this window.',
      unknownNodes: [{ node: 'c' }],
    });
  });

  it('of before is not said of now', () => {
    const error = new AppError('unreachable', 'no route');
    const old = state({ diagnosis: anomalous(), health: { state: 'stale', since: AT, error } });
    expect(diagnosisState(old, AT + 9e5)).toMatchObject({ state: 'unknown', since: AT });
  });
});

import { beforeEach, describe, expect, it } from 'vitest';
import { distanceDetector } from '../../../src/core/diagnosis/distance/distanceDetector';
import { rank } from '../../../src/core/diagnosis/ranking';
import { stretchesAt } from '../../../src/core/diagnosis/stretches';
import type { RankSeries, ScorerInfo } from '../../../src/core/diagnosis/types';
import { toSample, withoutDoubt } from '../../../src/core/evaluation/sample';
import { ExperimentStore } from '../../../src/core/experiments/store';
import { timeAxis } from '../../../src/core/metrics/axis';
import type { FrameRequest, MetricProblem, MetricSourceInfo } from '../../../src/core/metrics/series';
import { diagnosisState, pastState } from '../../../src/core/monitoring/diagnosisState';
import { createMonitor, type Monitor } from '../../../src/core/monitoring/monitor';
import { DEMO_QUERY, ManualClock, silentLog } from '../../support';
import { target } from '../cluster/targets';
import { FakeGateway } from '../injection/fakes';

const NOW = Date.parse('2026-01-01T12:00:07Z');
const MINUTE = 60_000;
const METRICS = ['cpu.used', 'memory.used', 'network.receiveBytes', 'disk.writeBytes', 'db.commits'];
const info: ScorerInfo = { answeredBy: 'distance', model: undefined, reason: undefined };
const hourBefore = { fromMs: NOW - 120 * MINUTE, toMs: NOW - 60 * MINUTE };

let monitor: Monitor;
/** What the source lacks. */
let lacks: (metric: string, node: string, at: number, request: FrameRequest) => boolean;
let problems: (request: FrameRequest) => MetricProblem[];
let gone: string[];

beforeEach(() => {
  lacks = () => false;
  problems = () => [];
  gone = [];
  const clock = new ManualClock(NOW);
  const pods = (names: readonly string[]) => names.map((pod) => target({ pod }));
  const source: MetricSourceInfo = {
    url: 'http://prometheus',
    profile: 'oceanbase',
    metrics: METRICS.map((metric) => ({ metric, profile: 'oceanbase' })),
    notes: [],
    version: undefined,
  };
  monitor = createMonitor({
    targets: { list: () => Promise.resolve(pods(['a', 'b', 'c'])), gone: () => pods(gone) },
    query: DEMO_QUERY,
    metrics: {
      describe: () => Promise.resolve(source),
      fetch: (request) => {
        const timestamps = timeAxis(request.fromMs, request.toMs, request.stepMs);
        const nodes = request.targets.map(({ pod }) => pod);
        const series = nodes.flatMap((node) =>
          METRICS.map((metric, i) => ({
            metric,
            node,
            values: timestamps.map((at) =>
              lacks(metric, node, at, request) ? NaN : 100 + 2 * Math.sin(at / 37_000 + i),
            ),
          })),
        );
        return Promise.resolve({ timestamps, stepMs: request.stepMs, nodes, series, problems: problems(request) });
      },
    },
    scorer: {
      analyse: (frame) =>
        Promise.resolve({
          ranks: { nodes: [], gaps: [], pending: false } as unknown as RankSeries,
          diagnosis: rank(stretchesAt(frame), distanceDetector(), info),
        }),
      info: () => Promise.resolve(info),
      dispose: () => undefined,
    },
    store: new ExperimentStore({ gateway: new FakeGateway(), clock }),
    clock,
    log: silentLog,
    windowMs: 30 * MINUTE,
    stepMs: 15_000,
    refreshMs: 15_000,
  });
});

const now = async () => diagnosisState(await monitor.refresh(), NOW);
const then = async (stepMs = 60_000) => pastState(await monitor.past({ ...hourBefore, stepMs }));

describe('no anomaly is said to be there', () => {
  it('of whole metrics, at any range', async () => {
    expect(await now()).toMatchObject({ state: 'normal' });
    monitor.setRange(360 * MINUTE, 60_000);
    expect(await now()).toMatchObject({ state: 'normal' });
    expect(await then()).toMatchObject({ state: 'normal' });
  });

  it.each([
    [6 * 60, 60_000],
    [5, 5000],
    [30, 15_000],
  ])('and not where a query of the diagnosis failed, whatever the range of %s min has', async (minutes, stepMs) => {
    const message = 'query processing would load too many samples into memory';
    lacks = (metric, _node, _at, request) => metric === 'disk.writeBytes' && request.stepMs === 15_000;
    problems = ({ stepMs: asked }) =>
      asked === 15_000 ? [{ metric: 'cpu.used', node: 'b', message, incomplete: true }] : [];
    monitor.setRange(minutes * MINUTE, stepMs);
    const unknown = { state: 'unknown', reason: expect.stringContaining(message) as string };
    expect(await now()).toMatchObject(unknown);
    expect(await then(stepMs)).toMatchObject(unknown);
  });

  it('though a query of the shown range alone failed', async () => {
    problems = ({ stepMs }) =>
      stepMs === 60_000 ? [{ metric: 'cpu.used', node: 'a', message: 'x', incomplete: true }] : [];
    monitor.setRange(360 * MINUTE, 60_000);
    expect(await now()).toMatchObject({ state: 'normal' });
  });

  it.each([5, 28, 29, 35, 600])('and not of a node without cAdvisor’s metrics for %s min', async (minutes) => {
    lacks = (metric, node, at) => node === 'c' && !metric.startsWith('db.') && at > NOW - minutes * MINUTE;
    const state = await now();
    expect(state.state).toBe('unknown');
    expect(String(state.reason)).toContain('No CPU metrics from c in this window.');
    const { diagnosis, problems: found } = await monitor.refresh();
    expect(diagnosis && withoutDoubt(toSample(diagnosis), found).answered).toBe(false);
  });

  it('and not of a stretch of the past without a sample of a node', async () => {
    lacks = (_, node) => node === 'c';
    for (const stepMs of [15_000, 60_000])
      expect(await then(stepMs)).toMatchObject({
        state: 'unknown',
        unknownNodes: [{ node: 'c', reason: 'No samples from c in this window.' }],
      });
  });

  it('of a stretch of the past in which another pod is known to have run in the place of one that came later', async () => {
    gone = ['before-c'];
    lacks = (_, node, at) => (node === 'c' ? at < NOW - 30 * MINUTE : node === 'before-c' && at > NOW - 40 * MINUTE);
    problems = () => [{ metric: undefined, node: 'c', message: 'Nothing tells which is c.', incomplete: true }];
    expect(await then()).toMatchObject({ state: 'normal', unknownNodes: [] });
    lacks = (_, node) => ['c', 'before-c'].includes(node);
    expect(await then()).toMatchObject({ state: 'unknown' });
  });
});

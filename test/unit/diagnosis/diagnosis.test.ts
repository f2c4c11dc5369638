import { describe, expect, it } from 'vitest';
import { distanceDetector } from '../../../src/core/diagnosis/distance/distanceDetector';
import { UNKNOWN_TYPE } from '../../../src/core/diagnosis/diagnosedTypes';
import { deviation, deviations } from '../../../src/core/diagnosis/features';
import { inputsOf, inputWidth, rawRows } from '../../../src/core/diagnosis/inputs';
import { leastNoticeable } from '../../../src/core/diagnosis/distance/noticeable';
import { QUANTITIES, quantitiesOf } from '../../../src/core/diagnosis/quantities';
import { peerReason } from '../../../src/core/diagnosis/peerReason';
import { rank } from '../../../src/core/diagnosis/ranking';
import { reasonText } from '../../../src/core/diagnosis/reasonText';
import { baselineStart, stretchesAt, windowSteps } from '../../../src/core/diagnosis/stretches';
import type { ScorerInfo } from '../../../src/core/diagnosis/types';
import type { MetricFrame } from '../../../src/core/metrics/series';

const info: ScorerInfo = { answeredBy: 'distance', model: undefined, reason: undefined };
const STEPS = 60;
const wave = (level: number, noise: number, shift = 0): Float64Array =>
  Float64Array.from({ length: STEPS }, (_, i) => level + noise * Math.sin(i * 12.9898 + shift));

/** Three quiet nodes at 15 s; `change` bends the last eight steps of one metric of the second. */
function frame(change: Record<string, number> = {}): MetricFrame {
  const nodes = ['a', 'b', 'c'];
  const levels: Record<string, [number, number]> = {
    'cpu.used': [1.4, 0.03],
    'memory.used': [6.6e9, 4e6],
    'memory.rss': [6.4e9, 4e6],
    'disk.readLatency': [5e-4, 1e-5],
    'disk.writeLatency': [1.2e-3, 2e-5],
    'disk.writeOps': [200, 5],
    'db.commits': [340, 6],
    'db.commitLatency': [1e-3, 2e-5],
    'network.sendBytes': [3e6, 6e4],
  };
  const series = Object.entries(levels).flatMap(([metric, [level, noise]]) =>
    nodes.map((node, n) => {
      const values = wave(level, noise, n);
      const factor = node === 'b' ? change[metric] : undefined;
      if (factor !== undefined) for (let i = STEPS - 8; i < STEPS; i++) values[i] = (values[i] as number) * factor;
      return { metric, node, values };
    }),
  );
  return {
    timestamps: Float64Array.from({ length: STEPS }, (_, i) => 1e12 + i * 15_000),
    stepMs: 15_000,
    nodes,
    series,
    problems: [],
  };
}
const diagnose = (given: MetricFrame): ReturnType<typeof rank> => rank(stretchesAt(given), distanceDetector(), info);

describe('deviation', () => {
  it('is robust and signed', () => {
    const found = deviation({
      baseline: Float64Array.from([10, 11, 9, 10, 1000, 10, 10, 10]),
      window: Float64Array.from([20, 20, 20, 21]),
    });
    expect(found?.baseline).toBe(10);
    expect(found?.value).toBe(20);
    expect(found?.z).toBeGreaterThan(5);
    expect(found?.logRatio).toBeCloseTo(Math.log(20.6 / 10.6), 9);
  });

  it('says nothing of too few samples and leaves gaps out', () => {
    expect(
      deviation({ baseline: Float64Array.from([1, 2, NaN, NaN, NaN]), window: Float64Array.from([1, 2]) }),
    ).toBeUndefined();
    expect(deviation({ baseline: new Float64Array(6).fill(1), window: Float64Array.from([NaN, 1]) })).toBeUndefined();
    expect(deviation({ baseline: new Float64Array(6).fill(1), window: Float64Array.from([NaN, 1, 1]) })?.z).toBe(0);
  });
});

describe('a change that nobody would notice', () => {
  it('is small, however quiet the baseline was', () => {
    const still = (level: number): Float64Array => new Float64Array(12).fill(level);
    const change = (metric: string, before: number, now: number): number =>
      deviation({ baseline: still(before), window: still(now) }, 0, leastNoticeable(metric))?.z ?? NaN;
    expect(change('db.queueTime', 0, 2e-5)).toBeLessThan(1);
    expect(change('memory.rss', 1e9, 1.03e9)).toBeLessThan(1.1);
    expect(change('memory.majorFaults', 0, 3)).toBeLessThan(1);
    expect(change('cpu.used', 0.2, 0.4)).toBeGreaterThan(10);
  });
});

describe('the inputs of a model', () => {
  const plan = { metrics: ['cpu.used', 'no.such'] };
  const found = deviations(stretchesAt(frame({ 'cpu.used': 2 })).nodes);

  it('tell own from shared deviations, and leave out what is missing', () => {
    const [a, b] = rawRows(plan, found) as [Float32Array, Float32Array];
    expect(b[0]).toBeGreaterThan(0.6);
    expect(b[1]).toBeGreaterThan(0.6); // beyond its peers
    expect(a[1]).toBeLessThan(0); // a has not moved, the median of its peers has
    expect([...b.subarray(3, 6)]).toEqual([NaN, NaN, NaN]);
    expect(inputWidth(plan)).toBe(b.length);
  });

  it('name every input that a metric is part of', () => {
    const [, b] = rawRows(plan, found) as [Float32Array, Float32Array];
    const without = found.map((node) => new Map([...node].filter(([metric]) => metric !== 'cpu.used')));
    const [, rest] = rawRows(plan, without) as [Float32Array, Float32Array];
    const changed = [...b.keys()].filter((k) => !Object.is(b[k], rest[k]));
    const named = new Set(inputsOf(plan, 'cpu.used'));
    expect(changed.length).toBeGreaterThan(3);
    expect(changed.filter((k) => !named.has(k))).toEqual([]);
  });

  it('are ratios: the same for a server of another size', () => {
    const larger = stretchesAt(frame({ 'cpu.used': 2 })).nodes.map(({ name, metrics }) => ({
      name,
      metrics: Object.fromEntries(
        Object.entries(metrics).map(([metric, { baseline, window }]) => [
          metric,
          /Latency$/.test(metric)
            ? { baseline, window }
            : { baseline: baseline.map((v) => 50 * v), window: window.map((v) => 50 * v) },
        ]),
      ),
    }));
    const own = quantitiesOf(found[1]!);
    quantitiesOf(deviations(larger)[1]!).forEach((value, k) => {
      if (!Number.isNaN(own[k]!)) expect(value, QUANTITIES[k]?.name).toBeCloseTo(own[k]!, 2);
    });
  });
});

describe('a node that is anomalous for no known reason', () => {
  const detect =
    (unknown: number, cpu: number): Parameters<typeof rank>[1] =>
    (nodes) => ({
      types: ['cpu_stress', UNKNOWN_TYPE],
      thresholds: [0.5, 0.6],
      probabilities: nodes.map((_, i) => Float64Array.from(i === 1 ? [cpu, unknown] : [0.01, 0.02])),
      contributions: () => [{ metric: 'cpu.used', share: 1 }],
    });
  const ask = (unknown: number, cpu: number): ReturnType<typeof rank> =>
    rank(stretchesAt(frame({ 'cpu.used': 2 })), detect(unknown, cpu), info);

  it('is named as such, with what speaks for it', () => {
    const { healthy, ranking, nodes } = ask(0.9, 0.3);
    expect(healthy).toBe(false);
    expect(nodes.map(({ anomalous }) => anomalous)).toEqual([false, true, false]);
    expect(ranking[0]).toMatchObject({ node: 'b', type: UNKNOWN_TYPE, named: true, probability: 0.9 });
    expect(ranking[0]?.reasons[0]?.metric).toBe('cpu.used');
  });

  it('is not said where a type is named, or where nothing is wrong', () => {
    expect(ask(0.9, 0.8).ranking[0]).toMatchObject({ node: 'b', type: 'cpu_stress', named: true });
    expect(ask(0.9, 0.8).ranking.some(({ type }) => type === UNKNOWN_TYPE)).toBe(false);
    expect(ask(0.4, 0.1).ranking.some(({ type }) => type === UNKNOWN_TYPE)).toBe(false);
    expect(ask(0.4, 0.1).healthy).toBe(true);
  });
});

describe('the baseline', () => {
  const idle = Float64Array.from({ length: 40 }, (_, i) => (i < 10 ? 0 : 100 + (i % 3)));

  it('begins after an idle start, and then is its later three quarters', () => {
    const stretch = { baseline: idle, window: idle };
    expect(baselineStart({ 'network.receiveBytes': stretch })).toBe(10 + 7);
    expect(baselineStart({ 'cpu.used': stretch })).toBe(10);
    expect(baselineStart({ 'network.receiveBytes': { ...stretch, baseline: idle.subarray(0, 6) } })).toBe(0);
    expect(baselineStart({})).toBe(0);
  });
});

describe('the fall-back', () => {
  it('says that nothing is wrong with a quiet cluster', () => {
    const { healthy, clusterRank, ranking } = diagnose(frame());
    expect(healthy).toBe(true);
    expect(clusterRank).toBeLessThan(0.2);
    expect(ranking.some((pair) => pair.named)).toBe(false);
  });

  it.each([
    ['cpu_stress', { 'cpu.used': 1.8 }],
    ['memory_stress', { 'memory.used': 1.6, 'memory.rss': 1.6 }],
    ['network_delay', { 'db.commitLatency': 100, 'db.commits': 0.3, 'network.sendBytes': 0.3, 'cpu.used': 0.5 }],
    ['disk_stress', { 'disk.readLatency': 200, 'disk.writeLatency': 80, 'disk.writeOps': 0.6 }],
  ])('names %s on the node that has it', (type, change) => {
    const { healthy, ranking } = diagnose(frame(change));
    expect(healthy).toBe(false);
    expect(ranking[0]).toMatchObject({ node: 'b', type, named: true });
    expect(ranking[0]?.reasons.length).toBeGreaterThan(0);
  });

  it('does not answer without a baseline', () => {
    const full = frame();
    const short = {
      ...full,
      timestamps: full.timestamps.subarray(0, 5),
      series: full.series.map((series) => ({ ...series, values: series.values.subarray(0, 5) })),
    };
    const { healthy, insufficient } = diagnose(short);
    expect(healthy).toBe(false);
    expect(insufficient).toMatch(/Too few samples/);
    expect(rank({ from: 0, at: 0, nodes: [] }, distanceDetector(), info).insufficient).toMatch(/No node/);
  });
});

describe('the window', () => {
  it('is half a minute, and at two steps at least', () => {
    expect(windowSteps(5000)).toBe(6);
    expect(windowSteps(15_000)).toBe(2);
    expect(windowSteps(60_000)).toBe(2);
  });
});

describe('reasons', () => {
  it('are words that a DBA uses', () => {
    expect(
      reasonText({
        metric: 'disk.writeLatency',
        value: 0.101,
        baseline: 0.0012,
        direction: 'up',
        deviation: 80,
        weight: 1,
      }),
    ).toBe('Write latency 101 ms, baseline 1.2 ms');
    expect(reasonText({ metric: 'no.such', value: NaN, baseline: 2, direction: 'up', deviation: 1, weight: 1 })).toBe(
      'no.such no data, baseline 2',
    );
  });
});

describe('a node whose calls arrive late at the others', () => {
  // OceanBase times a remote call where it arrives: `RPC_NET_DELAY` and `RPC_PACKET_IN` of ob_stat_event.h.
  const delays = (...windows: (number | undefined)[]): ReturnType<typeof deviations> =>
    deviations(
      windows.map((now, i) => ({
        name: `n${i}`,
        metrics:
          now === undefined
            ? {}
            : {
                'network.rpcDelay': {
                  baseline: Float64Array.from({ length: 20 }, (_, k) => 1e-4 * (1 + 0.05 * Math.sin(k + i))),
                  window: new Float64Array(8).fill(now),
                },
              },
      })),
    );
  const seen = (type: string, ...windows: (number | undefined)[]): ReturnType<typeof peerReason> =>
    peerReason(delays(...windows), 0, type);

  it('has their rise as evidence', () => {
    const reason = seen('network_delay', 1e-4, 0.033, 0.035);
    expect(reason).toMatchObject({ metric: 'network.rpcDelay', direction: 'up', measuredAt: 'peers' });
    expect(reason?.value).toBeCloseTo(0.034, 6);
    expect(reason?.baseline).toBeCloseTo(1e-4, 5);
    if (reason) expect(reasonText(reason)).toMatch(/^RPC network delay at the peers 34 ms, baseline 10\d µs$/);
    expect(seen('network_delay', 1e-4, 0.033)).toBeDefined();
  });

  it.each<[string, string, (number | undefined)[]]>([
    ['is another anomaly', 'cpu_stress', [1e-4, 0.033, 0.035]],
    ['sees late calls too: they may be those of another', 'network_delay', [0.02, 0.033, 0.035]],
    ['is not the only one whose calls may be late', 'network_delay', [1e-4, 0.033, 1e-4]],
    ['has a peer that does not say', 'network_delay', [1e-4, 0.033, undefined]],
    ['does not say of its own calls', 'network_delay', [undefined, 0.033, 0.035]],
    ['is alone', 'network_delay', [1e-4]],
    ['is late by what nobody notices', 'network_delay', [1e-4, 1.5e-4, 1.6e-4]],
  ])('has none where it %s', (_, type, windows) => {
    expect(seen(type, ...windows)).toBeUndefined();
  });

  it('says it first in the answer, and not what it measures itself', () => {
    const given = frame();
    const late = given.nodes.map((node, n) => {
      const values = wave(1e-4, 2e-6, n);
      if (node !== 'b') values.fill(0.033, STEPS - 8);
      return { metric: 'network.rpcDelay', node, values };
    });
    const detect: Parameters<typeof rank>[1] = (nodes) => ({
      types: ['network_delay'],
      thresholds: [0.5],
      probabilities: nodes.map((__, i) => Float64Array.of(i === 1 ? 0.9 : 0.1)),
      contributions: () => [
        { metric: 'network.rpcDelay', share: 2 },
        { metric: 'db.commitLatency', share: 1 },
      ],
    });
    const { ranking } = rank(stretchesAt({ ...given, series: [...given.series, ...late] }), detect, info);
    expect(ranking[0]).toMatchObject({ node: 'b', named: true });
    expect(ranking[0]?.reasons.map(({ metric, measuredAt }) => [metric, measuredAt])).toEqual([
      ['network.rpcDelay', 'peers'],
      ['db.commitLatency', undefined],
    ]);
    expect(ranking[1]?.reasons.some(({ measuredAt }) => measuredAt)).toBe(false);
  });
});

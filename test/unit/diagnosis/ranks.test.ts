import { describe, expect, it } from 'vitest';
import { distanceDetector } from '../../../src/core/diagnosis/distance/distanceDetector';
import { rank, type Detector } from '../../../src/core/diagnosis/ranking';
import { RankHistory } from '../../../src/core/diagnosis/rankSeries';
import { stretchesAt } from '../../../src/core/diagnosis/stretches';
import type { RankSeries, ScorerInfo } from '../../../src/core/diagnosis/types';
import { timeAxis } from '../../../src/core/metrics/axis';
import { frameUntil, stepAt } from '../../../src/core/metrics/frameSlice';
import type { MetricFrame } from '../../../src/core/metrics/series';
import { Random } from '../../../src/core/base/random';

const INFO: ScorerInfo = { answeredBy: 'distance', model: undefined, reason: undefined };
const STEP = 15_000;
const WINDOW = 10 * 60_000;
const START = 1_800_000_000_000;
const STEPS = 400;
const NODES = ['a', 'b', 'c'];
const LEVELS: Readonly<Record<string, [number, number]>> = {
  'cpu.used': [1.4, 0.03],
  'memory.rss': [6.4e9, 4e6],
  'disk.writeLatency': [1.2e-3, 2e-5],
  'disk.writeOps': [200, 5],
  'db.commits': [340, 6],
  'network.sendBytes': [3e6, 6e4],
};

/** A database over time: CPU of b doubles in steps 120 to 132, writes of c are slow in 300 to 320, a is not there in 200 to 230. */
function history(): MetricFrame {
  const random = new Random(3);
  const series = Object.entries(LEVELS).flatMap(([metric, [level, noise]]) =>
    NODES.map((node) => {
      const values = Float64Array.from({ length: STEPS }, () => level + noise * random.normal());
      const times = (from: number, to: number, factor: number): void =>
        values.forEach((value, i) => void (i >= from && i < to && (values[i] = value * factor)));
      if (node === 'b' && metric === 'cpu.used') times(120, 132, 2);
      if (node === 'c' && metric === 'disk.writeLatency') times(300, 320, 50);
      if (node === 'a') times(200, 230, NaN);
      return { metric, node, values };
    }),
  );
  const timestamps = Float64Array.from({ length: STEPS }, (_, i) => START + i * STEP);
  return { timestamps, stepMs: STEP, nodes: NODES, series, problems: [] };
}

/** What Prometheus gives of it: NaN where it has nothing. */
function fetch(all: MetricFrame, fromMs: number, toMs: number): MetricFrame {
  const timestamps = timeAxis(fromMs, toMs, STEP);
  const shift = ((timestamps[0] as number) - START) / STEP;
  const series = all.series.map((one) => ({
    ...one,
    values: Float64Array.from(timestamps, (_, i) => one.values[i + shift] ?? NaN),
  }));
  return { ...all, timestamps, series };
}

const detect = distanceDetector();

/** The diagnosis of a moment, as the slider asks for it. */
const slider = (all: MetricFrame, ms: number): Record<string, number> => {
  const frame = fetch(all, stepAt(ms, STEP) - WINDOW, stepAt(ms, STEP));
  return Object.fromEntries(rank(stretchesAt(frame), detect, INFO).nodes.map(({ node, rank: value }) => [node, value]));
};

const at = (ranks: RankSeries, place: number): Record<string, number> =>
  Object.fromEntries(
    ranks.nodes.flatMap(({ node, ranks: values }) => {
      const value = values[place] as number;
      return Number.isNaN(value) ? [] : [[node, value]];
    }),
  );

const counted = (): { detect: Detector; readonly looks: number } => {
  let looks = 0;
  return {
    detect: (nodes) => {
      looks += 1;
      return detect(nodes);
    },
    get looks() {
      return looks;
    },
  };
};

describe('the rank of a moment', () => {
  it('is that of its diagnosis in every range, zoom and order of refreshes', () => {
    const all = history();
    const random = new Random(11);
    const ranking = new RankHistory();
    const seen = new Map<number, string>();
    let same = 0;
    for (let look = 0; look < 60; look++) {
      const length = (2 + random.below(80)) * STEP;
      const toMs = START + (60 + random.below(STEPS - 60)) * STEP + random.below(STEP);
      const shownStep = [5000, STEP, 60_000][random.below(3)] as number;
      const moments = timeAxis(toMs - length, toMs, shownStep);
      const frame = fetch(all, stepAt(moments[0] ?? toMs, STEP) - WINDOW, toMs);
      const ranks = ranking.series(frame, { timestamps: moments, windowMs: WINDOW }, detect);
      moments.forEach((moment, i) => {
        const text = JSON.stringify(at(ranks, i));
        const step = stepAt(moment, STEP);
        const before = seen.get(step);
        if (before === undefined) expect(text).toBe(JSON.stringify(slider(all, moment)));
        else same += 1;
        expect(text).toBe(before ?? text);
        seen.set(step, text);
      });
    }
    expect(same).toBeGreaterThan(500);
  });

  it('is high while a fault acts, in a short range too, and has no hole where there are samples', () => {
    const all = history();
    const from = START + 122 * STEP;
    const frame = fetch(all, from - WINDOW, from + 20 * STEP);
    const timestamps = timeAxis(from, from + 20 * STEP, STEP);
    const ranks = new RankHistory().series(frame, { timestamps, windowMs: WINDOW }, detect);
    const b = ranks.nodes[1]?.ranks as Float64Array;
    expect(b.subarray(0, 10).every((value) => value > 0.5)).toBe(true);
    expect(b.subarray(14).every((value) => value < 0.5)).toBe(true);
    expect(ranks.gaps).toEqual([]);
    expect(ranks.cluster[3]).toBe(b[3]);
  });

  it('is computed once, and anew only where a sample that it rests on has changed', () => {
    const all = history();
    const ranking = new RankHistory();
    const { timestamps } = all;
    const moments = { timestamps: timestamps.subarray(100), windowMs: WINDOW };
    const first = counted();
    const before = ranking.series(all, moments, first.detect);
    expect(first.looks).toBe(STEPS - 100);
    const again = counted();
    expect(ranking.series(history(), moments, again.detect)).toEqual(before);
    expect(again.looks).toBe(0);
    const late = history();
    (late.series[0] as { values: Float64Array }).values[250] = 99;
    const changed = counted();
    const after = ranking.series(late, moments, changed.detect);
    expect(changed.looks).toBe(WINDOW / STEP + 1);
    expect(after.cluster.subarray(0, 150)).toEqual(before.cluster.subarray(0, 150));
    expect(after).toEqual(new RankHistory().series(late, moments, detect));
  });

  it('is not taken from nodes or metrics that are others now', () => {
    const all = history();
    const ranking = new RankHistory();
    const moments = { timestamps: all.timestamps.subarray(100, 140), windowMs: WINDOW };
    ranking.series(all, moments, detect);
    const two = { ...all, nodes: ['a', 'b'], series: all.series.filter(({ node }) => node !== 'c') };
    expect(ranking.series(two, moments, detect)).toEqual(new RankHistory().series(two, moments, detect));
    const fewer = { ...all, series: all.series.filter(({ metric }) => metric !== 'cpu.used') };
    expect(ranking.series(fewer, moments, detect)).toEqual(new RankHistory().series(fewer, moments, detect));
  });

  it('says why there is none: before the samples, before there are enough, and before what was asked for', () => {
    const all = history();
    const fromMs = START - 20 * STEP;
    const timestamps = timeAxis(fromMs - 5 * STEP, START + 12 * STEP, STEP);
    const frame = fetch(all, fromMs - WINDOW, START + 12 * STEP);
    const { gaps, cluster } = new RankHistory().series(frame, { timestamps, windowMs: WINDOW }, detect);
    expect(
      gaps.map(({ reason, fromMs: begin, toMs }) => [reason, (begin - START) / STEP, (toMs - START) / STEP]),
    ).toEqual([
      ['notAsked', -25, -21],
      ['noSamples', -20, -1],
      ['noBaseline', 0, 7],
    ]);
    expect([...cluster].map(Number.isNaN)).toEqual([...timestamps].map((ms) => ms < START + 8 * STEP));
  });

  it('is missing of a node alone that is not there, and the others are judged without it', () => {
    const all = history();
    const moment = START + 220 * STEP;
    const frame = frameUntil(all, moment, WINDOW) as MetricFrame;
    const timestamps = Float64Array.of(moment);
    const ranks = new RankHistory().series(frame, { timestamps, windowMs: WINDOW }, detect);
    expect(Object.keys(at(ranks, 0))).toEqual(['b', 'c']);
    expect(ranks.gaps).toEqual([]);
    expect(rank(stretchesAt(frame), detect, INFO)).toMatchObject({
      unjudged: [{ node: 'a', why: 'silent' }],
      graph: { nodes: ['b', 'c'] },
    });
  });

  it('of a very large frame comes in several calls, the scorer being free between them', () => {
    const all = history();
    const large = { ...all, series: Array.from({ length: 100 }, () => all.series).flat() };
    const moments = { timestamps: all.timestamps.subarray(50, 130), windowMs: WINDOW };
    const ranking = new RankHistory();
    const calls = [ranking.series(large, moments, detect)];
    while (calls.at(-1)?.pending && calls.length < 10) calls.push(ranking.series(large, moments, detect));
    expect(calls.map(({ pending }) => pending)).toEqual([true, false]);
    expect(calls.at(-1)?.cluster.every(Number.isFinite)).toBe(true);
  });
});

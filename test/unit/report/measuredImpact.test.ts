import { describe, expect, it } from 'vitest';
import { measuredImpact, type MeasuredImpact } from '../../../src/core/report/measuredImpact';
import { impactTable, recoverySentence } from '../../../src/core/report/impactTable';
import { reportClock } from '../../../src/core/report/reportClock';
import { inEnglish } from '../../../src/core/report/reportTexts';
import type { MetricFrame } from '../../../src/core/metrics/series';

const STEP = 10_000;
/** A minute before, a minute of fault from 60 s on, two minutes after. */
const frameOf = (series: Record<string, (at: number) => number>, seconds = 240): MetricFrame => {
  const timestamps = Float64Array.from({ length: seconds / 10 }, (_, i) => i * STEP);
  return {
    timestamps,
    stepMs: STEP,
    nodes: ['n1'],
    series: Object.entries(series).map(([metric, at]) => ({
      metric,
      node: 'n1',
      values: timestamps.map((ms) => at(ms / 1000)),
    })),
    problems: [],
  };
};
const span = { fromMs: 60_000, toMs: 120_000 };
const of = (
  series: Record<string, (at: number) => number>,
  given: { fromMs: number; toMs: number | undefined } = span,
) => measuredImpact(frameOf(series), given, 60_000).rows;

describe('the measured impact', () => {
  it('is the baseline, the worst value and how long after the end it is back', () => {
    const cpu = (at: number): number => (at < 60 ? 1 : at === 90 ? 3 : at < 150 ? 2 : 1.02);
    expect(of({ 'cpu.used': cpu })).toEqual([
      { metric: 'cpu.used', node: 'n1', baseline: 1, worst: 3, worstAt: 90_000, recoveredAfterMs: 30_000 },
    ]);
  });

  it('counts what falls as well as what rises, the strongest first', () => {
    const impacts = of({
      'cpu.used': (at) => (at >= 60 && at < 120 ? 1.5 : 1),
      'db.commits': (at) => (at >= 60 && at < 120 ? 0 : 500),
    });
    expect(impacts.map(({ metric, worst }) => [metric, worst])).toEqual([
      ['db.commits', 0],
      ['cpu.used', 1.5],
    ]);
  });

  it('is nothing where a metric stays within its own noise, moves once, or has no baseline', () => {
    expect(of({ 'cpu.used': (at) => 1 + 0.1 * Math.sin(at) })).toEqual([]);
    expect(of({ 'cpu.used': (at) => (at === 90 ? 3 : 1) })).toEqual([]);
    expect(of({ 'cpu.used': (at) => (at < 60 ? NaN : 3) })).toEqual([]);
    expect(of({ 'db.queueTime': (at) => (at >= 60 && at < 120 ? 2e-5 : 1e-5) })).toEqual([]); // too little to notice
  });

  it('has not recovered where values come back but do not stay, or while it runs', () => {
    const flapping = (at: number): number => (at < 60 || (at >= 120 && (at / 10) % 3 !== 0) ? 1 : 2);
    expect(of({ 'cpu.used': flapping })[0]?.recoveredAfterMs).toBeUndefined();
    const open = { fromMs: 60_000, toMs: undefined };
    expect(of({ 'cpu.used': (at) => (at < 60 ? 1 : 2) }, open)[0]).toMatchObject({ recoveredAfterMs: undefined });
  });

  it('reads gaps as no samples', () => {
    const impact = of({ 'cpu.used': (at) => (at % 20 === 0 ? NaN : at < 60 ? 1 : at < 120 ? 2 : 1) });
    expect(impact).toEqual([]); // three samples are no baseline
  });
});

describe('the table of the impact', () => {
  const words = {
    say: inEnglish,
    clock: reportClock(0),
    metricName: (metric: string) => metric,
    ...span,
  };
  const known = (rows: readonly MeasuredImpact[], knownMs = 240_000, hasBaseline = true) => ({
    ...{ rows, knownMs, hasBaseline },
    showsMs: 60_000,
  });
  const back = of({ 'cpu.used': (at) => (at < 60 || at >= 150 ? 1 : 2) });
  const lost = of({ 'db.commits': (at) => (at < 60 ? 500 : 0) });

  it('says factor, time and recovery', () => {
    expect(impactTable(known([...back, ...lost]), words)[0]).toMatchObject({
      head: ['Metric', 'Node', 'Baseline', 'Worst', 'Worst at', 'Recovered after'],
      rows: [
        ['cpu.used', 'n1', '1 cores', '2 cores (×2.0)', '00:01:00', '30s'],
        ['db.commits', 'n1', '500/s', '0/s (×0.00)', '00:01:00', 'not within 2m'],
      ],
    });
    expect(impactTable(known(back), { ...words, toMs: undefined })[0]).toMatchObject({
      rows: [[{}, {}, {}, {}, {}, 'still running']],
    });
  });

  it('does not say of what was watched for too short that it had not recovered', () => {
    const cells = impactTable(known(lost, 122_000), words)[0];
    expect(cells).toMatchObject({ rows: [[{}, {}, {}, {}, {}, 'not seen (watched for 2s)']] });
    expect(recoverySentence(known([...back, ...lost], 122_000), words)).toBe(
      'Recovery of 1 of 2 affected metrics was not seen: they were watched for 2s after the end.',
    );
    expect(impactTable(known(lost, 120_900), words)[0]).toMatchObject({ rows: [[{}, {}, {}, {}, {}, 'not watched']] });
    expect(recoverySentence(known(lost, 120_900), words)).toBe('The metrics were not watched after the end.');
  });

  it('says that nothing moved only where it would have been seen', () => {
    const text = (knownMs: number, hasBaseline = true) => {
      const [block] = impactTable(known([], knownMs, hasBaseline), words);
      return block?.type === 'paragraph' ? block.text : undefined;
    };
    expect(text(240_000)).toBe('No metric left its baseline noticeably.');
    expect(text(66_000)).toBe('Metrics are known for only 6s from the injection on, too short to measure the impact.');
    expect(text(240_000, false)).toBe('Too few samples from before the injection: the impact is not known.');
  });

  it('is told how far metrics are known, and whether they have a baseline', () => {
    const calm = { 'cpu.used': () => 1 };
    expect(measuredImpact(frameOf(calm), span, 60_000)).toMatchObject({
      ...{ rows: [], knownMs: 230_000, showsMs: 60_000, hasBaseline: true },
    });
    expect(measuredImpact({ ...frameOf(calm), stepMs: 30_000 }, span, 60_000).showsMs).toBe(90_000);
    expect(measuredImpact(frameOf(calm), { fromMs: 20_000, toMs: 40_000 }, 60_000).hasBaseline).toBe(false);
  });

  it('is told in a sentence', () => {
    expect(recoverySentence(known(back), words)).toBe('All affected metrics recovered within 30s after the end.');
    expect(recoverySentence(known([...back, ...lost]), words)).toBe(
      '1 of 2 affected metrics had not recovered 2m after the end.',
    );
    expect(recoverySentence(known(back), { ...words, toMs: undefined })).toBeUndefined();
    expect(recoverySentence(known([]), words)).toBeUndefined();
  });
});

import { describe, expect, it } from 'vitest';
import { toCsv, toJson, type ChartData } from '../../../src/core/metrics/chartData';
import { fittingNames, nameSelector, seriesName, shortSeriesNames } from '../../../src/core/metrics/chartQuery';
import { stepFor } from '../../../src/core/metrics/step';

const MINUTE = 60_000;
const chart = (name: string, times: number[], values: number[]): ChartData => ({
  chart: name,
  unit: 'bytes',
  timestamps: Float64Array.from(times),
  lines: [{ name: 'n1', values: Float64Array.from(values) }],
});

describe('the data of charts', () => {
  it('are rows of times with a column for each line; a missing sample is an empty field', () => {
    expect(toCsv([chart('a', [0, 1000], [1, NaN]), chart('b', [1000, 2000], [0.5, 2])])).toBe(
      [
        'time,a [bytes] n1,b [bytes] n1',
        '1970-01-01T00:00:00.000Z,1,',
        '1970-01-01T00:00:01.000Z,,0.5',
        '1970-01-01T00:00:02.000Z,,2',
        '',
      ].join('\r\n'),
    );
  });

  it('quote what would break a row, and begin no formula', () => {
    const [head] = toCsv([{ ...chart('=x{a="1,2"}', [0], [1]), unit: undefined }]).split('\r\n');
    expect(head).toBe('time,"\'=x{a=""1,2""} n1"');
  });

  it('are JSON with null for a missing sample', () => {
    expect(JSON.parse(toJson([chart('a', [0, 1000], [1, NaN])]))).toEqual({
      charts: [
        {
          chart: 'a',
          unit: 'bytes',
          times: ['1970-01-01T00:00:00.000Z', '1970-01-01T00:00:01.000Z'],
          series: [{ name: 'n1', values: [1, null] }],
        },
      ],
    });
  });
});

describe('names of metrics', () => {
  it('that begin with the text come first, then those with a word that does', () => {
    const names = ['node_cpu', 'xcpu', 'cpu_b', 'cpu_a', 'memory'];
    expect(fittingNames(names, 'CPU', 10)).toEqual(['cpu_a', 'cpu_b', 'node_cpu', 'xcpu']);
    expect(fittingNames(names, 'cpu', 2)).toHaveLength(2);
  });

  it('of series are their labels', () => {
    expect(seriesName({ __name__: 'up', job: 'a' }, 'up')).toBe('up{job="a"}');
    const one = seriesName({ pod: 'n"1' }, 'sum by (pod) (x)');
    expect(one).toBe('{pod="n\\"1"}');
    expect(shortSeriesNames([one, 'up{job="a"}', '{a="x", b="y"}'])).toEqual(['n"1', 'up{job="a"}', '{a="x", b="y"}']);
    expect(shortSeriesNames(['{a="x"}', '{b="x"}', '{b="y"}'])).toEqual(['{a="x"}', '{b="x"}', 'y']);
    expect(seriesName({}, '1 + 1')).toBe('1 + 1');
  });

  // https://prometheus.io/docs/guides/utf8/#querying
  it('that are no plain words, as Prometheus 3 takes them, are written in quotes', () => {
    expect(nameSelector('ob_sysstat')).toBe('ob_sysstat');
    expect(nameSelector('k8s.pod.cpu')).toBe('{"k8s.pod.cpu"}');
    expect(fittingNames(['{"k8s.pod.cpu"}'], 'pod', 5)).toEqual(['{"k8s.pod.cpu"}']);
    expect(seriesName({ __name__: 'k8s.pod.cpu' }, 'x')).toBe('{"k8s.pod.cpu"}');
    expect(seriesName({ __name__: 'http.time', 'k8s.pod': 'a' }, 'x')).toBe('{"http.time", "k8s.pod"="a"}');
    expect(shortSeriesNames(['{"k8s.pod"="a"}', '{"k8s.pod"="b"}'])).toEqual(['a', 'b']);
  });
});

describe('the step', () => {
  it.each([
    [5, 300, 5],
    [30, 300, 10],
    [30, 240, 10],
    [60, 300, 15],
    [180, 300, 60],
    [1440, 300, 300],
    [31 * 1440, 300, 10_800],
  ])('of %i minutes on %i pixels is %i s', (minutes, pixels, seconds) => {
    expect(stepFor(minutes * MINUTE, pixels)).toBe(seconds * 1000);
  });

  it('never gives more points than pixels, nor is finer than the samples', () => {
    for (let minutes = 1; minutes < 50_000; minutes = Math.ceil(minutes * 1.7))
      for (const pixels of [50, 199, 640, 3000]) {
        const step = stepFor(minutes * MINUTE, pixels, 15_000);
        expect((minutes * MINUTE) / step + 1).toBeLessThanOrEqual(Math.max(pixels, 1));
        expect(step).toBeGreaterThanOrEqual(15_000);
      }
  });
});

import { describe, expect, it } from 'vitest';
import { bandOf } from '../../../src/webview/charts/band';
import { chartOptions } from '../../../src/webview/charts/chartOptions';
import { datasets } from '../../../src/webview/charts/chartData';
import { inReach, spokenThresholds, thresholdLines } from '../../../src/webview/charts/thresholds';
import { linearScale, logScale } from '../../../src/webview/charts/valueScale';
import { draw, modelOf, THEME } from './recordedCanvas';

const HOUR = Array.from({ length: 61 }, (_, i) => i);
/** The steps of a path, M and L, without those that stay where the pen is. */
const letters = (path: readonly string[]): string =>
  path
    .filter((step, i) => i === 0 || step.slice(1) !== path[i - 1]?.slice(1))
    .map((step) => step[0])
    .join('');

describe('a line', () => {
  it('is broken where there is no sample, and a lone sample is a point', () => {
    const { strokes, fills } = draw(modelOf([[0, 50, NaN, 50, NaN, 0, 20]]));
    const paths = strokes.filter(({ colour }) => colour === THEME.lines[0]).map(({ path }) => letters(path));
    expect(paths.filter((path) => path.includes('L'))).toEqual(['ML', 'ML']);
    expect(fills.filter(({ colour, path }) => colour === THEME.lines[0] && letters(path).includes('A'))).toHaveLength(
      1,
    );
  });

  it('goes through every sample', () => {
    const { strokes } = draw(modelOf([[1, 5, 2, 8, 3]]));
    expect(letters(strokes.find(({ colour }) => colour === THEME.lines[0])?.path ?? [])).toBe('MLLLL');
  });

  it('has its pattern', () => {
    const model = modelOf([[1, 2, 3]]);
    const dashed = { ...model, lines: model.lines.map((line) => ({ ...line, dash: [6, 3] })) };
    expect(draw(dashed).strokes.find(({ colour }) => colour === THEME.lines[0])?.dash).toEqual([6, 3]);
  });

  it('of an earlier run is faint, dashed, on a time of its own, and below the others', () => {
    const [timestamps, values] = [Float64Array.from([10, 20]), Float64Array.from([4, 8])];
    const ghosts = [{ name: 'n0', timestamps, values, colour: THEME.lines[0] as string }];
    const [line, ghost] = datasets({ ...modelOf([[1, 2, 3]]), ghosts }, THEME, []);
    expect(ghost?.data.map(({ x }) => x)).toEqual([10, 20]);
    expect((ghost?.borderDash as number[]).length).toBe(2);
    expect(ghost?.borderColor).not.toBe(line?.borderColor);
    expect(ghost?.order).toBeGreaterThan(line?.order ?? 0);
  });

  it('has no place for zero and less on a log axis', () => {
    const values = [Float64Array.from([0, 10, -5, 1000])];
    const model = modelOf([[0, 10, -5, 1000]], { scale: logScale(values, undefined) as never });
    expect(datasets(model, THEME, [])[0]?.data.map(({ y }) => y)).toEqual([NaN, 10, NaN, 1000]);
  });

  it('is filled again in the objects of before, so that a refresh makes none', () => {
    const first = datasets(
      modelOf([
        [1, 2, 3],
        [4, 5, 6],
      ]),
      THEME,
      [],
    );
    const points = first.map(({ data }) => [...data]);
    const second = datasets(
      modelOf([
        [7, 8, NaN],
        [4, 5, 6],
      ]),
      THEME,
      first,
    );
    expect(second[0]).toBe(first[0]);
    expect(second[0]?.data[0]).toBe(points[0]?.[0]);
    expect(second[0]?.data.map(({ y }) => y)).toEqual([7, 8, NaN]);
    expect(datasets(modelOf([[1]]), THEME, second).map(({ data }) => data.length)).toEqual([1]);
  });
});

describe('the band of the peers', () => {
  it('is filled between its edges, with the median as a dashed line', () => {
    const columns = [
      [1, 1, 1],
      [2, 2, 2],
      [9, 9, 9],
    ];
    const peers = { timestamps: Float64Array.from([0, 1, 2]), columns: columns.map((one) => Float64Array.from(one)) };
    const { fills, strokes } = draw(modelOf(columns, { lines: [], band: bandOf(peers) }));
    expect(fills.filter(({ path }) => path.length > 4).length).toBeGreaterThanOrEqual(2);
    expect(strokes.filter(({ dash }) => dash.join() === '4,3')).toHaveLength(1);
  });
});

describe('experiments and gaps', () => {
  it('lie behind the lines, within the shown stretch', () => {
    const model = modelOf([HOUR]);
    const { plugins } = chartOptions(
      {
        ...model,
        spans: [
          { fromMs: model.fromMs - 60_000, toMs: model.fromMs + 60_000, colour: '#0000ff' },
          { fromMs: model.toMs + 1, toMs: model.toMs + 2, colour: '#0000ff' },
        ],
      },
      THEME,
      1,
      undefined,
    );
    expect(plugins?.annotation?.annotations).toEqual({
      span0: expect.objectContaining({
        xMin: model.fromMs,
        xMax: model.fromMs + 60_000,
        backgroundColor: 'rgba(0, 0, 255, 0.09)',
        drawTime: 'beforeDatasetsDraw',
      }),
    });
  });
});

describe('the axes', () => {
  const labels = (values: readonly number[], unit?: Parameters<typeof linearScale>[1]): string[] => {
    const column = [...values];
    const scale = linearScale([Float64Array.from(column)], unit, 'cores');
    const { chart } = draw(modelOf([column], { scale }));
    return (chart.scales['y']?.ticks ?? []).map(({ label }) => String(label));
  };
  const MIB = 1024 ** 2;

  it.each<[string, number[], Parameters<typeof linearScale>[1], string[]]>([
    [
      'bytes in powers of 1024',
      [1.9 * MIB, 2.7 * MIB],
      'bytesPerSecond',
      ['1.5', '2.0', '2.5', '3.0'].map((n) => `${n} MiB/s`),
    ],
    [
      'a line that hardly moves, not blown up',
      [6.17 * 1024 * MIB, 6.2 * 1024 * MIB],
      'bytes',
      ['5.5', '6.0', '6.5', '7.0'].map((n) => `${n} GiB`),
    ],
    ['from zero where the values come near it', [1, NaN, 2.95], 'cores', ['0', '1', '2', '3'].map((n) => `${n} cores`)],
    ['microseconds', [0.000_174, 0.000_184], 'seconds', ['160 μs', '170 μs', '180 μs', '190 μs', '200 μs']],
    ['only zeros', [0, 0], 'perSecond', ['0.0/s', '0.5/s', '1.0/s']],
  ])('write %s, each with its unit', (_, values, unit, expected) => {
    const found = labels(values, unit);
    expect(found.length).toBeGreaterThanOrEqual(3);
    expect(found.length).toBeLessThanOrEqual(6);
    expect(new Set(found).size).toBe(found.length);
    expect(found).toEqual(expected);
  });

  it('hold every value', () => {
    for (const values of [[3, 4, 250], [-7, 12], [1e9, 1.01e9], [0.003]]) {
      const { chart } = draw(modelOf([values]));
      const { min = NaN, max = NaN } = chart.scales['y'] ?? {};
      const { factor } = linearScale([Float64Array.from(values)], undefined, 'cores');
      expect(min).toBeLessThanOrEqual(Math.min(...values) / factor);
      expect(max).toBeGreaterThanOrEqual(Math.max(...values) / factor);
    }
  });

  it('stand at the same place in every chart, with round times that are not cut off', () => {
    const areas = [['bytes', 5e9] as const, [undefined, 3] as const].map(([unit, value]) => {
      const values = HOUR.map(() => value);
      const scale = linearScale([Float64Array.from(values)], unit, 'cores');
      const { chart, texts } = draw(modelOf([values], { scale }));
      const times = texts.filter(({ text }) => /^\d\d:\d\d$/.test(text));
      expect(times.length).toBeGreaterThanOrEqual(3);
      for (const { x } of times) {
        expect(x).toBeGreaterThan(chart.chartArea.left);
        expect(x).toBeLessThan(chart.chartArea.right);
      }
      return [chart.chartArea.left, chart.chartArea.right];
    });
    expect(areas[0]).toEqual([66, 392]);
    expect(areas[1]).toEqual(areas[0]);
  });
});

describe('a threshold', () => {
  const line = { value: 5, fromMs: 0, toMs: Number.MAX_SAFE_INTEGER, text: 'quiet: ≤ 5', broken: false };

  it('is a dashed line across its time with its words, in another colour where it is broken', () => {
    const { strokes, texts } = draw(modelOf([[1, 5, 9]], { thresholds: [line] }));
    expect(strokes.filter(({ colour, dash }) => colour === THEME.text && dash.join() === '6,4')).toHaveLength(1);
    expect(texts.map(({ text }) => text)).toContain('quiet: ≤ 5');
    const broken = draw(modelOf([[1, 5, 9]], { thresholds: [{ ...line, broken: true }] }));
    expect(broken.strokes.some(({ colour }) => colour === THEME.error)).toBe(true);
  });

  it('is not drawn outside its time', () => {
    const { texts } = draw(modelOf([[1, 5, 9]], { thresholds: [{ ...line, toMs: 1 }] }));
    expect(texts.map(({ text }) => text)).not.toContain('quiet: ≤ 5');
  });

  it('far above all values is told in words only', () => {
    const lines = thresholdLines(
      [{ chart: 'x', name: 'n', fromMs: 0, toMs: 1, low: 2, high: 1000, perNode: false, broken: true }],
      undefined,
    );
    expect(lines.map(({ value }) => value)).toEqual([2, 1000]);
    expect(inReach(lines, [[1, 5]]).map(({ value }) => value)).toEqual([2]);
    expect(spokenThresholds(lines)).toMatch(/n: ≥ 2 \(broken\), n: ≤ 1,000 \(broken\)/);
  });
});

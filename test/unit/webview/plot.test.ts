import { describe, expect, it } from 'vitest';
import { valueAxis } from '../../../src/webview/axes';
import { drawPlot, pixelAt, plotArea, type PlotModel } from '../../../src/webview/plot';
import type { Theme } from '../../../src/webview/theme';

const SIZE = { width: 300, height: 130, ratio: 1 };
const AREA = plotArea(SIZE, false);
const theme = { font: '11px x', grid: 'grid', muted: 'muted', span: 'span', text: 'text' } as unknown as Theme;

interface Stroke {
  colour: string;
  /** `M x y` and `L x y`, in order. */
  path: string[];
}

/** What is stroked in one of the lines' colours. */
function strokes(columns: readonly (readonly number[])[], colourOf: (i: number) => string): Stroke[] {
  const done: Stroke[] = [];
  let path: string[] = [];
  const put = (letter: string) => (x: number, y: number) => void path.push(`${letter} ${x.toFixed(1)} ${y.toFixed(1)}`);
  const own: Record<string, unknown> = {
    strokeStyle: '',
    beginPath: () => (path = []),
    moveTo: put('M'),
    lineTo: put('L'),
    stroke: () => done.push({ colour: own['strokeStyle'] as string, path }),
  };
  const context = new Proxy(own, { get: (target, key) => target[key as string] ?? (() => undefined) });
  const count = columns[0]?.length ?? 0;
  const values = columns.map((column) => Float64Array.from(column));
  const model: PlotModel = {
    timestamps: Float64Array.from({ length: count }, (_, i) => i),
    lines: values.map((column, i) => ({ name: `n${i}`, values: column, colour: colourOf(i), dash: [] })),
    axis: valueAxis([Float64Array.from([0, 100])], undefined),
    fromMs: 0,
    toMs: count - 1,
    spans: [],
    spanEndMs: 0,
    gaps: [],
    named: false,
  };
  drawPlot(context as unknown as CanvasRenderingContext2D, SIZE, model, theme);
  return done.filter(({ colour }) => colour.startsWith('c'));
}

const x = (i: number, count: number): string => pixelAt(i, AREA, 0, count - 1).toFixed(1);
const many = (column: readonly number[]): (readonly number[])[] => [column, ...Array<typeof column>(29).fill([])];

describe('a line', () => {
  it('goes through every sample, and is broken where there is none', () => {
    const [line] = strokes([[0, 50, NaN, 50, NaN, 0, 0]], () => 'c');
    expect(line?.path.map((step) => step[0]).join('')).toBe('MLMLML'); // the lone one is a point
  });

  it('among many is drawn to the pixel: where it stands still only its ends are', () => {
    const flat = Array.from({ length: 50 }, (_, i) => 20 + (i % 2) * 0.1);
    const [line] = strokes(many([...flat, 90, 90, 20]), () => 'c');
    const path = line?.path ?? [];
    expect(path).toHaveLength(5); // begin and end of the flat part, up, along, down
    expect(path[0]?.startsWith('M')).toBe(true);
    expect(path[1]?.split(' ')[1]).toBe(x(49, 53)); // so that the step up does not begin at the first sample
    expect(path[2]?.split(' ')[1]).toBe(x(50, 53));
    expect(path.at(-1)?.split(' ')[1]).toBe(x(52, 53));
  });

  it('among many keeps its gaps and its end', () => {
    const [line] = strokes(many([20, 20, 20, NaN, NaN, 20, 20, 20]), () => 'c');
    expect(line?.path.map((step) => `${step[0]}${step.split(' ')[1]}`)).toEqual([
      `M${x(0, 8)}`,
      `L${x(2, 8)}`,
      `M${x(5, 8)}`,
      `L${x(7, 8)}`,
    ]);
  });
});

it('many lines are stroked by their colours, few each by itself', () => {
  const columns = (count: number): number[][] => Array.from({ length: count }, (_, i) => [i, i]);
  expect(strokes(columns(70), (i) => `c${i % 7}`)).toHaveLength(7);
  expect(strokes(columns(10), (i) => `c${i % 7}`)).toHaveLength(10);
});

import type { ChartModel } from '../../../src/webview/charts/chartModel';
import { Chart } from '../../../src/webview/charts/chartLibrary';
import { chartConfig } from '../../../src/webview/charts/chartOptions';
import type { Theme } from '../../../src/webview/theme';
import { linearScale } from '../../../src/webview/charts/valueScale';

export const THEME: Theme = {
  text: '#111111',
  muted: '#222222',
  grid: '#333333',
  focus: '#444444',
  span: '#555555',
  error: '#bb0000',
  background: '#ffffff',
  fontFamily: 'x',
  band: '#666666',
  lines: ['#a00000', '#a00001', '#a00002', '#a00003', '#a00004', '#a00005', '#a00006', '#a00007'],
  highContrast: false,
};

/** A model of columns on samples a minute apart, each line in a colour of its own. */
export function modelOf(columns: readonly (readonly number[])[], more: Partial<ChartModel> = {}): ChartModel {
  const values = columns.map((column) => Float64Array.from(column));
  const count = columns[0]?.length ?? 0;
  const startMs = Date.UTC(2026, 0, 1, 10);
  return {
    timestamps: Float64Array.from({ length: count }, (_, i) => startMs + i * 60_000),
    lines: values.map((column, i) => ({
      name: `n${i}`,
      values: column,
      colour: THEME.lines[i] as string,
      dash: [],
      strong: false,
    })),
    band: undefined,
    scale: linearScale(values, undefined, 'cores'),
    fromMs: startMs,
    toMs: startMs + (count - 1) * 60_000,
    spans: [],
    gaps: [],
    ...more,
  };
}

/** What the library draws, in order. */
export interface Recorded {
  strokes: { colour: unknown; dash: readonly number[]; path: string[] }[];
  fills: { colour: unknown; path: string[] }[];
  texts: { text: string; x: number; y: number }[];
  chart: Chart;
}

/** Draws a model with the library on a canvas that notes down what is drawn. */
export function draw(model: ChartModel, theme = THEME, width = 400, height = 150): Recorded {
  const recorded: Omit<Recorded, 'chart'> = { strokes: [], fills: [], texts: [] };
  let path: string[] = [];
  let dash: readonly number[] = [];
  let moved = [0, 0];
  const put =
    (letter: string) =>
    (x: number, y: number): void =>
      void path.push(`${letter} ${x.toFixed(1)} ${y.toFixed(1)}`);
  const own: Record<string, unknown> = {
    beginPath: () => (path = []),
    moveTo: put('M'),
    lineTo: put('L'),
    arc: put('A'),
    rect: put('R'),
    setLineDash: (pattern: number[]) => (dash = pattern),
    stroke: () => recorded.strokes.push({ colour: own['strokeStyle'], dash, path }),
    fill: () => recorded.fills.push({ colour: own['fillStyle'], path }),
    measureText: (text: string) => ({ width: text.length * 6 }),
    translate: (x: number, y: number) => (moved = [x, y]),
    fillText: (text: string, x: number, y: number) =>
      recorded.texts.push({ text, x: x + (moved[0] as number), y: y + (moved[1] as number) }),
  };
  const canvas: Record<string, unknown> = { width, height };
  const context = new Proxy(own, { get: (target, key) => target[key as string] ?? (() => undefined) });
  own['canvas'] = canvas;
  canvas['getContext'] = () => context;
  const chart = new Chart(canvas as unknown as HTMLCanvasElement, chartConfig(model, theme, 1, undefined));
  return { ...recorded, chart };
}

// Runs in a page: every line drawn by uPlot, the fastest of the well-kept libraries, and by Chart.js without any plug-in,
// to see how far the panel is from them.
import { Chart, LinearScale, LineController, LineElement, PointElement, TimeScale } from 'chart.js';
import 'chartjs-adapter-date-fns';
import uPlot from 'uplot';

Chart.register(LineController, LineElement, PointElement, LinearScale, TimeScale);

const WIDTH = 380;
const HEIGHT = 130;
const LINE = 1;
const STEP_MS = 15_000;

interface Given {
  charts: number;
  nodes: number;
  points: number;
}

/** By the clock, milliseconds: the calls alone, and until the next picture. */
export interface LibraryTimes {
  callsMs: number;
  pictureMs: number;
}

const picture = (): Promise<void> =>
  new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve())));

function box(): HTMLElement {
  const element = document.createElement('div');
  Object.assign(element.style, {
    width: `${WIDTH}px`,
    height: `${HEIGHT}px`,
    position: 'relative',
    display: 'inline-block',
  });
  document.body.append(element);
  return element;
}

function walk({ nodes, points }: Given): Float64Array[] {
  return Array.from({ length: nodes }, () => {
    let value = 50;
    return Float64Array.from({ length: points }, () => (value += Math.random() * 4 - 2));
  });
}

const colour = (place: number): string => `hsl(${place * 3.6} 60% 50%)`;

async function measured(work: () => void): Promise<LibraryTimes> {
  const began = performance.now();
  work();
  await Promise.resolve(); // it draws in a microtask of its own
  const callsMs = performance.now() - began;
  await picture();
  return { callsMs, pictureMs: performance.now() - began };
}

/** Charts of one library. */
interface Drawn {
  destroy: () => void;
  /** Draws all of them again. */
  again: () => void;
}

const timesOf = (points: number, stepMs: number): number[] =>
  Array.from({ length: points }, (_, i) => 1.7e12 + i * stepMs);

function drawUPlot(columns: readonly Float64Array[][], points: number): Drawn {
  const times = timesOf(points, STEP_MS).map((ms) => ms / 1000);
  const data = columns.map((lines) => [times, ...lines] as unknown as uPlot.AlignedData);
  const plots = data.map((one) => {
    const lines = one.slice(1).map((_, i) => ({ stroke: colour(i), width: LINE, points: { show: false } }));
    const size = { width: WIDTH, height: HEIGHT, legend: { show: false }, cursor: { show: false } };
    return new uPlot({ ...size, series: [{}, ...lines] }, one, box());
  });
  return {
    destroy: () => plots.forEach((one) => one.destroy()),
    again: () => plots.forEach((one, i) => one.setData(data[i] as uPlot.AlignedData)),
  };
}

function drawChartJs(columns: readonly Float64Array[][], points: number, axes: boolean): Drawn {
  const times = timesOf(points, STEP_MS);
  const charts = columns.map((lines) => {
    const canvas = document.createElement('canvas');
    Object.assign(canvas, { width: WIDTH, height: HEIGHT });
    box().append(canvas);
    const datasets = lines.map((values, i) => ({
      data: times.map((x, place) => ({ x, y: values[place] as number })),
      borderColor: colour(i),
      borderWidth: LINE,
      pointRadius: 0,
    }));
    const scales = { x: { type: 'time' as const, display: axes }, y: { display: axes } };
    return new Chart(canvas, {
      type: 'line',
      data: { datasets },
      options: { animation: false, parsing: false, normalized: true, responsive: false, events: [], scales },
    });
  });
  return {
    destroy: () => charts.forEach((one) => one.destroy()),
    again: () => charts.forEach((one) => one.update('none')),
  };
}

const LIBRARIES = {
  uPlot: drawUPlot,
  chartJs: (columns, points) => drawChartJs(columns, points, true),
  chartJsWithoutAxes: (columns, points) => drawChartJs(columns, points, false),
} satisfies Record<string, (columns: readonly Float64Array[][], points: number) => Drawn>;

/** A library with a way to use it. */
export type Library = keyof typeof LIBRARIES;

let drawn: Drawn | undefined;

Object.assign(window, {
  drawFirst(library: Library, given: Given): Promise<LibraryTimes> {
    drawn?.destroy();
    document.body.replaceChildren();
    const columns = Array.from({ length: given.charts }, () => walk(given));
    return measured(() => (drawn = LIBRARIES[library](columns, given.points)));
  },
  drawAgain: (): Promise<LibraryTimes> => measured(() => drawn?.again()),
});

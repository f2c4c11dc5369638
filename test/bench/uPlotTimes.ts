// Runs in a page: every line drawn by uPlot, the fastest of the well-kept libraries, to see how far the panel is from it.
import uPlot from 'uplot';

const WIDTH = 380;
const HEIGHT = 130;
const LINE = 1;

interface Given {
  charts: number;
  nodes: number;
  points: number;
}

/** By the clock, milliseconds: the calls alone, and until the next picture. */
export interface UPlotTimes {
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

async function measured(work: () => void): Promise<UPlotTimes> {
  const began = performance.now();
  work();
  await Promise.resolve(); // it draws in a microtask of its own
  const callsMs = performance.now() - began;
  await picture();
  return { callsMs, pictureMs: performance.now() - began };
}

let data: uPlot.AlignedData[] = [];
let plots: uPlot[] = [];

Object.assign(window, {
  uPlotFirst(given: Given): Promise<UPlotTimes> {
    plots.forEach((one) => one.destroy());
    document.body.replaceChildren();
    const times = Array.from({ length: given.points }, (_, i) => 1.7e9 + i * 15);
    data = Array.from({ length: given.charts }, () => [times, ...walk(given)] as unknown as uPlot.AlignedData);
    const series = [
      {},
      ...Array.from({ length: given.nodes }, (_, i) => ({ stroke: colour(i), width: LINE, points: { show: false } })),
    ];
    const size = { width: WIDTH, height: HEIGHT, legend: { show: false }, cursor: { show: false } };
    return measured(() => {
      plots = data.map((one) => new uPlot({ ...size, series }, one, box()));
    });
  },
  uPlotAgain: (): Promise<UPlotTimes> =>
    measured(() => plots.forEach((one, i) => one.setData(data[i] as uPlot.AlignedData))),
});

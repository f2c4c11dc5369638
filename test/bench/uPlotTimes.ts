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

/** Main thread and until the next picture, milliseconds; first drawing and drawing again. */
interface Times {
  firstMs: number;
  firstPictureMs: number;
  againMs: number;
  againPictureMs: number;
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

async function measured<T>(make: () => T[], again: (all: T[]) => void, end: (one: T) => void): Promise<Times> {
  document.body.replaceChildren();
  const began = performance.now();
  const all = make();
  const firstMs = performance.now() - began;
  await picture();
  const firstPictureMs = performance.now() - began;
  const restarted = performance.now();
  again(all);
  // Some draw in a microtask of their own.
  await Promise.resolve();
  const againMs = performance.now() - restarted;
  await picture();
  const againPictureMs = performance.now() - restarted;
  all.forEach(end);
  return { firstMs, firstPictureMs, againMs, againPictureMs };
}

Object.assign(window, {
  uPlotTimes(given: Given): Promise<Times> {
    const times = Array.from({ length: given.points }, (_, i) => 1.7e9 + i * 15);
    const data = Array.from({ length: given.charts }, () => [times, ...walk(given)] as unknown as uPlot.AlignedData);
    const series = [
      {},
      ...Array.from({ length: given.nodes }, (_, i) => ({ stroke: colour(i), width: LINE, points: { show: false } })),
    ];
    return measured(
      () =>
        data.map(
          (one) =>
            new uPlot(
              { width: WIDTH, height: HEIGHT, legend: { show: false }, cursor: { show: false }, series },
              one,
              box(),
            ),
        ),
      (all) => all.forEach((one, i) => one.setData(data[i] as uPlot.AlignedData)),
      (one) => one.destroy(),
    );
  },
});

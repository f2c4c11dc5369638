import zoom from 'chartjs-plugin-zoom';
import { Chart } from './chartLibrary';
import { datasets } from './chartData';
import type { ChartModel, Point } from './chartModel';
import { chartConfig, chartOptions, type DragActions } from './chartOptions';
import { crosshair, type Crosshair, type PointerAt } from './crosshair';
import { h } from '../elements/dom';
import type { Theme } from '../theme';

Chart.register(zoom);

type LineChart = Chart<'line', Point[]>;

/** A model drawn on a canvas of this size, by itself. */
export function pictureOf(model: ChartModel, theme: Theme, width: number, height: number): HTMLCanvasElement {
  const canvas = h('canvas', { width, height });
  const chart = new Chart(canvas, chartConfig(model, theme, 2, undefined));
  const copy = h('canvas', { width: canvas.width, height: canvas.height });
  copy.getContext('2d')?.drawImage(canvas, 0, 0);
  chart.destroy();
  return copy;
}

/** One chart in the page: made when it is first drawn, then brought up to date. */
export class MetricChart {
  readonly #plot: HTMLElement;
  readonly #drag: DragActions;
  readonly #crosshair: Crosshair;
  #canvas: HTMLCanvasElement | undefined;
  #chart: LineChart | undefined;
  #size = { width: 0, height: 0 };
  #model: ChartModel | undefined;

  constructor(plot: HTMLElement, drag: DragActions, moved: PointerAt) {
    this.#plot = plot;
    this.#drag = drag;
    this.#crosshair = crosshair(plot, moved);
  }

  /** Of the plot, CSS pixels. */
  resize(width: number, height: number): void {
    this.#size = { width, height };
  }

  draw(model: ChartModel, theme: Theme): void {
    const { width, height } = this.#size;
    if (width === 0 || height === 0) return;
    this.#model = model;
    const ratio = window.devicePixelRatio || 1;
    if (!this.#chart) {
      // The size is the canvas' own: the library need not look for it.
      this.#canvas = h('canvas', { 'aria-hidden': 'true', width, height });
      this.#plot.prepend(this.#canvas);
      this.#chart = new Chart(this.#canvas, chartConfig(model, theme, ratio, this.#drag, [this.#crosshair]));
      return;
    }
    const chart = this.#chart;
    chart.data.datasets = datasets(model, theme, chart.data.datasets);
    chart.options = chartOptions(model, theme, ratio, this.#drag);
    if (chart.width !== width || chart.height !== height) chart.resize(width, height);
    chart.update('none');
  }

  /** The crosshair at a sample's time, or away. */
  mark(ms: number | undefined): void {
    this.#crosshair.place(ms);
  }

  /** Where a time stands, CSS pixels from the plot's left. */
  xOf(ms: number): number {
    return this.#chart?.scales['x']?.getPixelForValue(ms) ?? NaN;
  }

  /** Where a value stands, CSS pixels from the plot's top. */
  yOf(value: number): number {
    return this.#chart?.scales['y']?.getPixelForValue(value / (this.#model?.scale.factor ?? 1)) ?? NaN;
  }

  destroy(): void {
    this.#chart?.destroy();
    this.#canvas?.remove();
    this.#chart = this.#canvas = undefined;
  }
}

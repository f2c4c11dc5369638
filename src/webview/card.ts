import {
  Chart,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
  type ChartConfiguration,
  type ChartDataset,
} from 'chart.js';
import { formatMetric } from '../core/diagnosis/reasonText';
import { metricDefinition, type MetricUnit } from '../core/metrics/catalogue';
import type { PanelSnapshot } from '../shared/protocol';
import { timeOfDay, timeTicks, valueAxis, type ValueAxis } from './axes';
import { crosshairPlugin, spanLabelPlugin, spanPlugin, type SharedView } from './chartPlugins';
import { h, setText } from './dom';
import { newest, summaryTable, type Line } from './table';
import { named, t } from './texts';
import { lineLook } from './theme';

Chart.register(LineController, LineElement, PointElement, LinearScale, Tooltip, Legend);

/** The ranks' chart among the metrics. */
export const RANK_CHART = 'rank';

/** Room for the labels of a value axis; the same in every chart, so that one time stands at one place. */
const VALUE_AXIS_WIDTH = 74;
const SPAN_LABELS_HEIGHT = 15;
const RANK_AXIS: ValueAxis = { min: 0, max: 1, ticks: [0, 0.5, 1], write: (value) => value.toFixed(1) };

/** What a chart shows of a snapshot. */
export interface CardContent {
  id: string;
  lines: readonly Line[];
  unit: MetricUnit | undefined;
}

/** One chart with its title, its newest value and its table twin. */
export class ChartCard {
  readonly id: string;
  readonly element: HTMLElement;
  readonly chart: Chart<'line'>;
  readonly #view: SharedView;
  readonly #title: string;
  readonly #canvas: HTMLCanvasElement;
  readonly #now = h('span', { class: 'now' });
  readonly #table = h('div', { class: 'table' });
  #axis = RANK_AXIS;

  constructor({ id, unit }: CardContent, view: SharedView, onHover: (ms: number | undefined) => void) {
    const definition = metricDefinition(id);
    const ranks = id === RANK_CHART;
    this.id = id;
    this.#view = view;
    this.#title = ranks ? t('Anomaly rank') : named(definition?.title ?? id);
    const description = ranks
      ? t('How anomalous each node is, 0 to 1, at every moment of the window.')
      : named(definition?.description ?? '');
    this.#canvas = h('canvas', { role: 'img', 'aria-label': this.#title });
    this.element = h(
      'section',
      { class: ranks ? 'card wide' : 'card', tabindex: 0, 'aria-label': this.#title, 'data-metric': id },
      h('header', {}, h('h3', { title: description }, this.#title), this.#now),
      h('div', { class: 'plot' }, this.#canvas),
      this.#table,
    );
    this.chart = new Chart<'line'>(
      this.#canvas,
      configuration(id, unit, view, () => this.#axis),
    );
    this.#canvas.addEventListener('mousemove', (event) =>
      onHover(this.chart.scales['x']?.getValueForPixel(event.offsetX)),
    );
    this.#canvas.addEventListener('mouseleave', () => onHover(undefined));
  }

  draw(snapshot: PanelSnapshot, { lines, unit }: CardContent, hidden: ReadonlySet<string>, tables: boolean): void {
    const { theme } = this.#view;
    const write = (value: number): string => (this.id === RANK_CHART ? value.toFixed(2) : formatMetric(value, unit));
    this.chart.data.datasets = lines.map((line): ChartDataset<'line'> => {
      const { colour, dash } = lineLook(theme, snapshot.nodes.indexOf(line.name));
      return {
        label: line.name,
        data: line.values.map((value, i) => ({ x: snapshot.timestamps[i] as number, y: value ?? NaN })),
        borderColor: colour,
        backgroundColor: colour,
        borderDash: [...dash],
        hidden: hidden.has(line.name),
      };
    });
    const shown = lines.filter(({ name }) => !hidden.has(name));
    if (this.id !== RANK_CHART)
      this.#axis = valueAxis(
        shown.flatMap(({ values }) => [...values]),
        unit,
      );
    this.#dress(snapshot);
    this.chart.update('none');
    const last = lines.map(({ name, values }) => ({ name, value: newest(values) }));
    const highest = last.reduce<{ name: string; value: number } | undefined>(
      (best, { name, value }) => (value !== undefined && (!best || value > best.value) ? { name, value } : best),
      undefined,
    );
    setText(this.#now, highest ? write(highest.value) : t('no data'));
    this.#now.title = highest ? t('Highest now: {0}', highest.name) : '';
    const words = last.map(({ name, value }) => `${name} ${value === undefined ? t('no data') : write(value)}`);
    this.#canvas.setAttribute('aria-label', `${this.#title}: ${words.join(', ')}`);
    this.#table.replaceChildren(...(tables ? [summaryTable(lines, write)] : []));
  }

  /** Axes and tooltip in the theme's colours, over the snapshot's range. */
  #dress(snapshot: PanelSnapshot): void {
    const { theme } = this.#view;
    const { scales, plugins } = this.chart.options;
    const { x, y } = scales as Record<
      'x' | 'y',
      { min?: number; max?: number; ticks: { color?: string }; grid?: object; border?: object }
    >;
    [x.min, x.max] = [snapshot.fromMs, snapshot.toMs];
    [y.min, y.max] = [this.#axis.min, this.#axis.max];
    for (const axis of [x, y]) {
      axis.ticks.color = theme.muted;
      axis.grid = { color: theme.grid, tickColor: theme.grid };
      axis.border = { color: theme.grid };
    }
    Object.assign(plugins?.tooltip ?? {}, {
      backgroundColor: theme.hover,
      borderColor: theme.hoverBorder,
      borderWidth: 1,
      titleColor: theme.text,
      bodyColor: theme.text,
    });
  }
}

function configuration(
  id: string,
  unit: MetricUnit | undefined,
  view: SharedView,
  axisOf: () => ValueAxis,
): ChartConfiguration<'line'> {
  const { theme } = view;
  return {
    type: 'line',
    data: { datasets: [] },
    plugins: [spanPlugin(view), crosshairPlugin(view), ...(id === RANK_CHART ? [spanLabelPlugin(view)] : [])],
    options: {
      animation: false,
      responsive: true,
      layout: { padding: { top: id === RANK_CHART ? SPAN_LABELS_HEIGHT : 4 } },
      maintainAspectRatio: false,
      parsing: false,
      normalized: true,
      interaction: { mode: 'index', intersect: false },
      plugins: {
        legend: { display: false },
        tooltip: {
          animation: false,
          callbacks: {
            title: (items) => (items[0] ? timeOfDay(items[0].parsed.x ?? 0) : ''),
            label: (item) =>
              `${item.dataset.label ?? ''}: ${id === RANK_CHART ? Number(item.parsed.y).toFixed(2) : formatMetric(Number(item.parsed.y), unit)}`,
          },
        },
      },
      scales: {
        x: {
          type: 'linear',
          afterBuildTicks: (axis) => (axis.ticks = timeTicks(axis.min, axis.max).map((value) => ({ value }))),
          ticks: {
            autoSkip: false,
            maxRotation: 0,
            callback: (value) => timeOfDay(Number(value), false),
          },
        },
        y: {
          afterBuildTicks: (axis) => (axis.ticks = axisOf().ticks.map((value) => ({ value }))),
          afterFit: (axis) => (axis.width = VALUE_AXIS_WIDTH),
          ticks: { autoSkip: false, callback: (value) => axisOf().write(Number(value)) },
        },
      },
      elements: {
        point: { radius: 0, hitRadius: 8 },
        line: { borderWidth: theme.highContrast ? 2.2 : 1.6, spanGaps: false },
      },
    },
  };
}

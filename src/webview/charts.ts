import {
  Chart,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
  type ChartDataset,
} from 'chart.js';
import { formatMetric } from '../core/diagnosis/reasonText';
import { METRICS, metricDefinition, type MetricUnit } from '../core/metrics/catalogue';
import type { PanelSnapshot } from '../shared/protocol';
import { crosshairPlugin, spanLabelPlugin, spanPlugin, type SharedView } from './chartPlugins';
import { h, setText } from './dom';
import { summaryTable } from './table';
import { DASHES, type Theme } from './theme';

Chart.register(LineController, LineElement, PointElement, LinearScale, Tooltip, Legend);

/** The ranks' chart among the metrics. */
export const RANK_CHART = 'rank';

interface Line {
  name: string;
  values: readonly (number | null)[];
}

interface Card {
  id: string;
  element: HTMLElement;
  chart: Chart<'line'>;
  now: HTMLElement;
  table: HTMLElement;
  canvas: HTMLCanvasElement;
}

/** At most five times of day on whole minutes. */
function timeTicks(from: number, to: number): number[] {
  const step =
    [1, 2, 5, 10, 15, 30, 60].map((minutes) => minutes * 60_000).find((ms) => (to - from) / ms <= 5) ?? 3_600_000;
  const ticks: number[] = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) ticks.push(at);
  return ticks;
}

const clock = (ms: number): string =>
  new Date(ms).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** One small chart per metric on a shared time axis, the ranks first. */
export class Charts {
  readonly element = h('div', { class: 'charts' });
  readonly #view: SharedView;
  readonly #cards = new Map<string, Card>();
  #snapshot: PanelSnapshot | undefined;
  #hidden = new Set<string>();
  #all = false;
  #tables = false;

  constructor(theme: Theme) {
    this.#view = { theme, spans: [], toMs: 0, hoverMs: undefined };
  }

  setTheme(theme: Theme): void {
    this.#view.theme = theme;
    if (this.#snapshot) this.update(this.#snapshot);
  }

  configure(options: { hidden: ReadonlySet<string>; all: boolean; tables: boolean }): void {
    this.#hidden = new Set(options.hidden);
    this.#all = options.all;
    this.#tables = options.tables;
    if (this.#snapshot) this.update(this.#snapshot);
  }

  /** Colour and dash of a node's line. */
  static look(theme: Theme, index: number): { colour: string; dash: readonly number[] } {
    return {
      colour: theme.lines[index % theme.lines.length] as string,
      dash:
        theme.highContrast || index >= theme.lines.length ? (DASHES[index % DASHES.length] as readonly number[]) : [],
    };
  }

  update(snapshot: PanelSnapshot): void {
    this.#snapshot = snapshot;
    this.#view.spans = snapshot.spans;
    this.#view.toMs = snapshot.toMs;
    const wanted = this.#wanted(snapshot);
    for (const [id, card] of this.#cards) {
      if (wanted.some((one) => one.id === id)) continue;
      card.chart.destroy();
      card.element.remove();
      this.#cards.delete(id);
    }
    wanted.forEach(({ id, lines, unit }, place) => {
      let card = this.#cards.get(id);
      if (!card) {
        card = this.#create(id, unit);
        this.#cards.set(id, card);
      }
      if (this.element.children[place] !== card.element)
        this.element.insertBefore(card.element, this.element.children[place] ?? null);
      this.#draw(card, snapshot, lines, unit);
    });
  }

  /** Scrolls to a metric's chart and marks it for a moment; shows all charts when it is not among the first. */
  focus(metric: string): boolean {
    const card = this.#cards.get(metric);
    if (!card) return false;
    card.element.scrollIntoView({ block: 'center' });
    card.element.focus();
    for (const other of this.#cards.values()) other.element.classList.toggle('focused', other === card);
    return true;
  }

  #wanted(snapshot: PanelSnapshot): { id: string; lines: Line[]; unit: MetricUnit | undefined }[] {
    const result: { id: string; lines: Line[]; unit: MetricUnit | undefined }[] = [];
    if (snapshot.ranks) {
      const nodes = snapshot.ranks.nodes.map(({ node, values }) => ({ name: node, values }));
      result.push({ id: RANK_CHART, lines: nodes, unit: undefined });
    }
    for (const definition of METRICS) {
      const series = snapshot.series.filter(({ metric }) => metric === definition.id);
      if (series.length === 0 || (!definition.primary && !this.#all)) continue;
      result.push({
        id: definition.id,
        lines: series.map(({ node, values }) => ({ name: node, values })),
        unit: definition.unit,
      });
    }
    return result;
  }

  #create(id: string, unit: MetricUnit | undefined): Card {
    const definition = metricDefinition(id);
    const title = id === RANK_CHART ? 'Anomaly rank' : (definition?.title ?? id);
    const description =
      id === RANK_CHART
        ? 'How anomalous each node is, 0 to 1, at every moment of the window.'
        : (definition?.description ?? '');
    const canvas = h('canvas', { role: 'img', 'aria-label': title });
    const now = h('span', { class: 'now' });
    const table = h('div', { class: 'table' });
    const element = h(
      'section',
      { class: id === RANK_CHART ? 'card wide' : 'card', tabindex: 0, 'aria-label': title, 'data-metric': id },
      h('header', {}, h('h3', { title: description }, title), now),
      h('div', { class: 'plot' }, canvas),
      table,
    );
    const { theme } = this.#view;
    const chart = new Chart<'line'>(canvas, {
      type: 'line',
      data: { datasets: [] },
      plugins: [
        spanPlugin(this.#view),
        crosshairPlugin(this.#view),
        ...(id === RANK_CHART ? [spanLabelPlugin(this.#view)] : []),
      ],
      options: {
        animation: false,
        responsive: true,
        maintainAspectRatio: false,
        parsing: false,
        normalized: true,
        interaction: { mode: 'index', intersect: false },
        plugins: {
          legend: { display: false },
          tooltip: {
            animation: false,
            callbacks: {
              title: (items) => (items[0] ? clock(items[0].parsed.x ?? 0) : ''),
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
              callback: (value) =>
                new Date(Number(value)).toLocaleTimeString(undefined, {
                  hour: '2-digit',
                  minute: '2-digit',
                  hourCycle: 'h23',
                }),
            },
          },
          y:
            id === RANK_CHART
              ? { min: 0, max: 1, ticks: { stepSize: 0.5 } }
              : {
                  grace: '8%',
                  ticks: {
                    maxTicksLimit: 4,
                    callback: (value) => formatMetric(Number(value), unit).replace(' cores', ''),
                  },
                },
        },
        elements: {
          point: { radius: 0, hitRadius: 8 },
          line: { borderWidth: theme.highContrast ? 2.2 : 1.6, spanGaps: false },
        },
      },
    });
    canvas.addEventListener('mousemove', (event) => {
      const axis = chart.scales['x'];
      this.#hover(axis ? axis.getValueForPixel(event.offsetX) : undefined);
    });
    canvas.addEventListener('mouseleave', () => this.#hover(undefined));
    return { id, element, chart, now, table, canvas };
  }

  #hover(ms: number | undefined): void {
    this.#view.hoverMs = ms;
    for (const { chart } of this.#cards.values()) chart.draw();
  }

  #draw(card: Card, snapshot: PanelSnapshot, lines: readonly Line[], unit: MetricUnit | undefined): void {
    const { theme } = this.#view;
    const write = (value: number): string => (card.id === RANK_CHART ? value.toFixed(2) : formatMetric(value, unit));
    card.chart.data.datasets = lines.map((line): ChartDataset<'line'> => {
      const { colour, dash } = Charts.look(theme, snapshot.nodes.indexOf(line.name));
      return {
        label: line.name,
        data: line.values.map((value, i) => ({ x: snapshot.timestamps[i] as number, y: value ?? NaN })),
        borderColor: colour,
        backgroundColor: colour,
        borderDash: [...dash],
        hidden: this.#hidden.has(line.name),
      };
    });
    const { x, y } = (card.chart.options.scales ?? {}) as Record<
      'x' | 'y',
      { min?: number; max?: number; ticks: { color?: string }; grid?: object; border?: object }
    >;
    x.min = snapshot.fromMs;
    x.max = snapshot.toMs;
    for (const axis of [x, y]) {
      axis.ticks.color = theme.muted;
      axis.grid = { color: theme.grid, tickColor: theme.grid };
      axis.border = { color: theme.grid };
    }
    card.chart.update('none');
    const last = lines.map(({ name, values }) => ({ name, value: values.findLast((value) => value !== null) ?? null }));
    const highest = last.reduce<{ name: string; value: number } | undefined>(
      (best, { name, value }) => (value !== null && (!best || value > best.value) ? { name, value } : best),
      undefined,
    );
    setText(card.now, highest ? write(highest.value) : 'no data');
    card.now.title = highest ? `Highest now: ${highest.name}` : '';
    card.canvas.setAttribute(
      'aria-label',
      `${card.element.getAttribute('aria-label')}: ${last.map(({ name, value }) => `${name} ${value === null ? 'no data' : write(value)}`).join(', ')}`,
    );
    card.table.replaceChildren(...(this.#tables ? [summaryTable(lines, write)] : []));
  }
}

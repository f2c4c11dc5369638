import type { PanelSpan } from '../shared/protocol';
import { logAxis, valueAxis, type ValueAxis } from './axes';
import { RANK_CHART, type CardContent } from './chartContent';
import { h, setText } from './dom';
import { dayAndTime, formatRank, timeOfDay } from './format';
import { watchPointer, type GestureActions } from './gestures';
import { menuButton, type MenuItem } from './menu';
import { drawPlot, pixelAt, plotArea, type PlotArea, type PlotModel, type PlotSize } from './plot';
import { newest, summaryTable } from './table';
import { t } from './texts';
import { lineLook, type Theme } from './theme';
import { nearest, readings, spoken, whyNone, writeOf } from './tooltip';

/** What all charts share. */
export interface SharedView {
  theme: Theme;
  spans: readonly PanelSpan[];
  /** The time axis of all charts, epoch milliseconds. */
  fromMs: number;
  toMs: number;
  /** Where the newest sample is. */
  newestMs: number;
  nodes: readonly string[];
  hidden: ReadonlySet<string>;
  log: boolean;
  tables: boolean;
  /** The time of the crosshair. */
  hoverMs: number | undefined;
}

/** What a card asks of the charts that it is one of. */
export interface CardActions extends Omit<GestureActions, 'area' | 'range' | 'mark'> {
  menu: (id: string) => readonly MenuItem[];
  focused: (id: string) => void;
}

const RANK_AXIS: ValueAxis = { min: 0, max: 1, ticks: [0, 0.5, 1], log: false, write: formatRank };

/** One chart with its title, its newest value and its table twin. */
export class ChartCard {
  readonly element: HTMLElement;
  /** What takes the keyboard: the plot. */
  readonly plot: HTMLElement;
  /** Is there something that is not drawn yet? */
  stale = true;
  visible = false;
  readonly #view: SharedView;
  readonly #canvas = h('canvas', { 'aria-hidden': 'true' });
  readonly #title = h('h3');
  readonly #now = h('span', { class: 'now' });
  readonly #menu: HTMLElement;
  readonly #crosshair = h('div', { class: 'crosshair', hidden: true });
  readonly #mark = h('div', { class: 'mark', hidden: true });
  readonly #tooltip = h('div', { class: 'chart-tooltip', hidden: true, 'aria-hidden': 'true' });
  readonly #note = h('p', { class: 'note', hidden: true });
  readonly #table = h('div', { class: 'table' });
  #content: CardContent;
  #axis = RANK_AXIS;
  #size: PlotSize = { width: 0, height: 0, ratio: 1 };

  constructor(content: CardContent, view: SharedView, actions: CardActions) {
    const { id } = content;
    this.#content = content;
    this.#view = view;
    this.#menu = menuButton(t('Actions for {0}', content.title), '⋯', () => actions.menu(id));
    this.plot = h(
      'div',
      { class: 'plot', role: 'application', 'aria-roledescription': t('chart'), tabindex: -1 },
      this.#canvas,
      this.#crosshair,
      this.#mark,
      this.#tooltip,
    );
    this.element = h(
      'section',
      { class: id === RANK_CHART ? 'card wide' : 'card', 'data-metric': id },
      h('header', {}, this.#title, this.#now, this.#menu),
      this.plot,
      this.#note,
      this.#table,
    );
    watchPointer(this.plot, {
      ...actions,
      area: () => this.area,
      range: () => ({ fromMs: view.fromMs, toMs: view.toMs }),
      mark: (stretch) => this.#showMark(stretch),
    });
    this.plot.addEventListener('focus', () => actions.focused(id));
    this.reachable = false;
  }

  /** Only one chart at a time is a stop of the Tab key; arrows lead to the others. */
  set reachable(reachable: boolean) {
    this.plot.tabIndex = reachable ? 0 : -1;
    (this.#menu.firstElementChild as HTMLElement).tabIndex = reachable ? 0 : -1;
  }

  get content(): CardContent {
    return this.#content;
  }

  get area(): PlotArea {
    return plotArea(this.#size, this.#named);
  }

  /** The span names stand on the first chart only, so that they are read once. */
  get #named(): boolean {
    return this.#content.id === RANK_CHART;
  }

  get #shown(): (name: string) => boolean {
    return (name) => !this.#view.hidden.has(name);
  }

  /** Takes new data: texts and table at once, the drawing when it is seen. */
  update(content: CardContent): void {
    this.#content = content;
    this.stale = true;
    const { title, description, lines, problem, left = 0 } = content;
    setText(this.#title, title);
    this.#title.title = description;
    const write = writeOf(content);
    let highest: { name: string; value: number } | undefined;
    for (const { name, values } of lines) {
      if (content.ofNodes && !this.#shown(name)) continue;
      const value = newest(values);
      if (value !== undefined && (!highest || value > highest.value)) highest = { name, value };
    }
    setText(this.#now, highest ? write(highest.value) : t('no data'));
    this.#now.title = highest ? t('Highest now: {0}', highest.name) : '';
    const note = [problem?.message, problem?.hint, left > 0 ? t('{0} more series are not drawn.', left) : undefined];
    setText(this.#note, note.filter(Boolean).join(' '));
    this.#note.hidden = this.#note.textContent === '';
    this.plot.setAttribute('aria-label', `${title}: ${spoken(content, content.timestamps.length - 1, this.#shown)}`);
    this.#fillTable();
  }

  resize(width: number, height: number): void {
    this.#size = { width, height, ratio: window.devicePixelRatio || 1 };
    this.stale = true;
  }

  /** Draws what it has. */
  draw(): void {
    const { width, height, ratio } = this.#size;
    if (width === 0) return;
    this.stale = false;
    const [w, h2] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (this.#canvas.width !== w || this.#canvas.height !== h2) [this.#canvas.width, this.#canvas.height] = [w, h2];
    const context = this.#canvas.getContext('2d');
    if (context) drawPlot(context, this.#size, this.#model(), this.#view.theme);
    this.showCrosshair(undefined);
  }

  /** The chart as a picture by itself, with its title, on the theme's background. */
  picture(width: number, height: number): HTMLCanvasElement {
    const canvas = h('canvas');
    const ratio = 2;
    [canvas.width, canvas.height] = [width * ratio, height * ratio];
    const context = canvas.getContext('2d') as CanvasRenderingContext2D;
    const plot = h('canvas');
    [plot.width, plot.height] = [width * ratio, (height - 22) * ratio];
    const inner = plot.getContext('2d') as CanvasRenderingContext2D;
    drawPlot(inner, { width, height: height - 22, ratio }, this.#model(), this.#view.theme);
    context.fillStyle = this.#view.theme.background;
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.scale(ratio, ratio);
    context.font = `600 12px ${getComputedStyle(document.body).fontFamily}`;
    context.fillStyle = this.#view.theme.text;
    context.textBaseline = 'middle';
    context.fillText(this.#content.title, 8, 12, width - 16);
    context.drawImage(plot, 0, 22, width, height - 22);
    return canvas;
  }

  /** Moves the crosshair to the shared time; `pointerY` where the pointer is over this very chart. */
  showCrosshair(pointerY: number | undefined): void {
    const { hoverMs, fromMs, toMs } = this.#view;
    const index = hoverMs === undefined ? -1 : nearest(this.#content.timestamps, hoverMs);
    const at = this.#content.timestamps[index];
    const area = this.area;
    const x = at === undefined ? NaN : pixelAt(at, area, fromMs, toMs);
    this.#crosshair.hidden = !(x >= area.left - 1 && x <= area.right + 1);
    this.#tooltip.hidden = this.#crosshair.hidden || pointerY === undefined;
    if (this.#crosshair.hidden || at === undefined) return;
    this.#crosshair.style.transform = `translateX(${Math.round(x)}px)`;
    [this.#crosshair.style.top, this.#crosshair.style.height] = [`${area.top}px`, `${area.bottom - area.top}px`];
    if (!this.#tooltip.hidden) this.#fillTooltip(at, index, x, area);
  }

  /** The values at the crosshair, to be spoken. */
  speakAt(ms: number): string {
    const index = nearest(this.#content.timestamps, ms);
    return index < 0
      ? t('no data')
      : `${timeOfDay(this.#content.timestamps[index] as number)}: ${spoken(this.#content, index, this.#shown)}`;
  }

  #model(): PlotModel {
    const { theme, nodes, spans, fromMs, toMs, newestMs, log } = this.#view;
    const { id, lines, timestamps, unit, ofNodes, gaps = [] } = this.#content;
    const shown = ofNodes ? lines.filter(({ name }) => this.#shown(name)) : lines;
    const columns = shown.map(({ values }) => values);
    this.#axis =
      id === RANK_CHART ? RANK_AXIS : ((log ? logAxis(columns, unit) : undefined) ?? valueAxis(columns, unit));
    const places = new Map(nodes.map((node, place) => [node, place]));
    return {
      timestamps,
      lines: shown.map(({ name, values }, place) => ({
        name,
        values,
        ...lineLook(theme, ofNodes ? (places.get(name) ?? 0) : place),
      })),
      axis: this.#axis,
      fromMs,
      toMs,
      spans,
      spanEndMs: newestMs,
      gaps: gaps.filter(({ hatched }) => hatched),
      named: this.#named,
    };
  }

  #fillTable(): void {
    if (!this.#view.tables) return this.#table.replaceChildren();
    const { hoverMs } = this.#view;
    const { timestamps, lines, title } = this.#content;
    const index = hoverMs === undefined ? -1 : nearest(timestamps, hoverMs);
    const at = index < 0 ? undefined : { title: timeOfDay(timestamps[index] as number), index };
    this.#table.replaceChildren(summaryTable(title, lines, writeOf(this.#content), at));
  }

  /** The table again, for another time of the crosshair. */
  refreshTable(): void {
    if (this.#view.tables) this.#fillTable();
  }

  #fillTooltip(at: number, index: number, x: number, area: PlotArea): void {
    const { theme, nodes } = this.#view;
    const { list, more } = readings(this.#content, index, this.#shown);
    const rows = list.map(({ name, text }) => {
      const place = this.#content.ofNodes ? nodes.indexOf(name) : this.#content.lines.findIndex((l) => l.name === name);
      const dot = h('span', { class: 'dot' });
      dot.style.background = lineLook(theme, place).colour;
      return h('div', { class: 'reading' }, dot, h('span', { class: 'name' }, name), h('span', {}, text));
    });
    const more1 = more > 0 ? [h('div', { class: 'muted' }, t('and {0} more', more))] : [];
    const none = list.length === 0 ? [h('div', { class: 'muted' }, whyNone(this.#content, index))] : [];
    this.#tooltip.replaceChildren(h('div', { class: 'at' }, dayAndTime(at)), ...rows, ...more1, ...none);
    const left = x < (area.left + area.right) / 2;
    this.#tooltip.style.left = left ? `${x + 10}px` : '';
    this.#tooltip.style.right = left ? '' : `${this.#size.width - x + 10}px`;
  }

  #showMark(stretch: { left: number; right: number } | undefined): void {
    this.#mark.hidden = !stretch;
    if (!stretch) return;
    const { top, bottom } = this.area;
    Object.assign(this.#mark.style, {
      left: `${stretch.left}px`,
      width: `${stretch.right - stretch.left}px`,
      top: `${top}px`,
      height: `${bottom - top}px`,
    });
  }
}

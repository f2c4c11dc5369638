import { lookAt, type NodeLook } from '../../core/base/nodeLook';
import type { PanelSpan } from '../../shared/protocol';
import { PeerBand } from './band';
import { RANK_CHART, type CardContent } from './chartContent';
import { CardHead, inHead } from './cardHead';
import type { ChartModel } from './chartModel';
import { h, setText } from '../elements/dom';
import { dayAndTime, timeOfDay } from '../format';
import { Lanes } from './lanes';
import { menuButton, type MenuItem } from '../elements/menu';
import { MetricChart, pictureOf } from './metricChart';
import { ghostLines } from '../tests/ghosts';
import type { SharedView } from '../nodes/sharedView';
import { swatch } from '../elements/swatch';
import { summaryTable } from '../elements/table';
import { t } from '../texts';
import { lineLook } from '../theme';
import { inReach, spokenThresholds, thresholdLines } from './thresholds';
import { nearest, readings, spoken, Tooltip, whyNone, writeOf } from './tooltip';
import { linearScale, logScale, SCORE_SCALE } from './valueScale';

/** What a card asks of the charts that it is one of. */
export interface CardActions {
  /** The pointer is at this time and height; undefined = it has left. */
  hover: (ms: number | undefined, y: number) => void;
  zoom: (fromMs: number, toMs: number) => void;
  /** The shown stretch is being moved. */
  moving: (fromMs: number, toMs: number) => void;
  reset: () => void;
  reveal: (key: string) => void;
  menu: (id: string) => readonly MenuItem[];
  focused: (id: string) => void;
}

/** So near to a line the pointer is on it, CSS pixels. */
const ON_LINE = 10;

/** One chart with its title, the value that counts, and its table twin. */
export class ChartCard {
  readonly element: HTMLElement;
  /** What takes the keyboard: the plot. */
  readonly plot: HTMLElement;
  /** Is there something that is not drawn yet? */
  stale = true;
  visible = false;
  readonly #view: SharedView;
  readonly #title = h('h3');
  readonly #head = new CardHead();
  readonly #menu: HTMLElement;
  readonly #lanes: Lanes;
  readonly #tooltip = new Tooltip();
  readonly #note = h('p', { class: 'note', hidden: true });
  readonly #table = h('div', { class: 'table' });
  readonly #chart: MetricChart;
  readonly #band = new PeerBand();
  #content: CardContent;

  constructor(content: CardContent, view: SharedView, actions: CardActions) {
    const { id } = content;
    this.#content = content;
    this.#view = view;
    this.#lanes = new Lanes(actions.reveal);
    this.#menu = menuButton(t('Actions for {0}', content.title), '⋯', () => actions.menu(id));
    this.plot = h(
      'div',
      { class: 'plot', role: 'application', 'aria-roledescription': t('chart'), tabindex: -1 },
      this.#tooltip.element,
    );
    this.element = h(
      'section',
      { class: id === RANK_CHART ? 'card wide' : 'card', 'data-metric': id },
      h('header', {}, this.#title, this.#head.element, this.#menu),
      this.#lanes.element,
      this.plot,
      this.#note,
      this.#table,
    );
    this.#chart = new MetricChart(this.plot, { chosen: actions.zoom, moving: actions.moving }, actions.hover);
    this.plot.addEventListener('focus', () => actions.focused(id));
    this.plot.addEventListener('dblclick', () => actions.reset());
    this.reachable = false;
  }

  /** Only one chart at a time is a stop of the Tab key; arrows lead to the others. */
  set reachable(reachable: boolean) {
    this.plot.tabIndex = reachable ? 0 : -1;
    (this.#menu.firstElementChild as HTMLElement).tabIndex = reachable ? 0 : -1;
  }

  /** The first chart names the experiments. */
  set lead(lead: boolean) {
    this.#lanes.lead = lead;
  }

  get content(): CardContent {
    return this.#content;
  }

  get #shown(): (name: string) => boolean {
    return (name) => !this.#view.hidden.has(name);
  }

  /** The nodes that are told before the others. */
  get #first(): string[] {
    const { hovered, anomalous, pinned } = this.#view.focus;
    return [...(hovered === undefined ? [] : [hovered]), ...anomalous, ...pinned];
  }

  /** Takes new data: texts and table at once, the drawing when it is seen. */
  update(content: CardContent): void {
    this.#content = content;
    this.stale = true;
    const { title, description, problem, left = 0 } = content;
    setText(this.#title, title);
    this.#title.title = description;
    const note = [problem?.message, problem?.hint, left > 0 ? t('{0} more series are not drawn.', left) : undefined];
    setText(this.#note, note.filter(Boolean).join(' '));
    this.#note.hidden = this.#note.textContent === '';
    const { thresholds = [], unit, timestamps } = content;
    const expected = spokenThresholds(thresholdLines(thresholds, unit));
    const newest = spoken(content, timestamps.length - 1, this.#shown);
    this.plot.setAttribute('aria-label', [`${title}: ${newest}`, expected].filter(Boolean).join('. '));
    this.#showHead(-1);
    this.#fillTable();
  }

  resize(width: number, height: number): void {
    this.#chart.resize(width, height);
    this.stale = true;
  }

  /** Draws the plot. */
  draw(): void {
    this.stale = false;
    this.#chart.draw(this.#model(), this.#view.theme);
  }

  /** Shows the experiments above the plot. */
  showLanes(): void {
    const { spans, fromMs, toMs, newestMs } = this.#view;
    this.#lanes.update({ spans, fromMs, toMs, newestMs, colourOf: (span) => this.#colourOf(span) });
  }

  /** The chart as a picture by itself, with its title, on the theme's background. */
  picture(width: number, height: number): HTMLCanvasElement {
    const { theme } = this.#view;
    const canvas = h('canvas');
    const ratio = 2;
    [canvas.width, canvas.height] = [width * ratio, height * ratio];
    const context = canvas.getContext('2d') as CanvasRenderingContext2D;
    context.fillStyle = theme.background;
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.scale(ratio, ratio);
    context.font = `600 12px ${theme.fontFamily}`;
    context.fillStyle = theme.text;
    context.textBaseline = 'middle';
    context.fillText(this.#content.title, 8, 12, width - 16);
    context.drawImage(pictureOf(this.#model(), theme, width, height - 22), 0, 22, width, height - 22);
    return canvas;
  }

  /** The line that the pointer is on; undefined where there is none near. */
  lineAt(ms: number, y: number): string | undefined {
    const { timestamps, lines, ofNodes } = this.#content;
    const index = nearest(timestamps, ms);
    let best: { name: string; away: number } | undefined;
    for (const { name, values } of lines) {
      if (ofNodes && !this.#shown(name)) continue;
      const away = Math.abs(this.#chart.yOf(values[index] ?? NaN) - y);
      if (away <= (best?.away ?? ON_LINE)) best = { name, away };
    }
    return best?.name;
  }

  /** Moves the crosshair to the shared time, and says in the head what the chart's line reads there. */
  showCrosshair(): void {
    const { index, at } = this.#hovered;
    this.#chart.mark(at);
    this.#showHead(index);
  }

  /** Shows all values at the crosshair, or hides them. */
  showTooltip(shown: boolean): void {
    const { index, at } = this.#hovered;
    if (at === undefined || !shown) this.#tooltip.hide();
    else this.#fillTooltip(at, index);
  }

  /** The sample that is nearest to the crosshair; index -1 where there is none. */
  get #hovered(): { index: number; at: number | undefined } {
    const { hoverMs } = this.#view;
    const { timestamps } = this.#content;
    const index = hoverMs === undefined ? -1 : nearest(timestamps, hoverMs);
    return { index, at: timestamps[index] };
  }

  /** The values at the crosshair, to be spoken. */
  speakAt(ms: number): string {
    const index = nearest(this.#content.timestamps, ms);
    return index < 0
      ? t('no data')
      : `${timeOfDay(this.#content.timestamps[index] as number)}: ${spoken(this.#content, index, this.#shown)}`;
  }

  destroy(): void {
    this.#chart.destroy();
    this.element.remove();
  }

  #lookOf(name: string): NodeLook {
    const { ofNodes, lines } = this.#content;
    return (ofNodes ? this.#view.looks.get(name) : undefined) ?? lookAt(lines.findIndex((line) => line.name === name));
  }

  /** That of its node; of several nodes one of its own. */
  #colourOf({ nodes }: PanelSpan): string {
    const { looks, theme } = this.#view;
    const [node = ''] = nodes;
    const look = nodes.length === 1 ? looks.get(node) : undefined;
    return look ? lineLook(theme, look).colour : theme.span;
  }

  #model(): ChartModel {
    const { theme, drawn, focus, spans, fromMs, toMs, newestMs, log } = this.#view;
    const { id, lines, timestamps, unit, ofNodes, gaps = [], thresholds = [] } = this.#content;
    const shown = ofNodes ? lines.filter(({ name }) => this.#shown(name)) : lines;
    const peers = ofNodes ? shown.filter(({ name }) => drawn.peers.has(name)) : [];
    const own = peers.length > 0 ? shown.filter(({ name }) => drawn.own.has(name) || name === focus.hovered) : shown;
    const ghosts = ghostLines(
      ofNodes ? this.#view.ghosts : undefined,
      id,
      this.#shown,
      (name) => lineLook(theme, this.#lookOf(name)).colour,
    );
    const values = shown.map((line) => line.values);
    const expected = thresholdLines(thresholds, unit).filter((one) => one.toMs > fromMs && one.fromMs < toMs);
    const limits = inReach(expected, values);
    const columns = [...values, ...ghosts.map((line) => line.values), limits.map(({ value }) => value)];
    const scale =
      id === RANK_CHART
        ? SCORE_SCALE
        : ((log ? logScale(columns, unit) : undefined) ?? linearScale(columns, unit, t('cores')));
    return {
      timestamps,
      lines: own.map(({ name, values }) => ({
        name,
        values,
        ...lineLook(theme, this.#lookOf(name)),
        strong: peers.length > 0 && (name === focus.hovered || focus.anomalous.includes(name)),
      })),
      ghosts,
      band: peers.length > 0 ? this.#band.of(this.#content, timestamps, peers) : undefined,
      scale,
      fromMs,
      toMs,
      spans: spans.map((span) => ({
        fromMs: span.fromMs,
        toMs: span.toMs ?? newestMs,
        colour: this.#colourOf(span),
      })),
      thresholds: limits,
      gaps: gaps.filter(({ hatched }) => hatched),
    };
  }

  /** One node and its value: at the crosshair, or at rest the newest (`index` -1). */
  #showHead(index: number): void {
    const { theme, short } = this.#view;
    const found = inHead(this.#content, index, this.#shown, this.#first);
    this.#head.show(
      found && {
        name: found.name,
        short: short.get(found.name) ?? found.name,
        value: writeOf(this.#content)(found.value),
        look: this.#lookOf(found.name),
      },
      theme,
    );
  }

  #fillTable(): void {
    if (!this.#view.tables) return this.#table.replaceChildren();
    const { lines, title } = this.#content;
    const { index, at } = this.#hovered;
    const time = at === undefined ? undefined : { title: timeOfDay(at), index };
    this.#table.replaceChildren(summaryTable(title, lines, writeOf(this.#content), time));
  }

  /** The table again, for another time of the crosshair. */
  refreshTable(): void {
    if (this.#view.tables) this.#fillTable();
  }

  #fillTooltip(at: number, index: number): void {
    const { theme, focus, short } = this.#view;
    const { list, more } = readings(this.#content, index, this.#shown, this.#first);
    const rows = list.map(({ name, text }) => ({
      name: short.get(name) ?? name,
      text,
      swatch: swatch(theme, this.#lookOf(name)),
      strong: name === focus.hovered,
    }));
    const none = list.length === 0 ? whyNone(this.#content, index) : undefined;
    this.#tooltip.show({ title: dayAndTime(at), rows, more, none }, this.plot, this.#chart.xOf(at));
  }
}

import type { OwnChart } from '../../shared/chartMessages';
import type { PanelSnapshot } from '../../shared/protocol';
import type { PanelGhosts } from '../../shared/testMessages';
import { ChartCard, type CardActions } from './card';
import { chartGroups } from './chartContent';
import { arrange } from './chartGrid';
import { h, setText } from '../elements/dom';
import { chartKey } from './keys';
import type { MenuItem } from '../elements/menu';
import { RIGHT_PADDING, VALUE_AXIS_WIDTH } from './chartOptions';
import { Legend, type LegendActions } from '../nodes/legend';
import { emptyView, shared, type ChartsOptions, type SharedView } from '../nodes/sharedView';
import type { Theme } from '../theme';

/** What the charts ask of the page. */
export interface ChartsActions extends Omit<LegendActions, 'hover'> {
  /** Show this stretch. */
  zoom: (fromMs: number, toMs: number) => void;
  /** Back to the range before. */
  reset: () => void;
  /** The plots are so many pixels wide. */
  measured: (pixels: number) => void;
  menu: (id: string) => readonly MenuItem[];
  /** Show what is known of this experiment. */
  reveal: (key: string) => void;
}

/**
 * The longest that one frame may draw, milliseconds; charts that are left are drawn in the next. Every further frame
 * costs the page as much again as a few charts.
 */
const FRAME_BUDGET_MS = 50;

/** So long the pointer stays on a line before all charts show it. Milliseconds. */
const REST_MS = 150;

/** One small chart per metric on a shared time axis, the scores first. Draws only what is on the screen. */
export class Charts {
  readonly element: HTMLElement;
  readonly #grids = h('div', { class: 'groups' });
  readonly #spoken = h('p', { class: 'visually-hidden', 'aria-live': 'polite' });
  readonly #view: SharedView;
  readonly #actions: ChartsActions;
  readonly #cards = new Map<string, ChartCard>();
  readonly #legend: Legend;
  readonly #sizes: ResizeObserver;
  readonly #seen: IntersectionObserver;
  #snapshot: PanelSnapshot | undefined;
  #own: readonly OwnChart[] = [];
  #options: ChartsOptions | undefined;
  #frame = 0;
  #resting: ReturnType<typeof setTimeout> | undefined;
  #pixels = 0;
  #active: string | undefined;
  /** The chart that the pointer or the keyboard is on. */
  #pointed: string | undefined;
  /** The time that the tables show. */
  #tableMs: number | undefined;
  #pointer: { id: string; ms: number | undefined; y: number } | undefined;

  constructor(theme: Theme, actions: ChartsActions) {
    this.#actions = actions;
    this.#view = emptyView(theme);
    this.#legend = new Legend({ ...actions, hover: (node) => this.#hoverNode(node) });
    this.element = h('div', { class: 'charts' }, this.#legend.element, this.#grids, this.#spoken);
    this.element.addEventListener('keydown', (event) => this.#key(event));
    this.#sizes = new ResizeObserver((entries) => {
      for (const { target, contentRect } of entries)
        this.#cardOf(target)?.resize(Math.floor(contentRect.width), Math.floor(contentRect.height));
      this.#measure();
      this.#schedule();
    });
    this.#seen = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) {
          const card = this.#cardOf(target);
          if (card) card.visible = isIntersecting;
        }
        this.#schedule();
      },
      { rootMargin: '150px' },
    );
  }

  /** The charts that are there, in their order. */
  get cards(): readonly ChartCard[] {
    return [...this.#cards.values()];
  }

  card(id: string): ChartCard | undefined {
    return this.#cards.get(id);
  }

  setTheme(theme: Theme): void {
    this.#view.theme = theme;
    this.#fill();
  }

  configure(options: ChartsOptions): void {
    this.#options = options;
    this.element.classList.toggle('with-tables', options.tables);
    this.#fill();
  }

  update(snapshot: PanelSnapshot): void {
    this.#snapshot = snapshot;
    const { fromMs, toMs, timestamps } = snapshot;
    Object.assign(this.#view, { fromMs, toMs, newestMs: timestamps.at(-1) ?? toMs });
    this.#fill();
  }

  setOwn(charts: readonly OwnChart[]): void {
    this.#own = charts;
    this.#fill();
  }

  /** Draws an earlier run behind the lines, or takes it away. */
  setGhosts(ghosts: PanelGhosts | undefined): void {
    this.#view.ghosts = ghosts;
    this.#stale();
  }

  /** Shows another stretch of what is there already, until its own data come. */
  setDomain(fromMs: number, toMs: number): void {
    Object.assign(this.#view, { fromMs, toMs });
    this.#stale();
  }

  /** Scrolls to a metric's chart and marks it, with the crosshair at a time; false when it is not among the shown ones. */
  focus(metric: string, atMs?: number): boolean {
    const card = this.#cards.get(metric);
    if (!card) return false;
    card.element.scrollIntoView({ block: 'center' });
    card.plot.focus({ preventScroll: true });
    for (const other of this.#cards.values()) other.element.classList.toggle('focused', other === card);
    if (atMs !== undefined) this.#hover(atMs);
    return true;
  }

  /** Puts the crosshair at a time in all charts, or takes it away. */
  mark(ms: number | undefined): void {
    this.#hover(ms);
  }

  #hover(ms: number | undefined, on?: string): void {
    this.#view.hoverMs = ms;
    this.#pointed = on;
    this.#showCrosshair();
  }

  #showCrosshair(): void {
    const { hoverMs, tables } = this.#view;
    for (const card of this.#cards.values()) if (card.visible) card.showCrosshair();
    if (tables && hoverMs !== this.#tableMs) for (const card of this.#cards.values()) card.refreshTable();
    this.#tableMs = hoverMs;
    // Last: its place depends on its size, so that the page is laid out here, which a later change would undo.
    for (const [id, card] of this.#cards) card.showTooltip(card.visible && id === this.#pointed);
  }

  /** Takes the pointer's newest place, once a frame however often it moves. */
  #follow(): void {
    const pointer = this.#pointer;
    if (!pointer) return;
    this.#pointer = undefined;
    const { id, ms, y } = pointer;
    const card = this.#cards.get(id);
    const node = ms === undefined || card?.content.ofNodes !== true ? undefined : card.lineAt(ms, y);
    this.#hoverNode(node, card);
    this.#view.hoverMs = ms;
    this.#pointed = ms === undefined ? undefined : id;
  }

  /** The node that is pointed at: of many it gets a line, at once in the chart `on`, in the others when the pointer rests. */
  #hoverNode(node: string | undefined, on?: ChartCard): void {
    const { focus, drawn } = this.#view;
    if (focus.hovered === node) return;
    this.#view.focus = { ...focus, hovered: node };
    clearTimeout(this.#resting);
    if (drawn.peers.size > 0) {
      if (on) on.stale = true;
      this.#resting = setTimeout(() => this.#stale(), REST_MS);
    }
    this.#schedule();
  }

  #fill(): void {
    if (!this.#snapshot || !this.#options) return;
    const { view, legend } = shared(this.#snapshot, this.#options, this.#view);
    Object.assign(this.#view, view);
    this.#legend.update(legend);
    const groups = chartGroups(this.#snapshot, this.#own, this.#options.all);
    const contents = groups.flatMap(({ cards }) => cards);
    const wanted = new Set(contents.map(({ id }) => id));
    for (const [id, card] of this.#cards) {
      if (wanted.has(id)) continue;
      this.#sizes.unobserve(card.plot);
      this.#seen.unobserve(card.element);
      card.destroy();
      this.#cards.delete(id);
    }
    const ordered = new Map<string, ChartCard>();
    for (const content of contents) {
      let card = this.#cards.get(content.id);
      if (!card) {
        card = new ChartCard(content, this.#view, this.#cardActions(content.id));
        this.#sizes.observe(card.plot);
        this.#seen.observe(card.element);
      }
      ordered.set(content.id, card);
      card.update(content);
    }
    this.#cards.clear();
    for (const [id, card] of ordered) this.#cards.set(id, card);
    contents.forEach(({ id }, place) => {
      (this.#cards.get(id) as ChartCard).lead = place === 0;
    });
    arrange(this.#grids, groups, (id) => this.#cards.get(id)?.element);
    this.#setActive(this.#active !== undefined && wanted.has(this.#active) ? this.#active : contents[0]?.id);
    this.#schedule();
  }

  #cardActions(id: string): CardActions {
    return {
      hover: (ms, y) => {
        this.#pointer = { id, ms, y };
        this.#schedule();
      },
      zoom: (fromMs, toMs) => this.#actions.zoom(fromMs, toMs),
      moving: (fromMs, toMs) => this.setDomain(fromMs, toMs),
      reset: () => this.#actions.reset(),
      reveal: (key) => this.#actions.reveal(key),
      menu: (chart) => this.#actions.menu(chart),
      focused: (chart) => this.#setActive(chart),
    };
  }

  #setActive(id: string | undefined): void {
    this.#active = id;
    for (const [other, card] of this.#cards) card.reachable = other === id;
  }

  #key(event: KeyboardEvent): void {
    const card = this.#active === undefined ? undefined : this.#cards.get(this.#active);
    if (!card || document.activeElement !== card.plot) return;
    const { fromMs, toMs, hoverMs } = this.#view;
    const act = chartKey(event, { timestamps: card.content.timestamps, fromMs, toMs, hoverMs });
    if (!act) return;
    event.preventDefault();
    if (act.move !== undefined) {
      const cards = this.cards;
      cards[Math.min(cards.length - 1, Math.max(0, cards.indexOf(card) + act.move))]?.plot.focus();
    }
    if (act.zoom) this.#actions.zoom(...act.zoom);
    if (act.reset) {
      if (hoverMs !== undefined) this.#hover(undefined);
      else this.#actions.reset();
    }
    if (act.crosshair !== undefined) {
      this.#hover(act.crosshair, this.#active);
      setText(this.#spoken, `${card.content.title}, ${card.speakAt(act.crosshair)}`);
    }
  }

  #cardOf(element: Element): ChartCard | undefined {
    const id = element.closest<HTMLElement>('[data-metric]')?.dataset['metric'];
    return id === undefined ? undefined : this.#cards.get(id);
  }

  /** The narrowest plot tells how many points make sense. */
  #measure(): void {
    const widths = this.cards.map(({ plot }) => plot.clientWidth).filter((width) => width > 0);
    if (widths.length === 0) return;
    const pixels = Math.round(Math.min(...widths) - VALUE_AXIS_WIDTH - RIGHT_PADDING);
    if (Math.abs(pixels - this.#pixels) < 20) return; // a few pixels make no other step
    this.#pixels = pixels;
    this.#actions.measured(pixels);
  }

  #stale(): void {
    for (const card of this.#cards.values()) card.stale = true;
    this.#schedule();
  }

  #schedule(): void {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      const before = this.#view.hoverMs;
      this.#follow();
      this.#draw();
      if (before !== undefined || this.#view.hoverMs !== undefined) this.#showCrosshair();
    });
  }
  /** Draws what is seen and stale, as far as the budget of a frame allows. */
  #draw(): void {
    const began = performance.now();
    const drawn: ChartCard[] = [];
    for (const card of this.#cards.values()) {
      if (!card.visible || !card.stale) continue;
      if (performance.now() - began > FRAME_BUDGET_MS) {
        this.#schedule();
        break;
      }
      card.draw();
      drawn.push(card);
    }
    // Only now: after a change of the page, the next canvas that sets a font would work out the page's styles again.
    for (const card of drawn) card.showLanes();
  }
}

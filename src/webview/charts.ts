import { METRICS } from '../core/metrics/catalogue';
import type { PanelSnapshot } from '../shared/protocol';
import { ChartCard, RANK_CHART, type CardContent } from './card';
import type { SharedView } from './chartPlugins';
import { h } from './dom';
import type { Theme } from './theme';

/** One small chart per metric on a shared time axis, the ranks first. */
export class Charts {
  readonly element = h('div', { class: 'charts' });
  readonly #view: SharedView;
  readonly #cards = new Map<string, ChartCard>();
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
    this.element.classList.toggle('with-tables', options.tables);
    if (this.#snapshot) this.update(this.#snapshot);
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
    wanted.forEach((content, place) => {
      let card = this.#cards.get(content.id);
      if (!card) {
        card = new ChartCard(content, this.#view, (ms) => this.#hover(ms));
        this.#cards.set(content.id, card);
      }
      if (this.element.children[place] !== card.element)
        this.element.insertBefore(card.element, this.element.children[place] ?? null);
      card.draw(snapshot, content, this.#hidden, this.#tables);
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

  #wanted(snapshot: PanelSnapshot): CardContent[] {
    const result: CardContent[] = [];
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

  #hover(ms: number | undefined): void {
    this.#view.hoverMs = ms;
    for (const { chart } of this.#cards.values()) chart.draw();
  }
}

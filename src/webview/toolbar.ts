import type { PanelHealth, PanelSnapshot } from '../shared/protocol';
import { timeOfDay } from './format';
import { h, setText } from './dom';
import { Legend } from './legend';
import { menuButton, type MenuItem } from './menu';
import { RangePicker, type RangeActions } from './rangePicker';
import { t } from './texts';
import type { Theme } from './theme';

/** What the toolbar can ask for. */
export interface ToolbarActions extends RangeActions {
  setLive: (live: boolean) => void;
  diagnoseNow: () => void;
  inject: () => void;
  stopAll: () => void;
  toggleNode: (node: string, only: boolean) => void;
  toggle: (what: ViewToggle) => void;
  addChart: () => void;
  exportItems: () => readonly MenuItem[];
}

/** True where what is shown is the newest, and follows; `past`: a moment that is over is looked at. */
export const showsLive = ({ live, fixed }: Pick<PanelSnapshot, 'live' | 'fixed'>, past: boolean): boolean =>
  live && !fixed && !past;

/** What is shown or not. */
export type ViewToggle = 'all' | 'tables' | 'log';

/** Range, live, actions, and the nodes' legend that hides and shows lines. */
export class Toolbar {
  readonly element: HTMLElement;
  readonly #range: RangePicker;
  readonly #live: HTMLButtonElement;
  readonly #toggles: Readonly<Record<ViewToggle, HTMLButtonElement>>;
  readonly #stop: HTMLButtonElement;
  readonly #legend: Legend;
  readonly #status = h('span', { class: 'status', role: 'status' });

  constructor(actions: ToolbarActions) {
    this.#range = new RangePicker(actions);
    this.#legend = new Legend(actions.toggleNode);
    this.#live = h(
      'button',
      { onclick: () => actions.setLive(this.#live.getAttribute('aria-pressed') !== 'true') },
      t('Live'),
    );
    const toggle = (what: ViewToggle, label: string, title?: string): HTMLButtonElement =>
      h('button', { onclick: () => actions.toggle(what), title }, label);
    this.#toggles = {
      all: toggle('all', t('All metrics')),
      log: toggle('log', t('Log scale'), t('Equal factors are equal distances')),
      tables: toggle('tables', t('Tables')),
    };
    this.#stop = h('button', { onclick: actions.stopAll }, t('Stop all…'));
    this.element = h(
      'div',
      { class: 'toolbar', role: 'toolbar', 'aria-label': t('Panel') },
      this.#range.element,
      this.#live,
      h('span', { class: 'divider' }),
      ...Object.values(this.#toggles),
      h('button', { onclick: actions.addChart }, t('Add chart…')),
      menuButton(t('Export'), `${t('Export')} ▾`, actions.exportItems),
      h('span', { class: 'divider' }),
      h('button', { onclick: actions.diagnoseNow }, t('Diagnose now')),
      h('button', { class: 'primary', onclick: actions.inject }, t('Inject anomaly…')),
      this.#stop,
      h('div', { class: 'second' }, this.#legend.element, this.#status),
    );
  }

  update(
    snapshot: PanelSnapshot,
    view: { hidden: ReadonlySet<string> } & Readonly<Record<ViewToggle, boolean>>,
    past: boolean,
    theme: Theme,
  ): void {
    this.#range.update(snapshot);
    this.#live.setAttribute('aria-pressed', String(showsLive(snapshot, past)));
    for (const [what, button] of Object.entries(this.#toggles))
      button.setAttribute('aria-pressed', String(view[what as ViewToggle]));
    this.#stop.hidden = !snapshot.spans.some((span) => span.toMs === undefined);
    setText(this.#status, snapshot.fixed ? fixedText(snapshot.health) : statusText(snapshot.health));
    this.#status.className = `status ${snapshot.health.state}`;
    this.#legend.update(snapshot.nodes, view.hidden, theme);
  }
}

const fixedText = (health: PanelHealth): string =>
  health.state === 'live' || health.state === 'paused' ? t('Fixed range – auto-refresh off') : statusText(health);

/** One sentence on how fresh the picture is. */
function statusText(health: PanelHealth): string {
  switch (health.state) {
    case 'loading':
      return t('Loading…');
    case 'live':
      return t('Updated {0}', timeOfDay(health.updatedAt));
    case 'paused':
      return health.updatedAt === undefined ? t('Paused') : t('Paused at {0}', timeOfDay(health.updatedAt));
    case 'stale':
      return t('Not up to date since {0}', timeOfDay(health.since));
    case 'empty':
      return t('No data');
    case 'failed':
      return t('Not connected');
  }
}

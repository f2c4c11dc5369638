import type { PanelHealth, PanelSnapshot } from '../../shared/protocol';
import { timeOfDay } from '../format';
import { h, setText } from '../elements/dom';
import { menuButton, type MenuItem } from '../elements/menu';
import { RangePicker, type RangeActions } from './rangePicker';
import { t } from '../texts';

/** The actions of the toolbar. */
export interface ToolbarActions extends RangeActions {
  setLive: (live: boolean) => void;
  diagnoseNow: () => void;
  inject: () => void;
  stopAll: () => void;
  toggle: (what: ViewToggle) => void;
  addChart: () => void;
  exportItems: () => readonly MenuItem[];
}

/** True if the page shows the newest data and follows them; `past`: a past moment is shown. */
export const showsLive = ({ live, fixed }: Pick<PanelSnapshot, 'live' | 'fixed'>, past: boolean): boolean =>
  live && !fixed && !past;

/** What can be shown or hidden. */
export type ViewToggle = 'all' | 'log' | 'tables' | 'experiments';

/** Time on the left, visibility in the middle, actions on the right; no state moves any of them. */
export class Toolbar {
  readonly element: HTMLElement;
  /** How up to date the page is; placed elsewhere. */
  readonly status = h('span', { class: 'status', role: 'status' });
  readonly #range: RangePicker;
  readonly #live: HTMLButtonElement;
  readonly #toggles: Readonly<Record<ViewToggle, HTMLButtonElement>>;
  readonly #stop: HTMLButtonElement;

  constructor(actions: ToolbarActions) {
    this.#range = new RangePicker(actions);
    this.#live = h(
      'button',
      {
        class: 'live',
        title: t('Show the newest data and refresh; again: pause'),
        onclick: () => actions.setLive(this.#live.getAttribute('aria-pressed') !== 'true'),
      },
      t('Live'),
    );
    const toggle = (what: ViewToggle, label: string, more: { title?: string; 'aria-label'?: string } = {}) =>
      h('button', { onclick: () => actions.toggle(what), ...more }, label);
    this.#toggles = {
      all: toggle('all', t('All metrics')),
      log: toggle('log', t('Log scale'), { title: t('Logarithmic value axis') }),
      tables: toggle('tables', t('Tables')),
      experiments: toggle('experiments', t('Show experiments')),
    };
    this.#stop = h('button', { class: 'danger', disabled: true, onclick: actions.stopAll }, t('Stop all…'));
    const now = t('Diagnose now');
    const more = t('More actions');
    this.element = h(
      'div',
      { class: 'toolbar', role: 'toolbar', 'aria-label': t('Panel') },
      h(
        'div',
        { class: 'tools' },
        this.#range.element,
        this.#live,
        h('button', { class: 'icon', title: now, 'aria-label': now, onclick: actions.diagnoseNow }, '⟳'),
      ),
      h('div', { class: 'segmented', role: 'group', 'aria-label': t('View') }, ...Object.values(this.#toggles)),
      h(
        'div',
        { class: 'tools' },
        menuButton(more, '⋯', () => [{ label: t('Add chart…'), run: actions.addChart }, ...actions.exportItems()]),
        h('button', { class: 'primary', onclick: actions.inject }, t('Inject anomaly…')),
        this.#stop,
      ),
    );
  }

  update(snapshot: PanelSnapshot, view: Readonly<Record<ViewToggle, boolean>>, past: boolean): void {
    this.#range.update(snapshot);
    this.#live.setAttribute('aria-pressed', String(showsLive(snapshot, past)));
    for (const [what, button] of Object.entries(this.#toggles))
      button.setAttribute('aria-pressed', String(view[what as ViewToggle]));
    this.#stop.disabled = !snapshot.spans.some(({ stoppable }) => stoppable);
    setText(this.status, snapshot.fixed ? fixedText(snapshot.health) : statusText(snapshot.health));
    this.status.className = `status ${snapshot.health.state}`;
  }
}

const fixedText = (health: PanelHealth): string =>
  health.state === 'live' || health.state === 'paused' ? t('Fixed range – auto-refresh off') : statusText(health);

/** How up to date the page is, in one sentence. */
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

import { RANGES_MS, type PanelHealth, type PanelSnapshot } from '../shared/protocol';
import { timeOfDay } from './axes';
import { h, setText } from './dom';
import { t } from './texts';
import { lineLook, type Theme } from './theme';

/** What the toolbar can ask for. */
export interface ToolbarActions {
  setRange: (windowMs: number) => void;
  setLive: (live: boolean) => void;
  diagnoseNow: () => void;
  inject: () => void;
  stopAll: () => void;
  toggleNode: (node: string) => void;
  toggleAll: () => void;
  toggleTables: () => void;
}

const label = (ms: number): string =>
  ms >= 3_600_000 ? t('Last {0} h', ms / 3_600_000) : t('Last {0} min', ms / 60_000);

/** Range, live, actions, and the nodes' legend that hides and shows lines. */
export class Toolbar {
  readonly element: HTMLElement;
  readonly #ranges: HTMLSelectElement;
  readonly #live: HTMLButtonElement;
  readonly #all: HTMLButtonElement;
  readonly #tables: HTMLButtonElement;
  readonly #stop: HTMLButtonElement;
  readonly #legend = h('div', { class: 'legend', role: 'group', 'aria-label': t('Nodes') });
  readonly #status = h('span', { class: 'status', role: 'status' });
  readonly #actions: ToolbarActions;
  #legendKey = '';

  constructor(actions: ToolbarActions) {
    this.#actions = actions;
    this.#ranges = h(
      'select',
      { 'aria-label': t('Time range'), onchange: () => actions.setRange(Number(this.#ranges.value)) },
      ...RANGES_MS.map((ms) => h('option', { value: ms }, label(ms))),
    );
    this.#live = h(
      'button',
      { onclick: () => actions.setLive(this.#live.getAttribute('aria-pressed') !== 'true') },
      t('Live'),
    );
    this.#all = h('button', { onclick: actions.toggleAll }, t('All metrics'));
    this.#tables = h('button', { onclick: actions.toggleTables }, t('Tables'));
    this.#stop = h('button', { onclick: actions.stopAll }, t('Stop all…'));
    this.element = h(
      'div',
      { class: 'toolbar', role: 'toolbar', 'aria-label': t('Panel') },
      this.#ranges,
      this.#live,
      h('button', { onclick: actions.diagnoseNow }, t('Diagnose now')),
      this.#all,
      this.#tables,
      h('button', { class: 'primary', onclick: actions.inject }, t('Inject anomaly…')),
      this.#stop,
      this.#status,
      this.#legend,
    );
  }

  update(
    snapshot: PanelSnapshot,
    view: { hidden: ReadonlySet<string>; all: boolean; tables: boolean },
    theme: Theme,
  ): void {
    this.#ranges.value = String(snapshot.windowMs);
    this.#live.setAttribute('aria-pressed', String(snapshot.live));
    this.#all.setAttribute('aria-pressed', String(view.all));
    this.#tables.setAttribute('aria-pressed', String(view.tables));
    this.#stop.hidden = !snapshot.spans.some((span) => span.toMs === undefined);
    setText(this.#status, statusText(snapshot.health));
    this.#status.className = `status ${snapshot.health.state}`;
    const key = JSON.stringify([snapshot.nodes, [...view.hidden], theme.lines, theme.highContrast]);
    if (key === this.#legendKey) return;
    this.#legendKey = key;
    this.#legend.replaceChildren(
      ...snapshot.nodes.map((node, i) => {
        return h(
          'button',
          {
            class: 'node-toggle',
            'aria-pressed': String(!view.hidden.has(node)),
            onclick: () => this.#actions.toggleNode(node),
          },
          swatch(theme, i),
          node,
        );
      }),
    );
  }
}

/** A piece of the node's line, with its colour and its dashes. */
function swatch(theme: Theme, index: number): Element {
  const { colour, dash } = lineLook(theme, index);
  const namespace = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(namespace, 'svg');
  const line = document.createElementNS(namespace, 'line');
  for (const [name, value] of Object.entries({ class: 'swatch', width: '22', height: '4', 'aria-hidden': 'true' }))
    svg.setAttribute(name, value);
  for (const [name, value] of Object.entries({
    x1: '0',
    x2: '22',
    y1: '2',
    y2: '2',
    'stroke-width': '3',
    stroke: colour,
    'stroke-dasharray': dash.join(' '),
  }))
    line.setAttribute(name, value);
  svg.append(line);
  return svg;
}

/** One sentence on how fresh the picture is. */
export function statusText(health: PanelHealth): string {
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

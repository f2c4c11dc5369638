import { MOST_LINES, type NodeLook } from '../../core/base/nodeLook';
import { h, setText } from '../elements/dom';
import { shortNames, type Drawn } from './focus';
import { formatPercent } from '../../core/base/percent';
import { swatch } from '../elements/swatch';
import { t } from '../texts';
import type { Theme } from '../theme';

/** What the legend asks for. */
export interface LegendActions {
  /** Hide or show a node; `only`: that one alone, or all again. */
  toggle: (node: string, only: boolean) => void;
  /** Give a node a line of its own, or put it back into the band. */
  pin: (node: string) => void;
  /** The pointer or the focus is on a node, or has left it. */
  hover: (node: string | undefined) => void;
}

/** What the legend shows. */
export interface LegendModel {
  nodes: readonly string[];
  zones: ReadonlyMap<string, string>;
  /** 0 to 1. */
  scores: ReadonlyMap<string, number>;
  anomalous: readonly string[];
  looks: ReadonlyMap<string, NodeLook>;
  short: ReadonlyMap<string, string>;
  hidden: ReadonlySet<string>;
  pinned: ReadonlySet<string>;
  drawn: Drawn;
  theme: Theme;
}

/** The nodes in the order of the legend: by zone, in a zone by name; a zone's name where it stands for several nodes. */
export function byZone(
  nodes: readonly string[],
  zones: ReadonlyMap<string, string>,
): { zone: string | undefined; nodes: string[] }[] {
  const groups = new Map<string, string[]>();
  const names = new Intl.Collator('en', { numeric: true });
  for (const node of [...nodes].sort((a, b) => names.compare(a, b))) {
    const zone = zones.get(node) ?? '';
    groups.set(zone, [...(groups.get(zone) ?? []), node]);
  }
  const sorted = [...groups].sort(([a], [b]) => names.compare(a, b));
  if (sorted.every(([, list]) => list.length === 1)) return [{ zone: undefined, nodes: sorted.flatMap(([, n]) => n) }];
  return sorted.map(([zone, list]) => ({ zone: zone || undefined, nodes: list }));
}

/** The nodes that a search finds: every word is part of the name or of the zone. */
export function found(nodes: readonly string[], zones: ReadonlyMap<string, string>, search: string): string[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return nodes.filter((node) => {
    const text = `${node} ${zones.get(node) ?? ''}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** The nodes with their scores. Of few each click hides or shows a line; of many it takes one out of the band. */
export class Legend {
  readonly element: HTMLElement;
  readonly #list = h('div', { class: 'legend-list' });
  readonly #search: HTMLInputElement;
  readonly #rest: HTMLButtonElement;
  readonly #actions: LegendActions;
  #model: LegendModel | undefined;
  #open = false;
  #key = '';

  constructor(actions: LegendActions) {
    this.#actions = actions;
    this.#search = h('input', {
      type: 'search',
      placeholder: t('Find node'),
      'aria-label': t('Find node'),
      oninput: () => this.#fill(),
    });
    this.#rest = h('button', {
      class: 'rest',
      onclick: () => {
        this.#open = !this.#open;
        this.#fill();
      },
    });
    this.element = h(
      'div',
      { class: 'legend', role: 'group', 'aria-label': t('Nodes') },
      this.#search,
      this.#list,
      this.#rest,
    );
  }

  update(model: LegendModel): void {
    this.#model = model;
    this.#fill();
  }

  #fill(): void {
    const model = this.#model;
    if (!model) return;
    const { nodes, zones, drawn, hidden, pinned, scores, theme } = model;
    const many = nodes.length > MOST_LINES;
    const search = many ? this.#search.value.trim() : '';
    const open = many && (this.#open || search !== '');
    const shown = search !== '' ? found(nodes, zones, search) : open || !many ? nodes : inFront(model);
    this.#search.hidden = !many;
    this.#rest.hidden = !many;
    this.#rest.setAttribute('aria-expanded', String(open));
    const { size } = drawn.peers;
    setText(this.#rest, this.#open ? t('Show fewer') : size > 0 ? t('{0} others as a band', size) : t('All nodes'));
    this.#rest.title = t(
      'Band of the other nodes: median (dashed), 10th to 90th percentile, and in a lighter shade minimum to maximum.',
    );
    const scored = shown.map((node) => Math.round(100 * (scores.get(node) ?? NaN)));
    const key = JSON.stringify([shown, scored, [...hidden], [...pinned], theme.lines, theme.highContrast, open]);
    if (key === this.#key) return;
    this.#key = key;
    const focused = (document.activeElement as HTMLElement | null)?.dataset['node'];
    this.element.classList.toggle('open', open);
    const zoneNames = shortNames([...new Set(zones.values())]);
    this.#list.replaceChildren(
      ...byZone(shown, open || !many ? zones : new Map()).map(({ zone, nodes: list }) =>
        h(
          'div',
          { class: 'zone' },
          ...(zone === undefined ? [] : [h('span', { class: 'zone-name', title: zone }, zoneNames.get(zone) ?? zone)]),
          ...list.map((node) => this.#button(node, model, many)),
        ),
      ),
      ...(shown.length === 0 && search !== '' ? [h('span', { class: 'muted' }, t('No matching node'))] : []),
    );
    if (focused !== undefined) this.#buttonOf(focused)?.focus();
  }

  #button(node: string, model: LegendModel, many: boolean): HTMLElement {
    const { hidden, pinned, scores, anomalous, looks, short, drawn, theme } = model;
    const score = scores.get(node);
    const look = looks.get(node);
    const act = (alt: boolean): void => (many && !alt ? this.#actions.pin(node) : this.#actions.toggle(node, alt));
    const isAnomalous = anomalous.includes(node);
    const words = [
      'node-toggle',
      isAnomalous ? 'anomalous' : '',
      hidden.has(node) ? 'off' : '',
      drawn.peers.has(node) ? 'in-band' : '',
    ];
    return h(
      'button',
      {
        class: words.filter(Boolean).join(' '),
        'data-node': node,
        'aria-pressed': String(many ? pinned.has(node) : !hidden.has(node)),
        title: `${node}\n${
          many
            ? t(
                'Click: draw this node as a line of its own, or return it to the band. Alt+click or Alt+Enter: this one alone, or all again.',
              )
            : t('Click: hide or show. Alt+click or Alt+Enter: this one alone, or all again.')
        }`,
        onclick: (event) => act((event as MouseEvent).altKey),
        onkeydown: (event) => {
          const { key: pressed, altKey } = event as KeyboardEvent;
          if (!altKey || pressed !== 'Enter') return;
          event.preventDefault();
          act(true);
        },
        onpointerenter: () => this.#actions.hover(node),
        onpointerleave: () => this.#actions.hover(undefined),
        onfocus: () => this.#actions.hover(node),
        onblur: () => this.#actions.hover(undefined),
      },
      look && swatch(theme, look),
      h('span', { class: 'node-name' }, short.get(node) ?? node),
      score === undefined || Number.isNaN(score) ? undefined : h('span', { class: 'score' }, formatPercent(score)),
    );
  }

  #buttonOf(node: string): HTMLElement | undefined {
    return [...this.#list.querySelectorAll<HTMLElement>('[data-node]')].find((one) => one.dataset['node'] === node);
  }
}

/** Of many nodes those that have a line; else the one with the highest score, so that it is said which that is. */
function inFront({ nodes, drawn, scores }: LegendModel): string[] {
  const own = nodes.filter((node) => drawn.own.has(node));
  if (own.length > 0 || nodes.length === 0) return own;
  const known = nodes.filter((node) => (scores.get(node) ?? NaN) > 0);
  return known.sort((a, b) => (scores.get(b) as number) - (scores.get(a) as number)).slice(0, 1);
}

/** The nodes that are hidden after one was clicked; `only`: shows that one alone, or all again where it is alone. */
export function toggled(
  nodes: readonly string[],
  hidden: ReadonlySet<string>,
  node: string,
  only: boolean,
): Set<string> {
  const next = new Set(hidden);
  if (!only) {
    if (!next.delete(node)) next.add(node);
    return next;
  }
  const alone = !hidden.has(node) && nodes.every((other) => other === node || hidden.has(other));
  return alone ? new Set() : new Set(nodes.filter((other) => other !== node));
}

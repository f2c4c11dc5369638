import { h } from './dom';
import { t } from './texts';
import { lineLook, type Theme } from './theme';

/** The nodes, each a button that hides and shows its line in all charts. */
export class Legend {
  readonly element = h('div', { class: 'legend', role: 'group', 'aria-label': t('Nodes') });
  readonly #toggle: (node: string, only: boolean) => void;
  #key = '';

  constructor(toggle: (node: string, only: boolean) => void) {
    this.#toggle = toggle;
  }

  update(nodes: readonly string[], hidden: ReadonlySet<string>, theme: Theme): void {
    const key = JSON.stringify([nodes, [...hidden], theme.lines, theme.highContrast]);
    if (key === this.#key) return;
    this.#key = key;
    const focused = (document.activeElement as HTMLElement | null)?.dataset['node'];
    this.element.replaceChildren(
      ...nodes.map((node, i) =>
        h(
          'button',
          {
            class: 'node-toggle',
            'data-node': node,
            'aria-pressed': String(!hidden.has(node)),
            title: t('Click: hide or show. Alt+click or Alt+Enter: this one alone, or all again.'),
            onclick: (event) => this.#toggle(node, (event as MouseEvent).altKey),
            onkeydown: (event) => {
              const { key: pressed, altKey } = event as KeyboardEvent;
              if (!altKey || pressed !== 'Enter') return;
              event.preventDefault();
              this.#toggle(node, true);
            },
          },
          swatch(theme, i),
          node,
        ),
      ),
    );
    if (focused !== undefined) this.#button(focused)?.focus();
  }

  #button(node: string): HTMLElement | undefined {
    return [...this.element.children].find((one) => (one as HTMLElement).dataset['node'] === node) as
      HTMLElement | undefined;
  }
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

import type { PanelSpan } from '../../shared/protocol';
import { h, setText } from '../elements/dom';
import { t } from '../texts';

/** Ended experiments that stay in the list for a while. */
const RECENT = 3;

/** What is paused has ended for now, and is not over. */
const isOver = ({ toMs, stoppable }: PanelSpan): boolean => toMs !== undefined && !stoppable;

/** The experiments that were running at a moment: of now with those that are paused, and the ones that ended last. */
export function injectedAt(spans: readonly PanelSpan[], atMs: number, past: boolean): PanelSpan[] {
  if (past) return spans.filter(({ fromMs, toMs }) => fromMs <= atMs && atMs <= (toMs ?? Infinity));
  const held = spans.filter((span) => !isOver(span));
  const ended = spans.filter((span) => !held.includes(span));
  return [...held, ...ended.slice(-RECENT).reverse()];
}

/** The colour of the node that an experiment acts on, as of its bar above the charts; of several nodes none is theirs. */
const colourOf = ({ nodes }: PanelSpan, colours: ReadonlyMap<string, string>): string =>
  (nodes.length === 1 && colours.get(nodes[0] ?? '')) || '';

/** What is injected now, or was at the moment that is looked at. */
export class InjectedList {
  readonly element: HTMLElement;
  readonly #title = h('h3');
  readonly #list = h('ul', { class: 'truth' });
  readonly #reveal: (key: string) => void;
  #shown = '';

  constructor(reveal: (key: string) => void) {
    this.#reveal = reveal;
    this.element = h('section', { class: 'injected' }, this.#title, this.#list);
  }

  /** `colours`: of the nodes, as the charts have them. */
  update(spans: readonly PanelSpan[], past: boolean, colours: ReadonlyMap<string, string>): void {
    setText(this.#title, past ? t('Injected then') : t('Injected now'));
    const key = JSON.stringify([spans, past, spans.map((span) => colourOf(span, colours))]);
    if (key === this.#shown) return;
    this.#shown = key;
    const focused = (document.activeElement as HTMLElement | null)?.dataset['experiment'];
    // What has ended is no answer to what is running.
    const none = !spans.some((span) => past || !isOver(span));
    const words = past ? t('No experiment was running on these nodes.') : t('No experiment is running on these nodes.');
    this.#list.replaceChildren(
      ...(none ? [h('li', { class: 'muted' }, words)] : []),
      ...spans.map((span) => this.#item(span, past, colourOf(span, colours))),
    );
    if (focused !== undefined)
      this.#list.querySelector<HTMLElement>(`[data-experiment="${CSS.escape(focused)}"]`)?.focus();
  }

  /** Nothing is known of the moment. */
  clear(): void {
    this.#shown = '';
    setText(this.#title, '');
    this.#list.replaceChildren();
  }

  #item(span: PanelSpan, past: boolean, colour: string): HTMLElement {
    const { key, title, ours } = span;
    const over = isOver(span);
    const item = h(
      'li',
      { class: `${past || !over ? 'acting' : 'over'}${ours ? '' : ' others'}` },
      h(
        'button',
        { class: 'row-link', 'data-experiment': key, disabled: over, onclick: () => this.#reveal(key) },
        title,
      ),
      h('span', { class: 'muted' }, ` ${where(span, past, over)}`),
    );
    if (colour !== '') item.style.setProperty('--node', colour);
    return item;
  }
}

/** Where an experiment acts and how it is; at a moment of the past only where it did. */
function where({ nodes, phase, ours }: PanelSpan, past: boolean, over: boolean): string {
  const state = past ? undefined : over ? t('ended') : phase;
  return [nodes.join(', '), state, ours ? undefined : t('by others')].filter(Boolean).join(' · ');
}

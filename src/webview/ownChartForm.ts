import { h } from './dom';
import { t } from './texts';

/** What the form asks of the page. */
export interface OwnChartActions {
  add: (query: string) => void;
  /** The metric names that fit what is typed; the answer comes to `offer`. */
  complete: (id: number, text: string) => void;
}

const WORD = /[a-zA-Z_:][\w:]*$/;

/** The word before the caret that a metric's name may complete; '' where none is being typed. */
export function wordAt(text: string, caret: number): string {
  const before = text.slice(0, caret);
  // Inside a label's value or a range there is no metric.
  const quotes = before.replace(/\\./g, '').split('"').length - 1;
  if (quotes % 2 === 1 || before.lastIndexOf('[') > before.lastIndexOf(']')) return '';
  return WORD.exec(before)?.[0] ?? '';
}

/** A query of one's own: a combobox that completes the server's metric names. */
export class OwnChartForm {
  readonly element: HTMLFormElement;
  readonly #input: HTMLInputElement;
  readonly #list = h('ul', {
    class: 'offers',
    role: 'listbox',
    id: 'metric-names',
    'aria-label': t('Metrics'),
    hidden: true,
  });
  readonly #actions: OwnChartActions;
  #asked = 0;
  #names: readonly string[] = [];
  #chosen = -1;

  constructor(actions: OwnChartActions) {
    this.#actions = actions;
    this.#input = h('input', {
      type: 'text',
      role: 'combobox',
      'aria-expanded': 'false',
      'aria-autocomplete': 'list',
      'aria-controls': 'metric-names',
      'aria-label': t('PromQL of a chart of your own'),
      placeholder: t('PromQL, for example rate(http_requests_total[1m])'),
      spellcheck: 'false',
      autocomplete: 'off',
      maxlength: 4000,
      oninput: () => this.#ask(),
      onblur: () => this.#close(),
    });
    this.#input.addEventListener('keydown', (event) => this.#key(event));
    this.element = h(
      'form',
      {
        class: 'own-form',
        onsubmit: (event) => {
          event.preventDefault();
          this.#submit();
        },
      },
      h('div', { class: 'combo' }, this.#input, this.#list),
      h('button', { type: 'submit' }, t('Add chart')),
    );
  }

  focus(): void {
    this.#input.focus();
    this.element.scrollIntoView({ block: 'nearest' });
  }

  /** The names that fit what was typed when question `id` was asked. */
  offer(id: number, names: readonly string[]): void {
    if (id !== this.#asked || document.activeElement !== this.#input) return;
    this.#names = names;
    this.#chosen = -1;
    this.#list.replaceChildren(
      ...names.map((name, place) => {
        const option = h('li', { role: 'option', id: `metric-name-${place}`, 'aria-selected': 'false' }, name);
        // Before the input loses the focus.
        option.addEventListener('pointerdown', (event) => {
          event.preventDefault();
          this.#take(name);
        });
        return option;
      }),
    );
    this.#list.hidden = names.length === 0;
    this.#input.setAttribute('aria-expanded', String(names.length > 0));
  }

  #ask(): void {
    const word = wordAt(this.#input.value, this.#input.selectionStart ?? 0);
    this.#asked += 1;
    if (word.length < 2) return this.#close();
    this.#actions.complete(this.#asked, word);
  }

  #key(event: KeyboardEvent): void {
    if (this.#list.hidden) return;
    const count = this.#names.length;
    if (event.key === 'ArrowDown') this.#choose((this.#chosen + 1) % count);
    else if (event.key === 'ArrowUp') this.#choose((this.#chosen + count - (this.#chosen < 0 ? 0 : 1)) % count);
    else if (event.key === 'Escape') this.#close();
    else if ((event.key === 'Enter' || event.key === 'Tab') && this.#chosen >= 0)
      this.#take(this.#names[this.#chosen] as string);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #choose(place: number): void {
    this.#chosen = place;
    [...this.#list.children].forEach((option, i) => option.setAttribute('aria-selected', String(i === place)));
    this.#list.children[place]?.scrollIntoView({ block: 'nearest' });
    this.#input.setAttribute('aria-activedescendant', `metric-name-${place}`);
  }

  /** Puts a name where the word stands. */
  #take(name: string): void {
    const { value, selectionStart } = this.#input;
    const caret = selectionStart ?? value.length;
    const from = caret - wordAt(value, caret).length;
    this.#input.value = `${value.slice(0, from)}${name}${value.slice(caret)}`;
    this.#input.setSelectionRange(from + name.length, from + name.length);
    this.#close();
  }

  #close(): void {
    this.#names = [];
    this.#chosen = -1;
    this.#list.hidden = true;
    this.#input.setAttribute('aria-expanded', 'false');
    this.#input.removeAttribute('aria-activedescendant');
  }

  #submit(): void {
    const query = this.#input.value.trim();
    if (query === '') return this.#input.focus();
    this.#actions.add(query);
    this.#input.value = '';
    this.#close();
  }
}

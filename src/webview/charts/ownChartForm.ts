import { MAX_TITLE, OWN_UNITS, type OwnChart, type OwnChartLook } from '../../shared/chartMessages';
import { h, setText } from '../elements/dom';
import { t } from '../texts';

/** What the form asks of the page. */
export interface OwnChartActions {
  /** A new chart, or another look of one; the answer comes to `answer`. */
  save: (chart: string | undefined, look: OwnChartLook) => void;
  /** The metric names that fit what is typed; the answer comes to `offer`. */
  complete: (id: number, text: string) => void;
}

/** The units, as the form offers them. */
const unitName = (unit: (typeof OWN_UNITS)[number]): string =>
  ({
    cores: t('cores'),
    bytes: t('bytes'),
    bytesPerSecond: t('bytes per second'),
    perSecond: t('per second'),
    seconds: t('seconds'),
    ratio: t('share, shown as percent'),
  })[unit];

const WORD = /[a-zA-Z_:][\w:]*$/;

/** The word before the caret that a metric's name may complete; '' where none is being typed. */
export function wordAt(text: string, caret: number): string {
  const before = text.slice(0, caret);
  // Inside a label's value or a range there is no metric.
  const quotes = before.replace(/\\./g, '').split('"').length - 1;
  if (quotes % 2 === 1 || before.lastIndexOf('[') > before.lastIndexOf(']')) return '';
  return WORD.exec(before)?.[0] ?? '';
}

/** A chart of one's own: its query, with the server's metric names completed, its name and its unit. */
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
  readonly #title = h('input', {
    type: 'text',
    'aria-label': t('Name of the chart'),
    placeholder: t('Name (optional)'),
    maxlength: MAX_TITLE,
  });
  readonly #unit = h(
    'select',
    { 'aria-label': t('Unit') },
    h('option', { value: '' }, t('No unit')),
    ...OWN_UNITS.map((unit) => h('option', { value: unit }, unitName(unit))),
  );
  readonly #submitButton = h('button', { type: 'submit' });
  readonly #cancel = h('button', { type: 'button', hidden: true, onclick: () => this.#clear() }, t('Cancel'));
  readonly #problem = h('p', { class: 'problem', id: 'own-chart-problem', role: 'alert', hidden: true });
  readonly #actions: OwnChartActions;
  /** The chart that is changed; undefined = a new one. */
  #chart: string | undefined;
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
      'aria-describedby': 'own-chart-problem',
      oninput: () => {
        this.#tell(undefined);
        this.#ask();
      },
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
      this.#title,
      this.#unit,
      this.#submitButton,
      this.#cancel,
      this.#problem,
    );
    this.#clear();
  }

  focus(): void {
    this.#input.focus();
    this.element.scrollIntoView({ block: 'nearest' });
  }

  /** Shows a chart that is there, to be changed. */
  edit({ id, query, title, unit }: Pick<OwnChart, 'id' | keyof OwnChartLook>): void {
    this.#chart = id;
    this.#input.value = query;
    this.#title.value = title;
    this.#unit.value = unit ?? '';
    setText(this.#submitButton, t('Save chart'));
    this.#cancel.hidden = false;
    this.#tell(undefined);
    this.focus();
  }

  /** What came of the chart that was asked for: what is refused stays, to be corrected. */
  answer(problem: string | undefined): void {
    this.#submitButton.disabled = false;
    if (problem === undefined) return this.#clear();
    this.#tell(problem);
    this.#input.focus();
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
    this.#close();
    this.#tell(undefined);
    this.#submitButton.disabled = true;
    const unit = OWN_UNITS.find((one) => one === this.#unit.value);
    this.#actions.save(this.#chart, { query, title: this.#title.value.trim(), unit });
  }

  #tell(problem: string | undefined): void {
    setText(this.#problem, problem ?? '');
    this.#problem.hidden = problem === undefined;
    this.#input.setAttribute('aria-invalid', String(problem !== undefined));
  }

  /** Ready for a new chart. */
  #clear(): void {
    this.#chart = undefined;
    this.#input.value = this.#title.value = this.#unit.value = '';
    setText(this.#submitButton, t('Add chart'));
    this.#cancel.hidden = true;
    this.#tell(undefined);
    this.#close();
  }
}

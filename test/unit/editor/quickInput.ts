import { desk } from './desk';

export interface Item {
  label: string;
  description?: string;
  detail?: string;
  picked?: boolean;
}

export const rowsOf = (items: readonly Item[]): string[] =>
  items.map(({ label, description, detail }) => [label, description, detail].join(' | '));

type Listener<T = void> = (value: T) => void;

/** A quick pick or an input box: shown, it is answered by the desk's next answer; `<back>` presses the button. */
export class QuickInput {
  title = '';
  step = 0;
  totalSteps = 0;
  placeholder = '';
  prompt = '';
  value = '';
  validationMessage = '';
  canSelectMany = false;
  items: readonly Item[] = [];
  selectedItems: readonly Item[] = [];
  activeItems: readonly Item[] = [];
  buttons: readonly unknown[] = [];
  readonly #kind: string;
  readonly #accept: Listener[] = [];
  readonly #hide: Listener[] = [];
  readonly #button: Listener<unknown>[] = [];
  readonly #change: Listener<string>[] = [];

  constructor(kind: 'pick' | 'input') {
    this.#kind = kind;
  }

  readonly onDidAccept = (listener: Listener): void => void this.#accept.push(listener);
  readonly onDidChangeSelection = (): void => undefined;
  readonly onDidHide = (listener: Listener): void => void this.#hide.push(listener);
  readonly onDidTriggerButton = (listener: Listener<unknown>): void => void this.#button.push(listener);
  readonly onDidChangeValue = (listener: Listener<string>): void => void this.#change.push(listener);

  show(): void {
    const place = `${this.step}/${this.totalSteps}`;
    desk.show(this.#kind, `${this.title} (${place})`, this.placeholder, this.prompt, ...rowsOf(this.items));
    queueMicrotask(() => this.#answer(desk.answers.shift()));
  }

  dispose(): void {
    for (const list of [this.#accept, this.#hide, this.#button, this.#change]) list.length = 0;
  }

  #answer(answer: string | undefined): void {
    if (answer === undefined) return this.#hide.forEach((one) => one());
    if (answer === '<back>') return this.#button.forEach((one) => one(this.buttons[0]));
    if (this.#kind === 'input') {
      this.value = answer;
      this.#change.forEach((one) => one(answer));
    } else if (!this.canSelectMany || answer !== 'as ticked') {
      const wanted = this.canSelectMany ? answer.split(',') : [answer];
      const found = this.items.filter(({ label }) => wanted.some((one) => label.includes(one)));
      this.selectedItems = this.canSelectMany ? found : found.slice(0, 1);
      if (found.length === 0) throw new Error(`no row "${answer}" in ${this.title}`);
    }
    this.#accept.forEach((one) => one());
    if (this.validationMessage !== '') {
      desk.show('refused', this.validationMessage);
      this.validationMessage = '';
      this.#answer(desk.answers.shift());
    }
  }
}

import { h } from './dom';

/** A button with a popover below it, closed by Escape, a click elsewhere or tabbing out. */
export class Popover {
  readonly element: HTMLElement;
  readonly button: HTMLButtonElement;
  readonly #body: HTMLElement;
  readonly #opened: () => void;

  /** `opened` is called each time after the popover is shown. */
  constructor(label: string, content: readonly HTMLElement[], opened: () => void) {
    this.#opened = opened;
    this.button = h('button', { 'aria-haspopup': 'dialog', 'aria-expanded': 'false', onclick: () => this.#toggle() });
    this.#body = h('div', { class: 'popover', role: 'dialog', 'aria-label': label, hidden: true }, ...content);
    this.element = h('div', { class: 'popover-root' }, this.button, this.#body);
    this.element.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || this.#body.hidden) return;
      event.stopPropagation();
      this.close();
    });
    this.element.addEventListener('focusout', ({ relatedTarget }) => {
      if (relatedTarget instanceof Node && !this.element.contains(relatedTarget)) this.close();
    });
  }

  get isOpen(): boolean {
    return !this.#body.hidden;
  }

  close(): void {
    if (this.#body.hidden) return;
    document.removeEventListener('pointerdown', this.#outside, true);
    if (this.#body.contains(document.activeElement)) this.button.focus();
    this.#body.hidden = true;
    this.button.setAttribute('aria-expanded', 'false');
  }

  #toggle(): void {
    if (this.isOpen) return this.close();
    this.#body.hidden = false;
    this.button.setAttribute('aria-expanded', 'true');
    document.addEventListener('pointerdown', this.#outside, true);
    this.#opened();
  }

  readonly #outside = (event: Event): void => {
    if (!this.element.contains(event.target as Node)) this.close();
  };
}

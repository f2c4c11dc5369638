import { h } from './dom';

/** One entry of a menu. */
export interface MenuItem {
  label: string;
  run: () => void;
}

/** A button that opens a small menu: arrow keys move in it, Escape or a click elsewhere closes it. */
export function menuButton(label: string, content: string | Node, items: () => readonly MenuItem[]): HTMLElement {
  let close: (() => void) | undefined;
  const button = h(
    'button',
    { class: 'menu-button', 'aria-haspopup': 'menu', 'aria-expanded': 'false', 'aria-label': label, title: label },
    content,
  );
  const root = h('div', { class: 'menu-root' }, button);
  const open = (): void => {
    const entries = items().map(({ label: text, run }) =>
      h(
        'button',
        {
          role: 'menuitem',
          tabindex: -1,
          onclick: () => {
            close?.();
            run();
          },
        },
        text,
      ),
    );
    const list = h('div', { class: 'menu', role: 'menu', 'aria-label': label }, ...entries);
    const outside = (event: Event): void => {
      if (!root.contains(event.target as Node)) close?.();
    };
    list.addEventListener('keydown', (event) => {
      const place = entries.indexOf(document.activeElement as HTMLButtonElement);
      const to = { ArrowDown: place + 1, ArrowUp: place - 1, Home: 0, End: entries.length - 1 }[event.key];
      if (to !== undefined) entries.at(to % entries.length)?.focus();
      else if (event.key === 'Escape' || event.key === 'Tab') close?.();
      else return;
      event.stopPropagation();
      if (event.key !== 'Tab') event.preventDefault();
    });
    close = () => {
      close = undefined;
      document.removeEventListener('pointerdown', outside, true);
      button.setAttribute('aria-expanded', 'false');
      const inside = list.contains(document.activeElement);
      list.remove();
      if (inside) button.focus();
    };
    document.addEventListener('pointerdown', outside, true);
    button.setAttribute('aria-expanded', 'true');
    root.append(list);
    entries[0]?.focus();
  };
  button.addEventListener('click', (event) => {
    event.stopPropagation();
    if (close) close();
    else open();
  });
  return root;
}

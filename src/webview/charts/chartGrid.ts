import type { CardGroup } from './chartContent';
import { h } from '../elements/dom';

/** Puts the cards into their groups; one that stands where it should is not moved, so that it keeps the focus. */
export function arrange(
  root: HTMLElement,
  groups: readonly CardGroup[],
  cardOf: (id: string) => HTMLElement | undefined,
): void {
  groups.forEach(({ id, title, cards }, place) => {
    let group = [...root.children].find((one) => (one as HTMLElement).dataset['group'] === id);
    if (!group) {
      group = h('div', { class: 'group', 'data-group': id }, ...(title ? [h('h2', {}, title)] : []));
      group.append(h('div', { class: 'grid' }));
    }
    if (root.children[place] !== group) root.insertBefore(group, root.children[place] ?? null);
    const grid = group.lastElementChild as HTMLElement;
    cards.forEach((content, at) => {
      const element = cardOf(content.id);
      if (element && grid.children[at] !== element) grid.insertBefore(element, grid.children[at] ?? null);
    });
  });
  while (root.children.length > groups.length) root.lastElementChild?.remove();
}

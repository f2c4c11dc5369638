import type { NodeLook } from '../../core/base/nodeLook';
import { h } from './dom';
import { svg } from './svg';
import { lineLook, type Theme } from '../theme';

/** A short sample of a line, in its colour and dash pattern. */
export function swatch(theme: Theme, look: NodeLook): SVGElement {
  const { colour, dash } = lineLook(theme, look);
  return svg(
    'svg',
    { class: 'swatch', width: 18, height: 4, 'aria-hidden': 'true' },
    svg('line', {
      x1: 0,
      x2: 18,
      y1: 2,
      y2: 2,
      'stroke-width': 3,
      stroke: colour,
      'stroke-dasharray': dash.join(' '),
    }),
  );
}

/** A dot in the colour of a node, before its name. */
export function nodeMark(colour?: string): HTMLElement {
  const mark = h('span', { class: 'node-mark', 'aria-hidden': 'true' });
  paintMark(mark, colour);
  return mark;
}

/** Gives a dot its colour; hides it where that is not known. */
export function paintMark(mark: HTMLElement, colour: string | undefined): void {
  mark.hidden = !colour;
  mark.style.setProperty('--node', colour ?? '');
}

import type { NodeLook } from '../../core/base/nodeLook';
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

import { htmlText } from '../document/htmlText';
import { IN_PAGE, strokeOf } from './chartPaint';
import { ownLines, type ChartDrawing } from './svgChart';

/** The nodes that charts draw as lines, once for all of them; those that are in their bands are told together. */
export function chartLegend(drawings: readonly ChartDrawing[]): string {
  // A chart of one line for all nodes has its title only.
  const ofNodes = drawings.filter((drawing) => drawing.looks.size > 0);
  const [first] = ofNodes;
  if (!first) return '';
  const { looks } = first;
  const own = new Set(ofNodes.flatMap((drawing) => ownLines(drawing).map(({ name }) => name)));
  const names = [...looks.keys()].filter((node) => own.has(node));
  const swatch = (attributes: string): string =>
    `<svg width="24" height="10" viewBox="0 0 24 10" aria-hidden="true"><path d="M0 5h24" stroke-width="3"${attributes}/></svg>`;
  const items = names.map((name) => `<li>${swatch(strokeOf(looks.get(name), IN_PAGE))}${htmlText(name)}</li>`);
  if (names.length < looks.size)
    items.push(
      `<li>${swatch(` stroke="${IN_PAGE.muted}" stroke-opacity="0.35" stroke-dasharray="24"`)}${htmlText(first.peersTitle)}</li>`,
    );
  return `<ul class="legend">${items.join('')}</ul>`;
}

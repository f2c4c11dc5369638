import type { Chart, Plugin } from 'chart.js';
import { h } from '../elements/dom';

/** The line through one chart at the time that all charts share. */
export interface Crosshair extends Plugin<'line'> {
  /** The line at this time, or away. */
  place: (ms: number | undefined) => void;
}

/** What the pointer does over a chart: at this time and height, CSS pixels from the top; undefined = it has left. */
export type PointerAt = (ms: number | undefined, y: number) => void;

/**
 * Draws the crosshair as an element over the canvas: moving it draws no chart again, so that a dozen of them follow the
 * pointer.
 */
export function crosshair(plot: HTMLElement, moved: PointerAt): Crosshair {
  const line = h('div', { class: 'crosshair', hidden: true });
  let chart: Chart | undefined;
  let at: number | undefined;
  const place = (ms: number | undefined): void => {
    at = ms;
    const area = chart?.chartArea as Chart['chartArea'] | undefined;
    const axis = chart?.scales['x'];
    const x = ms === undefined || !axis || !area ? NaN : axis.getPixelForValue(ms);
    const hidden = !(area && x >= area.left - 1 && x <= area.right + 1);
    if (line.hidden !== hidden) line.hidden = hidden;
    if (hidden || !area) return;
    line.style.transform = `translate(${Math.round(x)}px, ${area.top}px)`;
    line.style.height = `${area.bottom - area.top}px`;
  };
  const move = (event: PointerEvent): void => {
    if (!chart?.scales['x']) return;
    const { left, top } = plot.getBoundingClientRect();
    const x = event.clientX - left;
    const inside = x >= chart.chartArea.left && x <= chart.chartArea.right;
    moved(inside ? (chart.scales['x'].getValueForPixel(x) ?? undefined) : undefined, event.clientY - top);
  };
  const leave = (): void => moved(undefined, 0);
  return {
    id: 'crosshair',
    place,
    start: (started) => {
      chart = started;
      plot.append(line);
      plot.addEventListener('pointermove', move);
      plot.addEventListener('pointerleave', leave);
    },
    afterUpdate: () => place(at),
    stop: () => {
      chart = undefined;
      line.remove();
      plot.removeEventListener('pointermove', move);
      plot.removeEventListener('pointerleave', leave);
    },
  };
}

import type { Chart, Plugin } from 'chart.js';
import type { PanelSpan } from '../shared/protocol';
import type { Theme } from './theme';

/** What all charts share while the pointer moves over one of them. */
export interface SharedView {
  theme: Theme;
  spans: readonly PanelSpan[];
  toMs: number;
  /** The time under the pointer, epoch milliseconds. */
  hoverMs: number | undefined;
}

/** Shades the time in which an experiment acted. */
export function spanPlugin(view: SharedView): Plugin<'line'> {
  return {
    id: 'spans',
    beforeDatasetsDraw(chart: Chart): void {
      const { ctx, chartArea, scales } = chart;
      const axis = scales['x'];
      if (!axis) return;
      const pixel = (ms: number): number =>
        Math.min(chartArea.right, Math.max(chartArea.left, axis.getPixelForValue(ms)));
      const height = chartArea.bottom - chartArea.top;
      ctx.save();
      ctx.fillStyle = ctx.strokeStyle = view.theme.span;
      ctx.globalAlpha = view.theme.highContrast ? 0.3 : 0.16;
      let shaded = chartArea.left; // spans are in the order of their begin: what two share is shaded once
      for (const span of view.spans) {
        const [left, right] = [Math.max(shaded, pixel(span.fromMs)), pixel(span.toMs ?? view.toMs)];
        if (right <= left) continue;
        ctx.fillRect(left, chartArea.top, right - left, height);
        shaded = right;
      }
      ctx.globalAlpha = 1;
      for (const span of view.spans) {
        const left = axis.getPixelForValue(span.fromMs);
        if (left < chartArea.left || left > chartArea.right) continue;
        ctx.setLineDash(span.ours ? [] : [3, 3]);
        ctx.beginPath();
        ctx.moveTo(left, chartArea.top);
        ctx.lineTo(left, chartArea.bottom);
        ctx.stroke();
      }
      ctx.restore();
    },
  };
}

/** Names the spans above the plot, where no line runs; only on the first chart, so that they are read once. */
export function spanLabelPlugin(view: SharedView): Plugin<'line'> {
  return {
    id: 'spanLabels',
    afterDatasetsDraw(chart: Chart): void {
      const { ctx, chartArea, scales } = chart;
      const axis = scales['x'];
      if (!axis) return;
      ctx.save();
      ctx.font = `11px ${getComputedStyle(document.body).fontFamily}`;
      ctx.textBaseline = 'bottom';
      ctx.fillStyle = view.theme.text;
      // From the right: of labels that would touch, the newer is the one to read.
      let free = chartArea.right;
      for (const span of [...view.spans].reverse()) {
        const left = Math.max(chartArea.left, axis.getPixelForValue(span.fromMs));
        if (axis.getPixelForValue(span.toMs ?? view.toMs) <= chartArea.left || left > chartArea.right) continue;
        const width = ctx.measureText(span.title).width;
        const at = Math.min(left, free - width);
        if (at < chartArea.left || left > free) continue;
        ctx.fillText(span.title, at, chartArea.top - 2);
        free = at - 8;
      }
      ctx.restore();
    },
  };
}

/** One crosshair through all charts. */
export function crosshairPlugin(view: SharedView): Plugin<'line'> {
  return {
    id: 'crosshair',
    afterDatasetsDraw(chart: Chart): void {
      const axis = chart.scales['x'];
      if (view.hoverMs === undefined || !axis) return;
      const x = axis.getPixelForValue(view.hoverMs);
      const { ctx, chartArea } = chart;
      if (x < chartArea.left || x > chartArea.right) return;
      ctx.save();
      ctx.strokeStyle = view.theme.focus;
      ctx.beginPath();
      ctx.moveTo(x, chartArea.top);
      ctx.lineTo(x, chartArea.bottom);
      ctx.stroke();
      ctx.restore();
    },
  };
}

import type { AnnotationOptions } from 'chartjs-plugin-annotation';
import { faded, type ChartModel } from './chartModel';
import type { Theme } from '../theme';

const HATCH_PIXELS = 8;
const LABEL_SIZE = 10;
const LABEL_AWAY = 9;
const hatches = new Map<string, CanvasPattern | null>();

/** Slanting lines, for where nothing can be shown. */
function hatch(colour: string): CanvasPattern | string {
  let pattern = hatches.get(colour);
  if (pattern === undefined) {
    const tile = document.createElement('canvas');
    tile.width = tile.height = HATCH_PIXELS;
    const context = tile.getContext('2d');
    if (context) {
      context.strokeStyle = colour;
      context.beginPath();
      for (const by of [-HATCH_PIXELS, 0, HATCH_PIXELS]) {
        context.moveTo(by, HATCH_PIXELS);
        context.lineTo(by + HATCH_PIXELS, 0);
      }
      context.stroke();
    }
    pattern = context?.createPattern(tile, 'repeat') ?? null;
    hatches.set(colour, pattern);
  }
  return pattern ?? 'transparent';
}

type Span = ChartModel['spans'][number];

/** How many experiments act at once at the most while this one does; it itself is among them. */
function atOnce(span: Span, spans: readonly Span[]): number {
  const near = spans.filter(({ fromMs, toMs }) => fromMs < span.toMs && toMs > span.fromMs);
  // Their number rises only where one begins.
  const begins = near.map(({ fromMs }) => Math.max(fromMs, span.fromMs));
  return Math.max(1, ...begins.map((at) => near.filter(({ fromMs, toMs }) => fromMs <= at && toMs > at).length));
}

/** Experiments and gaps behind the lines. */
export function annotations(model: ChartModel, theme: Theme): Record<string, AnnotationOptions> {
  const { fromMs, toMs, spans, gaps, timestamps } = model;
  const boxes: Record<string, AnnotationOptions> = {};
  const box = (id: string, from: number, to: number, backgroundColor: string | CanvasPattern): void => {
    if (to <= fromMs || from >= toMs) return;
    boxes[id] = {
      type: 'box',
      xMin: Math.max(fromMs, from),
      xMax: Math.min(toMs, to),
      backgroundColor: backgroundColor as string, // the canvas takes a pattern where it takes a colour
      borderWidth: 0,
      drawTime: 'beforeDatasetsDraw',
      adjustScaleRange: false,
    };
  };
  const strength = theme.highContrast ? 0.14 : 0.09;
  spans.forEach((span, i) => {
    // Shadings that lie over each other add up: together they must not hide the lines.
    const opacity = strength / Math.max(1, atOnce(span, spans) / 2);
    box(`span${i}`, span.fromMs, span.toMs, faded(span.colour, opacity));
  });
  gaps.forEach((gap, i) => {
    const next = timestamps.find((at) => at > gap.toMs) ?? gap.toMs;
    box(`gap${i}`, gap.fromMs, next, hatch(faded(theme.muted, theme.highContrast ? 0.8 : 0.35)));
  });
  return { ...boxes, ...thresholdLines(model, theme) };
}

/** What a test expects, with its words at the beginning of the line. */
function thresholdLines(model: ChartModel, theme: Theme): Record<string, AnnotationOptions> {
  const { fromMs, toMs, thresholds = [], scale } = model;
  const seen = thresholds.filter((one) => one.toMs > fromMs && one.fromMs < toMs);
  return Object.fromEntries(
    seen.map(({ value, text, broken, ...span }, i): [string, AnnotationOptions] => {
      const colour = broken ? theme.error : theme.text;
      return [
        `threshold${i}`,
        {
          type: 'line',
          xMin: Math.max(fromMs, span.fromMs),
          xMax: Math.min(toMs, span.toMs),
          yMin: value / scale.factor,
          yMax: value / scale.factor,
          borderColor: colour,
          borderWidth: broken ? 2 : 1.5,
          borderDash: [6, 4],
          drawTime: 'afterDatasetsDraw',
          adjustScaleRange: false,
          label: {
            display: true,
            content: text,
            position: i % 2 === 0 ? 'start' : 'end', // those of two bounds beside each other
            // Above the line, where there is room.
            yAdjust: value / scale.factor > scale.max - (scale.max - scale.min) / 5 ? LABEL_AWAY : -LABEL_AWAY,
            padding: 2,
            color: colour,
            backgroundColor: faded(theme.background, 0.75),
            font: { size: LABEL_SIZE, family: theme.fontFamily, weight: 'normal' },
          },
        },
      ];
    }),
  );
}

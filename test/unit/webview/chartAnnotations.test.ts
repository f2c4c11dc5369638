import { expect, it } from 'vitest';
import { annotations } from '../../../src/webview/charts/chartAnnotations';
import type { ChartModel } from '../../../src/webview/charts/chartModel';
import type { Theme } from '../../../src/webview/theme';

const span = (fromMs: number, toMs: number) => ({ fromMs, toMs, colour: '#ff0000', title: '' });

/** How opaque the shading of each experiment is. */
function opacities(spans: ReturnType<typeof span>[]): number[] {
  const model = { fromMs: 0, toMs: 100, spans, gaps: [], timestamps: [], scale: { factor: 1 } };
  const drawn = annotations(model as unknown as ChartModel, { highContrast: false } as Theme);
  return spans.map((_, i) => {
    const { backgroundColor } = drawn[`span${i}`] as { backgroundColor: string };
    return Number(/, ([\d.]+)\)$/.exec(backgroundColor)?.[1]);
  });
}

it('experiments that act at once are shaded more lightly, those one after another are not', () => {
  const [alone] = opacities([span(0, 100)]) as [number];
  expect(alone).toBeGreaterThan(0);
  expect(opacities([span(0, 100), span(10, 20), span(30, 40), span(50, 60), span(70, 80)])).toEqual(
    Array(5).fill(alone),
  );
  const four = opacities([span(0, 100), span(10, 100), span(20, 100), span(30, 100)]);
  expect(new Set(four).size).toBe(1);
  expect(four[0]).toBeCloseTo(alone / 2, 2); // colours are written with two digits
});

import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { PanelSpan } from '../../../src/shared/protocol';
import { anomalousSince } from '../../../src/webview/diagnosis/since';

let parts: {
  factorText: (value: number, baseline: number) => string;
  injectedAt: (spans: readonly PanelSpan[], atMs: number, past: boolean) => PanelSpan[];
};
beforeAll(async () => {
  vi.stubGlobal('document', { getElementById: () => null, documentElement: { lang: 'en' } });
  const { factorText } = await import('../../../src/webview/diagnosis/evidence');
  const { injectedAt } = await import('../../../src/webview/diagnosis/injectedList');
  parts = { factorText, injectedAt };
});

describe('since when a node is anomalous', () => {
  const times = Float64Array.of(10, 20, 30, 40, 50);
  const since = (scores: number[], at = 50): unknown => anomalousSince(times, Float64Array.from(scores), at);

  it('is the begin of the high scores that reach up to the moment', () => {
    expect(since([0.9, 0.1, 0.8, 0.9, 1])).toEqual({ ms: 30, open: false });
    expect(since([0.9, 0.1, 0.8, 0.9, 0.2])).toBeUndefined();
    expect(since([0.1, 0.8, 0.9, 0.2, 0.2], 30)).toEqual({ ms: 20, open: false });
  });

  it('is not known where the range begins with them, and a moment without a score does not end it', () => {
    expect(since([0.9, 0.9, NaN, 0.9, NaN])).toEqual({ ms: 10, open: true });
    expect(since([0.1, NaN, 0.9, NaN, 0.9])).toEqual({ ms: 30, open: false });
    expect(since([NaN, NaN, NaN, NaN, NaN])).toBeUndefined();
  });
});

it('tells how many times its baseline a value is, where that means something', () => {
  const { factorText } = parts;
  expect(
    [
      [2, 1],
      [1.95, 0.975],
      [0.31, 1],
      [101, 1.2],
      [1234, 10],
      [5, 1e-6],
      [0, 4],
    ].map(([value = 0, baseline = 0]) => factorText(value, baseline)),
  ).toEqual(['×2', '×2', '×0.31', '×84', '×123', '×1000+', '×0']);
  expect([factorText(5, 0), factorText(0, 0), factorText(-1, 2), factorText(NaN, 2)]).toEqual(['', '', '', '']);
});

it('lists what runs or is paused before what has ended, and of the past only what ran then', () => {
  const span = (key: string, fromMs: number, toMs?: number, stoppable = toMs === undefined): PanelSpan => ({
    key,
    label: 'cpu_stress',
    title: 'CPU stress',
    ours: true,
    nodes: ['a'],
    fromMs,
    toMs,
    phase: '',
    stoppable,
  });
  const spans = [1, 2, 3, 4]
    .map((n) => span(`ended ${n}`, n, n + 1))
    .concat(span('paused', 6, 8, true), span('runs', 7));
  const keys = (atMs: number, past: boolean): string[] => parts.injectedAt(spans, atMs, past).map(({ key }) => key);
  expect(keys(9, false)).toEqual(['paused', 'runs', 'ended 4', 'ended 3', 'ended 2']);
  expect(keys(2.5, true)).toEqual(['ended 2']);
  expect(keys(7.5, true)).toEqual(['paused', 'runs']);
});

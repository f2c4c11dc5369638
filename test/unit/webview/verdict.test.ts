import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { PanelState } from '../../../src/shared/protocol';
import type { headline as Headline } from '../../../src/webview/diagnosis/verdict';

let headline: typeof Headline;
beforeAll(async () => {
  vi.stubGlobal('document', { getElementById: () => null, documentElement: { lang: 'en' } });
  ({ headline } = await import('../../../src/webview/diagnosis/verdict'));
});

const since = new Date(2026, 4, 3, 19, 4, 46).getTime();
const known = (state: PanelState['state'], readyInMs?: number): PanelState => ({
  state,
  reason: undefined,
  since,
  readyInMs,
});

describe('the headline of the diagnosis', () => {
  it('is green only where it is known that nothing is anomalous now', () => {
    expect(headline(known('normal'), 0, false)).toEqual({ text: 'No anomaly detected', look: 'healthy' });
    expect(headline(known('normal'), 0, true).look).toBe('unknown');
    const others = (['collecting', 'unknown', 'anomalous'] as const).map((state) => headline(known(state), 2, false));
    expect(others).toEqual([
      { text: 'Collecting data…', look: 'unknown' },
      { text: 'Unknown – last checked 19:04:46', look: 'unknown' },
      { text: '2 anomalies found', look: 'anomalous' },
    ]);
  });

  it('tells about how long an answer takes, and nothing of the kind of a moment that is over', () => {
    expect(headline(known('collecting', 38_000), 0, false).text).toBe('Collecting data… (about 40 s)');
    expect(headline(known('collecting', 38_000), 0, true).text).toBe('Not enough data');
    expect(headline({ ...known('unknown'), since: undefined }, 0, false).text).toBe('Unknown');
    expect(headline(known('unknown'), 0, true).text).toBe('Unknown');
  });
});

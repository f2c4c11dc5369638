import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SeriesStore } from '../../../../src/demo/prometheus/store';

it('the samples in memory are bounded whatever the number of series and scrapes, and the newest are kept', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 4000 }), (series, scrapes) => {
      const store = new SeriesStore({ mostSamples: 6000 });
      for (let at = 1; at <= scrapes; at++)
        store.scrape(
          at * 1000,
          Array.from({ length: series }, (_, i) => ({ name: 'm', labels: { i: String(i) }, value: at })),
        );
      const share = Math.max(500, 6000 / series);
      for (const { times, values } of store.all()) {
        expect(times.length).toBe(values.length);
        expect(times.length).toBeLessThanOrEqual(share + 500);
        expect(times.length).toBeGreaterThanOrEqual(Math.min(scrapes, Math.floor(share)));
        expect([times.at(-1), values.at(-1)]).toEqual([scrapes * 1000, scrapes]);
        expect(times.every((time, i) => i === 0 || time > (times[i - 1] as number))).toBe(true);
      }
    }),
    { numRuns: 30 },
  );
});

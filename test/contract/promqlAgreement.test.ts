import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, differences, engine, startTwoPrometheus, type Answer, type TwoPrometheus } from './twoPrometheus';

/**
 * Where Prometheus 3 differs from 2.42, which the embedded one follows, beside the left end of a range. No query of the
 * profiles has any of it: they mean the same to both.
 */
const ONLY_IN_PROMETHEUS_3: Readonly<Record<string, string>> = {
  '1_000': 'digits in groups',
  '1_000 + 1': 'digits in groups',
  '1h': 'a duration is a number of seconds',
  '5m + 1m': 'a duration is a number of seconds',
  'up[5]': 'a number is a duration in seconds',
  'up offset 0s': 'an offset may be nothing',
  'min_over_time(up[1m] offset 0s)': 'an offset may be nothing',
  '{"up"}': 'names in quotes, which may have any UTF-8',
  '{"__name__"="up"}': 'names in quotes, which may have any UTF-8',
  'up{"job"="oceanbase"}': 'names in quotes, which may have any UTF-8',
};
const GONE_IN_PROMETHEUS_3: readonly string[] = [
  // double_exponential_smoothing, and only where experimental functions are allowed.
  'holt_winters(container_memory_rss[5m], 0.5, 0.5)',
];
const is3 = engine === 'Prometheus 3';

/** Queries beyond the profiles', one a line. */
const table = (file: string): string[] =>
  readFileSync(path.join(__dirname, 'promql', file), 'utf8')
    .split('\n')
    .filter((line) => line !== '');

describe.skipIf(!engine?.startsWith('Prometheus'))(
  'PromQL, asked of the demo and of a real Prometheus with the same samples',
  () => {
    let two: TwoPrometheus;

    beforeAll(async () => {
      two = await startTwoPrometheus(30);
    }, 90_000);
    afterAll(() => two?.stop());

    /** What both answer to an instant query between two scrapes, and to a range query over uneven steps. */
    async function answers(query: string): Promise<[ours: Answer, theirs: Answer][]> {
      const calls: [string, Record<string, string>][] = [
        ['query', { query, time: String(two.lastAt - 61.3) }],
        ['query_range', { query, start: String(two.lastAt - 1500), end: String(two.lastAt - 20), step: '17' }],
      ];
      return Promise.all(
        calls.map(([call, parameters]) =>
          Promise.all([ask(two.ours, call, parameters), ask(two.theirs, call, parameters)]),
        ),
      );
    }

    it.each(table('agreed.txt'))('agrees on %s', async (query) => {
      const more = is3 ? ONLY_IN_PROMETHEUS_3[query] : undefined;
      for (const [ours, theirs] of await answers(query)) {
        if (more !== undefined && theirs.status === 'success') {
          expect(ours, more).toMatchObject({ status: 'error', errorType: 'bad_data' });
          continue;
        }
        expect(differences(ours, theirs)).toEqual([]);
        expect(ours.errorType).toBe(theirs.errorType);
      }
    });

    it.each(table('refused.txt'))('refuses %s, which is more than the demo knows', async (query) => {
      const both = await answers(query);
      for (const [ours] of both) expect(ours).toMatchObject({ status: 'error', errorType: 'bad_data' });
      const gone = is3 && GONE_IN_PROMETHEUS_3.includes(query);
      expect(both.some(([, theirs]) => theirs.status === 'success')).toBe(!gone);
    });
  },
);

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ask,
  differences,
  prometheusIsHere,
  startTwoPrometheus,
  type Answer,
  type TwoPrometheus,
} from './twoPrometheus';

/** Queries beyond the profiles', one a line. */
const table = (file: string): string[] =>
  readFileSync(path.join(__dirname, 'promql', file), 'utf8')
    .split('\n')
    .filter((line) => line !== '');

describe.skipIf(!prometheusIsHere)('PromQL, asked of the demo and of a real Prometheus with the same samples', () => {
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
    for (const [ours, theirs] of await answers(query)) {
      expect(differences(ours, theirs)).toEqual([]);
      expect(ours.errorType).toBe(theirs.errorType);
    }
  });

  it.each(table('refused.txt'))('refuses %s, which is more than the demo knows', async (query) => {
    const both = await answers(query);
    for (const [ours] of both) expect(ours).toMatchObject({ status: 'error', errorType: 'bad_data' });
    expect(both.some(([, theirs]) => theirs.status === 'success')).toBe(true);
  });
});

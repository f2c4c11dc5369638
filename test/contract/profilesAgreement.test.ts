import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LEADER_QUERY, PROFILES, rateWindowMs, renderQuery } from '../../src/core/metrics/profiles';
import { ask, differences, engine, SCRAPE_MS, startTwoPrometheus, type TwoPrometheus } from './twoPrometheus';

if (!engine) console.log('prometheus and promtool are not on this machine: the comparison is left out');

/** Windows in minutes, how long ago they ended and steps, both in seconds; the odd ones start on no multiple of anything. */
const WINDOWS = [
  { minutes: 5, ago: 0, step: 15 },
  { minutes: 30, ago: 0, step: 15 },
  { minutes: 120, ago: 0, step: 60 },
  { minutes: 20, ago: 7.3, step: 17 },
  { minutes: 3, ago: 3600.001, step: 1 },
  { minutes: 45, ago: 1234.567, step: 42.5 },
  // Begins before the first sample and ends with the lookback after the last.
  { minutes: 145, ago: -600, step: 300 },
];
const HISTORY_MINUTES = 130;
const all = PROFILES.flatMap((profile) => profile.queries.map((query) => ({ profile: profile.name, ...query })));

describe.skipIf(!engine?.startsWith('Prometheus'))(
  'the queries of the profiles, asked of the demo and of a real Prometheus',
  () => {
    let two: TwoPrometheus;

    beforeAll(async () => {
      two = await startTwoPrometheus(HISTORY_MINUTES);
    }, 120_000);
    afterAll(() => two?.stop());

    it('names the same one server as the leader', async () => {
      const nodes = two.topology.pods.map(({ ip }) => ip);
      const { namespace } = two.topology;
      const query = renderQuery(LEADER_QUERY.template, { namespace, nodes, container: 'observer', rateWindowMs: 0 });
      const range = { query, start: String(two.lastAt - 600), end: String(two.lastAt), step: '30' };
      const [ours, theirs] = await Promise.all([two.ours, two.theirs].map((url) => ask(url, 'query_range', range)));
      if (!ours || !theirs) throw new Error('no answer');
      expect(differences(ours, theirs)).toEqual([]);
      expect(theirs.data.result.map(({ metric }) => metric)).toEqual([{ svr_ip: expect.toBeOneOf(nodes) as string }]);
    });

    describe.each(WINDOWS)('over $minutes min by $step s, ended $ago s ago', ({ minutes, ago, step }) => {
      it.each(all)('$profile $metric', async ({ template, node }) => {
        const { pods, namespace } = two.topology;
        const names = pods.map(({ name, ip }) => (node === 'pod' ? name : ip));
        const end = two.lastAt - ago;
        const range = { start: String(end - minutes * 60), end: String(end), step: String(step) };
        // All at once with one that does not exist, and one alone: another matcher.
        for (const nodes of [[...names, 'no.such|node'], names.slice(1, 2)]) {
          const scope = { namespace, nodes, container: 'observer', rateWindowMs: rateWindowMs(step * 1000, SCRAPE_MS) };
          const parameters = { query: renderQuery(template, scope), ...range };
          const [ours, theirs] = await Promise.all(
            [two.ours, two.theirs].map((url) => ask(url, 'query_range', parameters)),
          );
          if (!ours || !theirs) throw new Error('no answer');
          expect(differences(ours, theirs), parameters.query).toEqual([]);
          // Agreement about nothing would prove nothing.
          expect(ours.data.result.map(({ metric }) => metric[node]).sort()).toEqual(
            nodes.filter((name) => names.includes(name)).sort(),
          );
        }
      });
    });
  },
);

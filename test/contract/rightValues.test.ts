import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PrometheusClient } from '../../src/adapters/prometheus/connection/client';
import { createMetricSource, directEndpoint } from '../../src/adapters/prometheus/index';
import { scaledClock } from '../../src/core/base/clock';
import { METRICS } from '../../src/core/metrics/catalogue';
import { PROFILES, renderQuery, type MetricQuery } from '../../src/core/metrics/profiles';
import type { MetricSource } from '../../src/core/metrics/source';
import type { DatabasePod } from '../../src/core/cluster/databasePod';
import { queryRange } from '../../src/demo/prometheus/engine';
import { silentLog } from '../support';
import { engine, SCRAPE_MS, startTwoPrometheus, type TwoPrometheus } from './twoPrometheus';
import { bareTarget } from '../unit/cluster/targets';

const STEP_MS = 15_000;
const WINDOW_MS = 20 * 60_000;
/** What a rate may look at: three scrapes, from the sample before the first of them. */
const RATE_MS = 3 * SCRAPE_MS + SCRAPE_MS;
/** Values have been written and read as text; Prometheus adds up what VictoriaMetrics does not. */
const CLOSE = 1e-6;

/**
 * Engines disagree about a rate (with or without the sample before the range, stretched to its ends or not), and each is
 * right. What a right one is does not depend on them: a mean over scrapes is no less than the least and no more than
 * the greatest of them.
 */
describe.skipIf(!engine)(`the metrics from a real ${engine}`, () => {
  let two: TwoPrometheus;
  let source: MetricSource;
  let targets: DatabasePod[];
  let endMs: number;

  beforeAll(async () => {
    two = await startTwoPrometheus(30);
    endMs = Math.floor((two.lastAt * 1000) / STEP_MS) * STEP_MS;
    const now = two.lastAt * 1000;
    source = createMetricSource({
      resolve: () => Promise.resolve(directEndpoint(two.theirs)),
      clock: { ...scaledClock(1), now: () => now },
      profile: 'auto',
      container: 'observer',
      log: silentLog,
    });
    targets = two.topology.pods.map(({ name, ip }) => bareTarget(two.topology.namespace, name, ip));
  }, 120_000);
  afterAll(() => two?.stop());

  /** A metric of a node from one scrape to the next, by the time of the second. */
  function byScrape({ template, node }: MetricQuery, target: DatabasePod): Map<number, number> {
    const nodes = [node === 'pod' ? target.pod : (target.ip as string)];
    // A millisecond more than a scrape: two samples, whether or not a range has its left end.
    const scope = { namespace: target.namespace, nodes, container: 'observer', rateWindowMs: SCRAPE_MS + 1 };
    const range = { startMs: endMs - WINDOW_MS - RATE_MS, endMs, stepMs: SCRAPE_MS };
    const [series] = queryRange(two.store, renderQuery(template, scope), range);
    return new Map(series?.points.map(([at, value]) => [at * 1000, value]));
  }

  it('are all there, with the scrapes as often as they are', async () => {
    const { metrics, notes, version } = await source.describe(targets);
    expect(metrics.map(({ metric }) => metric).sort()).toEqual(METRICS.map(({ id }) => id).sort());
    expect(notes).toEqual([]);
    expect(version).toMatch(/^v?\d+\.\d+/);
  });

  it('are no matter of the server where a query is wrong', async () => {
    const client = new PrometheusClient({ endpoint: directEndpoint(two.theirs) });
    const range = { fromMs: endMs - WINDOW_MS, toMs: endMs, stepMs: STEP_MS };
    for (const query of ['sum by (', 'no_such_function(up)'])
      await expect(client.queryRange(query, range)).rejects.toMatchObject({ code: 'invalid' });
  });

  it.each(PROFILES.flatMap(({ queries }) => queries).map((query) => [query.metric, query] as const))(
    'are right up to the newest scrape: %s',
    async (metric, query) => {
      const asked = { targets, fromMs: endMs - WINDOW_MS, toMs: endMs, stepMs: STEP_MS, metrics: [metric] };
      const { timestamps, series, problems } = await source.fetch(asked);
      expect(problems).toEqual([]);
      const lookMs = query.template.includes('$w') ? RATE_MS : SCRAPE_MS;
      for (const target of targets) {
        const scrapes = byScrape(query, target);
        const values = series.find(({ node }) => node === target.pod)?.values ?? new Float64Array(0);
        let checked = 0;
        timestamps.forEach((at, i) => {
          const within = Array.from({ length: lookMs / SCRAPE_MS }, (_, k) => scrapes.get(at - k * SCRAPE_MS) ?? NaN);
          // About a restart there is no telling what is right, nor for a mean of nothing.
          if (within.some((value) => !Number.isFinite(value))) return;
          const slack = CLOSE * Math.max(...within.map(Math.abs), 1e-9);
          expect(values[i], `${target.pod} at ${at}`).toBeGreaterThanOrEqual(Math.min(...within) - slack);
          expect(values[i], `${target.pod} at ${at}`).toBeLessThanOrEqual(Math.max(...within) + slack);
          checked += 1;
        });
        expect(checked, target.pod).toBeGreaterThan(0.8 * timestamps.length);
      }
    },
  );
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMetricSource, directEndpoint } from '../../src/adapters/prometheus/index';
import type { MetricFrame } from '../../src/core/metrics/series';
import type { DatabasePod } from '../../src/core/cluster/databasePod';
import type { SeriesStore } from '../../src/demo/prometheus/store';
import { ManualClock, silentLog } from '../support';
import { target } from '../unit/cluster/targets';
import { engine, SCRAPE_MS, startTwoPrometheus, type TwoPrometheus } from './twoPrometheus';

if (!engine) console.log('prometheus and promtool are not on this machine: the comparison is left out');

const STEP = 15_000;
const MINUTE = 60_000;
const UID = '11112222-3333-4444-5555-666677778888';
const FOREIGN = '99992222-3333-4444-5555-666677778888';
const METRICS = ['memory.used', 'cpu.used', 'cpu.throttled', 'db.connections'];

/** A pod whose container was restarted five minutes ago, in two clusters; and one that runs alone, without its container's name. */
function put(store: SeriesStore, nowMs: number): void {
  const series = (
    name: string,
    labels: Record<string, string>,
    from: number,
    to: number,
    value: (s: number) => number,
  ): void => {
    for (let at = nowMs - from * MINUTE; at <= nowMs - to * MINUTE; at += SCRAPE_MS)
      store.append(name, labels, at, value((at - nowMs) / 1000 + 3600));
  };
  const container = (labels: Record<string, string>, from: number, to: number, bytes: number, start: number): void => {
    series('container_memory_working_set_bytes', labels, from, to, () => bytes);
    series('container_start_time_seconds', labels, from, to, () => start);
    series('container_cpu_usage_seconds_total', labels, from, to, (s) => (s * bytes) / 1e9);
    series('container_cpu_cfs_periods_total', labels, from, to, (s) => 10 * s);
    series('container_cpu_cfs_throttled_periods_total', labels, from, to, (s) => s);
  };
  const id = (uid: string, digit: string): string => `/kubepods/burstable/pod${uid}/${digit.repeat(64)}`;
  const restarted = { namespace: 'own', pod: 'restarted', container: 'observer' };
  const ours = { ...restarted, cluster: 'prod' };
  container({ ...ours, id: id(UID, 'a') }, 30, 1, 4e9, 1000);
  container({ ...ours, id: id(UID, 'b') }, 5, 0, 3.5e9, 2000);
  container({ ...ours, id: `${id(UID, 'b')}/inner` }, 5, 0, 1e9, 3000);
  container({ ...restarted, cluster: 'staging', id: id(FOREIGN, 'c') }, 30, 0, 9e9, 4000);
  for (const [cluster, value] of [
    ['one', 1],
    ['two', 2],
  ] as const)
    series(
      'ob_all_session_num',
      { svr_ip: '127.0.0.1', ob_cluster_name: cluster, cluster: 'prod' },
      30,
      0,
      () => value,
    );
}

describe.skipIf(!engine)('which series are a pod’s own, asked of the demo and of a real Prometheus', () => {
  let two: TwoPrometheus;
  beforeAll(async () => {
    two = await startTwoPrometheus(35, put);
  }, 120_000);
  afterAll(() => two?.stop());

  const restarted: DatabasePod = target({
    namespace: 'own',
    pod: 'restarted',
    uid: UID,
    server: { address: '127.0.0.1', cluster: 'two', clusterId: undefined, zone: undefined },
  });

  async function frameOf(url: string): Promise<MetricFrame> {
    const nowMs = two.lastAt * 1000;
    const source = createMetricSource({
      resolve: () => Promise.resolve(directEndpoint(url)),
      clock: new ManualClock(nowMs),
      profile: 'auto',
      container: 'observer',
      log: silentLog,
    });
    const range = { fromMs: nowMs - 25 * MINUTE, toMs: nowMs, stepMs: STEP };
    return source.fetch({ targets: [restarted], ...range, metrics: METRICS });
  }

  it('is the same, live and over the range', async () => {
    const [ours, theirs] = await Promise.all([two.ours, two.theirs].map(frameOf));
    for (const frame of [ours, theirs] as MetricFrame[]) {
      const [memory, cpu, , connections] = METRICS.map(
        (metric) => frame.series.find((one) => one.metric === metric)?.values ?? new Float64Array(),
      );
      expect([memory?.at(-1), memory?.at(-20), memory?.at(-30), memory?.at(0)]).toEqual([3.5e9, 3.5e9, 4e9, 4e9]);
      expect(cpu?.at(-1)).toBeCloseTo(3.5);
      expect(cpu?.at(-30)).toBeCloseTo(4);
      expect(connections?.at(-1)).toBe(2);
      expect(frame.problems).toEqual([]);
    }
    for (const { metric, values } of (ours as MetricFrame).series) {
      const there = theirs?.series.find((one) => one.metric === metric)?.values;
      values.forEach((value, i) => expect(there?.[i], `${metric} at ${i}`).toBeCloseTo(value, 6));
    }
  });
});

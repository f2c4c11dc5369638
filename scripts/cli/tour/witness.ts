import type { AnomalyType } from '../../../src/core/faults/catalogue';
import { formatMetric } from '../../../src/core/diagnosis/reasonText';
import { median } from '../../../src/core/diagnosis/statistics';
import { metricDefinition, type MetricId } from '../../../src/core/metrics/catalogue';
import type { MetricFrame } from '../../../src/core/metrics/series';

interface Witness {
  metric: MetricId;
  /** Whether the counter shows the anomaly at its default strength, against its level before. */
  moved(before: number, now: number): boolean;
}

/** The counter that an anomaly moves whatever else it does: the first of these that the server has. */
const WITNESSES: Readonly<Record<AnomalyType, readonly Witness[]>> = {
  cpu_stress: [{ metric: 'cpu.used', moved: (before, now) => now > 1.3 * before }],
  // Half of what the stressor holds: the database's own memory moves too.
  memory_stress: [{ metric: 'memory.rss', moved: (before, now) => now > before + 128e6 }],
  network_delay: [{ metric: 'network.sendBytes', moved: (before, now) => now < 0.7 * before }],
  // Containers' metrics have no latency: what waits is done less often.
  disk_stress: [
    { metric: 'disk.readLatency', moved: (before, now) => now > 2 * before },
    { metric: 'disk.writeOps', moved: (before, now) => now < 0.7 * before },
  ],
};

const BEFORE_ROWS = 24;
const NOW_ROWS = 3;

/** Looks in a frame for the effect of an anomaly on a node, against the end of the frame before it was injected. */
export function witness(
  type: AnomalyType,
  node: string,
  earlier: MetricFrame | undefined,
): (frame: MetricFrame | undefined) => { moved: boolean; text: string } {
  const [best, ...others] = WITNESSES[type] as readonly [Witness, ...Witness[]];
  const level = (metric: MetricId, frame: MetricFrame | undefined, rows: number): number => {
    const series = frame?.series.find((one) => one.metric === metric && one.node === node);
    return median(series?.values.subarray(-rows) ?? []);
  };
  const there = ({ metric }: Witness): boolean => Number.isFinite(level(metric, earlier, BEFORE_ROWS));
  const { metric, moved } = [best, ...others].find(there) ?? best;
  const before = level(metric, earlier, BEFORE_ROWS);
  const { title = metric, unit } = metricDefinition(metric) ?? {};
  return (frame) => {
    const now = level(metric, frame, NOW_ROWS);
    const text = `${title} ${formatMetric(before, unit)} → ${formatMetric(now, unit)}`;
    return { moved: moved(before, now), text };
  };
}

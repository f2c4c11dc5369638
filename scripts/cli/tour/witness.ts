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

/** The counter that an anomaly moves whatever else it does. */
const WITNESSES: Readonly<Record<AnomalyType, Witness>> = {
  cpu_stress: { metric: 'cpu.used', moved: (before, now) => now > 1.3 * before },
  // Half of what the stressor holds: the database's own memory moves too.
  memory_stress: { metric: 'memory.rss', moved: (before, now) => now > before + 128e6 },
  network_delay: { metric: 'network.sendBytes', moved: (before, now) => now < 0.7 * before },
  disk_stress: { metric: 'disk.readLatency', moved: (before, now) => now > 2 * before },
};

const BEFORE_ROWS = 24;
const NOW_ROWS = 3;

/** Looks in a frame for the effect of an anomaly on a node, against the end of the frame before it was injected. */
export function witness(
  type: AnomalyType,
  node: string,
  earlier: MetricFrame | undefined,
): (frame: MetricFrame | undefined) => { moved: boolean; text: string } {
  const { metric, moved } = WITNESSES[type];
  const level = (frame: MetricFrame | undefined, rows: number): number => {
    const series = frame?.series.find((one) => one.metric === metric && one.node === node);
    return median(series?.values.subarray(-rows) ?? []);
  };
  const before = level(earlier, BEFORE_ROWS);
  const { title = metric, unit } = metricDefinition(metric) ?? {};
  return (frame) => {
    const now = level(frame, NOW_ROWS);
    const text = `${title} ${formatMetric(before, unit)} → ${formatMetric(now, unit)}`;
    return { moved: moved(before, now), text };
  };
}

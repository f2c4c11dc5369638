import type { MetricFrame } from '../../../src/core/metrics/series';
import type { ExperimentSpan } from '../../../src/core/experiments/spans';

export const MINUTE = 60_000;
export const START = Date.UTC(2026, 0, 1);

/** A span of ours that has ended. */
export function span(given: Partial<ExperimentSpan> & { name?: string }): ExperimentSpan {
  const { name = 'one', ...rest } = given;
  return {
    key: `StressChaos/oceanbase/${name}/uid-${name}`,
    ref: { kind: 'StressChaos', namespace: 'oceanbase', name, uid: `uid-${name}` },
    label: 'cpu_stress',
    ours: true,
    nodes: ['b'],
    fromMs: START,
    toMs: START + 3 * MINUTE,
    phase: 'finished',
    ...rest,
  };
}

/** Fifteen minutes of three nodes; node b's CPU doubles from the tenth minute on, node a has a gap and no memory at all. */
export function frameOf(): MetricFrame {
  const timestamps = Float64Array.from({ length: 60 }, (_, i) => START + i * 15_000);
  const cpu = (node: string): Float64Array =>
    Float64Array.from(timestamps, (_, i) => (node === 'b' && i >= 40 ? 2 : node === 'a' && i === 3 ? NaN : 1));
  const series = ['a', 'b', 'c'].flatMap((node) => [
    { metric: 'cpu.used', node, values: cpu(node) },
    { metric: 'memory.used', node, values: new Float64Array(60).fill(node === 'a' ? NaN : 5) },
  ]);
  return { timestamps, stepMs: 15_000, nodes: ['a', 'b', 'c'], series, problems: [] };
}

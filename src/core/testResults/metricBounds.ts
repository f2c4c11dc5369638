import type { MetricId } from '../metrics/catalogue';
import type { Expectation, SampleSource } from '../scenario/expectation';
import { spanOf } from '../resilience/judge';
import type { Outcome } from '../resilience/outcome';
import type { Samples, Span } from '../resilience/samples';
import type { ShownTest } from '../resilience/testBoard';

/** Where an expectation wants its samples to be, and when. At least one end is there. */
export interface MetricBound extends Span, Pick<Outcome, 'name' | 'state' | 'low' | 'high'> {
  source: SampleSource;
  /** The nodes that its samples come from. */
  nodes: readonly string[];
  /** What it was judged by. */
  samples: Samples | undefined;
}

/** What bounds are read from. */
export type BoundedTest = Pick<ShownTest, 'expectations' | 'outcomes' | 'phases' | 'targets' | 'judged'>;

/** The bounds of a test that apply by now, as far as they are known. */
export function metricBounds(
  { expectations, outcomes, phases, targets, judged }: BoundedTest,
  nodes: readonly string[],
  nowMs: number,
): MetricBound[] {
  return expectations.flatMap((one): MetricBound[] => {
    if (one.kind !== 'metric') return [];
    const { name, source, during } = one;
    const outcome = outcomes.find((other) => other.name === name);
    const span = spanOf(during, phases, nowMs);
    if (!outcome || !span || (outcome.low === undefined && outcome.high === undefined)) return [];
    const { state, low, high } = outcome;
    const isMeant = (node: string): boolean =>
      'query' in source || source.of === 'database' || targets.has(node) === (source.of === 'targets');
    const ends = { ...(low === undefined ? {} : { low }), ...(high === undefined ? {} : { high }) };
    const { fromMs, toMs } = span;
    return [{ name, state, source, nodes: nodes.filter(isMeant), samples: judged.get(name), fromMs, toMs, ...ends }];
  });
}

/** The metrics of which something is expected, each once. */
export const expectedMetrics = (expectations: readonly Expectation[]): MetricId[] => [
  ...new Set(expectations.flatMap((one) => ('source' in one && 'metric' in one.source ? [one.source.metric] : []))),
];

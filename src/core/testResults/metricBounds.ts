import type { MetricId } from '../metrics/catalogue';
import type { Expectation, MetricExpectation, RecoveryExpectation, SampleSource } from '../scenario/expectation';
import { spanOf, type Phases } from '../resilience/judge';
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
    if (!('source' in one)) return [];
    const { name, source } = one;
    const outcome = outcomes.find((other) => other.name === name);
    const limits = outcome && limitsOf(one, outcome, phases, nowMs);
    if (!limits) return [];
    const isMeant = (node: string): boolean =>
      'query' in source || source.of === 'database' || targets.has(node) === (source.of === 'targets');
    return [{ name, state: outcome.state, source, nodes: nodes.filter(isMeant), samples: judged.get(name), ...limits }];
  });
}

/** What the samples may be, and when; undefined where that is not known, or does not apply yet. */
function limitsOf(
  one: MetricExpectation | RecoveryExpectation,
  { low, high, baseline, recoveryMs = Infinity }: Outcome,
  phases: Phases,
  nowMs: number,
): (Span & Pick<MetricBound, 'low' | 'high'>) | undefined {
  if (one.kind === 'metric') {
    const span = spanOf(one.during, phases, nowMs);
    if (!span || (low === undefined && high === undefined)) return undefined;
    return { ...span, ...(low === undefined ? {} : { low }), ...(high === undefined ? {} : { high }) };
  }
  const { faultToMs, endMs: toMs = nowMs } = phases;
  if (baseline === undefined || faultToMs === undefined) return undefined;
  // From the moment at which it was back, or had to be.
  const fromMs = faultToMs + Math.min(recoveryMs, one.withinMs);
  const far = one.to * Math.abs(baseline);
  return fromMs < toMs ? { fromMs, toMs, low: baseline - far, high: baseline + far } : undefined;
}

/** The metrics of which something is expected, each once. */
export const expectedMetrics = (expectations: readonly Expectation[]): MetricId[] => [
  ...new Set(expectations.flatMap((one) => ('source' in one && 'metric' in one.source ? [one.source.metric] : []))),
];

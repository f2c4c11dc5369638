import type { ExperimentRef } from '../../core/experiments/experiment';
import { metricBounds, type MetricBound } from '../../core/testResults/metricBounds';
import { testAmong, type ShownTest } from '../../core/resilience/testBoard';
import type { PanelSpan, PanelThreshold } from '../../shared/protocol';
import { verdictName } from '../text/labels';

/** The tests' expectations of metrics, as lines in the charts. */
export const thresholdsOf = (tests: readonly ShownTest[], nodes: readonly string[], nowMs: number): PanelThreshold[] =>
  tests.flatMap((test) => metricBounds(test, nodes, nowMs).map(thresholdOf));

function thresholdOf({ name, source, nodes, state, low, high, fromMs, toMs }: MetricBound): PanelThreshold {
  const common = { name, fromMs, toMs, broken: state === 'failed' };
  if ('query' in source) return { ...common, chart: source.query, ...limits(low, high, 1), perNode: false };
  // The chart has a line for each node, so a limit for their sum is shown as each node's share.
  const perNode = source.aggregate === 'sum' && nodes.length > 1;
  return { ...common, chart: source.metric, ...limits(low, high, perNode ? nodes.length : 1), perNode };
}

const limits = (
  low: number | undefined,
  high: number | undefined,
  parts: number,
): Pick<PanelThreshold, 'low' | 'high'> => ({
  ...(low === undefined ? {} : { low: low / parts }),
  ...(high === undefined ? {} : { high: high / parts }),
});

/** The verdict of the newest test that an experiment belongs to; undefined if there is none yet. */
export function verdictOn(tests: readonly ShownTest[], ref: ExperimentRef): PanelSpan['verdict'] {
  const test = testAmong(tests, ref);
  return test?.verdict && { state: test.verdict, text: `${test.name}: ${verdictName(test.verdict)}` };
}

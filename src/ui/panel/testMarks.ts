import type { ExperimentRef } from '../../core/experiments/experiment';
import { spanOf } from '../../core/resilience/judge';
import { testAmong, type ShownTest } from '../../core/resilience/testBoard';
import type { MetricExpectation } from '../../core/scenario/expectation';
import type { PanelSpan, PanelThreshold } from '../../shared/protocol';
import { verdictName } from '../text/labels';

/** The tests' expectations of metrics, as lines in the charts. */
export function thresholdsOf(tests: readonly ShownTest[], nodes: readonly string[], nowMs: number): PanelThreshold[] {
  return tests.flatMap((test) =>
    test.expectations.flatMap((one) => (one.kind === 'metric' ? (thresholdOf(one, test, nodes, nowMs) ?? []) : [])),
  );
}

function thresholdOf(
  { name, source, during }: MetricExpectation,
  { outcomes, phases, targets }: ShownTest,
  nodes: readonly string[],
  nowMs: number,
): PanelThreshold | undefined {
  const outcome = outcomes.find((one) => one.name === name);
  const span = spanOf(during, phases, nowMs);
  if (!outcome || !span || (outcome.low === undefined && outcome.high === undefined)) return undefined;
  const { low, high, state } = outcome;
  const common = { name, fromMs: span.fromMs, toMs: span.toMs, broken: state === 'failed' };
  if ('query' in source) return { ...common, chart: source.query, ...limits(low, high, 1), perNode: false };
  // The chart has a line for each node, so a limit for their sum is shown as each node's share.
  const meant = nodes.filter((node) => source.of === 'database' || targets.has(node) === (source.of === 'targets'));
  const perNode = source.aggregate === 'sum' && meant.length > 1;
  return { ...common, chart: source.metric, ...limits(low, high, perNode ? meant.length : 1), perNode };
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

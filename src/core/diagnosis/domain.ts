import type { MetricId } from '../metrics/catalogue';
import type { NodeDeviations } from './features';
import { sortedFinite } from './statistics';

/** Natural logarithms of a metric's levels in training: 2nd and 98th percentile. */
type LevelRange = readonly [low: number, high: number];

/** The ranges of one source of training data, by metric. */
export type Levels = Readonly<Record<MetricId, LevelRange>>;

/** Levels may be four times outside the range seen in training. */
const SLACK = Math.log(4);
/** Share of metrics within range at which model and signs have equal weight. Known databases are above 0.85, others below 0.7. */
const EVEN = 0.78;
const WIDTH = 0.02;

const level = (value: number): number => Math.log(Math.abs(value) + 1e-3);
const levelOf = (found: { value: number; baseline: number }): number =>
  level(Math.max(Math.abs(found.value), Math.abs(found.baseline)));

/** The ranges of training nodes' levels. */
export function levelRanges(metrics: readonly MetricId[], nodes: readonly NodeDeviations[]): Levels {
  const ranges: Record<MetricId, LevelRange> = {};
  for (const metric of metrics) {
    const levels = sortedFinite(
      nodes.flatMap((node) => {
        const found = node.get(metric);
        return found ? [levelOf(found)] : [];
      }),
    );
    const at = (share: number): number => levels[Math.round(share * (levels.length - 1))] as number;
    if (levels.length > 0) ranges[metric] = [round(at(0.02)), round(at(0.98))];
  }
  return ranges;
}

const round = (value: number): number => Number(value.toFixed(3));

/**
 * 0 to 1: how closely a node's levels resemble one of the sources that a model was trained on. 1 where the model names
 * none: it was trained on many kinds of servers, for any of them.
 */
export function familiarity(sources: readonly Levels[], node: NodeDeviations): number {
  if (sources.length === 0) return 1;
  return sources.reduce((best, source) => Math.max(best, likeness(source, node)), 0);
}

/** The same for one source; 0 if it has no metric in common with the node. */
function likeness(ranges: Levels, node: NodeDeviations): number {
  let inside = 0;
  let count = 0;
  for (const [metric, found] of node) {
    const range = ranges[metric];
    if (!range) continue;
    count += 1;
    const at = levelOf(found);
    if (at >= range[0] - SLACK && at <= range[1] + SLACK) inside += 1;
  }
  if (count === 0) return 0;
  return 1 / (1 + Math.exp(-(inside / count - EVEN) / WIDTH));
}

import type { MetricId } from '../metrics/catalogue';
import type { NodeDeviations } from './features';
import { sortedFinite } from './statistics';

/** Natural logarithms of the levels that a metric had in training: 2nd and 98th percentile. */
type LevelRange = readonly [low: number, high: number];

/** Ranges by metric of one source of training. */
export type Levels = Readonly<Record<MetricId, LevelRange>>;

/** Levels may be four times beyond what was seen. */
const SLACK = Math.log(4);
/** Share of metrics within range at which a model and the signs count alike; in-set shares are above 0.85, others' below 0.7. */
const EVEN = 0.78;
const WIDTH = 0.02;

const level = (value: number): number => Math.log(Math.abs(value) + 1e-3);
const levelOf = (found: { value: number; baseline: number }): number =>
  level(Math.max(Math.abs(found.value), Math.abs(found.baseline)));

/** The ranges of the levels of training nodes, wider by `slack` (natural logarithm) at both ends. */
export function levelRanges(metrics: readonly MetricId[], nodes: readonly NodeDeviations[], slack = 0): Levels {
  const ranges: Record<MetricId, LevelRange> = {};
  for (const metric of metrics) {
    const levels = sortedFinite(
      nodes.flatMap((node) => {
        const found = node.get(metric);
        return found ? [levelOf(found)] : [];
      }),
    );
    const at = (share: number): number => levels[Math.round(share * (levels.length - 1))] as number;
    if (levels.length > 0) ranges[metric] = [round(at(0.02) - slack), round(at(0.98) + slack)];
  }
  return ranges;
}

const round = (value: number): number => Number(value.toFixed(3));

/**
 * 0 to 1: how much a node's levels look like those of one of the sources of a model's training. 1 where the model names
 * none: it was fitted on many kinds of servers, for any.
 */
export function familiarity(sources: readonly Levels[], node: NodeDeviations): number {
  if (sources.length === 0) return 1;
  return sources.reduce((best, source) => Math.max(best, likeness(source, node)), 0);
}

/** The same for one source; 0 when it has no metric in common with the node. */
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

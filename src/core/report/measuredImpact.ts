import { leastNoticeable } from '../diagnosis/distance/noticeable';
import { medianOfSorted, robustScale, sortedFinite } from '../diagnosis/statistics';
import type { MetricId } from '../metrics/catalogue';
import type { MetricFrame } from '../metrics/series';

/** What an experiment did to one metric of one node, in the metric's unit. Times are epoch milliseconds. */
export interface MeasuredImpact {
  metric: MetricId;
  node: string;
  /** Median before the injection. */
  baseline: number;
  /** The value furthest from it. */
  worst: number;
  worstAt: number;
  /** From the end of the experiment until the value was back at its baseline to stay; undefined where it was not, as far as the samples go. */
  recoveredAfterMs: number | undefined;
}

/** What faults did to all metrics, the strongest first, and how far that can be known. */
export interface MeasuredImpacts {
  rows: readonly MeasuredImpact[];
  /** Up to when the metrics are known. */
  knownMs: number;
  /** Changes need this long to show in the samples. */
  showsMs: number;
  /** Whether any metric has enough samples of before. */
  hasBaseline: boolean;
}

/** A baseline of fewer samples says nothing. */
const FEWEST_BASELINE = 5;
/** Samples within this many robust deviations of the baseline are normal, … */
const NORMAL_DEVIATIONS = 5;
/** … and within this share of it. */
const NORMAL_SHARE = 0.15;
/** One sample beyond the baseline may be noise; so may be one that is back. */
const IN_A_ROW = 2;
const BACK_IN_A_ROW = 3;
/** Rates are taken over a window: what a short experiment did shows for this long after its end. */
const LAG_MS = 60_000;

/**
 * What changed noticeably while an experiment ran: each metric of each node against its own samples of before. `toMs` is
 * undefined while it runs.
 */
export function measuredImpact(
  { timestamps, series, stepMs }: MetricFrame,
  { fromMs, toMs }: { fromMs: number; toMs: number | undefined },
  baselineMs: number,
): MeasuredImpacts {
  const place = (ms: number): number => {
    const found = timestamps.findIndex((at) => at >= ms);
    return found < 0 ? timestamps.length : found;
  };
  const [before, begin] = [place(fromMs - baselineMs), place(fromMs)];
  const lagEnd = toMs === undefined ? timestamps.length : place(toMs + LAG_MS);
  let hasBaseline = false;
  const found: { impact: MeasuredImpact; strength: number }[] = [];
  for (const { metric, node, values } of series) {
    const sorted = sortedFinite(values.subarray(before, begin));
    if (sorted.length < FEWEST_BASELINE) continue;
    hasBaseline = true;
    const baseline = medianOfSorted(sorted);
    const normal = Math.max(
      NORMAL_DEVIATIONS * robustScale(sorted, baseline),
      NORMAL_SHARE * Math.abs(baseline),
      leastNoticeable(metric),
    );
    const worst = furthest(values, begin, lagEnd, { baseline, normal });
    if (worst === undefined) continue;
    const back = toMs === undefined ? undefined : backAt(values, place(toMs), { baseline, normal });
    const value = values[worst] as number;
    found.push({
      impact: {
        metric,
        node,
        baseline,
        worst: value,
        worstAt: timestamps[worst] as number,
        recoveredAfterMs:
          back === undefined || toMs === undefined ? undefined : Math.max(0, (timestamps[back] as number) - toMs),
      },
      strength: Math.abs(value - baseline) / normal,
    });
  }
  return {
    rows: found.sort((a, b) => b.strength - a.strength).map(({ impact }) => impact),
    knownMs: timestamps.at(-1) ?? fromMs,
    showsMs: Math.max(LAG_MS, BACK_IN_A_ROW * stepMs),
    hasBaseline,
  };
}

interface Normal {
  baseline: number;
  normal: number;
}

/** The place of the sample furthest from the baseline among those that are beyond what is normal, several in a row. */
function furthest(values: Float64Array, begin: number, end: number, { baseline, normal }: Normal): number | undefined {
  let worst: number | undefined;
  let [row, candidate] = [0, begin];
  const distance = (i: number): number => Math.abs((values[i] as number) - baseline);
  for (let i = begin; i < end; i++) {
    if (!Number.isFinite(values[i])) continue; // it neither ends a row nor makes one longer
    if (distance(i) <= normal) {
      row = 0;
      continue;
    }
    if (row === 0 || distance(i) > distance(candidate)) candidate = i;
    row++;
    if (row >= IN_A_ROW && (worst === undefined || distance(candidate) > distance(worst))) worst = candidate;
  }
  return worst;
}

/** The place of the first sample after the end with which values are back at the baseline, several in a row. */
function backAt(values: Float64Array, end: number, { baseline, normal }: Normal): number | undefined {
  let first: number | undefined;
  let row = 0;
  for (let i = end; i < values.length; i++) {
    if (!Number.isFinite(values[i])) continue;
    if (Math.abs((values[i] as number) - baseline) > normal) row = 0;
    else {
      if (row === 0) first = i;
      row++;
      if (row >= BACK_IN_A_ROW) return first;
    }
  }
  return undefined;
}

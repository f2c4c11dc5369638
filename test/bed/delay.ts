import { rank, type Detector } from '../../src/core/diagnosis/ranking';
import { stretchesAt } from '../../src/core/diagnosis/stretches';
import { rateWindowMs } from '../../src/core/metrics/profiles';
import type { MetricFrame } from '../../src/core/metrics/series';
import { columnsOf, LATE_MS } from './columns';
import type { Recording } from './samples';
import { BED_TYPES } from './schedule';

/** One recorded slot, and how long the diagnosis took; seconds, undefined = not before its end. */
export interface Delay {
  /** What acted; none in a quiet slot. */
  types: readonly string[];
  /** Looks while nothing acted yet, and those of them that called a node anomalous. */
  quiet: { looks: number; alarms: number };
  /** Until a faulty node was said to be anomalous. */
  detected: number | undefined;
  /** Until a true pair of node and type was named, and stood first. */
  named: number | undefined;
}

/** Step and refresh of the panel. */
const STEP_MS = 15_000;
/** Rates and caches are settled this long after the slot before. */
const SETTLE_MS = 10_000;
const INFO = { answeredBy: 'cpu', model: undefined, reason: undefined } as const;

/**
 * How long after its start each anomaly of a recording is detected, and named, by a panel that asks every 15 seconds a
 * Prometheus that scrapes every `scrapeMs`: the product's own queries, windows and ranking. Slots want a long gap before
 * them, as the baseline is all there is between the slot before and the window.
 */
export function delaysOf(recording: Recording, scrapeMs: number, detect: Detector): Delay[] {
  const { header, happenings } = recording;
  const scrapes = recording.scrapes.filter(({ t }) => Math.round(t / 5000) % Math.round(scrapeMs / 5000) === 0);
  const windowMs = rateWindowMs(STEP_MS, scrapeMs);
  const delays: Delay[] = [];
  let free = Infinity;
  for (const [place, what] of happenings.entries()) {
    if (what.event === 'level' || what.event === 'stop') free = what.t;
    if (what.event !== 'start') continue;
    const stop = happenings.slice(place).find(({ event }) => event === 'stop')?.t;
    const from = free + SETTLE_MS + windowMs;
    if (stop === undefined || !(from < what.t)) continue;
    const first = Math.ceil(from / STEP_MS) * STEP_MS;
    const times = Array.from({ length: Math.floor((stop - first) / STEP_MS) + 1 }, (_, i) => first + i * STEP_MS);
    const columns = columnsOf({ header, scrapes }, times, windowMs);
    const frame: MetricFrame = {
      timestamps: Float64Array.from(times),
      stepMs: STEP_MS,
      nodes: columns.map((_, i) => `node${i + 1}`),
      series: columns.flatMap((metrics, i) =>
        Object.entries(metrics).map(([metric, values]) => ({
          metric,
          node: `node${i + 1}`,
          values: Float64Array.from(values, (value) => value ?? NaN),
        })),
      ),
      problems: [],
    };
    delays.push({
      types: what.slot.anomalies.map(({ type }) => type),
      ...delayIn(frame, what.t, what.slot.anomalies, detect),
    });
  }
  return delays;
}

function delayIn(
  frame: MetricFrame,
  start: number,
  anomalies: readonly { node: number; type: string }[],
  detect: Detector,
): Omit<Delay, 'types'> {
  const truth = new Set(anomalies.map(({ node, type }) => `node${node + 1}|${type}`));
  const faulty = new Set(anomalies.map(({ node }) => `node${node + 1}`));
  const quiet = { looks: 0, alarms: 0 };
  const result: Omit<Delay, 'types'> = { quiet, detected: undefined, named: undefined };
  frame.timestamps.forEach((time, step) => {
    const { nodes, ranking, insufficient } = rank(stretchesAt(frame, step), detect, INFO);
    if (time < start || truth.size === 0) {
      if (insufficient !== undefined) return;
      quiet.looks += 1;
      quiet.alarms += Number(nodes.some(({ anomalous }) => anomalous));
      return;
    }
    const seconds = (time + LATE_MS - start) / 1000;
    const [best] = ranking;
    if (nodes.some(({ node, anomalous }) => anomalous && faulty.has(node))) result.detected ??= seconds;
    if (best?.named && truth.has(`${best.node}|${best.type}`)) result.named ??= seconds;
  });
  return result;
}

/** Median and 90th percentile of the delays in seconds, by type and together; what was not named counts as never. */
export function delayTable(delays: readonly Delay[]): Record<string, Record<string, number | null>> {
  const faulty = delays.filter(({ types }) => types.length > 0);
  const row = (some: readonly Delay[]): Record<string, number | null> => ({
    slots: some.length,
    detectedMedian: quantile(some, 'detected', 0.5),
    namedMedian: quantile(some, 'named', 0.5),
    named90: quantile(some, 'named', 0.9),
    neverNamed: some.filter(({ named }) => named === undefined).length,
  });
  const sum = (what: 'looks' | 'alarms'): number => delays.reduce((total, { quiet }) => total + quiet[what], 0);
  const ofType = (type: string): Delay[] => faulty.filter(({ types }) => types.length === 1 && types[0] === type);
  return {
    ...Object.fromEntries(BED_TYPES.map((type) => [type, row(ofType(type))])),
    all: row(faulty),
    quiet: { looks: sum('looks'), withAlarm: sum('alarms') },
  };
}

function quantile(delays: readonly Delay[], what: 'detected' | 'named', share: number): number | null {
  const sorted = delays.map((one) => one[what] ?? Infinity).sort((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)];
  return value === undefined || !Number.isFinite(value) ? null : Math.round(value);
}

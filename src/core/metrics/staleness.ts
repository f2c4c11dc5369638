import type { MetricFrame } from './series';

/** Scrapes that may be missed before it is said: one may be late, one may fail. */
const MISSED = 4;

/** Nodes of which nothing new has come for a while, with how long, milliseconds; one without a single sample is no such node. */
export function silentNodes(frame: MetricFrame, scrapeMs: number): { node: string; forMs: number }[] {
  const end = frame.timestamps.at(-1);
  if (end === undefined) return [];
  const newest = new Map<string, number>();
  for (const { node, values } of frame.series) {
    const at = frame.timestamps[values.findLastIndex((value) => !Number.isNaN(value))];
    if (at !== undefined) newest.set(node, Math.max(at, newest.get(node) ?? -Infinity));
  }
  const limit = Math.max(MISSED * scrapeMs, 2 * frame.stepMs);
  return [...newest].flatMap(([node, at]) => (end - at >= limit ? [{ node, forMs: end - at }] : []));
}

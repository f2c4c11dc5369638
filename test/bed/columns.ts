import { renderQuery, type MetricQuery } from '../../src/core/metrics/profiles';
import { queryRange } from '../../src/demo/prometheus/engine';
import { SeriesStore } from '../../src/demo/prometheus/store';
import { QUERIES } from './queries';
import { SCRAPE_MS } from './recorder';
import type { Recording, Scrape } from './samples';

/** A scrape of a moment is in the answers for this much later. */
export const LATE_MS = 1000;

/** Every metric of every node at evenly spaced times, as the product's own queries have it; `windowMs` = range of the rates. */
export function columnsOf(
  { header, scrapes }: Pick<Recording, 'header' | 'scrapes'>,
  times: readonly number[],
  windowMs: number,
): Record<string, (number | null)[]>[] {
  const queries = QUERIES[header.engine];
  const [from = 0, to = 0] = [times[0], times.at(-1)];
  const store = storeOf(
    scrapes.filter(({ t }) => t >= from - windowMs - SCRAPE_MS && t <= to + LATE_MS),
    (name) => queries.some(({ template }) => template.includes(`${name}{`)),
  );
  const columns = header.nodes.map((): Record<string, (number | null)[]> => ({}));
  for (const query of queries) {
    for (const [node, column] of ask(store, query, header, times, windowMs).entries())
      if (column.some((value) => value !== null)) (columns[node] as Record<string, unknown>)[query.metric] = column;
  }
  return columns;
}

function storeOf(scrapes: readonly Scrape[], wanted: (name: string) => boolean): SeriesStore {
  const store = new SeriesStore();
  const known = new Map<string, boolean>();
  const isWanted = (name: string): boolean => {
    if (!known.has(name)) known.set(name, wanted(name));
    return known.get(name) as boolean;
  };
  const before = new Map<string, NonNullable<Scrape['samples']>>();
  for (const { t, node, source, samples } of scrapes) {
    const key = `${source}${node}`;
    // As a Prometheus does, after a scrape that failed: the exporter's series are stale.
    const stale = (before.get(key) ?? []).map((sample) => ({ ...sample, value: NaN }));
    for (const { name, labels, value } of samples ?? stale) if (isWanted(name)) store.append(name, labels, t, value);
    if (samples) before.set(key, samples);
  }
  return store;
}

function ask(
  store: SeriesStore,
  { template, node: label }: MetricQuery,
  { nodes }: Recording['header'],
  times: readonly number[],
  windowMs: number,
): (number | null)[][] {
  const named = nodes.map(({ name, ip }) => (label === 'pod' ? name : ip));
  const [first] = nodes;
  const expression = renderQuery(template, {
    namespace: first?.namespace ?? '',
    container: first?.container ?? '',
    nodes: named,
    rateWindowMs: windowMs,
  });
  const [startMs = 0, next = startMs + SCRAPE_MS] = times;
  const range = { startMs: startMs + LATE_MS, endMs: (times.at(-1) ?? startMs) + LATE_MS, stepMs: next - startMs };
  const answer = queryRange(store, expression, range);
  return named.map((name) => {
    const points = new Map(answer.find(({ labels }) => labels[label] === name)?.points);
    return times.map((time) => digits(points.get((time + LATE_MS) / 1000)));
  });
}

function digits(value: number | undefined): number | null {
  return value === undefined || !Number.isFinite(value) ? null : Number(value.toPrecision(5));
}

import { compileRe2, literalsOf } from './re2';
import type { Matcher } from './syntax';

/** A series' labels, with its name under `__name__`. */
export type Labels = Readonly<Record<string, string>>;

/** One series: times in epoch milliseconds, ascending; NaN marks where it went stale. */
export interface StoredSeries {
  labels: Labels;
  times: number[];
  values: number[];
}

const KEEP_MS = 6 * 3_600_000;
/** Samples of all series together, some 200 MB: 30 nodes keep six hours at a scrape every 5 s, 99 nodes two. */
const MOST_SAMPLES = 12_000_000;
/** Whatever the number of series, and how many are dropped at once. */
const LEAST_KEPT = 500;
const DROPPED = 500;

/** Samples in memory, as a Prometheus that scraped them would hold. */
export class SeriesStore {
  /** Ranges are asked for without their left end, as of Prometheus 3. */
  readonly leftOpen: boolean;
  readonly #byKey = new Map<string, StoredSeries>();
  /** The series that have a label's value, by label and value. */
  readonly #byLabel = new Map<string, StoredSeries[]>();
  /** By the labels as they came: exporters keep their order, and sorting them at every scrape is the larger cost. */
  readonly #asGiven = new Map<string, StoredSeries>();
  #last = new Set<StoredSeries>();
  readonly #mostSamples: number;

  constructor({ leftOpen = false, mostSamples = MOST_SAMPLES } = {}) {
    this.leftOpen = leftOpen;
    this.#mostSamples = mostSamples;
  }

  /** How many samples a series may have. */
  get #most(): number {
    return DROPPED + Math.max(LEAST_KEPT, Math.floor(this.#mostSamples / Math.max(1, this.#asGiven.size)));
  }

  /** Takes one whole scrape; series that the scrape before had and this one lacks go stale. */
  scrape(timeMs: number, samples: Iterable<{ name: string; labels: Record<string, string>; value: number }>): void {
    const seen = new Set<StoredSeries>();
    const most = this.#most;
    for (const { name, labels, value } of samples) {
      const series = this.#series(name, labels);
      push(series, timeMs, value, most);
      seen.add(series);
    }
    for (const series of this.#last) if (!seen.has(series)) push(series, timeMs, NaN, most);
    this.#last = seen;
  }

  /** Appends a single sample (tests, recorded data). */
  append(name: string, labels: Record<string, string>, timeMs: number, value: number): void {
    push(this.#series(name, labels), timeMs, value, this.#most);
  }

  /** All series that every matcher accepts. Regular expressions are anchored at both ends, as in Prometheus. */
  select(matchers: readonly Matcher[]): StoredSeries[] {
    const tests = matchers.map(matcherTest);
    let fewest: Iterable<StoredSeries>[] = [this.#byKey.values()];
    let count = this.#byKey.size;
    for (const { label, op, value } of matchers) {
      const texts = op === '=' ? [value] : op === '=~' ? [...(literalsOf(value) ?? [''])] : [''];
      if (texts.includes('')) continue; // what lacks the label may be meant, too
      const lists = texts.map((text) => this.#byLabel.get(`${label}=${text}`) ?? []);
      const size = lists.reduce((sum, { length }) => sum + length, 0);
      if (size < count) [fewest, count] = [lists, size];
    }
    const found: StoredSeries[] = [];
    for (const list of fewest)
      for (const series of list) if (tests.every((test) => test(series.labels))) found.push(series);
    return found;
  }

  all(): StoredSeries[] {
    return this.select([]);
  }

  #series(name: string, labels: Record<string, string>): StoredSeries {
    const given = `${name}${JSON.stringify(labels)}`;
    const known = this.#asGiven.get(given);
    if (known) return known;
    const full: Labels = { __name__: name, ...labels };
    const key = labelKey(full);
    let series = this.#byKey.get(key);
    if (!series) {
      this.#byKey.set(key, (series = { labels: full, times: [], values: [] }));
      for (const [label, value] of Object.entries(full)) {
        const list = this.#byLabel.get(`${label}=${value}`);
        if (list) list.push(series);
        else this.#byLabel.set(`${label}=${value}`, [series]);
      }
    }
    this.#asGiven.set(given, series);
    return series;
  }
}

function push(series: StoredSeries, timeMs: number, value: number, most: number): void {
  const last = series.times.at(-1);
  if (last !== undefined && last >= timeMs) return;
  series.times.push(timeMs);
  series.values.push(value);
  const { length } = series.times;
  if (length > most || (length > LEAST_KEPT + DROPPED && (series.times[DROPPED] as number) < timeMs - KEEP_MS)) {
    series.times.splice(0, DROPPED);
    series.values.splice(0, DROPPED);
  }
}

/** Keys of label sets that were asked for: a series' labels are the same object at every step of a query. */
const keys = new WeakMap<Labels, string>();

/** A label set as a key: the same for the same labels in any order. */
export function labelKey(labels: Labels): string {
  let key = keys.get(labels);
  if (key === undefined) keys.set(labels, (key = keyOf(labels)));
  return key;
}

function keyOf(labels: Labels): string {
  const names = Object.keys(labels);
  if (names.length < 2) return JSON.stringify(labels);
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

/** A matcher as a predicate; throws QueryError for a regular expression that does not parse. */
export function matcherTest(matcher: Matcher): (labels: Labels) => boolean {
  const { label, op, value } = matcher;
  if (op === '=') return (labels) => (labels[label] ?? '') === value;
  if (op === '!=') return (labels) => (labels[label] ?? '') !== value;
  const literals = literalsOf(value);
  if (literals) return (labels) => literals.has(labels[label] ?? '') === (op === '=~');
  const pattern = compileRe2(value);
  return (labels) => pattern.test(labels[label] ?? '') === (op === '=~');
}

/** Index of the first time that is >= `timeMs`. */
export function lowerBound(times: readonly number[], timeMs: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] as number) < timeMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

import { alignPoints, timeAxis } from '../../core/metrics/axis';
import type { Clock } from '../../core/base/clock';

/** The series of one answer by name, as the server gave them. */
export interface PointRange {
  nodes: ReadonlyMap<string, { points: readonly (readonly [atMs: number, value: number])[]; most: number }>;
  warnings: ReadonlySet<string>;
}

/** The series of one answer by name, on the axis that was asked for; NaN = no sample there. */
export interface AlignedRange {
  nodes: ReadonlyMap<string, { values: Float64Array; most: number }>;
  warnings: ReadonlySet<string>;
}

/** An axis: ascending, `stepMs` apart, on multiples of the step. */
export interface Axis {
  timestamps: Float64Array;
  stepMs: number;
}

/** How much is kept, and when it is asked for again. */
export interface WindowCacheOptions {
  clock: Clock;
  /** A sample may come in this long after its time: what is younger is asked again. */
  lateMs?: number;
  /** After so long the whole of a window that moves on is asked once more, whatever came late beyond that. */
  wholeEveryMs?: number;
  /** Samples that are kept at most. */
  maxSamples?: number;
}

interface Entry {
  timestamps: Float64Array;
  nodes: AlignedRange['nodes'];
  askedAt: number;
  wholeAt: number;
  /** Steps of the longest window that was asked for. */
  longest: number;
}

/** What one question gave, from step `from` of an axis on. */
interface Part extends AlignedRange {
  timestamps: Float64Array;
  askedAt: number;
}

/** Values that are the same but for the order in which a server adds. */
const close = (a: number, b: number): boolean =>
  (Number.isNaN(a) && Number.isNaN(b)) || Math.abs(a - b) <= 1e-6 * Math.max(Math.abs(a), Math.abs(b));

/**
 * Remembers the windows of range queries, so that only the steps that are not known yet are asked for: the new ones of a
 * window that moved on, and those before of one that begins earlier. What a query gives at a time depends on samples up
 * to that time alone (a rate's window lies before it, too): once no sample can be late any more, it stays. The step where
 * the known and the asked meet is asked again: where it differs, the server's history is another one (restarted,
 * replaced, filled in), and everything is asked anew.
 */
export class WindowCache {
  readonly #clock: Clock;
  readonly #lateMs: number;
  readonly #wholeEveryMs: number;
  readonly #maxSamples: number;
  readonly #entries = new Map<string, Entry>();

  constructor({ clock, lateMs = 120_000, wholeEveryMs = 600_000, maxSamples = 4_000_000 }: WindowCacheOptions) {
    this.#clock = clock;
    this.#lateMs = lateMs;
    this.#wholeEveryMs = wholeEveryMs;
    this.#maxSamples = maxSamples;
  }

  /** The whole window, of which `ask` is asked for as little as is enough. `key`: the query and all that it depends on. */
  async range(key: string, axis: Axis, ask: (timestamps: Float64Array) => Promise<PointRange>): Promise<AlignedRange> {
    const name = nameOf(key, axis);
    const { timestamps } = axis;
    const entry = this.#entries.get(name);
    const askPart = (from: number, to: number): Promise<Part> => this.#ask(axis, timestamps.subarray(from, to), ask);
    try {
      const plan = entry && this.#plan(entry, timestamps);
      if (entry && plan) {
        const head = plan.headTo > 0 ? await askPart(0, plan.headTo + 1) : undefined;
        const tail = plan.tailFrom < timestamps.length ? await askPart(plan.tailFrom, timestamps.length) : undefined;
        const joined = joinParts(entry, head, tail, axis);
        if (joined) {
          this.#keep(name, trimmed(joined, axis.stepMs));
          const warnings = new Set([...(head?.warnings ?? []), ...(tail?.warnings ?? [])]);
          return { nodes: window(joined, axis), warnings };
        }
      }
      const { nodes, warnings, askedAt } = await askPart(0, timestamps.length);
      // A window that ends before what is known, and has nothing to do with it, does not take its place.
      if (!entry || plan || !((timestamps.at(-1) ?? NaN) < (entry.timestamps[0] ?? NaN)))
        this.#keep(name, { timestamps, nodes, askedAt, wholeAt: askedAt, longest: timestamps.length });
      return { nodes, warnings };
    } catch (thrown) {
      if (entry) entry.wholeAt = -Infinity; // after a failure everything is asked
      throw thrown;
    }
  }

  /** What earlier answers gave of a window; undefined where they have nothing of it. */
  known(key: string, axis: Axis): AlignedRange['nodes'] | undefined {
    const entry = this.#entries.get(nameOf(key, axis));
    const nodes = entry && window(entry, axis);
    return nodes && nodes.size > 0 ? nodes : undefined;
  }

  /** Nothing that is known holds any more: another server answers. */
  clear(): void {
    this.#entries.clear();
  }

  async #ask(
    { stepMs }: Axis,
    asked: Float64Array,
    ask: (timestamps: Float64Array) => Promise<PointRange>,
  ): Promise<Part> {
    const askedAt = this.#clock.now();
    const { nodes, warnings } = await ask(asked);
    const aligned = new Map(
      [...nodes]
        .filter(([, { points }]) => points.length > 0)
        .map(([name, { points, most }]) => [name, { values: alignPoints(asked, stepMs, points), most }]),
    );
    return { nodes: aligned, warnings, timestamps: asked, askedAt };
  }

  /**
   * What has to be asked beside the known: steps up to `headTo` (0 = none), and from `tailFrom` on (the length = none);
   * undefined where all has to be.
   */
  #plan(entry: Entry, timestamps: Float64Array): { headTo: number; tailFrom: number } | undefined {
    const [first = NaN] = timestamps;
    const last = timestamps.at(-1) ?? NaN;
    const [knownFirst = NaN] = entry.timestamps;
    const knownLast = entry.timestamps.at(-1) ?? NaN;
    if (!(first <= knownLast && last >= knownFirst)) return undefined;
    if (last >= knownLast && this.#clock.now() - entry.wholeAt >= this.#wholeEveryMs) return undefined;
    const settled = Math.min(knownLast, entry.askedAt - this.#lateMs);
    // The last settled step is asked again, to see whether the history is still the same.
    const meeting = timestamps.findLastIndex((at) => at <= settled && at >= knownFirst);
    if (meeting < 0) return undefined;
    const headTo = first < knownFirst ? timestamps.indexOf(knownFirst) : 0;
    return { headTo, tailFrom: last <= settled ? timestamps.length : meeting };
  }

  #keep(name: string, entry: Entry): void {
    this.#entries.delete(name);
    this.#entries.set(name, entry);
    let samples = 0;
    // Newest last: what was not asked for the longest time goes first.
    for (const [key, { nodes, timestamps }] of [...this.#entries].reverse()) {
      samples += nodes.size * timestamps.length;
      if (samples > this.#maxSamples && key !== name) this.#entries.delete(key);
    }
  }
}

const nameOf = (key: string, { stepMs }: Axis): string => `${stepMs}|${key}`;

/** The series of an entry on the steps of a window; those without a sample there are left out. */
function window(known: Pick<Part, 'timestamps' | 'nodes'>, { timestamps, stepMs }: Axis): AlignedRange['nodes'] {
  const found = new Map<string, { values: Float64Array; most: number }>();
  for (const [name, { values: all, most }] of known.nodes) {
    const values = new Float64Array(timestamps.length).fill(NaN);
    put(all, placeOn(timestamps, known.timestamps, stepMs), values);
    if (values.some((value) => !Number.isNaN(value))) found.set(name, { values, most });
  }
  return found;
}

/** The index that the first step of one axis has on another. */
const placeOn = (axis: Float64Array, other: Float64Array, stepMs: number): number =>
  Math.round(((other[0] ?? NaN) - (axis[0] ?? NaN)) / stepMs);

/** Writes values from a place on; what lies outside is left out. */
function put(values: Float64Array, place: number, into: Float64Array): void {
  const from = Math.max(0, -place);
  const to = Math.min(values.length, into.length - place);
  if (to > from) into.set(values.subarray(from, to), place + from);
}

/** Without what is long gone: twice the longest window stays. */
function trimmed(entry: Entry, stepMs: number): Entry {
  const steps = 2 * entry.longest;
  if (entry.timestamps.length <= steps) return entry;
  const timestamps = entry.timestamps.slice(-steps);
  return { ...entry, timestamps, nodes: window(entry, { timestamps, stepMs }) };
}

/** What is known with what was asked before and behind it; undefined where they do not agree on the step that they share. */
function joinParts(
  entry: Entry,
  head: Part | undefined,
  tail: Part | undefined,
  { timestamps: asked, stepMs }: Axis,
): Entry | undefined {
  const longest = Math.max(entry.longest, asked.length);
  const end = Math.max(entry.timestamps.at(-1) as number, asked.at(-1) as number);
  const begin = Math.min(entry.timestamps[0] as number, asked[0] as number);
  const timestamps = timeAxis(begin, end, stepMs);
  const parts = [head, entry, tail].filter((part) => part !== undefined);
  const nodes = new Map<string, { values: Float64Array; most: number }>();
  for (const name of new Set(parts.flatMap((part) => [...part.nodes.keys()]))) {
    const at = (part: Pick<Part, 'timestamps' | 'nodes'>, ms: number): number =>
      part.nodes.get(name)?.values[Math.round((ms - (part.timestamps[0] as number)) / stepMs)] ?? NaN;
    const agrees = (part: Part | undefined, ms: number | undefined): boolean =>
      !part || close(at(part, ms as number), at(entry, ms as number));
    if (!agrees(head, entry.timestamps[0]) || !agrees(tail, tail?.timestamps[0])) return undefined;
    const values = new Float64Array(timestamps.length).fill(NaN);
    let most = 0;
    for (const part of parts) {
      const own = part.nodes.get(name);
      const place = placeOn(timestamps, part.timestamps, stepMs);
      put(own?.values ?? new Float64Array(part.timestamps.length).fill(NaN), place, values);
      most = Math.max(most, own?.most ?? 0);
    }
    if (values.some((value) => !Number.isNaN(value))) nodes.set(name, { values, most }); // else it has left the window
  }
  const toTheEnd = tail && (tail.timestamps.at(-1) as number) >= (entry.timestamps.at(-1) as number);
  const askedAt = toTheEnd ? tail.askedAt : entry.askedAt;
  return { timestamps, nodes, askedAt, wholeAt: entry.wholeAt, longest };
}

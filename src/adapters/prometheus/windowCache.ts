import { alignPoints } from '../../core/metrics/axis';
import type { Clock } from '../../core/ports';

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
  /** After so long the whole window is asked once more, whatever came late beyond that. */
  wholeEveryMs?: number;
  /** Samples that are kept at most. */
  maxSamples?: number;
}

interface Entry {
  timestamps: Float64Array;
  nodes: AlignedRange['nodes'];
  askedAt: number;
  wholeAt: number;
}

/** Values that are the same but for the order in which a server adds. */
const close = (a: number, b: number): boolean =>
  (Number.isNaN(a) && Number.isNaN(b)) || Math.abs(a - b) <= 1e-6 * Math.max(Math.abs(a), Math.abs(b));

/**
 * Remembers the windows of range queries, so that of a window that moved on only the new steps are asked for. What a
 * query gives at a time depends on samples up to that time alone (a rate's window lies before it, too): once no sample
 * can be late any more, it stays. The first step that is asked again is such a settled one: where it differs, the
 * server's history is another one (restarted, replaced, filled in), and everything is asked anew.
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
    const name = `${axis.stepMs}|${key}`;
    const { timestamps } = axis;
    const entry = this.#entries.get(name);
    this.#entries.delete(name); // back only when all went well: after a failure everything is asked
    const from = entry ? this.#unsettled(entry, timestamps) : 0;
    if (entry && from > 0) {
      const delta = await this.#ask(axis, from, ask);
      const joined = delta && this.#join(entry, delta.aligned, timestamps, from);
      if (delta && joined) {
        this.#keep(name, { timestamps, nodes: joined, askedAt: delta.askedAt, wholeAt: entry.wholeAt });
        return { nodes: joined, warnings: delta.aligned.warnings };
      }
    }
    const { aligned, askedAt } = await this.#ask(axis, 0, ask);
    this.#keep(name, { timestamps, nodes: aligned.nodes, askedAt, wholeAt: askedAt });
    return aligned;
  }

  /** Nothing that is known holds any more: another server answers. */
  clear(): void {
    this.#entries.clear();
  }

  async #ask(
    { timestamps, stepMs }: Axis,
    from: number,
    ask: (timestamps: Float64Array) => Promise<PointRange>,
  ): Promise<{ aligned: AlignedRange; askedAt: number }> {
    const askedAt = this.#clock.now();
    const asked = timestamps.subarray(from);
    const { nodes, warnings } = await ask(asked);
    const aligned = new Map(
      [...nodes]
        .filter(([, { points }]) => points.length > 0)
        .map(([name, { points, most }]) => [name, { values: alignPoints(asked, stepMs, points), most }]),
    );
    return { aligned: { nodes: aligned, warnings }, askedAt };
  }

  /** The step before the first that may have changed since; 0 where all has to be asked. */
  #unsettled(entry: Entry, timestamps: Float64Array): number {
    const [first = NaN] = timestamps;
    const [known = NaN] = entry.timestamps;
    const lastKnown = entry.timestamps.at(-1) ?? NaN;
    if (!(first >= known && first <= lastKnown)) return 0;
    if (this.#clock.now() - entry.wholeAt >= this.#wholeEveryMs) return 0;
    const settled = Math.min(lastKnown, entry.askedAt - this.#lateMs);
    // The last settled step is asked again, to see whether the history is still the same.
    return Math.max(
      0,
      timestamps.findLastIndex((at) => at <= settled),
    );
  }

  /** Known steps up to `from`, then the new ones; undefined where the two do not agree on their common step. */
  #join(entry: Entry, delta: AlignedRange, timestamps: Float64Array, from: number): AlignedRange['nodes'] | undefined {
    const shift = entry.timestamps.indexOf(timestamps[0] as number);
    const joined = new Map<string, { values: Float64Array; most: number }>();
    for (const name of new Set([...entry.nodes.keys(), ...delta.nodes.keys()])) {
      const old = entry.nodes.get(name);
      const fresh = delta.nodes.get(name);
      const values = new Float64Array(timestamps.length).fill(NaN);
      if (old) values.set(old.values.subarray(shift, shift + from + 1));
      if (!close(values[from] as number, fresh?.values[0] ?? NaN)) return undefined;
      if (fresh) values.set(fresh.values, from);
      else values.fill(NaN, from);
      // A series that has left the window is gone.
      if (values.some((value) => !Number.isNaN(value)))
        joined.set(name, { values, most: Math.max(fresh?.most ?? 0, old?.most ?? 0) });
    }
    return joined;
  }

  #keep(name: string, entry: Entry): void {
    this.#entries.set(name, entry);
    let samples = 0;
    // Newest last: what was not asked for the longest time goes first.
    for (const [key, { nodes, timestamps }] of [...this.#entries].reverse()) {
      samples += nodes.size * timestamps.length;
      if (samples > this.#maxSamples && key !== name) this.#entries.delete(key);
    }
  }
}

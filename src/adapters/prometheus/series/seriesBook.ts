import type { Clock } from '../../../core/base/clock';
import { neededSelector, type MetricQuery } from '../../../core/metrics/profiles';
import { rowsOf, type FoundRow, type RowQuestion } from './rows';

/** How long an instant selector still finds a sample. */
export const LOOKBACK_MS = 300_000;
/** Several who ask at about the same time are given the same. */
const FRESH_MS = 5000;
/** After so long everything is asked for once more, and what has left the window is forgotten. */
const WHOLE_EVERY_MS = 600_000;

interface Known {
  key: string;
  fromMs: number;
  toMs: number;
  wholeAt: number;
  askedAt: number;
  rows: Map<string, FoundRow>;
}

/** The series of a query in a window; of one that moves on only what is new is asked for. */
export class SeriesBook {
  readonly #clock: Clock;
  #known: Known | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async rows(query: MetricQuery, question: RowQuestion): Promise<readonly FoundRow[]> {
    const { targets, container, atMs: toMs, windowMs } = question;
    const fromMs = toMs - windowMs;
    const key = JSON.stringify([query.template, container, targets.map(({ namespace, pod }) => [namespace, pod])]);
    const old = this.#known;
    const now = this.#clock.now();
    const known =
      old?.key === key &&
      fromMs >= old.fromMs &&
      toMs >= old.toMs &&
      toMs - old.toMs <= WHOLE_EVERY_MS &&
      now - old.wholeAt < WHOLE_EVERY_MS;
    if (known && now - old.askedAt < FRESH_MS && toMs - old.toMs < FRESH_MS) return [...old.rows.values()];
    const since = known ? old.toMs : fromMs;
    const asked = await rowsOf(query, neededSelector(query), { ...question, windowMs: toMs - since + LOOKBACK_MS });
    const rows = known ? old.rows : new Map<string, FoundRow>();
    for (const row of asked) {
      const name = JSON.stringify(Object.entries(row.labels).sort());
      if (!rows.has(name)) rows.set(name, row);
    }
    this.#known = {
      key,
      rows,
      toMs,
      fromMs: known ? old.fromMs : fromMs,
      wholeAt: known ? old.wholeAt : now,
      askedAt: now,
    };
    return [...rows.values()];
  }
}

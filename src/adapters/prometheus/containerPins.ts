import { livesOf } from '../../core/metrics/lives';
import {
  chooseOrigin,
  isOf,
  originMatchers,
  severalClusters,
  type Origin,
  type OriginChoice,
} from '../../core/metrics/origins';
import type { Pin, PinOf } from '../../core/metrics/pin';
import { asksContainers, neededSelector, type MetricQuery } from '../../core/metrics/profiles';
import type { Clock } from '../../core/base/clock';
import type { DatabasePod } from '../../core/cluster/databasePod';
import type { PrometheusClient } from './client';
import { rowsByPod, rowsOf, type FoundRow, type RowQuestion } from './rows';

/** What is asked about. */
export interface ContainerQuestion {
  client: PrometheusClient;
  /** The queries of containers that the server answers. */
  queries: readonly MetricQuery[];
  targets: readonly DatabasePod[];
  container: string;
  fromMs: number;
  toMs: number;
  /** What the user chose where there are several clusters. */
  chosen: Origin | undefined;
  signal: AbortSignal | undefined;
}

/** Which series are each target's own. */
export interface ContainerPins {
  pinOf: PinOf;
  /** Where the server has several clusters' series of these targets. */
  choice: OriginChoice | undefined;
}

const UNORDERED =
  'Prometheus has several series of this container, and nothing tells which of them is the one that runs.';

/** What is said of a server with the series of several clusters. */
export const clustersNote = (choice: OriginChoice): string =>
  choice.own
    ? `Prometheus has the series of several Kubernetes clusters: those with ${originMatchers(choice.own)} are these pods’.`
    : severalClusters('container', choice);

/** An instant selector finds a sample up to so long after it. */
const LOOKBACK_MS = 300_000;
/** Several who ask at about the same time are given the same. */
const FRESH_MS = 5000;
/** After so long everything is asked for once more, and what has left the window is forgotten. */
const WHOLE_EVERY_MS = 600_000;

interface Book {
  key: string;
  fromMs: number;
  toMs: number;
  wholeAt: number;
  askedAt: number;
  rows: Map<string, FoundRow>;
}

/**
 * Finds the series of a window that are the targets' own: of one Kubernetes cluster, and in the order of their containers'
 * lives. One instant query a hundred nodes; of a window that moves on only what is new is asked for.
 */
export class ContainerSeries {
  readonly #clock: Clock;
  #book: Book | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Nothing that is known holds any more: another server answers. */
  clear(): void {
    this.#book = undefined;
  }

  async pins(question: ContainerQuestion): Promise<ContainerPins> {
    const { queries, targets, chosen } = question;
    const query = sampleOf(queries);
    if (!query) return { pinOf: () => undefined, choice: undefined };
    const all = rowsByPod(query, await this.#rows(query, question), targets);
    let choice = chooseOrigin(all, chosen);
    if (choice && !choice.own) choice = chooseOrigin(all, chosen, await this.#podInfo(question));
    if (choice && !choice.own) {
      const undecided = severalClusters('container', choice);
      return { pinOf: () => ({ undecided }), choice };
    }
    const own = choice?.own;
    const matchers = own && originMatchers(own);
    if (!asksContainers(query)) return { pinOf: () => ({ matchers }), choice };
    const rows = new Map<DatabasePod, FoundRow[]>(targets.map((target) => [target, []]));
    for (const { row, target } of all) if (!own || isOf(own, row)) rows.get(target)?.push(row);
    const several = targets.filter((target) => {
      const lives = livesOf(rows.get(target) ?? [], target);
      return lives === 'unordered' || (lives?.values.length ?? 0) > 1;
    });
    await this.#times(query, several, rows, question);
    const pins = new Map<DatabasePod, Pin>();
    for (const [target, of] of rows) {
      const lives = livesOf(of, target);
      pins.set(target, lives === 'unordered' ? { matchers, undecided: UNORDERED } : { matchers, lives });
    }
    const pinOf: PinOf = (asked, target) => (asksContainers(asked) ? pins.get(target) : { matchers });
    return { pinOf, choice };
  }

  async #rows(query: MetricQuery, question: ContainerQuestion): Promise<readonly FoundRow[]> {
    const { targets, container, fromMs, toMs } = question;
    const key = JSON.stringify([query.template, container, targets.map(({ namespace, pod }) => [namespace, pod])]);
    const old = this.#book;
    const known =
      old?.key === key &&
      fromMs >= old.fromMs &&
      toMs >= old.toMs &&
      toMs - old.toMs <= WHOLE_EVERY_MS &&
      this.#clock.now() - old.wholeAt < WHOLE_EVERY_MS;
    const now = this.#clock.now();
    if (known && now - old.askedAt < FRESH_MS && toMs - old.toMs < FRESH_MS) return [...old.rows.values()];
    const since = known ? old.toMs : fromMs;
    const asked = await rowsOf(query, neededSelector(query), asking(question, toMs - since + LOOKBACK_MS));
    const rows = known ? old.rows : new Map<string, FoundRow>();
    for (const row of asked) {
      const name = JSON.stringify(Object.entries(row.labels).sort());
      if (!rows.has(name)) rows.set(name, row);
    }
    this.#book = {
      key,
      rows,
      toMs,
      fromMs: known ? old.fromMs : fromMs,
      wholeAt: known ? old.wholeAt : now,
      askedAt: now,
    };
    return [...rows.values()];
  }

  /** When the containers of these targets were started, and when they were first seen, into their rows. */
  async #times(
    query: MetricQuery,
    targets: readonly DatabasePod[],
    rows: ReadonlyMap<DatabasePod, readonly FoundRow[]>,
    question: ContainerQuestion,
  ): Promise<void> {
    const unknown = targets.filter((target) => rows.get(target)?.some(({ firstAt }) => firstAt === undefined));
    if (unknown.length === 0) return;
    const asked = asking({ ...question, targets: unknown }, question.toMs - question.fromMs + LOOKBACK_MS);
    const started = neededSelector({ ...query, needs: 'container_start_time_seconds' });
    const [starts, samples] = await Promise.all([
      rowsOf(query, started, asked).catch(() => []),
      rowsOf(query, neededSelector(query), asked, (selector, range) => `${selector}[${range}]`).catch(() => []),
    ]);
    question.signal?.throwIfAborted();
    for (const target of unknown)
      for (const row of rows.get(target) ?? []) {
        row.startedAt = starts.find((one) => sameContainer(one, row))?.points.at(-1)?.[1];
        row.firstAt = samples.find((one) => sameSeries(one, row))?.points[0]?.[0] ?? question.fromMs;
      }
  }

  /** kube-state-metrics tells each pod's id and address beside the cluster's label. */
  async #podInfo(question: ContainerQuestion): Promise<{ row: FoundRow; target: DatabasePod }[]> {
    const query: MetricQuery = {
      metric: 'memory.used',
      node: 'pod',
      needs: 'kube_pod_info',
      template: 'kube_pod_info{$pod}',
    };
    const rows = await rowsOf(query, query.template, asking(question, LOOKBACK_MS)).catch(() => []);
    question.signal?.throwIfAborted();
    return rowsByPod(query, rows, question.targets);
  }
}

const asking = ({ client, targets, container, toMs, signal }: ContainerQuestion, windowMs: number): RowQuestion => ({
  client,
  targets,
  container,
  atMs: toMs,
  windowMs,
  signal,
});

/** Of the queries one that has a series for each container: memory has no devices and no reasons. */
const sampleOf = (queries: readonly MetricQuery[]): MetricQuery | undefined =>
  queries.find(({ metric }) => metric === 'memory.used') ?? queries.find(asksContainers) ?? queries[0];

const CONTAINER_LABELS = ['id', 'name', 'container_id', 'uid', 'pod_uid', 'node', 'instance'];
const sameContainer = (a: FoundRow, b: FoundRow): boolean =>
  CONTAINER_LABELS.every((name) => a.labels[name] === b.labels[name]);
const sameSeries = (a: FoundRow, b: FoundRow): boolean => {
  const text = ({ labels: { __name__: _, ...labels } }: FoundRow): string =>
    JSON.stringify(Object.entries(labels).sort());
  return text(a) === text(b);
};

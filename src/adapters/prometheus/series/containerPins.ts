import { externalLabels } from '../../../core/metrics/external';
import { msg, type Text } from '../../../core/base/text';
import { livesOf } from '../../../core/metrics/lives';
import {
  chooseOrigin,
  isOf,
  originMatchers,
  severalClusters,
  type Origin,
  type OriginChoice,
} from '../../../core/metrics/origins';
import type { Pin, PinOf } from '../../../core/metrics/pin';
import { asksContainers, neededSelector, type MetricQuery } from '../../../core/metrics/profiles';
import { belongs, CONTAINER_LABELS } from '../../../core/metrics/seriesRow';
import type { Clock } from '../../../core/base/clock';
import type { DatabasePod } from '../../../core/cluster/databasePod';
import type { PrometheusClient } from '../connection/client';
import { rowsByPod, rowsOf, type FoundRow, type RowQuestion } from './rows';
import { LOOKBACK_MS, SeriesBook } from './seriesBook';

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
  /** Which of several clusters is ours, where it has been found out of a window in which the pods run. */
  known?: Origin | undefined;
  signal: AbortSignal | undefined;
}

/** Which series are each target's own. */
export interface ContainerPins {
  pinOf: PinOf;
  /** Where the server has several clusters' series of these targets. */
  choice: OriginChoice | undefined;
}

const UNORDERED: Text = 'Prometheus has several series of this container, and nothing identifies the running one.';

const OF_ANOTHER: Text =
  'All series that Prometheus has of this pod are of another pod of the same name, which runs in another Kubernetes cluster or did until now.';
/** A series with a sample within this time belongs to an existing container. */
const LIVES_MS = 120_000;

/** What is said of a server with the series of several clusters. */
export const clustersNote = (choice: OriginChoice): Text =>
  choice.own
    ? msg`Prometheus has series of several Kubernetes clusters. Those with ${originMatchers(choice.own)} belong to these pods.`
    : severalClusters('container', choice);

/**
 * Finds the series of a window that are the targets' own: of one Kubernetes cluster, and in the order of their containers'
 * lives. One instant query a hundred nodes; of a window that moves on only what is new is asked for.
 */
export class ContainerSeries {
  readonly #clock: Clock;
  readonly #books = new Map<string, SeriesBook>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Nothing that is known holds any more: another server answers. */
  clear(): void {
    this.#books.clear();
  }

  async pins(question: ContainerQuestion): Promise<ContainerPins> {
    const { queries, targets } = question;
    const query = sampleOf(queries);
    if (!query) return { pinOf: () => undefined, choice: undefined };
    const rows = await this.#rows(query, question);
    const undecided = (choice: OriginChoice): ContainerPins => {
      const why = severalClusters('container', choice);
      return { pinOf: () => ({ undecided: why }), choice };
    };
    let choice = await this.#choose(rows, question, []);
    if (choice && !choice.own) return undecided(choice);
    keepOwn(rows, choice?.own);
    if (suspected(rows).length > 0) {
      const suspects = targets.filter((target) => suspected(new Map([[target, rows.get(target) ?? []]])).length > 0);
      await this.#times(query, suspects, rows, question);
      const more = suspected(rows);
      const second = more.length > 0 ? await this.#choose(rows, question, more) : undefined;
      if (second && !second.own) return undecided(second);
      keepOwn(rows, second?.own);
      choice = second ? { ...second, own: { ...choice?.own, ...second.own } } : choice;
    }
    const own = choice?.own;
    const matchers = own && originMatchers(own);
    const pinsOf = async (asked: MetricQuery, of: RowsByTarget): Promise<Map<DatabasePod, Pin>> => {
      await this.#times(
        asked,
        targets.filter((target) => isCrowded(of.get(target) ?? [], target)),
        of,
        question,
      );
      return new Map([...of].map(([target, theirs]) => [target, pinFor(livesOf(theirs, target), matchers)]));
    };
    const others = targets.filter((target) => target.ready && isOfAnother(rows.get(target) ?? [], target));
    // Whether they are still there may have changed since they were looked at.
    for (const target of others) for (const row of rows.get(target) ?? []) row.firstAt = undefined;
    await this.#times(query, others, rows, question);
    const pins = await pinsOf(query, rows);
    const alive = this.#clock.now() - LIVES_MS;
    if (question.toMs > alive)
      for (const target of others)
        if (rows.get(target)?.some(({ lastAt = -Infinity }) => lastAt > alive))
          pins.set(target, { matchers, undecided: OF_ANOTHER });
    if (!asksContainers(query)) return { pinOf: (_, target) => pins.get(target) ?? { matchers }, choice };
    // Sandboxes have lives, too, and foreign namesakes: looked at where the containers have.
    const crowded = targets.filter((target) => pins.get(target)?.lives !== undefined);
    const network = queries.find((one) => !asksContainers(one));
    const sandboxes = new Map<DatabasePod, Pin>();
    if (network && crowded.length > 0) {
      const asked = { ...question, targets: crowded };
      const found = await this.#rows(network, asked);
      keepOwn(found, own);
      for (const [target, pin] of await pinsOf(network, found)) sandboxes.set(target, pin);
    }
    const pinOf: PinOf = (asked, target) => {
      const pin = pins.get(target) ?? { matchers };
      return asksContainers(asked) || pin.undecided === OF_ANOTHER ? pin : (sandboxes.get(target) ?? { matchers });
    };
    return { pinOf, choice };
  }

  /** Which cluster's series are ours: where the labels do not tell, by what kube-state-metrics says of the pods. */
  async #choose(
    rows: RowsByTarget,
    question: ContainerQuestion,
    more: readonly string[],
  ): Promise<OriginChoice | undefined> {
    const { chosen, known } = question;
    const all = [...rows].flatMap(([target, of]) => of.map((row) => ({ row, target })));
    const choice = chooseOrigin(all, known ?? chosen, [], more);
    if (!choice || choice.own) return choice;
    if (known) return { ...choice, own: known };
    return chooseOrigin(all, chosen, await this.#podInfo(question), more);
  }

  async #rows(query: MetricQuery, question: ContainerQuestion): Promise<Map<DatabasePod, FoundRow[]>> {
    const { targets } = question;
    const book = this.#books.get(query.template) ?? new SeriesBook(this.#clock);
    this.#books.set(query.template, book);
    const rows = new Map<DatabasePod, FoundRow[]>(targets.map((target) => [target, []]));
    const found = await book.rows(query, asking(question, question.toMs - question.fromMs));
    for (const { row, target } of rowsByPod(query, found, targets)) rows.get(target)?.push(row);
    return rows;
  }

  /** When the containers of these targets were started, and when they were seen first and last, into their rows. */
  async #times(
    query: MetricQuery,
    targets: readonly DatabasePod[],
    rows: RowsByTarget,
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
        const points = samples.find((one) => sameSeries(one, row))?.points;
        row.firstAt = points?.[0]?.[0] ?? question.fromMs;
        row.lastAt = points?.at(-1)?.[0];
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

type RowsByTarget = ReadonlyMap<DatabasePod, FoundRow[]>;

/** Leaves the rows of our cluster. */
function keepOwn(rows: Map<DatabasePod, FoundRow[]>, own: Origin | undefined): void {
  if (own)
    for (const [target, of] of rows)
      rows.set(
        target,
        of.filter((row) => isOf(own, row)),
      );
}

/** Labels without a usual name that may tell clusters apart. */
const suspected = (rows: RowsByTarget): string[] =>
  externalLabels([...rows].map(([target, of]) => ({ rows: of, proof: (row) => belongs(row, target) })));

/** True where each series tells the id of a pod that is not this one. */
const isOfAnother = (rows: readonly FoundRow[], { uid, ...target }: DatabasePod): boolean =>
  uid !== undefined &&
  rows.length > 0 &&
  rows.every((row) => belongs(row, { ...target, uid, hostNode: undefined, containerId: undefined }) === -1);

const isCrowded = (rows: readonly FoundRow[], target: DatabasePod): boolean => {
  const lives = livesOf(rows, target);
  return lives === 'unordered' || (lives?.values.length ?? 0) > 1;
};

const pinFor = (lives: ReturnType<typeof livesOf>, matchers: string | undefined): Pin =>
  lives === 'unordered' ? { matchers, undecided: UNORDERED } : { matchers, lives };

/** Of the queries one that has a series for each container: memory has no devices and no reasons. */
const sampleOf = (queries: readonly MetricQuery[]): MetricQuery | undefined =>
  queries.find(({ metric }) => metric === 'memory.used') ?? queries.find(asksContainers) ?? queries[0];

const sameContainer = (a: FoundRow, b: FoundRow): boolean =>
  CONTAINER_LABELS.every((name) => a.labels[name] === b.labels[name]);
const sameSeries = (a: FoundRow, b: FoundRow): boolean => {
  const text = ({ labels: { __name__: _, ...labels } }: FoundRow): string =>
    JSON.stringify(Object.entries(labels).sort());
  return text(a) === text(b);
};

import { msg, type Text } from '../../core/base/text';
import type { HttpEndpoint } from '../../core/cluster/endpoint';
import type { AppError } from '../../core/base/errors';
import { toAppError } from '../../core/base/errors';
import { timeAxis } from '../../core/metrics/axis';
import { batchesOf, batchQuery, nodeValue } from '../../core/metrics/batches';
import { severalClusters, type Origin, type OriginChoice } from '../../core/metrics/origins';
import type { PinOf } from '../../core/metrics/pin';
import { asksContainers, rateWindowMs, type MetricQuery, type ProfileName } from '../../core/metrics/profiles';
import type { FrameRequest, MetricFrame, MetricProblem, MetricSeries } from '../../core/metrics/series';
import { silentNodes } from '../../core/metrics/staleness';
import type { QueryGateway } from '../../core/metrics/chartQuery';
import type { Clock } from '../../core/base/clock';
import type { Log } from '../../core/base/log';
import type { MetricSource } from '../../core/metrics/source';
import type { DatabasePod } from '../../core/cluster/databasePod';
import { askBatch, type BatchListener } from './batchRange';
import { PrometheusClient } from './connection/client';
import { inParallel } from './concurrency';
import { clustersNote, ContainerSeries } from './series/containerPins';
import { findDuplicates } from './series/duplicates';
import { findLeader } from './series/leader';
import { probe, type Probe } from './series/probe';
import { WindowCache } from './windowCache';

/** What a metric source needs. */
export interface MetricSourceOptions {
  /** The way to Prometheus; asked again after it could not be reached. */
  resolve: (signal?: AbortSignal) => Promise<HttpEndpoint>;
  clock: Clock;
  profile: ProfileName | 'auto';
  /** The database's container. */
  container: string;
  log: Log;
  /** What the user chose where the server has several Kubernetes clusters. */
  origin?: () => Origin | undefined;
  /** The server has several; without `own`, nothing tells which is ours. */
  onSeveralClusters?: (choice: OriginChoice) => void;
  /** Requests under way at once. */
  concurrency?: number;
  timeoutMs?: number;
  maxBytes?: number;
}

const PROBE_TTL_MS = 5 * 60_000;
const MISSING_TTL_MS = 60_000;
/** Further queries for a metric whose query fails for many nodes at once, to find those that it fails for. */
const ALLOWANCE = 32;
const MIXED: Text = 'The pod runs several containers, and its series cover all of them together.';
/** What describing looks at, where no window is asked for. */
const DESCRIBED_MS = 30 * 60_000;
/** Errors that concern the way to the server, not one query. */
const OF_THE_SERVER: ReadonlySet<string> = new Set([
  'unreachable',
  'unauthorized',
  'forbidden',
  'notFound',
  'timeout',
  'badAnswer',
  'rateLimited',
  'server',
]);

/** Metrics from a Prometheus: one range query per metric for up to a hundred nodes, in parallel. */
export function createMetricSource(options: MetricSourceOptions): MetricSource & Pick<QueryGateway, 'queryOf'> {
  return new PrometheusSource(options);
}

class PrometheusSource implements MetricSource {
  readonly #options: MetricSourceOptions;
  readonly #concurrency: number;
  readonly #cache: WindowCache;
  readonly #series: ContainerSeries;
  #client: PrometheusClient | undefined;
  readonly #had = new Map<string, Probe['queries'][number]>();
  #probe: { key: string; until: number; result: Probe } | undefined;

  constructor(options: MetricSourceOptions) {
    this.#options = options;
    this.#concurrency = options.concurrency ?? 8;
    this.#cache = new WindowCache({ clock: options.clock });
    this.#series = new ContainerSeries(options.clock);
  }

  async describe(targets: readonly DatabasePod[], signal?: AbortSignal): Promise<Probe['info']> {
    return (await this.#known(targets, signal)).info;
  }

  async queryOf(
    metric: string,
    targets: readonly DatabasePod[],
    stepMs: number,
    signal?: AbortSignal,
  ): Promise<string | undefined> {
    const known = await this.#known(targets, signal);
    const found = known.queries.find(({ query }) => query.metric === metric);
    if (!found) return undefined;
    const { container } = this.#options;
    const windowMs = rateWindowMs(stepMs, known.scrapeMs[found.profile]);
    const toMs = this.#options.clock.now();
    const pinOf = await this.#pins(known, { targets, fromMs: toMs - DESCRIBED_MS, toMs }, signal);
    const texts = batchesOf(found.query, targets, container, pinOf).map((batch) =>
      batchQuery(found.query, batch, { container, rateWindowMs: windowMs }),
    );
    return texts.join(' or ') || undefined;
  }

  async leaderAt(targets: readonly DatabasePod[], atMs: number, signal?: AbortSignal): Promise<string | undefined> {
    const { servers } = await this.#known(targets, signal);
    const { container } = this.#options;
    return findLeader({ client: await this.#connected(signal), servers, targets, container, atMs, signal });
  }

  async fetch(request: FrameRequest, signal?: AbortSignal): Promise<MetricFrame> {
    const known = await this.#known(request.targets, signal);
    const wanted = known.queries.filter(({ query }) => request.metrics?.includes(query.metric) ?? true);
    const timestamps = timeAxis(request.fromMs, request.toMs, request.stepMs);
    const problems: MetricProblem[] = [];
    const frame = (series: MetricSeries[]): MetricFrame => ({
      timestamps,
      stepMs: request.stepMs,
      nodes: request.targets.map((target) => target.pod),
      series,
      problems,
    });
    if (timestamps.length === 0) return frame([]);
    const gaps = (): Float64Array => new Float64Array(timestamps.length).fill(NaN);
    const pinOf = await this.#pins(known, request, signal);
    const found = new Map<MetricQuery, Map<DatabasePod, Float64Array>>(wanted.map(({ query }) => [query, new Map()]));
    let answered = false;
    const failures: AppError[] = [];
    const undecided = new Map<string, [DatabasePod, Text]>();
    const tasks = wanted.flatMap(({ query, profile }) => {
      const { metric } = query;
      const listener: BatchListener = {
        values: (target, values) => {
          answered = true;
          found.get(query)?.set(target, values);
        },
        kept: (target, values) => void found.get(query)?.set(target, values),
        problem: ({ pod }, message, more) => void problems.push({ metric, node: pod, message, ...more }),
        failed: (error) => {
          failures.push(error);
          // With no answer at all so far the server itself is the problem: do not wait for the other queries.
          if (!answered && failures.length >= this.#concurrency && OF_THE_SERVER.has(error.code)) throw error;
        },
      };
      for (const target of request.targets) {
        const pin = pinOf(query, target);
        if (pin?.undecided !== undefined)
          undecided.set(`${target.pod} ${String(pin.undecided)}`, [target, pin.undecided]);
        else if ((pin?.value ?? nodeValue(query.node, target)) === undefined)
          listener.problem(target, 'The pod has no address yet.');
      }
      const allowance = { left: ALLOWANCE };
      const { container } = this.#options;
      const windowMs = rateWindowMs(request.stepMs, known.scrapeMs[profile]);
      const question = { query, container, rateWindowMs: windowMs, timestamps, stepMs: request.stepMs };
      return batchesOf(query, request.targets, container, pinOf).map((batch) => async () => {
        const way = { client: await this.#connected(signal), cache: this.#cache };
        await askBatch(way, batch, question, listener, allowance, signal);
      });
    });
    try {
      await inParallel(this.#concurrency, tasks);
      if (!answered && failures[0]) throw failures[0];
      const whole = frame(
        request.targets.flatMap((target) =>
          wanted.map(({ query }) => ({
            metric: query.metric,
            node: target.pod,
            values: found.get(query)?.get(target) ?? gaps(),
          })),
        ),
      );
      for (const [{ pod: node }, message] of undecided.values())
        problems.unshift({ metric: undefined, node, message, incomplete: true });
      // Only of what was asked up to now: a stretch of the past may end where it likes.
      const toNow = request.toMs > this.#options.clock.now() - 2 * request.stepMs;
      const silent = toNow ? silentNodes(whole, Math.max(known.scrapeMs.container, known.scrapeMs.oceanbase)) : [];
      for (const { node, forMs } of silent) {
        const message = msg`No new samples of ${node} for ${Math.round(forMs / 1000)} s. Check that it is still scraped.`;
        problems.unshift({ metric: undefined, node, message });
      }
      return whole;
    } catch (thrown) {
      throw this.#forget(thrown);
    }
  }

  async #connected(signal: AbortSignal | undefined): Promise<PrometheusClient> {
    if (this.#client) return this.#client;
    const { resolve, timeoutMs, maxBytes } = this.#options;
    const endpoint = await resolve(signal);
    this.#client = new PrometheusClient({
      endpoint,
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      ...(maxBytes === undefined ? {} : { maxBytes }),
    });
    return this.#client;
  }

  async #known(targets: readonly DatabasePod[], signal: AbortSignal | undefined): Promise<Probe> {
    const { clock, container, profile, log } = this.#options;
    const chosen = this.#options.origin?.();
    const key = JSON.stringify([
      chosen,
      targets.map(({ namespace, pod, ip, server, containers, sidecars }) => [
        [namespace, pod, ip, server, sidecars],
        containers.map(({ name }) => name),
      ]),
    ]);
    if (this.#probe && this.#probe.key === key && clock.now() < this.#probe.until) return this.#probe.result;
    try {
      const client = await this.#connected(signal);
      const result = await probe({
        client,
        targets,
        container,
        profile,
        nowMs: clock.now(),
        concurrency: this.#concurrency,
        chosen,
        signal,
      });
      const nowMs = clock.now();
      const asked = { targets, fromMs: nowMs - DESCRIBED_MS, toMs: nowMs };
      const { pinOf, choice } = await this.#identities(client, result, asked, signal);
      result.own = choice?.own;
      if (choice?.own) result.servers = result.servers.within(choice.own);
      const told = choice && !choice.own ? choice : (result.servers.choice ?? choice);
      if (told) this.#options.onSeveralClusters?.(told);
      const several = [
        choice && clustersNote(choice),
        result.servers.choice && severalClusters('obagent', result.servers.choice),
      ];
      const notes = several.filter((note) => note !== undefined);
      const twice = await findDuplicates(client, result, targets, container, pinOf, nowMs, signal);
      result.info = { ...result.info, notes: [...result.info.notes, ...notes, ...twice] };
      result.queries = this.#withThoseOfBefore(result.queries);
      const complete = result.info.notes.length === 0;
      this.#probe = { key, result, until: clock.now() + (complete ? PROBE_TTL_MS : MISSING_TTL_MS) };
      log.debug(
        `Prometheus ${result.info.version ?? ''} at ${result.info.url}: profile ${result.info.profile}, ${result.info.metrics.length} metrics`,
        ...result.info.notes,
      );
      return result;
    } catch (thrown) {
      throw this.#forget(thrown);
    }
  }

  /** Which series are each target's own over a window. */
  async #pins(
    known: Probe,
    window: Pick<FrameRequest, 'targets' | 'fromMs' | 'toMs'>,
    signal: AbortSignal | undefined,
  ): Promise<PinOf> {
    try {
      return (await this.#identities(await this.#connected(signal), known, window, signal)).pinOf;
    } catch (thrown) {
      throw this.#forget(thrown);
    }
  }

  async #identities(
    client: PrometheusClient,
    probed: Probe,
    { targets, fromMs, toMs }: Pick<FrameRequest, 'targets' | 'fromMs' | 'toMs'>,
    signal: AbortSignal | undefined,
  ): Promise<{ pinOf: PinOf; choice: OriginChoice | undefined }> {
    const containers = await this.#series.pins({
      client,
      queries: probed.queries.filter(({ profile }) => profile === 'container').map(({ query }) => query),
      targets,
      container: this.#options.container,
      fromMs,
      toMs,
      chosen: this.#options.origin?.(),
      known: probed.own,
      signal,
    });
    const pinOf: PinOf = (query, target) => {
      if (query.node === 'svr_ip') return probed.servers.pinOf(target);
      return probed.isMixed(target) && asksContainers(query) ? { undecided: MIXED } : containers.pinOf(query, target);
    };
    return { pinOf, choice: containers.choice };
  }

  /** What the server had before is still asked for: that it is gone is to be seen, however long ago that was. */
  #withThoseOfBefore(queries: Probe['queries']): Probe['queries'] {
    for (const one of queries) this.#had.set(one.query.metric, one);
    const found = new Set(queries.map(({ query }) => query.metric));
    return [...queries, ...[...this.#had.values()].filter(({ query }) => !found.has(query.metric))];
  }

  /** After an error of the server the way to it is looked for again. */
  #forget(thrown: unknown): AppError {
    const error = toAppError(thrown);
    if (OF_THE_SERVER.has(error.code)) {
      this.#client = undefined;
      this.#probe = undefined;
      this.#cache.clear();
      this.#series.clear();
      this.#had.clear();
    }
    return error;
  }
}

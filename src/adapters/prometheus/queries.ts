import { msg } from '../../core/base/text';
import type { HttpEndpoint } from '../../core/cluster/endpoint';
import { toAppError } from '../../core/base/errors';
import { timeAxis } from '../../core/metrics/axis';
import {
  fittingNames,
  nameSelector,
  seriesName,
  shortSeriesNames,
  type QueryAnswer,
  type QueryGateway,
} from '../../core/metrics/chartQuery';
import type { Clock } from '../../core/base/clock';
import { PrometheusClient } from './connection/client';
import { WindowCache } from './windowCache';

/** What queries of the user's own need. */
export interface QueriesOptions {
  /** The way to Prometheus; asked again after an error. */
  resolve: (signal?: AbortSignal) => Promise<HttpEndpoint>;
  clock: Clock;
  /** How the metrics' own queries are written. */
  queryOf: QueryGateway['queryOf'];
  timeoutMs?: number;
}

/** New metrics are seldom; a list of all names may be long. */
const NAMES_TTL_MS = 60_000;

/** Queries of the user's own, with the same way and the same limits as the metrics'. */
export function createQueries(options: QueriesOptions): QueryGateway {
  return new PrometheusQueries(options);
}

class PrometheusQueries implements QueryGateway {
  readonly #options: QueriesOptions;
  readonly #cache: WindowCache;
  readonly queryOf: QueryGateway['queryOf'];
  #client: PrometheusClient | undefined;
  #names: { list: readonly string[]; until: number } | undefined;

  constructor(options: QueriesOptions) {
    this.#options = options;
    this.#cache = new WindowCache({ clock: options.clock, maxSamples: 500_000 });
    this.queryOf = options.queryOf;
  }

  async names(text: string, limit: number, signal?: AbortSignal): Promise<string[]> {
    const { clock } = this.#options;
    if (!this.#names || clock.now() >= this.#names.until) {
      const { data } = await this.#do((client) => client.get('/api/v1/label/__name__/values', {}, signal), signal);
      const list = Array.isArray(data) ? data.filter((name) => typeof name === 'string').map(nameSelector) : [];
      this.#names = { list, until: clock.now() + NAMES_TTL_MS };
    }
    return fittingNames(this.#names.list, text, limit);
  }

  async range(
    query: string,
    { fromMs, toMs, stepMs }: { fromMs: number; toMs: number; stepMs: number },
    maxSeries: number,
    signal?: AbortSignal,
  ): Promise<QueryAnswer> {
    const timestamps = timeAxis(fromMs, toMs, stepMs);
    if (timestamps.length === 0) return { timestamps, lines: [], left: 0, warnings: [] };
    const { nodes, warnings } = await this.#cache.range(query, { timestamps, stepMs }, async (asked) => {
      const range = { fromMs: asked[0] as number, toMs: asked.at(-1) as number, stepMs };
      const answer = await this.#do((client) => client.queryRange(query, range, signal), signal);
      const series = answer.data.map(({ labels, points }) => [seriesName(labels, query), { points, most: 1 }] as const);
      return { nodes: new Map(series), warnings: new Set(answer.warnings) };
    });
    const names = shortSeriesNames([...nodes.keys()]);
    const lines = [...nodes.values()]
      .map(({ values }, i) => ({ name: names[i] as string, values }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    return {
      timestamps,
      lines: lines.slice(0, maxSeries),
      left: Math.max(0, lines.length - maxSeries),
      warnings: [...warnings].map((warning) => msg`Prometheus warns: ${warning}`),
    };
  }

  async #do<T>(work: (client: PrometheusClient) => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    const { resolve, timeoutMs } = this.#options;
    try {
      this.#client ??= new PrometheusClient({
        endpoint: await resolve(signal),
        ...(timeoutMs === undefined ? {} : { timeoutMs }),
      });
      return await work(this.#client);
    } catch (thrown) {
      const error = toAppError(thrown);
      // A query that is wrong says nothing about the server.
      if (error.code !== 'invalid' && error.code !== 'cancelled') {
        this.#client = undefined;
        this.#names = undefined;
        this.#cache.clear();
      }
      throw error;
    }
  }
}

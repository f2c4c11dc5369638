import { isLoopback } from '../../../core/cluster/connection';
import type { HttpEndpoint } from '../../../core/cluster/endpoint';
import { exchange } from '../../http/transport';
import { readAnswer, seriesOf, type Answer, type MatrixSeries } from './answer';
import { prometheusPeer } from './errors';

/** The server, how long an answer may take, and how large it may be. */
export interface PrometheusClientOptions {
  endpoint: HttpEndpoint;
  timeoutMs?: number;
  maxBytes?: number;
}

/** Prometheus's HTTP API at one endpoint. Throws AppError only. */
export class PrometheusClient {
  readonly endpoint: HttpEndpoint;
  readonly #timeoutMs: number;
  readonly #maxBytes: number;

  constructor(options: PrometheusClientOptions) {
    this.endpoint = options.endpoint;
    this.#timeoutMs = options.timeoutMs ?? 15_000;
    this.#maxBytes = options.maxBytes ?? 16 * 1024 * 1024;
  }

  /** An instant query; a vector's elements, a scalar as one element without labels, or a range selector's series. */
  async query(query: string, timeMs: number, signal?: AbortSignal): Promise<Answer<MatrixSeries[]>> {
    const { data, warnings } = await this.get('/api/v1/query', { query, time: seconds(timeMs) }, signal);
    return { data: seriesOf(data, this.endpoint.baseUrl), warnings };
  }

  /**
   * A range query; both ends inclusive. VictoriaMetrics would write over what is newer than 30 s with an older value
   * (`-search.latencyOffset`), half a minute in which no fault is seen: it is told not to. Others do not know the word.
   */
  async queryRange(
    query: string,
    range: { fromMs: number; toMs: number; stepMs: number },
    signal?: AbortSignal,
  ): Promise<Answer<MatrixSeries[]>> {
    const axis = { start: seconds(range.fromMs), end: seconds(range.toMs), step: seconds(range.stepMs) };
    const parameters = { query, ...axis, latency_offset: '1ms' };
    const { data, warnings } = await this.get('/api/v1/query_range', parameters, signal);
    return { data: seriesOf(data, this.endpoint.baseUrl), warnings };
  }

  /** The `data` of any GET of the API. */
  get(path: string, query: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<Answer<unknown>> {
    const { baseUrl } = this.endpoint;
    return exchange<string, Answer<unknown>>(
      {
        url: `${baseUrl}${path}`,
        query,
        access: () => this.endpoint.access(),
        responseType: 'text',
        maxBytes: this.#maxBytes,
        timeoutMs: this.#timeoutMs,
        environmentProxy: !isLoopback(baseUrl), // what is of this machine does not leave it
        signal,
        peer: prometheusPeer(baseUrl),
      },
      ({ status, data }, sentHeaders) => readAnswer(status, data, baseUrl, sentHeaders),
    );
  }
}

const seconds = (ms: number): string => String(ms / 1000);

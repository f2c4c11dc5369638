import type { Agent as HttpAgent } from 'node:http';
import axios from 'axios';
import type { HttpEndpoint } from '../../core/endpoint';
import { isRecord, textOf } from '../../core/unknown';
import { answerError, shapeError, transportError } from './errors';

/** One series of a range answer: its labels and points (epoch milliseconds, value). */
export interface MatrixSeries {
  labels: Readonly<Record<string, unknown>>;
  points: (readonly [atMs: number, value: number])[];
}

/** An answer's data, with what Prometheus warned of. */
export interface Answer<T> {
  data: T;
  warnings: string[];
}

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
    return { data: this.#series(data), warnings };
  }

  /** A range query; both ends inclusive. */
  async queryRange(
    query: string,
    range: { fromMs: number; toMs: number; stepMs: number },
    signal?: AbortSignal,
  ): Promise<Answer<MatrixSeries[]>> {
    const parameters = { query, start: seconds(range.fromMs), end: seconds(range.toMs), step: seconds(range.stepMs) };
    const { data, warnings } = await this.get('/api/v1/query_range', parameters, signal);
    return { data: this.#series(data), warnings };
  }

  /** The `data` of any GET of the API. */
  async get(
    path: string,
    parameters: Readonly<Record<string, string>>,
    signal?: AbortSignal,
  ): Promise<Answer<unknown>> {
    const { baseUrl } = this.endpoint;
    const deadline = new AbortController();
    const timer = setTimeout(() => deadline.abort(), this.#timeoutMs);
    try {
      const { headers, agent } = await this.endpoint.access();
      const response = await axios.request<string>({
        url: `${baseUrl}${path}?${new URLSearchParams(parameters).toString()}`,
        headers: { Accept: 'application/json', ...headers },
        ...(agent === undefined ? {} : { httpAgent: agent as HttpAgent, httpsAgent: agent, proxy: false as const }),
        maxRedirects: 0,
        maxContentLength: this.#maxBytes,
        responseType: 'text',
        transformResponse: (data: string) => data,
        validateStatus: () => true,
        signal: signal ? AbortSignal.any([signal, deadline.signal]) : deadline.signal,
      });
      return this.#read(response.status, response.data);
    } catch (thrown) {
      throw transportError(thrown, baseUrl, deadline.signal.aborted, signal?.aborted ?? false);
    } finally {
      clearTimeout(timer);
    }
  }

  #read(status: number, text: string): Answer<unknown> {
    const { baseUrl } = this.endpoint;
    let body: unknown;
    try {
      body = JSON.parse(text) as unknown;
    } catch {
      if (status >= 200 && status < 300) throw shapeError(baseUrl, /^\s*</.test(text));
      throw answerError(status, text, baseUrl);
    }
    if (status < 200 || status >= 300 || (isRecord(body) && body['status'] === 'error'))
      throw answerError(status, body, baseUrl);
    if (!isRecord(body) || body['status'] !== 'success' || body['data'] === undefined) throw shapeError(baseUrl, false);
    return {
      data: body['data'],
      warnings: Array.isArray(body['warnings']) ? body['warnings'].map(textOf).filter((one) => one !== '') : [],
    };
  }

  #series(data: unknown): MatrixSeries[] {
    if (!isRecord(data) || !Array.isArray(data['result'])) throw shapeError(this.endpoint.baseUrl, false);
    if (data['resultType'] === 'scalar') return [{ labels: {}, points: points([data['result']]) }];
    return data['result'].filter(isRecord).map((one) => ({
      labels: isRecord(one['metric']) ? one['metric'] : {},
      points: points(Array.isArray(one['values']) ? one['values'] : [one['value']]),
    }));
  }
}

const seconds = (ms: number): string => String(ms / 1000);

/** A sample's value as Prometheus writes it: `"1.5"`, `"NaN"`, `"+Inf"`; anything else is NaN. */
export function parseSample(text: unknown): number {
  if (text === '+Inf' || text === 'Inf') return Infinity;
  if (text === '-Inf') return -Infinity;
  if (typeof text === 'number') return text;
  return typeof text === 'string' && text.trim() !== '' ? Number(text) : NaN;
}

function points(values: readonly unknown[]): (readonly [number, number])[] {
  return values.flatMap((value): (readonly [number, number])[] => {
    if (!Array.isArray(value) || typeof value[0] !== 'number' || !Number.isFinite(value[0])) return [];
    return [[Math.round(value[0] * 1000), parseSample(value[1])]];
  });
}

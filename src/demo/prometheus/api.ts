import { queryInstant, queryRange, matchersOf } from './engine';
import { metadataOf } from './metadata';
import { lowerBound, matcherTest, type Labels, type SeriesStore } from './store';
import { parseDurationMs, parseExpression, QueryError } from './syntax';
import type { Value } from './values';

/** An answer of Prometheus's HTTP API. */
export interface ApiAnswer {
  status: number;
  body: unknown;
}

/** Sample values travel as text, with Prometheus's spelling of what JSON cannot hold. */
function text(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (value === Infinity) return '+Inf';
  if (value === -Infinity) return '-Inf';
  return String(value);
}

const FLOAT = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** Unix seconds or RFC 3339 as epoch milliseconds. */
function timeOf(parameters: URLSearchParams, name: string, fallback?: number): number {
  const given = parameters.get(name);
  if (given === null || given === '') {
    if (fallback !== undefined) return fallback;
    throw new QueryError(`invalid parameter "${name}": cannot parse "" to a valid timestamp`);
  }
  // Only these two spellings: Date.parse would take "2024" or "Nov 24" for a moment that nobody meant.
  const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(given);
  const number = FLOAT.test(given) ? Number(given) * 1000 : rfc3339 ? Date.parse(given) : NaN;
  if (!Number.isFinite(number))
    throw new QueryError(`invalid parameter "${name}": cannot parse ${JSON.stringify(given)} to a valid timestamp`);
  return Math.round(number);
}

/** Seconds or a duration such as `15s`, in whole milliseconds as Prometheus keeps its times. */
function stepOf(parameters: URLSearchParams): number {
  const given = parameters.get('step') ?? '';
  if (FLOAT.test(given)) {
    const step = Math.trunc(Number(given) * 1000);
    if (step === 0 && Number(given) > 0)
      throw new QueryError('invalid parameter "step": a step below one millisecond is not supported');
    return step;
  }
  try {
    return parseDurationMs(given);
  } catch {
    throw new QueryError(`invalid parameter "step": cannot parse ${JSON.stringify(given)} to a valid duration`);
  }
}

/** Answers one call of the API; never throws. */
export function answerApi(
  store: SeriesStore,
  path: string,
  parameters: URLSearchParams,
  nowMs: number,
  scrapeMs: number,
): ApiAnswer {
  try {
    const data = route(store, path, parameters, nowMs, scrapeMs);
    if (data === undefined)
      return { status: 404, body: { status: 'error', errorType: 'not_found', error: `no such path: ${path}` } };
    return { status: 200, body: { status: 'success', data } };
  } catch (error) {
    const type = error instanceof QueryError ? error.type : 'internal';
    const status = type === 'bad_data' ? 400 : type === 'execution' ? 422 : 500;
    return {
      status,
      body: { status: 'error', errorType: type, error: error instanceof Error ? error.message : String(error) },
    };
  }
}

function route(
  store: SeriesStore,
  path: string,
  parameters: URLSearchParams,
  nowMs: number,
  scrapeMs: number,
): unknown {
  const query = parameters.get('query') ?? '';
  switch (path) {
    case '/api/v1/query':
      return instant(queryInstant(store, query, timeOf(parameters, 'time', nowMs)), timeOf(parameters, 'time', nowMs));
    case '/api/v1/query_range': {
      const range = {
        startMs: timeOf(parameters, 'start'),
        endMs: timeOf(parameters, 'end'),
        stepMs: stepOf(parameters),
      };
      const result = queryRange(store, query, range).map(({ labels, points }) => ({
        metric: labels,
        values: points.map(([at, value]) => [at, text(value)]),
      }));
      return { resultType: 'matrix', result };
    }
    case '/api/v1/series':
      if (parameters.getAll('match[]').length === 0) throw new QueryError('no match[] parameter provided');
      return matched(store, parameters);
    case '/api/v1/labels':
      return [...new Set(matched(store, parameters).flatMap((labels) => Object.keys(labels)))].sort();
    case '/api/v1/metadata':
      return metadataOf(store, parameters);
    case '/api/v1/status/buildinfo':
      return {
        version: '2.42.0',
        revision: 'distdiag-demo',
        branch: 'HEAD',
        buildUser: '',
        buildDate: '',
        goVersion: '',
      };
    case '/api/v1/status/config':
      return { yaml: `global:\n  scrape_interval: ${scrapeMs / 1000}s\n` };
    case '/api/v1/targets':
      return {
        activeTargets: [
          { labels: { job: 'oceanbase', instance: 'demo' }, health: 'up', lastScrape: new Date(nowMs).toISOString() },
        ],
        droppedTargets: [],
      };
    default: {
      const label = /^\/api\/v1\/label\/([^/]+)\/values$/.exec(path)?.[1];
      if (!label) return undefined;
      if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(label)) throw new QueryError(`invalid label name: ${JSON.stringify(label)}`);
      return [...new Set(matched(store, parameters).flatMap((labels) => labels[label] ?? []))].sort();
    }
  }
}

/** The series that any `match[]` selects and that have a sample between `start` and `end`. */
function matched(store: SeriesStore, parameters: URLSearchParams): Labels[] {
  const wanted = parameters.getAll('match[]');
  const start = timeOf(parameters, 'start', -Infinity);
  const end = timeOf(parameters, 'end', Infinity);
  const tests = wanted.map((selector) => {
    const node = parseExpression(selector);
    if (node.type !== 'VectorSelector')
      throw new QueryError(`invalid parameter "match[]": ${selector} is no series selector`);
    return matchersOf(node).map(matcherTest);
  });
  return store
    .all()
    .filter(({ times }) => (times[lowerBound(times, start)] ?? Infinity) <= end)
    .map(({ labels }) => labels)
    .filter((labels) => tests.length === 0 || tests.some((test) => test.every((one) => one(labels))));
}

function instant(value: Value, timeMs: number): unknown {
  const at = timeMs / 1000;
  switch (value.type) {
    case 'scalar':
      return { resultType: 'scalar', result: [at, text(value.scalar)] };
    case 'string':
      return { resultType: 'string', result: [at, value.string] };
    case 'vector':
      return {
        resultType: 'vector',
        result: value.vector.map(({ labels, value: number }) => ({ metric: labels, value: [at, text(number)] })),
      };
    case 'matrix':
      return {
        resultType: 'matrix',
        result: value.matrix.map(({ labels, times, values }) => ({
          metric: labels,
          values: times.map((time, i) => [time / 1000, text(values[i] as number)]),
        })),
      };
  }
}

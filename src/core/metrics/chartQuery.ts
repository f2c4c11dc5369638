import type { Text } from '../base/text';
import type { DatabasePod } from '../cluster/databasePod';
import { textOf } from '../base/unknown';

/** A stretch of time on whole steps, epoch milliseconds. */
export interface QueryStretch {
  fromMs: number;
  toMs: number;
  stepMs: number;
}

/** The answer to a query of the user's own, on one axis. */
export interface QueryAnswer {
  timestamps: Float64Array;
  /** By their labels; NaN = no sample there. */
  lines: readonly { name: string; values: Float64Array }[];
  /** Series that were left out, beyond the limit. */
  left: number;
  warnings: readonly Text[];
}

/** Queries of the user's own at the server that the metrics come from. Throws AppError only. */
export interface QueryGateway {
  /** Names of the server's metrics that a text may become, best first. */
  names(text: string, limit: number, signal?: AbortSignal): Promise<string[]>;
  /** A query over a stretch; of more series than the limit the first. */
  range(query: string, stretch: QueryStretch, maxSeries: number, signal?: AbortSignal): Promise<QueryAnswer>;
  /** The PromQL by which a metric of these nodes is asked; undefined where the server does not have it. */
  queryOf(
    metric: string,
    targets: readonly DatabasePod[],
    stepMs: number,
    signal?: AbortSignal,
  ): Promise<string | undefined>;
}

/** Series of one chart of the user's own: more could not be told apart. */
export const MAX_SERIES = 50;

/** Names that fit a text: those that begin with it, then those that contain it, each by alphabet. */
export function fittingNames(names: readonly string[], text: string, limit: number): string[] {
  const wanted = text.toLowerCase();
  const rank = (name: string): number => {
    const at = name.toLowerCase().indexOf(wanted);
    return at < 0 ? Infinity : at === 0 ? 0 : name[at - 1] === '_' || name[at - 1] === ':' ? 1 : 2;
  };
  return names
    .map((name) => ({ name, place: rank(name) }))
    .filter(({ place }) => place < Infinity)
    .sort((a, b) => a.place - b.place || (a.name < b.name ? -1 : 1))
    .slice(0, limit)
    .map(({ name }) => name);
}

const PLAIN = /^[a-zA-Z_:][\w:]*$/;

/** A metric's name as a selector: as of Prometheus 3 it may have any UTF-8, and is then written in quotes and braces. */
export const nameSelector = (name: string): string => (PLAIN.test(name) ? name : `{${JSON.stringify(name)}}`);

/** Labels as PromQL writes them: `up{job="node"}`, `{"http.time", "k8s.pod"="a"}`; without any, the query itself stands for the line. */
export function seriesName(labels: Readonly<Record<string, unknown>>, query: string): string {
  const { __name__: metric, ...rest } = labels;
  const quoted = (name: string): string => (PLAIN.test(name) ? name : JSON.stringify(name));
  const pairs = Object.entries(rest).map(([name, value]) => `${quoted(name)}=${JSON.stringify(textOf(value))}`);
  const name = typeof metric === 'string' ? metric : '';
  if (pairs.length === 0) return name === '' ? query : nameSelector(name);
  return name === '' || PLAIN.test(name)
    ? `${name}{${pairs.join(', ')}}`
    : `{${[JSON.stringify(name), ...pairs].join(', ')}}`;
}

/** Of names that are nothing but one label the values, where they are enough to tell the lines apart. */
export function shortSeriesNames(names: readonly string[]): string[] {
  const short = names.map((name) => {
    const [, value] = /^\{(?:[^={},"]+|"(?:[^"\\]|\\.)*")=("(?:[^"\\]|\\.)*")\}$/.exec(name) ?? [];
    return value === undefined ? name : (JSON.parse(value) as string);
  });
  const times = new Map<string, number>();
  for (const name of short) times.set(name, (times.get(name) ?? 0) + 1);
  return short.map((name, i) => ((times.get(name) as number) > 1 ? (names[i] as string) : name));
}

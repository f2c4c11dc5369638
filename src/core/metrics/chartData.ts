import { csvOf } from '../base/csv';

/** Columns of a chart to be written to a file. */
export interface ChartData {
  /** The metric's id, or the query of one's own. */
  chart: string;
  unit: string | undefined;
  timestamps: Float64Array;
  lines: readonly { name: string; values: Float64Array }[];
}

const time = (ms: number): string => new Date(ms).toISOString();

/** One row for each time of each chart's axis, one column for each line; a missing sample is an empty field. */
export function toCsv(charts: readonly ChartData[]): string {
  const times = [...new Set(charts.flatMap(({ timestamps }) => [...timestamps]))].sort((a, b) => a - b);
  const columns = charts.flatMap(({ chart, unit, timestamps, lines }) => {
    const places = new Map([...timestamps].map((at, place) => [at, place]));
    const suffix = unit === undefined ? '' : ` [${unit}]`;
    return lines.map(({ name, values }) => ({ title: [chart + suffix, name].join(' '), places, values }));
  });
  const rows = times.map((at) => [
    time(at),
    ...columns.map(({ places, values }) => {
      const value = values[places.get(at) ?? -1];
      return value === undefined || !Number.isFinite(value) ? '' : String(value);
    }),
  ]);
  return csvOf([['time', ...columns.map(({ title }) => title)], ...rows]);
}

/** The same as JSON: times in ISO 8601, a missing sample is null. */
export function toJson(charts: readonly ChartData[]): string {
  const data = charts.map(({ chart, unit, timestamps, lines }) => ({
    chart,
    ...(unit === undefined ? {} : { unit }),
    times: [...timestamps].map(time),
    series: lines.map(({ name, values }) => ({
      name,
      values: [...values].map((value) => (Number.isFinite(value) ? value : null)),
    })),
  }));
  return `${JSON.stringify({ charts: data }, undefined, 1)}\n`;
}

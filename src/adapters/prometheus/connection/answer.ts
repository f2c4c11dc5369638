import type { Text } from '../../../core/base/text';
import { isRecord, textOf } from '../../../core/base/unknown';
import { withoutCredentials } from '../../../core/base/withoutCredentials';
import { answerError, shapeError } from './errors';

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

/**
 * Reads an answer of Prometheus's HTTP API from unknown text, without the credentials of the headers that were sent. Throws
 * AppError: the server's own error, or that it is no answer.
 */
export function readAnswer(
  status: number,
  text: string,
  baseUrl: string,
  headers: Readonly<Record<string, unknown>> = {},
): Answer<unknown> {
  let body: unknown;
  try {
    body = JSON.parse(text) as unknown;
  } catch {
    if (status >= 200 && status < 300) throw shapeError(baseUrl, /^\s*</.test(text), text.slice(0, 2000));
    throw answerError(status, withoutCredentials(text, headers), baseUrl);
  }
  const data = isRecord(body) && body['status'] === 'success' ? body['data'] : undefined;
  body = withoutCredentials(data === undefined ? body : { ...(body as object), data: {} }, headers);
  if (status < 200 || status >= 300 || (isRecord(body) && body['status'] === 'error'))
    throw answerError(status, body, baseUrl);
  if (!isRecord(body) || data === undefined) throw shapeError(baseUrl, false);
  return {
    data: withoutCredentials(data, headers, 'data'),
    warnings: warningsOf(body),
  };
}

/** Prometheus 2.48 to 2.5x has its remarks on the wording of a query among the warnings: nothing is wrong with the data. */
const REMARK = /^PromQL info\b/;

const PARTIAL = 'Partial response: a storage node did not respond.' satisfies Text;

/** The server's warnings about its data; VictoriaMetrics has a separate field for partial data. */
function warningsOf(body: Readonly<Record<string, unknown>>): string[] {
  const said = Array.isArray(body['warnings']) ? body['warnings'].map(textOf) : [];
  const partial = body['isPartial'] === true ? [PARTIAL] : [];
  return [...said.filter((one) => one !== '' && !REMARK.test(one)), ...partial];
}

/** The series of a query's data: of a vector, a matrix, or a scalar (one series without labels). Throws AppError for another shape. */
export function seriesOf(data: unknown, baseUrl: string): MatrixSeries[] {
  if (!isRecord(data) || !Array.isArray(data['result'])) throw shapeError(baseUrl, false);
  if (data['resultType'] === 'scalar') return [{ labels: {}, points: points([data['result']]) }];
  return data['result'].filter(isRecord).map((one) => ({
    labels: isRecord(one['metric']) ? one['metric'] : {},
    points: points(Array.isArray(one['values']) ? one['values'] : [one['value']]),
  }));
}

/** A sample's value as Prometheus writes it: `"1.5"`, `"NaN"`, `"+Inf"`; anything else is NaN. */
export function parseSample(text: unknown): number {
  if (text === '+Inf' || text === 'Inf') return Infinity;
  if (text === '-Inf') return -Infinity;
  if (typeof text === 'number') return text;
  return typeof text === 'string' && text.trim() !== '' ? Number(text) : NaN;
}

function points(values: readonly unknown[]): MatrixSeries['points'] {
  const found: MatrixSeries['points'] = [];
  for (const value of values)
    if (Array.isArray(value) && typeof value[0] === 'number' && Number.isFinite(value[0]))
      found.push([Math.round(value[0] * 1000), parseSample(value[1])]);
  return found;
}

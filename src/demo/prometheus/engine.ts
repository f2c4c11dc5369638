import { scalarBinary, setOperation, vectorBinary, type Matching } from './binary';
import { evaluateAggregation, call, type Groups } from './calls';
import { isComparison, operate, withoutName, type Element, type RangeElement } from './functions';
import { labelKey, lowerBound, matcherTest, type Labels, type SeriesStore, type StoredSeries } from './store';
import {
  parseDurationMs,
  parseExpression,
  parseMatchers,
  parseNumber,
  parseString,
  QueryError,
  type Matcher,
  type Node,
} from './syntax';
import { child, type Value } from './values';

/** One series of a range query's answer. */
export interface RangeSeries {
  labels: Labels;
  /** [epoch seconds, value] */
  points: [number, number][];
}

const LOOKBACK_MS = 5 * 60_000;
const MAX_POINTS = 11_000;

/** A range query as Prometheus 2 answers it, or 3 where the store is left-open. Throws QueryError. */
export function queryRange(
  store: SeriesStore,
  expression: string,
  range: { startMs: number; endMs: number; stepMs: number },
): RangeSeries[] {
  const { startMs, endMs, stepMs } = range;
  if (!(stepMs > 0))
    throw new QueryError('zero or negative query resolution step widths are not accepted. Try a positive integer');
  if (endMs < startMs) throw new QueryError('invalid parameter "end": end timestamp must not be before start time');
  if ((endMs - startMs) / stepMs > MAX_POINTS) {
    throw new QueryError(
      'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)',
    );
  }
  const node = parseExpression(expression);
  const result = new Map<string, RangeSeries>();
  // Most labels are the same objects at every step.
  const known = new Map<Labels, RangeSeries>();
  const once: Omit<Context, 'store' | 'time'> = { selected: new Map(), groups: new Map() };
  for (let time = startMs; time <= endMs; time += stepMs) {
    const value = evaluate(node, { store, time, ...once });
    if (value.type === 'matrix' || value.type === 'string')
      throw new QueryError(
        `invalid expression type "${value.type === 'matrix' ? 'range vector' : 'string'}" for range query, must be Scalar or instant Vector`,
      );
    const elements = value.type === 'scalar' ? [{ labels: {}, value: value.scalar }] : value.vector;
    for (const { labels, value: number } of elements) {
      let series = known.get(labels);
      if (!series) {
        const key = labelKey(labels);
        series = result.get(key) ?? { labels, points: [] };
        result.set(key, series);
        known.set(labels, series);
      }
      series.points.push([time / 1000, number]);
    }
  }
  return [...result.values()];
}

/** An instant query. Throws QueryError. */
export function queryInstant(store: SeriesStore, expression: string, timeMs: number): Value {
  return evaluate(parseExpression(expression), { store, time: timeMs, selected: new Map(), groups: new Map() });
}

interface Context {
  store: SeriesStore;
  time: number;
  /** What a selector selects is the same at every step of a query. */
  selected: Map<Node, StoredSeries[]>;
  /** So are the groups of an aggregation. */
  groups: Map<Node, Groups>;
}

function groupsOnce(node: Node, { groups }: Context): Groups {
  let known = groups.get(node);
  if (!known) groups.set(node, (known = { ofMember: new Map(), byKey: new Map() }));
  return known;
}

function selectOnce(node: Node, { store, selected }: Context): StoredSeries[] {
  let found = selected.get(node);
  if (!found) selected.set(node, (found = store.select(matchersOf(node))));
  return found;
}

function evaluate(node: Node, context: Context, offset = 0): Value {
  switch (node.type) {
    case 'NumberDurationLiteral':
      return { type: 'scalar', scalar: parseNumber(node.text) };
    case 'StringLiteral':
      return { type: 'string', string: parseString(node.text) };
    case 'ParenExpr':
      return evaluate(child(node, 0), context, offset);
    case 'VectorSelector':
      return { type: 'vector', vector: instantVector(node, context, offset) };
    case 'MatrixSelector':
      return { type: 'matrix', matrix: rangeVector(node, context, offset) };
    case 'OffsetExpr':
      if (!['VectorSelector', 'MatrixSelector'].includes(child(node, 0).type))
        throw new QueryError('offset modifier must be preceded by an instant vector selector or range vector selector');
      return evaluate(child(node, 0), context, offset + offsetMs(node));
    case 'UnaryExpr':
      return distinct(unary(node, context));
    case 'BinaryExpr':
      return distinct(binary(node, context));
    case 'FunctionCall':
      return distinct(call(node, context.time, (argument) => evaluate(argument, context)));
    case 'AggregateExpr':
      return {
        type: 'vector',
        vector: evaluateAggregation(node, (argument) => evaluate(argument, context), groupsOnce(node, context)),
      };
    default:
      throw new QueryError(`unsupported by this server: ${node.type} in ${JSON.stringify(node.text)}`);
  }
}

/** Without their names, series can become the same: an error, for either of them would be the wrong one. */
function distinct(value: Value): Value {
  if (value.type !== 'vector' || value.vector.length < 2) return value;
  if (new Set(value.vector.map(({ labels }) => labelKey(labels))).size < value.vector.length)
    throw new QueryError('vector cannot contain metrics with the same labelset', 'execution');
  return value;
}

function offsetMs(node: Node): number {
  const text = node.children.at(-1)?.text ?? '';
  const negative = /offset\s*-/.test(node.text.slice(child(node, 0).text.length));
  const duration = parseDurationMs(text.replace(/^-/, '').trim());
  if (duration === 0) throw new QueryError('duration must be greater than 0');
  return duration * (negative ? -1 : 1);
}

/** A selector's matchers; refuses one that would select everything. */
export function matchersOf(node: Node): Matcher[] {
  const matchers = parseMatchers(node);
  if (matchers.every((matcher) => matcherTest(matcher)({})))
    throw new QueryError('vector selector must contain at least one non-empty matcher');
  return matchers;
}

/** The first millisecond of a range that begins at a time. */
const firstAfter = (startMs: number, { leftOpen }: SeriesStore): number => startMs + Number(leftOpen);

function instantVector(node: Node, context: Context, offset: number): Element[] {
  const at = context.time - offset;
  const oldest = firstAfter(at - LOOKBACK_MS, context.store);
  const vector: Element[] = [];
  for (const { labels, times, values } of selectOnce(node, context)) {
    const index = lowerBound(times, at + 1) - 1;
    if (index < 0 || (times[index] as number) < oldest || Number.isNaN(values[index])) continue;
    vector.push({ labels, value: values[index] as number });
  }
  return vector;
}

function rangeVector(node: Node, context: Context, offset: number): RangeElement[] {
  const selector = child(node, 0);
  if (selector.type !== 'VectorSelector') throw new QueryError('ranges only allowed for vector selectors');
  const rangeMs = parseDurationMs(child(node, 1).text);
  if (rangeMs === 0) throw new QueryError('duration must be greater than 0');
  const endMs = context.time - offset;
  const startMs = endMs - rangeMs;
  const matrix: RangeElement[] = [];
  for (const { labels, times, values } of selectOnce(selector, context)) {
    const from = lowerBound(times, firstAfter(startMs, context.store));
    const to = lowerBound(times, endMs + 1);
    const kept: RangeElement = { labels, times: times.slice(from, to), values: values.slice(from, to), startMs, endMs };
    if (kept.values.some(Number.isNaN)) {
      kept.times = kept.times.filter((_, i) => !Number.isNaN(kept.values[i]));
      kept.values = kept.values.filter((value) => !Number.isNaN(value));
    }
    if (kept.times.length > 0) matrix.push(kept);
  }
  return matrix;
}

function unary(node: Node, context: Context): Value {
  const negative = child(node, 0).text === '-';
  const value = evaluate(child(node, 1), context);
  if (!negative) return value;
  if (value.type === 'scalar') return { type: 'scalar', scalar: -value.scalar };
  if (value.type !== 'vector')
    throw new QueryError('unary expression only allowed on expressions of type scalar or instant vector');
  return {
    type: 'vector',
    vector: value.vector.map((element) => ({ labels: withoutName(element.labels), value: -element.value })),
  };
}

function binary(node: Node, context: Context): Value {
  const left = child(node, 0);
  const right = child(node, node.children.length - 1);
  const op = child(node, 1).text.toLowerCase();
  const modifiers = node.children.slice(2, -1);
  const clause = modifiers.find((part) => part.type === 'MatchingModifierClause');
  const bool = modifiers.some((part) => part.type === 'BoolModifier' && part.text.startsWith('bool'));
  const matching = matchingOf(
    clause ??
      modifiers
        .find((part) => part.children.some((inner) => inner.type === 'MatchingModifierClause'))
        ?.children.find((inner) => inner.type === 'MatchingModifierClause'),
  );
  // The grammar takes a sign into the number, but a power binds closer than a sign: -2 ^ 2 is -4.
  if (op === '^' && left.type === 'NumberDurationLiteral' && left.text.startsWith('-')) {
    const magnitude = { ...left, text: left.text.slice(1) };
    const power = { ...node, children: [magnitude, ...node.children.slice(1)] };
    return unary(
      { type: 'UnaryExpr', text: node.text, children: [{ type: 'UnaryOp', text: '-', children: [] }, power] },
      context,
    );
  }
  const a = evaluate(left, context);
  const b = evaluate(right, context);
  if (['and', 'or', 'unless'].includes(op)) {
    if (matching.group) throw new QueryError(`no grouping allowed for "${op}" operation`);
    if (a.type !== 'vector' || b.type !== 'vector')
      throw new QueryError(`set operator "${op}" not allowed in binary scalar expression`);
    return { type: 'vector', vector: setOperation(op, a.vector, b.vector, matching) };
  }
  if (a.type === 'scalar' && b.type === 'scalar') {
    if (isComparison(op) && !bool) throw new QueryError('comparisons between scalars must use BOOL modifier');
    return { type: 'scalar', scalar: operate(op, a.scalar, b.scalar) };
  }
  if (a.type === 'vector' && b.type === 'vector')
    return { type: 'vector', vector: vectorBinary(op, a.vector, b.vector, bool, matching) };
  if (a.type === 'vector' && b.type === 'scalar')
    return { type: 'vector', vector: scalarBinary(op, a.vector, b.scalar, false, bool) };
  if (a.type === 'scalar' && b.type === 'vector')
    return { type: 'vector', vector: scalarBinary(op, b.vector, a.scalar, true, bool) };
  throw new QueryError('binary expression must contain only scalar and instant vector types');
}

function matchingOf(clause: Node | undefined): Matching {
  const matching: Matching & { labels: string[]; include: string[] } = {
    on: false,
    labels: [],
    group: undefined,
    include: [],
  };
  for (const part of clause?.children ?? []) {
    if (part.type === 'On') matching.on = true;
    else if (part.type === 'GroupLeft') matching.group = 'left';
    else if (part.type === 'GroupRight') matching.group = 'right';
    else if (part.type === 'GroupingLabels') {
      const names = part.children.map((label) => label.text);
      if (matching.group) matching.include = names;
      else matching.labels = names;
    }
  }
  const both = matching.on ? matching.labels.find((label) => matching.include.includes(label)) : undefined;
  if (both !== undefined) throw new QueryError(`label "${both}" must not occur in ON and GROUP clause at once`);
  return matching;
}

import { AGGREGATIONS, quantile, RANGE_FUNCTIONS, VALUE_FUNCTIONS, withoutName, type Element } from './functions';
import { labelKey, type Labels } from './store';
import { QueryError, type Node } from './syntax';
import { child, type Value } from './values';

/** The number of arguments of the functions that are evaluated one by one below. */
const ARITY: Readonly<Record<string, number>> = { time: 0, vector: 1, scalar: 1, quantile_over_time: 2 };

/** A function call; `evaluate` answers its arguments. */
export function call(node: Node, timeMs: number, evaluate: (argument: Node) => Value): Value {
  const name = child(node, 0).text;
  const args = node.children.find((part) => part.type === 'FunctionCallBody')?.children ?? [];
  const values = args.map((arg) => evaluate(arg));
  const [first] = values;
  const scalars = (list: readonly Value[]): number[] =>
    list.map((value) => {
      if (value.type !== 'scalar') throw new QueryError(`expected type scalar in call to function "${name}"`);
      return value.scalar;
    });
  const arity = ARITY[name];
  if (arity !== undefined && values.length !== arity)
    throw new QueryError(`expected ${arity} argument(s) in call to "${name}", got ${values.length}`);
  const ranged = RANGE_FUNCTIONS[name];
  if (ranged) {
    if (values.length !== 1 || first?.type !== 'matrix')
      throw new QueryError(`expected type range vector in call to function "${name}"`);
    const keepName = name === 'last_over_time';
    const vector: Element[] = [];
    for (const element of first.matrix) {
      const value = ranged(element);
      if (value !== undefined) vector.push({ labels: keepName ? element.labels : withoutName(element.labels), value });
    }
    return { type: 'vector', vector };
  }
  const plain = VALUE_FUNCTIONS[name];
  if (plain) {
    if (first?.type !== 'vector') throw new QueryError(`expected type instant vector in call to function "${name}"`);
    if (values.length - 1 < plain.arity[0] || values.length - 1 > plain.arity[1])
      throw new QueryError(`wrong number of arguments in call to function "${name}"`);
    const rest = scalars(values.slice(1));
    // An empty interval holds nothing.
    if (name === 'clamp' && (rest[0] as number) > (rest[1] as number)) return { type: 'vector', vector: [] };
    return {
      type: 'vector',
      vector: first.vector.map((element) => ({
        labels: withoutName(element.labels),
        value: plain.apply(element.value, rest),
      })),
    };
  }
  switch (name) {
    case 'time':
      return { type: 'scalar', scalar: timeMs / 1000 };
    case 'vector':
      return { type: 'vector', vector: [{ labels: {}, value: scalars(values)[0] as number }] };
    case 'scalar':
      if (first?.type !== 'vector') throw new QueryError('expected type instant vector in call to function "scalar"');
      return { type: 'scalar', scalar: first.vector.length === 1 ? (first.vector[0] as Element).value : NaN };
    case 'quantile_over_time': {
      const [q, matrix] = values;
      if (q?.type !== 'scalar' || matrix?.type !== 'matrix')
        throw new QueryError('expected scalar and range vector in call to function "quantile_over_time"');
      return {
        type: 'vector',
        vector: matrix.matrix.map((element) => ({
          labels: withoutName(element.labels),
          value: quantile(q.scalar, element.values),
        })),
      };
    }
    default:
      throw new QueryError(`function ${JSON.stringify(name)} is not supported by this server`);
  }
}

interface Group {
  labels: Labels;
  /** Of this step: the values, and where they are ranked the elements. */
  values: number[];
  members: Element[];
}

/** The groups of an aggregation by the labels of their members, and by their own: the same at every step of a query. */
export interface Groups {
  ofMember: Map<Labels, Group>;
  byKey: Map<string, Group>;
}

/** An aggregation over groups of labels. */
export function evaluateAggregation(node: Node, evaluate: (argument: Node) => Value, known: Groups): Element[] {
  const op = child(node, 0).text.toLowerCase();
  const modifier = node.children.find((part) => part.type === 'AggregateModifier');
  const names =
    modifier?.children.find((part) => part.type === 'GroupingLabels')?.children.map((label) => label.text) ?? [];
  const without = modifier?.children[0]?.type === 'Without';
  const args = node.children.find((part) => part.type === 'FunctionCallBody')?.children ?? [];
  const value = evaluate(child({ ...node, children: args }, args.length - 1));
  if (value.type !== 'vector')
    throw new QueryError(`expected type instant vector in aggregation expression, got ${value.type}`);
  const takesParameter = ['topk', 'bottomk', 'quantile', 'count_values'].includes(op);
  if (args.length !== (takesParameter ? 2 : 1))
    throw new QueryError(
      `wrong number of arguments for aggregate expression provided, expected ${takesParameter ? 2 : 1}, got ${args.length}`,
    );
  const parameter = takesParameter ? evaluate(args[0] as Node) : undefined;
  const groupOf = (labels: Labels): Group => {
    const entries = Object.entries(labels).filter(([name]) =>
      without ? name !== '__name__' && !names.includes(name) : names.includes(name),
    );
    const own: Labels = Object.fromEntries(entries);
    const key = labelKey(own);
    const group = known.byKey.get(key) ?? { labels: own, values: [], members: [] };
    known.byKey.set(key, group);
    known.ofMember.set(labels, group);
    return group;
  };
  const ranked = op === 'topk' || op === 'bottomk';
  const groups = new Set<Group>();
  for (const element of value.vector) {
    const group = known.ofMember.get(element.labels) ?? groupOf(element.labels);
    if (!groups.has(group)) {
      groups.add(group);
      group.values.length = 0;
      group.members.length = 0;
    }
    if (ranked) group.members.push(element);
    else group.values.push(element.value);
  }
  if (ranked) {
    if (parameter?.type !== 'scalar') throw new QueryError(`expected type scalar in aggregation parameter of ${op}`);
    const sign = op === 'topk' ? -1 : 1;
    return [...groups].flatMap(({ members }) =>
      [...members].sort((a, b) => sign * (a.value - b.value)).slice(0, Math.max(0, Math.trunc(parameter.scalar))),
    );
  }
  if (op === 'quantile' && parameter?.type === 'scalar') {
    return [...groups].map(({ labels, values }) => ({ labels, value: quantile(parameter.scalar, values) }));
  }
  const fold = AGGREGATIONS[op];
  if (!fold || parameter) throw new QueryError(`aggregation ${op} is not supported by this server`);
  return [...groups].map(({ labels, values }) => ({ labels, value: fold(values) }));
}

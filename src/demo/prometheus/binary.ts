import { isComparison, operate, withoutName, type Element } from './functions';
import { labelKey, type Labels } from './store';
import { QueryError } from './syntax';

/** How the elements of two vectors find each other. */
export interface Matching {
  on: boolean;
  labels: readonly string[];
  group: 'left' | 'right' | undefined;
  include: readonly string[];
}

const pick = (labels: Labels, names: readonly string[]): Labels =>
  Object.fromEntries(names.filter((name) => labels[name] !== undefined).map((name) => [name, labels[name] as string]));

/** Where there is nothing to leave out, the same object: its key is known. */
const omit = (labels: Labels, names: readonly string[]): Labels =>
  names.some((name) => labels[name] !== undefined)
    ? Object.fromEntries(Object.entries(labels).filter(([name]) => !names.includes(name)))
    : labels;

const signature = (labels: Labels, matching: Matching): string =>
  labelKey(matching.on ? pick(labels, matching.labels) : omit(withoutName(labels), matching.labels));

/** Vector with vector: arithmetic and comparison, one-to-one or with `group_left`/`group_right`. */
export function vectorBinary(
  op: string,
  left: readonly Element[],
  right: readonly Element[],
  bool: boolean,
  matching: Matching,
): Element[] {
  const swap = matching.group === 'right';
  const [many, one] = swap ? [right, left] : [left, right];
  const ones = new Map<string, Element>();
  for (const element of one) {
    const key = signature(element.labels, matching);
    if (ones.has(key))
      throw new QueryError(
        'found duplicate series for the match group: many-to-many matching not allowed',
        'execution',
      );
    ones.set(key, element);
  }
  const used = new Set<string>();
  const result: Element[] = [];
  for (const element of many) {
    const key = signature(element.labels, matching);
    const partner = ones.get(key);
    if (!partner) continue;
    if (!matching.group && used.has(key))
      throw new QueryError(
        'multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)',
        'execution',
      );
    used.add(key);
    const [a, b] = swap ? [partner.value, element.value] : [element.value, partner.value];
    const value = operate(op, a, b);
    const filter = isComparison(op) && !bool;
    if (filter && value === 0) continue;
    let labels = filter ? element.labels : withoutName(element.labels);
    if (matching.group) {
      labels = { ...omit(labels, matching.include), ...pick(partner.labels, matching.include) };
    } else if (matching.on) labels = pick(labels, matching.labels);
    else labels = omit(labels, matching.labels);
    result.push({ labels, value: filter ? a : value });
  }
  return result;
}

/** and, or, unless. */
export function setOperation(
  op: string,
  left: readonly Element[],
  right: readonly Element[],
  matching: Matching,
): Element[] {
  const inRight = new Set(right.map((element) => signature(element.labels, matching)));
  if (op === 'and') return left.filter((element) => inRight.has(signature(element.labels, matching)));
  if (op === 'unless') return left.filter((element) => !inRight.has(signature(element.labels, matching)));
  const inLeft = new Set(left.map((element) => signature(element.labels, matching)));
  return [...left, ...right.filter((element) => !inLeft.has(signature(element.labels, matching)))];
}

/** Vector with scalar; `scalarLeft` tells which side the scalar is on. */
export function scalarBinary(
  op: string,
  vector: readonly Element[],
  scalar: number,
  scalarLeft: boolean,
  bool: boolean,
): Element[] {
  const worth = ({ value }: Element): number => (scalarLeft ? operate(op, scalar, value) : operate(op, value, scalar));
  if (isComparison(op) && !bool) return vector.filter((element) => worth(element) === 1);
  return vector.map((element) => ({ labels: withoutName(element.labels), value: worth(element) }));
}

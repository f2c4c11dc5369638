import { isAlias, isMap, isScalar, isSeq, type Document } from 'yaml';
import { msg } from '../../core/base/text';
import type { Complain, DocumentPath } from '../../core/scenario/issues';

const DEEPEST = 20;
const MOST_VALUES = 200_000;

/**
 * A document as plain values. Aliases are refused instead of followed, so that a text of a kilobyte cannot become a
 * value of a gigabyte; so is what is nested too deeply or is too much.
 */
export function plainValues(document: Document, complain: Complain): unknown {
  let left = MOST_VALUES;
  const visit = (node: unknown, path: DocumentPath): unknown => {
    left -= 1;
    if (left < 0) {
      if (left === -1) complain(path, msg`A scenario has at most ${MOST_VALUES} values.`);
      return undefined;
    }
    if (path.length > DEEPEST) return void complain(path, 'The nesting is too deep for a scenario.');
    if (isAlias(node)) return void complain(path, 'Aliases are not supported in a scenario: write the value out.');
    if (isScalar(node)) return node.value;
    if (isSeq(node)) return node.items.map((item, i) => visit(item, [...path, i]));
    if (!isMap(node)) return undefined;
    const result: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
    for (const { key, value } of node.items) {
      const name =
        isScalar(key) && ['string', 'number', 'boolean'].includes(typeof key.value) ? String(key.value) : undefined;
      if (name === undefined) complain(path, 'A field name must be a plain string.');
      else result[name] = visit(value, [...path, name]);
    }
    return result;
  };
  return visit(document.contents, []);
}

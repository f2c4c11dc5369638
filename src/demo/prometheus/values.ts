import type { Element, RangeElement } from './functions';
import { QueryError, type Node } from './syntax';

/** What an expression is worth at one moment. */
export type Value =
  | { type: 'vector'; vector: Element[] }
  | { type: 'scalar'; scalar: number }
  | { type: 'matrix'; matrix: RangeElement[] }
  | { type: 'string'; string: string };

/** A part of an expression; throws where the grammar's tree lacks it. */
export function child(node: Node, index: number): Node {
  const found = node.children[index];
  if (!found) throw new QueryError(`parse error in ${JSON.stringify(node.text)}`);
  return found;
}

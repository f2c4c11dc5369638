import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from 'yaml';
import type { Path } from '../../core/chaosYaml/findings';
import type { ReadDocument } from '../yaml/documents';
import { isMergeKey } from '../yaml/values';

/** As much of a document as is needed to find a place in it. */
export type Located = Pick<ReadDocument, 'document' | 'targets'>;

/** A place inside a document. */
export interface Place {
  /** The map or list that holds it. */
  parent: Node;
  pair: Pair | undefined;
  key: Node | undefined;
  value: Node | undefined;
  /** On the way there is an alias: what is changed there changes elsewhere too. */
  aliased: boolean;
}

/** Finds a place; undefined where the document does not have it. */
export function locate({ document, targets }: Located, path: Path): Place | undefined {
  let node: unknown = document.contents;
  let place: Place | undefined;
  let aliased = false;
  for (const step of path) {
    if (isAlias(node)) {
      aliased = true;
      node = targets.get(node);
    }
    if (isMap(node)) {
      const found = fieldOf(node, String(step), targets);
      if (!found) return undefined;
      const { parent, pair } = found;
      aliased ||= parent !== node;
      place = { parent, pair, key: pair.key as Node, value: (pair.value ?? undefined) as Node | undefined, aliased };
    } else if (isSeq(node) && typeof step === 'number') {
      const value = node.items[step] as Node | undefined;
      if (!value) return undefined;
      place = { parent: node, pair: undefined, key: undefined, value, aliased };
    } else return undefined;
    node = place.value;
  }
  return place;
}

/** A field of a map, or of what is merged into it: the later one wins, and of a list of maps the first. */
export function fieldOf(
  map: YAMLMap,
  name: string,
  targets: Located['targets'],
): { parent: YAMLMap; pair: Pair } | undefined {
  for (const pair of [...map.items].reverse()) {
    if (isMergeKey(pair.key)) {
      for (const one of isSeq(pair.value) ? pair.value.items : [pair.value]) {
        const merged = isAlias(one) ? targets.get(one) : one;
        const found = isMap(merged) ? fieldOf(merged, name, targets) : undefined;
        if (found) return found;
      }
    } else if (isScalar(pair.key) && pair.key.value === name) return { parent: map, pair };
  }
  return undefined;
}

/** Where to show something about a path: its value, or the nearest key above it where it is missing. */
export function offsetsOf(read: Located, path: Path, onKey = false): [number, number] {
  for (let length = path.length; length > 0; length -= 1) {
    const place = locate(read, path.slice(0, length));
    if (!place) continue;
    const whole = length === path.length && !onKey && isScalar(place.value) && place.value.value !== null;
    const range = (whole ? place.value?.range : (place.key?.range ?? place.value?.range)) ?? undefined;
    if (range) return [range[0], Math.max(range[1], range[0] + 1)];
  }
  const kind = locate(read, ['kind']) ?? locate(read, ['apiVersion']);
  const range = kind?.value?.range ?? read.document.range;
  return range ? [range[0], Math.max(range[1], range[0] + 1)] : [0, 1];
}

import type { ChaosObject } from '../experiments/experiment';
import { recordsOf, stringsOf, textOf } from '../base/unknown';
import { SCHEDULE, SCHEDULE_LABEL, WORKFLOW, WORKFLOW_LABEL } from './embedded';

/** Identifies an object: its uid, else its kind, namespace and name. */
export const idOf = (object: ChaosObject): string => textOf(object.metadata.uid) || nameOf(object);

const nameOf = ({ kind, metadata }: ChaosObject): string => nameIn(metadata, kind, textOf(metadata.name));
const nameIn = ({ namespace }: ChaosObject['metadata'], kind: string, name: string): string =>
  `${kind}/${textOf(namespace)}/${name}`;

/** True for what Chaos Mesh has started for a workflow or a schedule, whether or not that still exists. */
export function wasStarted({ metadata }: ChaosObject): boolean {
  const labels = stringsOf(metadata.labels);
  return (
    recordsOf(metadata['ownerReferences']).length > 0 ||
    labels[WORKFLOW_LABEL] !== undefined ||
    labels[SCHEDULE_LABEL] !== undefined
  );
}

/**
 * The ids of the roots and of all objects that they have started, directly or not: by owner references or, if no owner is
 * among the objects, by the labels that Chaos Mesh puts on what a workflow or a schedule starts.
 */
export function withDescendants(roots: readonly ChaosObject[], objects: readonly ChaosObject[]): Set<string> {
  const all = [...roots, ...objects];
  const known = new Set(all.map(idOf));
  const byName = new Map(all.map((one) => [nameOf(one), idOf(one)]));
  const children = new Map<string, string[]>();
  for (const object of objects) {
    for (const parent of parentsOf(object, known, byName)) {
      const siblings = children.get(parent);
      if (siblings) siblings.push(idOf(object));
      else children.set(parent, [idOf(object)]);
    }
  }
  const ids = new Set(roots.map(idOf));
  // Iterating over a set includes what is added meanwhile.
  for (const id of ids) for (const child of children.get(id) ?? []) ids.add(child);
  return ids;
}

function parentsOf(
  { metadata }: ChaosObject,
  known: ReadonlySet<string>,
  byName: ReadonlyMap<string, string>,
): readonly string[] {
  const owners = recordsOf(metadata['ownerReferences'])
    .map(({ uid }) => textOf(uid))
    .filter((uid) => known.has(uid));
  if (owners.length > 0) return owners;
  const labels = stringsOf(metadata.labels);
  const named = [
    nameIn(metadata, WORKFLOW, labels[WORKFLOW_LABEL] ?? ''),
    nameIn(metadata, SCHEDULE, labels[SCHEDULE_LABEL] ?? ''),
  ];
  return named.flatMap((name) => byName.get(name) ?? []);
}

import { AppError } from '../base/errors';
import { msg, type Text } from '../base/text';
import type { Experiment, ExperimentRef } from '../experiments/experiment';
import { fullNameOf } from '../experiments/find';
import { findOurs, oursIn, partOf, refOf, startersAbove, type FindParts, type Part } from './ours';

/** What to stop, and why more may start or exist. */
export interface Chosen {
  part: Part;
  doubts: readonly Text[];
}

/**
 * Chooses DistDiag's objects with these names, and the workflows and schedules above them, which would start them again.
 * Without names it chooses all of DistDiag's objects, and rejects if not everything could be listed. Objects of others are
 * never chosen. `known` are the experiments seen before.
 */
export async function chooseOurs(
  parts: FindParts,
  known: readonly Experiment[],
  names: readonly string[] | undefined,
): Promise<Chosen> {
  const look = await findOurs(parts, known);
  const ours = oursIn(look);
  if (names === undefined) {
    if (look.doubt) throw look.doubt;
    return { part: ours, doubts: look.unlisted.map(({ kind, error }) => msg`${kind}: ${error.text}`) };
  }
  const objects = [...ours.starters, ...ours.experiments.map(({ object }) => object)];
  const roots = names.map((name) => {
    const found = objects.filter((one) => isNamed(refOf(one), name));
    if (found.length > 1)
      throw new AppError(
        'invalid',
        msg`"${name}" names more than one: ${found.map((one) => fullNameOf(refOf(one))).join(', ')}.`,
        { hint: 'Name it as kind/namespace/name.' },
      );
    if (!found[0]) throw look.doubt ?? new AppError('notFound', msg`No experiment of ours is called "${name}".`);
    return found[0];
  });
  const named = new Set(roots);
  const above = ours.experiments.filter(({ object }) => named.has(object)).flatMap((one) => startersAbove(ours, one));
  const doubts = look.doubt
    ? [msg`What started ${names.join(', ')} could not be listed and may start it again: ${look.doubt.text}`]
    : [];
  return { part: partOf(ours, [...roots, ...above]), doubts };
}

/** `name`, `namespace/name`, `kind/name` or `kind/namespace/name`. */
function isNamed({ kind, namespace, name }: ExperimentRef, path: string): boolean {
  const parts = path.split('/');
  return parts.at(-1) === name && parts.slice(0, -1).every((part) => part === kind || part === namespace);
}

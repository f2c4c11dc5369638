import type { Experiment, ExperimentRef } from '../experiment';
import { recordsOf, stringsOf, textOf } from '../unknown';
import { WORKFLOW, WORKFLOW_LABEL } from './embedded';

/** True for an experiment that one of these workflows or schedules has started: it is deleted with that. */
export function isStartedBy({ object, ref }: Experiment, starters: readonly ExperimentRef[]): boolean {
  const owners = recordsOf(object.metadata['ownerReferences']).map(({ uid }) => textOf(uid));
  const workflow = stringsOf(object.metadata.labels)[WORKFLOW_LABEL];
  return starters.some(
    (one) =>
      one.namespace === ref.namespace &&
      ((one.uid !== undefined && owners.includes(one.uid)) || (one.kind === WORKFLOW && one.name === workflow)),
  );
}

import type { ChaosObject } from '../experiments/experiment';
import { PAUSE_ANNOTATION } from '../experiments/labels';
import { recordsOf, stringsOf } from '../base/unknown';
import { SCHEDULE, WORKFLOW } from './embedded';

/** True for the kinds that hold experiments and start them by themselves. */
export const isStarter = (kind: string): boolean => kind === WORKFLOW || kind === SCHEDULE;

/** True while a workflow or a schedule starts experiments, or will: not when it has come to its end, or is suspended. */
export function goesOn({ kind, metadata, spec, status }: ChaosObject): boolean {
  if (kind === WORKFLOW)
    return !recordsOf(status?.['conditions']).some((one) => one['type'] === 'Accomplished' && one['status'] === 'True');
  return stringsOf(metadata.annotations)[PAUSE_ANNOTATION] !== 'true' || spec['type'] === WORKFLOW;
}

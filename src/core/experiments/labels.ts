import type { ChaosObject } from './experiment';
import { stringsOf } from '../base/unknown';

// Labels and annotations of the objects that DistDiag creates, and what all Chaos Mesh objects have in common.

/** Group and version of every Chaos Mesh object. */
export const CHAOS_API_VERSION = 'chaos-mesh.org/v1alpha1';
/** On every object that this project creates. */
export const MANAGED_BY_LABEL = 'app.kubernetes.io/managed-by';
/** The value of that label. */
export const MANAGED_BY = 'distdiag';
/** Which anomaly an experiment is: its type's id. */
export const ANOMALY_LABEL = 'distdiag.io/anomaly';
/** Which window created it: a random id. */
export const CREATED_BY_ANNOTATION = 'distdiag.io/created-by';
/** On what was pinned to the pods that were confirmed: the selectors that it was written with, as JSON. */
export const SELECTORS_ANNOTATION = 'distdiag.io/selectors';
/** The scenario that it is a step of. */
export const SCENARIO_ANNOTATION = 'distdiag.io/scenario';

/** On an extension: the name of the experiment whose place it took, of its own kind and namespace. */
export const CONTINUES_ANNOTATION = 'distdiag.io/continues';

/** The name of the experiment that an object continues; undefined where it is none. */
export const continuedBy = ({ metadata }: Pick<ChaosObject, 'metadata'>): string | undefined =>
  stringsOf(metadata.annotations)[CONTINUES_ANNOTATION];

/** Chaos Mesh pauses an experiment by this annotation, "true". */
export const PAUSE_ANNOTATION = 'experiment.chaos-mesh.org/pause';

/** True for objects with our label or annotation: one is enough, because anyone may remove the other. */
export function isMarked({ labels, annotations }: ChaosObject['metadata']): boolean {
  return (
    stringsOf(labels)[MANAGED_BY_LABEL] === MANAGED_BY || stringsOf(annotations)[CREATED_BY_ANNOTATION] !== undefined
  );
}

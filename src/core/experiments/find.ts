import type { Experiment, ExperimentRef } from './experiment';
import type { ExperimentSnapshot } from './gateway';

const indexes = new WeakMap<readonly Experiment[], Map<string, Experiment>>();

/** `kind/namespace/name`: no other object has it at the same time. */
export const fullNameOf = ({ kind, namespace, name }: ExperimentRef): string => `${kind}/${namespace}/${name}`;

/** The experiment of a snapshot that a reference names. A snapshot is indexed once, however many are looked for in it. */
export function findExperiment({ experiments }: ExperimentSnapshot, ref: ExperimentRef): Experiment | undefined {
  let index = indexes.get(experiments);
  if (!index) {
    index = new Map(experiments.map((experiment) => [fullNameOf(experiment.ref), experiment]));
    indexes.set(experiments, index);
  }
  const found = index.get(fullNameOf(ref));
  // One of the same name that was created later is another.
  return found && (ref.uid === undefined || found.ref.uid === undefined || found.ref.uid === ref.uid)
    ? found
    : undefined;
}

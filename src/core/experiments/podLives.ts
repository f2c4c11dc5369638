import type { Experiment, ExperimentTarget } from './experiment';
import { isOneShot } from './kinds';

/** When a pod and its containers began, epoch milliseconds. */
export interface PodLife {
  createdAt: number;
  containers: Readonly<Record<string, number>>;
}

/** Pods by `namespace/pod`; undefined = it is gone. What is not in it was not looked at. */
export type PodLives = ReadonlyMap<string, PodLife | undefined>;

/** Their fault lives in a container's processes or mounts, and ends when that container restarts. */
const IN_CONTAINER: ReadonlySet<string> = new Set(['StressChaos', 'IOChaos', 'TimeChaos']);

/** The pod of a target, as `PodLives` knows it. */
export const podOf = ({ namespace, pod }: ExperimentTarget): string => `${namespace}/${pod}`;

/** True where a fault is said to act in a pod of this cluster. Kinds that restart pods themselves are left out. */
export function needsItsPod({ ref, object, deletingSince }: Experiment, target: ExperimentTarget): boolean {
  return (
    deletingSince === undefined &&
    target.namespace !== '' &&
    target.pod !== '' &&
    target.phase === 'Injected' &&
    ref.kind !== 'PodChaos' &&
    !isOneShot(ref.kind, object.spec)
  );
}

/**
 * The experiment with its targets marked whose pod, or container, was replaced after the injection: Chaos Mesh goes on
 * to call them injected, and does not inject them again. The same object where there is none.
 */
export function withPodLives(experiment: Experiment, lives: PodLives): Experiment {
  const replaced = (target: ExperimentTarget): boolean => {
    if (!needsItsPod(experiment, target) || !lives.has(podOf(target))) return false;
    const life = lives.get(podOf(target));
    if (!life) return true;
    const applied = target.events.findLast((event) => event.operation === 'Apply' && event.type === 'Succeeded')?.at;
    if (applied === undefined) return false;
    const container = IN_CONTAINER.has(experiment.ref.kind) ? life.containers[target.container ?? ''] : undefined;
    return life.createdAt > applied || (container !== undefined && container > applied);
  };
  if (!experiment.targets.some(replaced)) return experiment;
  const targets = experiment.targets.map((target) => (replaced(target) ? { ...target, replaced: true } : target));
  return { ...experiment, targets };
}

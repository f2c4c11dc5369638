import type { Experiment, ExperimentTarget } from './experiment';
import { isOneShot } from './kinds';

/** When a pod and its containers began, epoch milliseconds. */
export interface PodLife {
  createdAt: number;
  containers: Readonly<Record<string, number>>;
  /** When Chaos Mesh's daemon on the pod's node began; missing where nobody could or need look. */
  daemon?: number;
}

/** Pods by `namespace/pod`; undefined = it is gone. What is not in it was not looked at. */
export type PodLives = ReadonlyMap<string, PodLife | undefined>;

/** Their fault lives in a container's processes or mounts, and ends when that container restarts. */
const IN_CONTAINER: ReadonlySet<string> = new Set(['StressChaos', 'IOChaos', 'TimeChaos']);

/** Their fault is a process that Chaos Mesh's daemon on the node started, and ends with it. */
const IN_DAEMON: ReadonlySet<string> = new Set(['StressChaos', 'IOChaos']);

/** True where a fault that is said to act in a pod needs the daemon of its node. */
export const needsItsDaemon = (experiment: Experiment, target: ExperimentTarget): boolean =>
  IN_DAEMON.has(experiment.ref.kind) && needsItsPod(experiment, target);

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
 * The experiment with its targets marked whose pod, container or daemon began after the injection: Chaos Mesh goes on to
 * call them injected, and does not inject them again. The same object where there is none.
 */
export function withPodLives(experiment: Experiment, lives: PodLives): Experiment {
  const lost = (target: ExperimentTarget): ExperimentTarget['lost'] => {
    if (!needsItsPod(experiment, target) || !lives.has(podOf(target))) return undefined;
    const life = lives.get(podOf(target));
    if (!life) return 'pod';
    const applied = target.events.findLast((event) => event.operation === 'Apply' && event.type === 'Succeeded')?.at;
    if (applied === undefined) return undefined;
    const container = IN_CONTAINER.has(experiment.ref.kind) ? life.containers[target.container ?? ''] : undefined;
    if (life.createdAt > applied || (container !== undefined && container > applied)) return 'pod';
    return needsItsDaemon(experiment, target) && (life.daemon ?? 0) > applied ? 'daemon' : undefined;
  };
  const targets = experiment.targets.map((target) => {
    const by = lost(target);
    return by ? { ...target, lost: by } : target;
  });
  return targets.some((target) => target.lost !== undefined) ? { ...experiment, targets } : experiment;
}

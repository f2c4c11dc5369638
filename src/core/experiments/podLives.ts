import type { Experiment, ExperimentTarget } from './experiment';
import { isOneShot } from './kinds';

/** When a pod and its containers started, epoch milliseconds. */
export interface PodLife {
  createdAt: number;
  containers: Readonly<Record<string, number>>;
  /** When Chaos Mesh's daemon on the pod's node started; missing if it is unknown or irrelevant. */
  daemon?: number;
}

/** Pods by `namespace/pod`; undefined = it is gone. Pods that are missing were not checked. */
export type PodLives = ReadonlyMap<string, PodLife | undefined>;

/** Kinds whose fault is in a container's processes or mounts, and ends when the container restarts. */
const IN_CONTAINER: ReadonlySet<string> = new Set(['StressChaos', 'IOChaos', 'TimeChaos']);

/** Kinds whose fault is a process of Chaos Mesh's daemon on the node, and ends with it. */
const IN_DAEMON: ReadonlySet<string> = new Set(['StressChaos', 'IOChaos']);

/** True if the fault in a pod depends on the daemon of its node. */
export const needsItsDaemon = (experiment: Experiment, target: ExperimentTarget): boolean =>
  IN_DAEMON.has(experiment.ref.kind) && needsItsPod(experiment, target);

/** The pod of a target, as `PodLives` knows it. */
export const podOf = ({ namespace, pod }: ExperimentTarget): string => `${namespace}/${pod}`;

/** True if the status reports a fault in a pod of this cluster. Kinds that restart pods are excluded. */
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

import type { ChaosObject } from '../experiments/experiment';
import type { DatabasePod, TargetContainer } from '../cluster/databasePod';
import { textOf } from '../base/unknown';

/** The containers that an object acts in: those it names, else the pod's first. */
export function containersOf(
  { spec }: Pick<ChaosObject, 'spec'>,
  { containers }: DatabasePod,
): readonly TargetContainer[] {
  const names = Array.isArray(spec['containerNames']) ? spec['containerNames'].map(textOf) : [];
  return names.length > 0 ? containers.filter(({ name }) => names.includes(name)) : containers.slice(0, 1);
}

/** Why Chaos Mesh's I/O filter would find no volume in a pod, in one sentence; undefined where it finds one. */
export function mountWarning(object: ChaosObject, target: DatabasePod): string | undefined {
  if (object.kind !== 'IOChaos') return undefined;
  const wanted = textOf(object.spec['volumePath']).replace(/(.)\/+$/, '$1');
  const mounts = [...new Set(containersOf(object, target).flatMap((container) => container.mounts))];
  if (mounts.includes(wanted)) return undefined;
  return `"${wanted}" is not a mount of ${target.pod}. Its mounts: ${mounts.join(', ') || 'none'}.`;
}

import type { ChaosObject } from '../experiment';
import { formatBytes, parseSize } from '../quantity';
import type { Target, TargetContainer } from '../target';
import { isRecord, textOf } from '../unknown';

/** Memory in a container: its limit, what is used of it, and what an experiment would take. Bytes. */
export interface Headroom {
  pod: string;
  limit: number | undefined;
  /** Undefined where no metric tells. */
  used: number | undefined;
  wanted: number;
}

/** The containers that an object acts in: those it names, else the pod's first. */
function containersOf({ spec }: Pick<ChaosObject, 'spec'>, { containers }: Target): readonly TargetContainer[] {
  const names = Array.isArray(spec['containerNames']) ? spec['containerNames'].map(textOf) : [];
  return names.length > 0 ? containers.filter(({ name }) => names.includes(name)) : containers.slice(0, 1);
}

/** The memory that a StressChaos would take of a pod's containers; [] where it takes none. */
export function headroomOf(
  { kind, spec }: ChaosObject,
  target: Target,
  memoryUsed: Readonly<Record<string, number>>,
): Headroom[] {
  const memory = isRecord(spec['stressors']) ? spec['stressors']['memory'] : undefined;
  if (kind !== 'StressChaos' || !isRecord(memory)) return [];
  const size = textOf(memory['size']);
  const share = /^(\d+)%$/.exec(size)?.[1];
  return containersOf({ spec }, target).map(({ memoryLimit }) => {
    const one = share === undefined ? parseSize(size) : ((memoryLimit ?? NaN) * Number(share)) / 100;
    const used = memoryUsed[target.pod];
    return {
      pod: target.pod,
      limit: memoryLimit,
      used: used !== undefined && Number.isFinite(used) ? used : undefined,
      wanted: Number(memory['workers'] ?? 0) * (one ?? NaN),
    };
  });
}

/** What the headroom means, in one sentence; undefined where there is enough of it. */
export function headroomWarning({ pod, limit, used, wanted }: Headroom): string | undefined {
  if (!Number.isFinite(wanted)) return undefined;
  if (limit === undefined) return `${pod} has no memory limit: ${formatBytes(wanted)} are taken from its whole host.`;
  if (wanted >= limit) return `${formatBytes(wanted)} do not fit into ${pod}'s memory limit of ${formatBytes(limit)}.`;
  if (used === undefined || wanted <= limit - used) return undefined;
  return `${pod} has ${formatBytes(Math.max(0, limit - used))} of headroom, less than the ${formatBytes(wanted)} asked for: expect an out-of-memory kill.`;
}

/** Why Chaos Mesh's I/O filter would find no volume in a pod, in one sentence; undefined where it finds one. */
export function mountWarning(object: ChaosObject, target: Target): string | undefined {
  if (object.kind !== 'IOChaos') return undefined;
  const wanted = textOf(object.spec['volumePath']).replace(/(.)\/+$/, '$1');
  const mounts = [...new Set(containersOf(object, target).flatMap((container) => container.mounts))];
  if (mounts.includes(wanted)) return undefined;
  return `"${wanted}" is not a mount of ${target.pod}. Its mounts: ${mounts.join(', ') || 'none'}.`;
}

import { msg, type Text } from '../base/text';
import type { ChaosObject } from '../experiments/experiment';
import { formatBytes, parseSize } from '../base/quantity';
import type { DatabasePod } from '../cluster/databasePod';
import { isRecord, textOf } from '../base/unknown';
import { containersOf } from './effects';
import type { Hits } from './hits';
import { podId } from './pod';
import type { Acting } from './share';
import type { ImpactScope, Moments } from './scope';

/** Memory in a container: its limit, what is used of it, and what experiments would take. Bytes; NaN = not known. */
export interface Headroom {
  pod: string;
  limit: number | undefined;
  /** Undefined where no metric tells. */
  used: number | undefined;
  wanted: number;
}

/** What stressors take of a pod: bytes and cores, each with the lowest limit of the containers; NaN = not known, Infinity = no limit. */
interface Strain {
  bytes: number;
  memoryLimit: number;
  cores: number;
  cpuLimit: number;
}

const NONE: Strain = { bytes: 0, memoryLimit: Infinity, cores: 0, cpuLimit: Infinity };

/** A stressor of this kind of an object that makes load; its options may make any. */
function stressor({ kind, spec }: ChaosObject, name: 'cpu' | 'memory'): Readonly<Record<string, unknown>> | undefined {
  const stressors = kind === 'StressChaos' && isRecord(spec['stressors']) ? spec['stressors'] : {};
  return isRecord(stressors[name]) ? stressors[name] : undefined;
}

const hasOptions = ({ options }: Readonly<Record<string, unknown>>): boolean =>
  Array.isArray(options) && options.length > 0;

/** What an object takes of a pod; undefined where it is no stressor. */
function strainOf(object: ChaosObject, target: DatabasePod): Strain | undefined {
  const [cpu, memory] = [stressor(object, 'cpu'), stressor(object, 'memory')];
  const containers = containersOf(object, target);
  if ((!cpu && !memory) || containers.length === 0) return undefined;
  const lowest = (limits: readonly (number | undefined)[]): number =>
    limits.includes(undefined) ? Infinity : Math.min(...(limits as number[]));
  const memoryLimit = lowest(containers.map((one) => one.memoryLimit));
  const size = textOf(memory?.['size']) || '100%'; // all that there is, where it is left out
  const share = /^(\d+(?:\.\d+)?)%$/.exec(size)?.[1];
  const one = share === undefined ? (parseSize(size) ?? NaN) : (memoryLimit * Number(share)) / 100;
  return {
    bytes: !memory ? 0 : hasOptions(memory) || one === Infinity ? NaN : one,
    memoryLimit: memory ? memoryLimit : Infinity,
    cores: !cpu ? 0 : hasOptions(cpu) ? NaN : (Number(cpu['workers']) * Number(textOf(cpu['load']) || 100)) / 100,
    cpuLimit: cpu ? lowest(containers.map((container) => container.cpuLimit)) : Infinity,
  };
}

/** Several as one, their numbers put together in this way. */
const together = (strains: readonly Strain[], put: (a: number, b: number) => number): Strain =>
  strains.reduce(
    (all, one) => ({
      bytes: put(all.bytes, one.bytes),
      memoryLimit: Math.min(all.memoryLimit, one.memoryLimit),
      cores: put(all.cores, one.cores),
      cpuLimit: Math.min(all.cpuLimit, one.cpuLimit),
    }),
    NONE,
  );
const sum = (a: number, b: number): number => a + b;

/** What several objects take of each pod at the worst of the moments, together with the stressors that run there. */
export function strainsOf(
  parts: readonly { manifest: ChaosObject; hits: Hits }[],
  moments: Moments,
  running: readonly Acting[],
  { memoryUsed, nowMs }: Pick<ImpactScope, 'memoryUsed' | 'nowMs'>,
): { target: DatabasePod; strain: Strain; used: number | undefined }[] {
  const pods = new Map(parts.flatMap(({ hits }) => hits.pods.map((pod) => [podId(pod), pod.target])));
  return [...pods].flatMap(([id, target]) => {
    const own = parts.map(({ manifest, hits }) =>
      hits.pods.some((pod) => podId(pod) === id) ? strainOf(manifest, target) : undefined,
    );
    if (own.every((one) => one === undefined)) return [];
    const at = moments.map((places) =>
      together(
        places.flatMap((place) => own[place] ?? []),
        sum,
      ),
    );
    const worst = together(at, Math.max);
    const takenBy = (some: readonly Acting[]): Strain =>
      together(
        some.flatMap((one) => (one.pods.has(id) ? (strainOf(one.manifest, target) ?? []) : [])),
        sum,
      );
    const before = takenBy(running);
    const used = memoryUsed[target.pod];
    const known = used !== undefined && Number.isFinite(used);
    // What is in use has been counted, but for what began too late to be in the metrics.
    const uncounted = known ? takenBy(running.filter((one) => isRecent(one, nowMs))) : before;
    const strain = {
      ...worst,
      bytes: worst.bytes === 0 ? 0 : worst.bytes + uncounted.bytes,
      cores: worst.cores === 0 ? 0 : worst.cores + before.cores,
    };
    return [{ target, strain, used: known ? used : undefined }];
  });
}

/** The metrics show the memory of what runs as late as this, milliseconds. */
const SHOWN_AFTER_MS = 90_000;

const isRecent = ({ manifest }: Acting, nowMs: number): boolean =>
  nowMs - Date.parse(manifest.metadata.creationTimestamp ?? '') < SHOWN_AFTER_MS;

/** Cores beyond this many times the limit, and beyond this number, are out of all proportion. */
const OUT_OF_PROPORTION = 4;

/** What load means for a pod, in one sentence, and whether it is out of all proportion; undefined where there is room for it. */
export function loadWarning(
  { pod }: DatabasePod,
  { cores, cpuLimit }: Strain,
): { text: Text; beyond: boolean } | undefined {
  if (cores === 0) return undefined;
  if (Number.isNaN(cores)) return { text: msg`The load on ${pod} is unknown.`, beyond: true };
  if (cpuLimit === Infinity)
    return { text: msg`${pod} has no CPU limit: ${cores} cores of load affect its whole host.`, beyond: true };
  if (cores < cpuLimit) return undefined;
  return {
    text: msg`${cores} cores of load exhaust ${pod}'s limit of ${cpuLimit}: the database may miss heartbeats.`,
    beyond: cores > Math.max(OUT_OF_PROPORTION, OUT_OF_PROPORTION * cpuLimit),
  };
}

/** The memory that a strain leaves; undefined where it takes none. */
export function headroomOf(
  { pod }: DatabasePod,
  { bytes, memoryLimit }: Strain,
  used: number | undefined,
): Headroom | undefined {
  if (bytes === 0) return undefined;
  return {
    pod,
    limit: memoryLimit === Infinity ? undefined : memoryLimit,
    used,
    wanted: bytes,
  };
}

/** What the headroom means, in one sentence; undefined where there is enough of it. */
export function headroomWarning({ pod, limit, used, wanted }: Headroom): Text | undefined {
  if (!Number.isFinite(wanted)) return msg`The memory taken from ${pod} is unknown.`;
  if (limit === undefined)
    return msg`${pod} has no memory limit: ${formatBytes(wanted)} are taken from its whole host.`;
  if (wanted >= limit)
    return msg`${formatBytes(wanted)} do not fit into ${pod}'s memory limit of ${formatBytes(limit)}.`;
  if (used === undefined)
    return wanted > limit / 2
      ? msg`${formatBytes(wanted)} may not fit into ${pod}'s memory limit of ${formatBytes(limit)}: the memory in use is unknown.`
      : undefined;
  if (wanted <= limit - used) return undefined;
  return msg`${pod} has ${formatBytes(Math.max(0, limit - used))} of free memory, less than the ${formatBytes(wanted)} requested: expect an out-of-memory kill.`;
}

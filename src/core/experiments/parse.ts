import { parseDuration } from '../time/duration';
import { guessFault } from '../faults/guess';
import { isFaultType } from '../faults/types';
import type { ChaosObject, Experiment, ExperimentTarget, RecordEvent } from './experiment';
import { summarize } from './summary';
import { ANOMALY_LABEL, isMarked, PAUSE_ANNOTATION } from './labels';
import { remoteClusterOf } from './remoteClusters';
import { isRecord, recordsOf, stringsOf, textOf, timeOf } from '../base/unknown';

export { PAUSE_ANNOTATION } from './labels';
/** Chaos Mesh drops its finalizer without recovering the targets by this annotation, "forced". */
export const FORCE_CLEAN_ANNOTATION = 'chaos-mesh.chaos-mesh.org/cleanFinalizer';

/** Reads a Chaos Mesh object. Never throws: invalid fields count as missing. */
export function toExperiment(input: unknown): Experiment {
  const object = toChaosObject(input);
  const { metadata, kind, spec } = object;
  const namespace = textOf(metadata.namespace);
  const name = textOf(metadata.name);
  const uid = textOf(metadata.uid);
  const labels = stringsOf(metadata.labels);
  const status = isRecord(object.status) ? object.status : {};
  const experiment = isRecord(status['experiment']) ? status['experiment'] : {};
  const cluster = remoteClusterOf(object);
  const targets = recordsOf(experiment['containerRecords'])
    .map(toTarget)
    .map((target) => (cluster === undefined ? target : inCluster(cluster, target)));
  const events = targets.flatMap((target) => target.events).filter((event) => event.type === 'Succeeded');
  const times = (operation: string): number[] =>
    events.filter((event) => event.operation === operation).flatMap((event) => event.at ?? []);
  const applied = times('Apply');
  const recovered = times('Recover');
  const label = labels[ANOMALY_LABEL];
  const duration = typeof spec['duration'] === 'string' ? parseDuration(spec['duration']) : undefined;
  return {
    key: `${kind}/${namespace}/${name}/${uid}`,
    ref: { kind, namespace, name, ...(uid === '' ? {} : { uid }) },
    fault: isFaultType(label) ? label : guessFault(kind, spec),
    ours: isMarked(metadata),
    summary: summarize(object),
    createdAt: timeOf(metadata.creationTimestamp) ?? 0,
    deletingSince: timeOf(metadata.deletionTimestamp),
    durationMs: duration !== undefined && duration > 0 ? duration : undefined,
    paused: stringsOf(metadata.annotations)[PAUSE_ANNOTATION] === 'true',
    desiredPhase: textOf(experiment['desiredPhase']) || undefined,
    conditions: toConditions(status['conditions']),
    targets,
    injectedAt: extreme(applied, Math.min),
    recoveredAt: extreme(recovered, Math.max),
    object,
  };
}

/** Without spread: a history may have more entries than a call may have arguments. */
const extreme = (times: readonly number[], of: (a: number, b: number) => number): number | undefined =>
  times.length > 0 ? times.reduce((a, b) => of(a, b)) : undefined;

function toChaosObject(input: unknown): ChaosObject {
  const object = isRecord(input) ? input : {};
  return {
    ...object,
    apiVersion: textOf(object['apiVersion']),
    kind: textOf(object['kind']),
    metadata: isRecord(object['metadata']) ? object['metadata'] : {},
    spec: isRecord(object['spec']) ? object['spec'] : {},
  };
}

function toConditions(value: unknown): Record<string, boolean> {
  const entries = recordsOf(value).map((one): [string, boolean] => [textOf(one['type']), one['status'] === 'True']);
  return Object.fromEntries(entries.filter(([type]) => type !== ''));
}

function toTarget(record: Readonly<Record<string, unknown>>): ExperimentTarget {
  const id = textOf(record['id']);
  const { namespace, pod, container } = whatOf(id);
  const events = recordsOf(record['events']).map(toEvent);
  const last = events.at(-1);
  const count = (key: string): number => (typeof record[key] === 'number' ? record[key] : 0);
  return {
    id,
    namespace,
    pod,
    container,
    phase: textOf(record['phase']) || 'Not Injected',
    injectedCount: count('injectedCount'),
    recoveredCount: count('recoveredCount'),
    events,
    lastFailure: last?.type === 'Failed' ? (last.message ?? `${last.operation} failed`) : undefined,
  };
}

/** A target in another cluster; a pod of this cluster may have the same name. */
const inCluster = (cluster: string, target: ExperimentTarget): ExperimentTarget => ({
  ...target,
  namespace: '',
  pod: `${cluster}/${target.pod}`,
});

/** A record's id is `namespace/pod[/container]`; of a machine its address, of a cloud's the selector as JSON. */
function whatOf(id: string): Pick<ExperimentTarget, 'namespace' | 'pod' | 'container'> {
  const machine = id.startsWith('{') ? machineOf(id) : id.includes('://') ? id : undefined;
  if (machine !== undefined) return { namespace: '', pod: machine, container: undefined };
  const [namespace = '', pod = '', container] = id.split('/');
  return { namespace, pod, container };
}

function machineOf(json: string): string {
  try {
    const selector = stringsOf(JSON.parse(json));
    return selector['ec2Instance'] ?? selector['vmName'] ?? selector['instance'] ?? json;
  } catch {
    return json;
  }
}

function toEvent(event: Readonly<Record<string, unknown>>): RecordEvent {
  return {
    type: textOf(event['type']),
    operation: textOf(event['operation']),
    message: textOf(event['message']) || undefined,
    at: timeOf(event['timestamp']),
  };
}

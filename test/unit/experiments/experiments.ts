import type { ChaosObject, Experiment } from '../../../src/core/experiments/experiment';
import { toExperiment } from '../../../src/core/experiments/parse';

/** When the experiments of the tests were created. */
export const CREATED = Date.parse('2026-01-01T00:00:00Z');

/** A record of a target. */
export interface RecordSpec {
  pod?: string;
  phase?: string;
  failure?: string;
  appliedAfterMs?: number;
  recoveredAfterMs?: number;
}

/** What a test says of an object; the rest is a StressChaos of ours that runs for three minutes. */
export interface ObjectSpec {
  kind?: string;
  name?: string;
  spec?: Record<string, unknown>;
  records?: readonly RecordSpec[];
  desired?: 'Run' | 'Stop';
  conditions?: Record<string, boolean>;
  paused?: boolean;
  deletedAfterMs?: number;
  duration?: string;
  noStatus?: boolean;
  ours?: boolean;
}

const date = (afterMs: number): string => new Date(CREATED + afterMs).toISOString();

/** A Chaos Mesh object as the API server would have it. */
export function chaosObject(given: ObjectSpec = {}): ChaosObject {
  const {
    kind = 'StressChaos',
    name = 'one',
    records = [],
    desired = 'Run',
    conditions = { Selected: records.length > 0 },
  } = given;
  return {
    apiVersion: 'chaos-mesh.org/v1alpha1',
    kind,
    metadata: {
      name,
      namespace: 'oceanbase',
      uid: `uid-${name}`,
      resourceVersion: '1',
      creationTimestamp: date(0),
      finalizers: ['chaos-mesh/records'],
      labels: given.ours === false ? {} : { 'app.kubernetes.io/managed-by': 'distdiag' },
      ...(given.paused ? { annotations: { 'experiment.chaos-mesh.org/pause': 'true' } } : {}),
      ...(given.deletedAfterMs === undefined ? {} : { deletionTimestamp: date(given.deletedAfterMs) }),
    },
    spec: {
      mode: 'all',
      selector: {},
      duration: given.duration ?? '3m',
      ...(given.spec ?? { stressors: { cpu: { workers: 1, load: 100 } } }),
    },
    ...(given.noStatus
      ? {}
      : {
          status: {
            conditions: Object.entries(conditions).map(([type, on]) => ({ type, status: on ? 'True' : 'False' })),
            experiment: { desiredPhase: desired, containerRecords: records.map(record) },
          },
        }),
  };
}

function record({
  pod = 'ob-1',
  phase = 'Injected',
  failure,
  appliedAfterMs,
  recoveredAfterMs,
}: RecordSpec): Record<string, unknown> {
  const event = (type: string, operation: string, afterMs: number, message?: string): Record<string, unknown> => ({
    type,
    operation,
    timestamp: date(afterMs),
    ...(message === undefined ? {} : { message }),
  });
  return {
    id: `oceanbase/${pod}/observer`,
    selectorKey: '.',
    phase,
    injectedCount: phase === 'Injected' || appliedAfterMs !== undefined ? 1 : 0,
    recoveredCount: recoveredAfterMs === undefined ? 0 : 1,
    events: [
      ...(appliedAfterMs === undefined ? [] : [event('Succeeded', 'Apply', appliedAfterMs)]),
      ...(recoveredAfterMs === undefined ? [] : [event('Succeeded', 'Recover', recoveredAfterMs)]),
      ...(failure === undefined ? [] : [event('Failed', 'Apply', 2000, failure)]),
    ],
  };
}

/** The same, parsed. */
export function experiment(given: ObjectSpec = {}): Experiment {
  return toExperiment(chaosObject(given));
}

import { type Text } from '../base/text';
import { MINUTE } from '../time/duration';
import { fault, parameter, PERCENT, volumePath, type AnomalyParameters, type FaultDefinition } from './definition';
import { IO_FAULTS } from './ioFaults';
import { NETWORK_FAULTS } from './networkFaults';
import { OTHER_FAULTS } from './otherFaults';
import { POD_FAULTS } from './podFaults';
import { isFaultType, type AnomalyType, type FaultType } from './types';
import { RISKS } from './risks';

export type { FaultParameter, AnomalyParameters, FaultDefinition } from './definition';
export { ANOMALY_TYPES, FAULT_TYPES, isAnomalyType, isFaultType, type AnomalyType, type FaultType } from './types';

/** One of the faults that the diagnosis can name. */
export type AnomalyDefinition = FaultDefinition<AnomalyType>;

const workers = parameter('workers', 'Workers', 'Stressor threads in the database container.', 'integer', 1, {
  unit: 'threads',
  min: 1,
  max: 8192,
});

/** What the diagnosis can name, in the order of the menu. */
export const ANOMALIES: readonly AnomalyDefinition[] = [
  fault({
    type: 'cpu_stress',
    title: 'CPU stress',
    description: 'Busy loops in the database container compete with the database for CPU time.',
    kind: 'StressChaos',
    parameters: [
      workers,
      parameter('load', 'Load', 'Share of one core used by each worker.', 'integer', 100, {
        unit: '%',
        min: 1,
        max: 100,
      }),
    ],
    presets: [
      { title: 'Mild', parameters: { load: 50 } },
      { title: 'Severe', parameters: { workers: 4 } },
    ],
    inContainer: true,
  }),
  fault({
    type: 'memory_stress',
    title: 'Memory stress',
    description: "Workers allocate and hold memory within the database container's limit.",
    kind: 'StressChaos',
    parameters: [
      workers,
      // Chaos Mesh's documentation says workers × size; since 2.2 the workers share it (its pull request 3186).
      parameter('size', 'Size', 'Memory that all workers hold together.', 'size', '256MB', { min: 1 }),
    ],
    presets: [
      { title: 'Mild', parameters: { size: '64MB' } },
      { title: 'Severe', parameters: { size: '1GB' } },
    ],
    risk: RISKS.memory,
    inContainer: true,
  }),
  fault({
    type: 'network_delay',
    title: 'Network delay',
    description: 'Delays every packet that leaves the pod, including replication, SQL, metrics and DNS.',
    kind: 'NetworkChaos',
    parameters: [
      parameter('latency', 'Latency', 'Delay of each packet.', 'duration', '100ms', { min: 1, max: 10 * MINUTE }),
      parameter('jitter', 'Jitter', 'Random part of the delay, up or down.', 'duration', '0ms', {
        min: 0,
        max: 10 * MINUTE,
      }),
      parameter('correlation', 'Correlation', 'How strongly each delay depends on the previous one.', 'integer', 0, {
        unit: '%',
        min: 0,
        max: 100,
      }),
    ],
    presets: [
      { title: 'Mild', parameters: { latency: '10ms' } },
      { title: 'Severe', parameters: { latency: '1s', jitter: '200ms' } },
    ],
  }),
  fault({
    type: 'disk_stress',
    title: 'Disk stress',
    description: 'Delays file operations of the database on one of its volumes.',
    kind: 'IOChaos',
    parameters: [
      parameter('delay', 'Delay', 'Delay of each file operation.', 'duration', '100ms', { min: 1, max: 10 * MINUTE }),
      parameter('percent', 'Share', 'Share of the operations that are delayed.', 'integer', 100, PERCENT),
      volumePath,
    ],
    presets: [
      { title: 'Mild', parameters: { delay: '10ms' } },
      { title: 'Severe', parameters: { delay: '1s' } },
    ],
    risk: RISKS.ioLatency,
    inContainer: true,
  }),
];

/** Everything that the guided command injects, in the order of the menu. */
export const FAULTS: readonly FaultDefinition[] = [
  ...ANOMALIES,
  ...POD_FAULTS,
  ...NETWORK_FAULTS,
  ...IO_FAULTS,
  ...OTHER_FAULTS,
];

const byType = new Map(FAULTS.map((definition) => [definition.type, definition]));

/** The catalogue's entry for a type. */
export function faultDefinition(type: FaultType): FaultDefinition {
  return byType.get(type) as FaultDefinition;
}

/** A title for any type that a diagnosis names; an unknown one in plain words: `workload_spike` → `Workload spike`. */
export function faultTitle(type: string): Text {
  if (isFaultType(type)) return faultDefinition(type).title;
  const words = type.replaceAll('_', ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The strengths where nothing is chosen; those of the anomaly types are the FastAPI demo's. */
export function defaultParameters(type: FaultType): AnomalyParameters {
  return Object.fromEntries(faultDefinition(type).parameters.map(({ id, default: initial }) => [id, initial]));
}

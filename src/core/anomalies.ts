/** What a user can inject and the diagnosis can name. The strengths are the first system's. */
export const ANOMALY_TYPES = ['cpu_stress', 'memory_stress', 'network_delay', 'disk_stress'] as const;

/** An injectable anomaly type. The diagnosis may name others too: there they are plain strings. */
export type AnomalyType = (typeof ANOMALY_TYPES)[number];

/** True for the name of an injectable anomaly type. */
export function isAnomalyType(value: unknown): value is AnomalyType {
  return typeof value === 'string' && (ANOMALY_TYPES as readonly string[]).includes(value);
}

/** How a parameter is written: a whole number, a size (`256MB`), a time (`100ms`), a mount path, or one of a list. */
export type ParameterKind = 'integer' | 'size' | 'duration' | 'path' | 'choice';

/** One strength of an anomaly that the user may change. */
export interface AnomalyParameter {
  id: string;
  title: string;
  description: string;
  kind: ParameterKind;
  /** For the label of an integer: `%`, `threads`. */
  unit: string | undefined;
  default: string | number;
  /** Inclusive limits: of the number, of bytes for a size, of milliseconds for a duration. */
  min: number | undefined;
  max: number | undefined;
  /** The values of a choice. */
  choices: readonly string[] | undefined;
}

/** Everything that the user interface and the manifest need to know about one anomaly type. */
export interface AnomalyDefinition {
  type: AnomalyType;
  title: string;
  description: string;
  /** The Chaos Mesh kind that does it. */
  kind: 'StressChaos' | 'NetworkChaos' | 'IOChaos';
  parameters: readonly AnomalyParameter[];
  /** What may go wrong beyond the anomaly itself. */
  risk: string | undefined;
  /** Ask before it is injected, even with the defaults. */
  needsConfirmation: boolean;
}

/** Chosen values by parameter id. */
export type AnomalyParameters = Readonly<Record<string, string | number>>;

type Limits = Partial<Pick<AnomalyParameter, 'unit' | 'min' | 'max' | 'choices'>>;

function parameter(
  id: string,
  title: string,
  description: string,
  kind: ParameterKind,
  initial: string | number,
  limits: Limits = {},
): AnomalyParameter {
  return {
    id,
    title,
    description,
    kind,
    default: initial,
    unit: undefined,
    min: undefined,
    max: undefined,
    choices: undefined,
    ...limits,
  };
}

const workers = parameter('workers', 'Workers', 'Stressor threads in the database container.', 'integer', 1, {
  unit: 'threads',
  min: 1,
  max: 8192,
});
const MINUTE = 60_000;

/** The catalogue, in the order of the menu. */
export const ANOMALIES: readonly AnomalyDefinition[] = [
  {
    type: 'cpu_stress',
    title: 'CPU stress',
    description: 'Busy loops in the database container take CPU time from the database.',
    kind: 'StressChaos',
    parameters: [
      workers,
      parameter('load', 'Load', 'Share of a core that each worker takes.', 'integer', 100, {
        unit: '%',
        min: 1,
        max: 100,
      }),
    ],
    risk: undefined,
    needsConfirmation: false,
  },
  {
    type: 'memory_stress',
    title: 'Memory stress',
    description: "Workers allocate and hold memory inside the database container's limit.",
    kind: 'StressChaos',
    parameters: [
      workers,
      parameter('size', 'Size', 'Memory that each worker holds; the total is workers × size.', 'size', '256MB', {
        min: 1,
      }),
    ],
    risk: 'When the container passes its memory limit the kernel ends a process in it, and that may be the database.',
    needsConfirmation: true,
  },
  {
    type: 'network_delay',
    title: 'Network delay',
    description: 'Every packet that leaves the pod is held back: replication, SQL, metrics and DNS alike.',
    kind: 'NetworkChaos',
    parameters: [
      parameter('latency', 'Latency', 'Delay of each packet.', 'duration', '100ms', { min: 1, max: 10 * MINUTE }),
      parameter('jitter', 'Jitter', 'Random part of the delay, up or down.', 'duration', '0ms', {
        min: 0,
        max: 10 * MINUTE,
      }),
      parameter('correlation', 'Correlation', 'How much a delay resembles the one before it.', 'integer', 0, {
        unit: '%',
        min: 0,
        max: 100,
      }),
    ],
    risk: undefined,
    needsConfirmation: false,
  },
  {
    type: 'disk_stress',
    title: 'Disk stress',
    description: 'File operations of the database on one of its volumes are held back.',
    kind: 'IOChaos',
    parameters: [
      parameter('delay', 'Delay', 'Delay of each file operation.', 'duration', '100ms', { min: 1, max: 10 * MINUTE }),
      parameter('percent', 'Share', 'Share of the operations that are delayed.', 'integer', 100, {
        unit: '%',
        min: 1,
        max: 100,
      }),
      parameter(
        'volumePath',
        'Volume',
        'Mount path of the volume in the container, never "/".',
        'path',
        '/home/admin/data-file',
      ),
    ],
    risk: 'The volume is mounted anew through a filter while the database runs: it may stop or damage files, and asynchronous I/O (io_submit) is not delayed. Use it only on data that you can lose.',
    needsConfirmation: true,
  },
];

const byType = new Map(ANOMALIES.map((anomaly) => [anomaly.type, anomaly]));

/** The catalogue's entry for a type. */
export function anomalyDefinition(type: AnomalyType): AnomalyDefinition {
  return byType.get(type) as AnomalyDefinition;
}

/** A title for any type that a diagnosis names; an unknown one in plain words: `workload_spike` → `Workload spike`. */
export function anomalyTitle(type: string): string {
  if (isAnomalyType(type)) return anomalyDefinition(type).title;
  const words = type.replaceAll('_', ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The first system's strengths. */
export function defaultParameters(type: AnomalyType): AnomalyParameters {
  return Object.fromEntries(anomalyDefinition(type).parameters.map(({ id, default: initial }) => [id, initial]));
}

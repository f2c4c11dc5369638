/** What a user can inject and the diagnosis can name. The default strengths are those of the FastAPI demo that this replaces. */
export const ANOMALY_TYPES = ['cpu_stress', 'memory_stress', 'network_delay', 'disk_stress'] as const;

/** An injectable anomaly type. The diagnosis may name others too: there they are plain strings. */
export type AnomalyType = (typeof ANOMALY_TYPES)[number];

/** Everything that the guided command injects: the anomaly types, and faults that no diagnosis names. */
export const FAULT_TYPES = [
  ...ANOMALY_TYPES,
  'pod_kill',
  'pod_failure',
  'container_kill',
  'network_loss',
  'network_corrupt',
  'network_duplicate',
  'network_bandwidth',
  'network_partition',
  'io_fault',
  'io_mistake',
  'clock_skew',
  'dns_error',
  'http_abort',
  'http_delay',
] as const;

/** A fault that the guided command injects: an anomaly type or another. */
export type FaultType = (typeof FAULT_TYPES)[number];

/** True for the name of an injectable anomaly type: one that the diagnosis can name. */
export function isAnomalyType(value: unknown): value is AnomalyType {
  return typeof value === 'string' && (ANOMALY_TYPES as readonly string[]).includes(value);
}

/** True for the name of any fault of the guided command. */
export function isFaultType(value: unknown): value is FaultType {
  return typeof value === 'string' && (FAULT_TYPES as readonly string[]).includes(value);
}

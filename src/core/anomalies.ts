/** What a user can inject and the diagnosis can name. The strengths are the first system's. */
export const ANOMALY_TYPES = ['cpu_stress', 'memory_stress', 'network_delay', 'disk_stress'] as const;

/** An injectable anomaly type. The diagnosis may name others too: there they are plain strings. */
export type AnomalyType = (typeof ANOMALY_TYPES)[number];

/** True for the name of an injectable anomaly type. */
export function isAnomalyType(value: unknown): value is AnomalyType {
  return typeof value === 'string' && (ANOMALY_TYPES as readonly string[]).includes(value);
}

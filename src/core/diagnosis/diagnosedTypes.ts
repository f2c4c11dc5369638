import type { Text } from '../base/text';
import { ANOMALIES } from '../faults/catalogue';

/** A type that a diagnosis can name, and what public data sets call it. */
export interface DiagnosedType {
  type: string;
  /** What it means for a DBA, in a sentence. */
  description: Text;
  /** Names of the same fault in DBSherlock's and DBPA's runs. */
  dataSetNames: readonly string[];
}

/** The node is anomalous, but no type is convincing. It is the last type of a model: the probability that anything acts on the node. */
export const UNKNOWN_TYPE = 'unknown_anomaly';

const SAME_AS_INJECTED: Readonly<Record<string, readonly string[]>> = {
  cpu_stress: ['cpu_saturation'],
  disk_stress: ['io_saturation'],
  network_delay: ['network_congestion'],
};

const learned = (type: string, description: Text, ...names: string[]): DiagnosedType => ({
  type,
  description,
  dataSetNames: names.length > 0 ? names : [type],
});

/** Every type of the catalogue: the injectable ones, then those learned from recorded faults. */
export const DIAGNOSED_TYPES: readonly DiagnosedType[] = [
  ...ANOMALIES.map(({ type, description }) => ({
    type,
    description,
    dataSetNames: SAME_AS_INJECTED[type] ?? [],
  })),
  learned('workload_spike', 'More requests arrive than before.'),
  learned('lock_contention', 'Sessions wait for one another’s locks.'),
  learned('poor_query', 'A query reads far more rows than it returns.'),
  learned('missing_indexes', 'Queries scan where an index should be used.'),
  learned('too_many_indexes', 'Every change has to be written to many indexes.', 'poor_physical_design'),
  learned('concurrent_commits', 'Many sessions commit small transactions at once.'),
  learned('concurrent_inserts', 'Many sessions insert rows at once.'),
  learned('backup', 'A backup or dump reads everything.'),
  learned('table_restore', 'A table is loaded or restored.'),
  learned('flush', 'Logs and tables are flushed to disk.'),
  learned(UNKNOWN_TYPE, 'The node is anomalous, but no known cause matches.'),
];

const byDataSetName = new Map(
  DIAGNOSED_TYPES.flatMap(({ type, dataSetNames }) => dataSetNames.map((name) => [name, type] as const)),
);

/** For each type, 1 where it acts: the labels of an example. */
export function labelsOf(types: readonly string[], acting: readonly string[]): Float32Array {
  return Float32Array.from(types, (type) => Number(type === UNKNOWN_TYPE ? acting.length > 0 : acting.includes(type)));
}

/** Type probabilities from a model's outputs. On a node that nothing seems to act on, a type is less likely than its own output says. */
export function jointly(types: readonly string[], outputs: Float64Array): Float64Array {
  const unknown = types.indexOf(UNKNOWN_TYPE);
  return unknown < 0 ? outputs : outputs.map((p, l) => (l === unknown ? p : p * (outputs[unknown] as number)));
}

/** Translates a data set's name into the catalogue's; an unknown name stays unchanged. */
export function canonicalType(name: string): string {
  return byDataSetName.get(name) ?? name;
}

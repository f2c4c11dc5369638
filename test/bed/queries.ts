import { metricDefinition, type MetricUnit } from '../../src/core/metrics/catalogue';
import { CONTAINER_PROFILE, OCEANBASE_PROFILE, type MetricQuery } from '../../src/core/metrics/profiles';
import { MYSQL_QUERIES } from './mysqlProfile';
import type { EngineName } from './types';

/** seekdb is an OceanBase 4 server alone: no peer calls it. */
const SEEKDB_QUERIES: readonly MetricQuery[] = OCEANBASE_PROFILE.queries.filter(
  ({ metric }) => !metric.startsWith('network.rpc'),
);

/** What is asked of an engine's recordings. */
export const QUERIES: Readonly<Record<EngineName, readonly MetricQuery[]>> = {
  seekdb: [...CONTAINER_PROFILE.queries, ...SEEKDB_QUERIES],
  galera: [...CONTAINER_PROFILE.queries, ...MYSQL_QUERIES],
};

const UNITS: Readonly<Record<MetricUnit, string>> = {
  cores: 'cores',
  bytes: 'bytes',
  bytesPerSecond: 'bytes per second',
  perSecond: 'per second',
  seconds: 'seconds',
  ratio: 'ratio',
  count: 'count',
};

/** A metric's unit in the words of the data sets; what the catalogue does not have are MySQL's counts. */
export function unitOf({ metric, template }: MetricQuery): string {
  const unit = metricDefinition(metric)?.unit;
  if (unit) return UNITS[unit];
  return template.includes('rate(') ? 'per second' : 'count';
}

import type { MetricQuery } from '../../src/core/metrics/profiles';

const status = (metric: string, name: string, template: string): MetricQuery => ({
  metric,
  needs: `mysql_global_status_${name}`,
  node: 'pod',
  template,
});
const series = (name: string, matchers = ''): string => `mysql_global_status_${name}{$pod${matchers}}`;
const gauge = (metric: string, name: string): MetricQuery => status(metric, name, `sum by (pod) (${series(name)})`);
const perSecond = (metric: string, name: string, matchers = '', scale = ''): MetricQuery =>
  status(metric, name, `sum by (pod) (rate(${series(name, matchers)}[$w]))${scale}`);
const commands = (metric: string, ...names: string[]): MetricQuery =>
  perSecond(metric, 'commands_total', `,command=~"${names.join('|')}"`);
const handler = (metric: string, name: string): MetricQuery =>
  perSecond(metric, 'handlers_total', `,handler="${name}"`);

/** mysqld_exporter's series, under the metrics' names of the recordings of MySQL. */
export const MYSQL_QUERIES: readonly MetricQuery[] = [
  commands('db.commits', 'commit'),
  commands('db.rollbacks', 'rollback'),
  commands('db.queries', 'select', 'insert', 'update', 'delete', 'replace'),
  gauge('db.threadsRunning', 'threads_running'),
  gauge('db.connections', 'threads_connected'),
  gauge('db.currentLockWaits', 'innodb_row_lock_current_waits'),
  perSecond('db.lockWaits', 'innodb_row_lock_waits'),
  perSecond('db.lockWaitTime', 'innodb_row_lock_time', '', ' / 1e3'), // milliseconds
  perSecond('db.logicalReads', 'innodb_buffer_pool_read_requests'),
  perSecond('db.physicalReads', 'innodb_buffer_pool_reads'),
  // MariaDB counts no rows in Innodb_rows_*.
  handler('db.rowInserts', 'write'),
  handler('db.rowUpdates', 'update'),
  handler('db.rowDeletes', 'delete'),
  gauge('db.dirtyPages', 'buffer_pool_dirty_pages'),
  perSecond('db.flushedPages', 'buffer_pool_page_changes_total', ',operation="flushed"'),
  handler('db.nextRowReads', 'read_next'),
  handler('db.keyReads', 'read_key'),
  handler('db.scanReads', 'read_rnd_next'),
];

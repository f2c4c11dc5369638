/** What each metric means, as its exporter says it in the exposition format. */
export const HELP: Readonly<Record<string, string>> = {
  container_cpu_usage_seconds_total: 'Cumulative CPU time consumed in seconds.',
  container_cpu_cfs_periods_total: 'Number of elapsed enforcement period intervals.',
  container_cpu_cfs_throttled_periods_total: 'Number of throttled period intervals.',
  container_fs_reads_total: 'Cumulative count of reads completed.',
  container_fs_writes_total: 'Cumulative count of writes completed.',
  container_fs_reads_bytes_total: 'Cumulative count of bytes read.',
  container_fs_writes_bytes_total: 'Cumulative count of bytes written.',
  container_network_receive_bytes_total: 'Cumulative count of bytes received.',
  container_network_transmit_bytes_total: 'Cumulative count of bytes transmitted.',
  container_network_receive_packets_total: 'Cumulative count of packets received.',
  container_network_transmit_packets_total: 'Cumulative count of packets transmitted.',
  container_memory_failures_total: 'Cumulative count of memory allocation failures.',
  container_memory_working_set_bytes: 'Current working set in bytes.',
  container_memory_usage_bytes:
    'Current memory usage in bytes, including all memory regardless of when it was accessed.',
  container_memory_rss: 'Size of RSS in bytes.',
  container_spec_memory_limit_bytes: 'Memory limit for the container.',
  container_spec_cpu_quota: 'CPU quota of the container.',
  container_spec_cpu_period: 'CPU period of the container.',
  kube_pod_container_status_restarts_total: 'The number of container restarts per container.',
  ob_sysstat: 'Statistics of an OceanBase server, one for each stat_id.',
  ob_active_session_num: 'Number of active sessions.',
  ob_all_session_num: 'Number of sessions.',
  ob_waitevent_wait_total: 'Number of waits for events.',
  ob_waitevent_wait_seconds_total: 'Seconds of waits for events.',
  ob_system_event_total_waits: 'Number of waits for events, by group.',
  ob_system_event_time_waited: 'Seconds of waits for events, by group.',
  ob_plan_cache_hit_total: 'Number of hits of the plan cache.',
  ob_plan_cache_access_total: 'Number of accesses to the plan cache.',
  ob_server_resource_cpu: 'CPU cores of the server.',
  ob_index_error_num: 'Number of broken indexes, counted where the root service is.',
  ob_disk_total_bytes: 'Size of the data disk in bytes.',
  ob_disk_free_bytes: 'Free space of the data disk in bytes.',
};

/** A metric's type. obagent exports its statistics without one: gauges and counters share one family. */
export function typeOf(name: string): 'untyped' | 'counter' | 'gauge' {
  if (name === 'ob_sysstat' || name.startsWith('ob_system_event_')) return 'untyped';
  return name.endsWith('_total') ? 'counter' : 'gauge';
}

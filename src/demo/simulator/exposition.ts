import type { Topology } from '../topology';
import { HELP, typeOf } from './families';
import type { NodeState } from './node';

/** One sample of one series. */
export interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

/** `stat_id` → the simulator's counter: those that obagent exports of OceanBase 4 and that move. */
const STATISTICS: Readonly<Record<number, string>> = {
  10000: 'rpcIn',
  10001: 'received',
  10002: 'rpcIn',
  10003: 'sent',
  10004: 'rpcFailed',
  10005: 'rpcDelay',
  10006: 'rpcDelay',
  20000: 'queued',
  20001: 'queued',
  20002: 'queueTime',
  30000: 'logTime',
  30001: 'logWrites',
  30002: 'logWrites',
  30005: 'started',
  30006: 'transactionTime',
  30007: 'commits',
  30008: 'commitTime',
  30009: 'rollbacks',
  30011: 'rpcFailed',
  40000: 'select',
  40001: 'selectTime',
  40002: 'insert',
  40003: 'insertTime',
  40004: 'replace',
  40005: 'replaceTime',
  40006: 'update',
  40007: 'updateTime',
  40008: 'delete',
  40009: 'deleteTime',
  40010: 'local',
  40011: 'remote',
  40012: 'distributed',
  40018: 'other',
  40019: 'otherTime',
  50000: 'select',
  50001: 'reads',
  50008: 'select',
  50009: 'reads',
  60000: 'reads',
  60001: 'readTime',
  60002: 'readBytes',
  60003: 'writes',
  60004: 'writeTime',
  60005: 'writeBytes',
  60023: 'lockWait',
};

/** `event_group` → the simulator's counters of waits and of seconds waited. */
const WAITS: Readonly<Record<string, readonly [waits: string, seconds: string]>> = {
  IO: ['reads', 'ioWait'],
  SYNC_RPC: ['remote', 'remoteWait'],
};

/** Container counters of cAdvisor: series name → the simulator's counter. */
const CONTAINER: Readonly<Record<string, string>> = {
  container_cpu_usage_seconds_total: 'cpu',
  container_cpu_cfs_periods_total: 'periods',
  container_cpu_cfs_throttled_periods_total: 'throttled',
  container_fs_reads_total: 'reads',
  container_fs_writes_total: 'writes',
  container_fs_reads_bytes_total: 'readBytes',
  container_fs_writes_bytes_total: 'writeBytes',
};

const SANDBOX: Readonly<Record<string, string>> = {
  container_network_receive_bytes_total: 'received',
  container_network_transmit_bytes_total: 'sent',
  container_network_receive_packets_total: 'receivedPackets',
  container_network_transmit_packets_total: 'sentPackets',
};

/** All series of all servers, with the labels of cAdvisor and obagent. A server that is down exports nothing of its own. */
export function samples(topology: Topology, nodes: readonly NodeState[]): Sample[] {
  const result: Sample[] = [];
  for (const node of nodes) {
    const { pod } = node;
    const counter = (name: string): number => node.counters.get(name) ?? 0;
    const gauge = (name: string): number => node.gauges.get(name) ?? 0;
    const push = (name: string, labels: Record<string, string>, value: number): void => {
      result.push({ name, labels, value });
    };
    const sandbox = { namespace: topology.namespace, pod: pod.name };
    const container = { ...sandbox, container: 'observer' };
    for (const [name, from] of Object.entries(CONTAINER)) push(name, container, counter(from));
    for (const [name, from] of Object.entries(SANDBOX)) push(name, { ...sandbox, interface: 'eth0' }, counter(from));
    push(
      'container_memory_failures_total',
      { ...container, failure_type: 'pgmajfault', scope: 'container' },
      counter('majorFaults'),
    );
    push('container_memory_working_set_bytes', container, gauge('workingSet'));
    push('container_memory_usage_bytes', container, gauge('workingSet') + 1.5e8);
    push('container_memory_rss', container, gauge('rss'));
    push('container_spec_memory_limit_bytes', container, pod.memoryLimit);
    push('container_spec_cpu_quota', container, pod.cpuLimit * 100_000);
    push('container_spec_cpu_period', container, 100_000);
    push('kube_pod_container_status_restarts_total', container, node.restarts);
    if (!node.up || !node.scraped) continue;
    const server = {
      ob_cluster_name: topology.clusterName,
      ob_cluster_id: topology.clusterId,
      obzone: pod.zone,
      svr_ip: pod.ip,
      svr_port: '2882',
      app: 'OB',
    };
    const tenant = { ...server, ob_tenant_id: '1002', tenant_name: topology.tenant };
    const statistic = (id: number, value: number): void =>
      push('ob_sysstat', { ...tenant, stat_id: String(id) }, value);
    for (const [id, from] of Object.entries(STATISTICS)) statistic(Number(id), counter(from));
    statistic(130000, node.memstore * 0.8);
    statistic(130001, node.memstore);
    statistic(130002, gauge('memstoreTrigger'));
    statistic(130004, gauge('memstoreTrigger') * 1.7);
    statistic(140002, pod.databaseMemoryLimit);
    statistic(140003, gauge('serverMemory'));
    statistic(140005, pod.cpuLimit * 100);
    statistic(140006, gauge('occupancy') * pod.cpuLimit * 100);
    push('ob_active_session_num', tenant, Math.round(gauge('sessions')));
    push('ob_all_session_num', tenant, gauge('connections'));
    const waits = Object.entries(WAITS).map(([group, [count, seconds]]) => {
      push('ob_system_event_total_waits', { ...tenant, event_group: group }, counter(count));
      push('ob_system_event_time_waited', { ...tenant, event_group: group }, counter(seconds));
      return [counter(count), counter(seconds)] as const;
    });
    push(
      'ob_waitevent_wait_total',
      tenant,
      waits.reduce((sum, [count]) => sum + count, 0),
    );
    push(
      'ob_waitevent_wait_seconds_total',
      tenant,
      waits.reduce((sum, [, seconds]) => sum + seconds, 0),
    );
    push('ob_plan_cache_hit_total', tenant, counter('select') * 0.98);
    push('ob_plan_cache_access_total', tenant, counter('select'));
    push('ob_server_resource_cpu', server, pod.cpuLimit);
    // Where the root service is not, obagent does not count them.
    if (node.rootService) push('ob_index_error_num', server, 0);
    push('ob_disk_total_bytes', server, 1e11);
    push('ob_disk_free_bytes', server, 1e11 - 2e10);
  }
  return result;
}

const escape = (value: string): string => value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');

/** Prometheus's text exposition format 0.0.4. */
export function exposition(all: readonly Sample[]): string {
  const families = new Map<string, Sample[]>();
  for (const sample of all) {
    const family = families.get(sample.name);
    if (family) family.push(sample);
    else families.set(sample.name, [sample]);
  }
  const lines: string[] = [];
  for (const [name, members] of families) {
    if (HELP[name]) lines.push(`# HELP ${name} ${HELP[name]}`);
    lines.push(`# TYPE ${name} ${typeOf(name)}`);
    for (const { labels, value } of members) {
      const text = Object.entries(labels)
        .map(([key, label]) => `${key}="${escape(label)}"`)
        .join(',');
      lines.push(`${name}{${text}} ${value}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

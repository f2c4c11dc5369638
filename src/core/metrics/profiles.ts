import type { Text } from '../base/text';
import type { MetricId } from './catalogue';
import { escapeLabelValue, matcherOf } from './matchers';

/** Which exporters a cluster has: OceanBase's own agent, or cAdvisor alone. */
export type ProfileName = 'oceanbase' | 'container';

/** What a query's answer tells the nodes apart by: the pod's name, or the address of OceanBase's server. */
export type NodeLabel = 'pod' | 'svr_ip';

/** What a template's place-holders stand for: nodes of one namespace. */
export interface QueryScope {
  namespace: string;
  /** Values of the query's node label. */
  nodes: readonly string[];
  container: string;
  /** Range of `rate()`, milliseconds. */
  rateWindowMs: number;
  /** Further matchers of every series, as PromQL has them: `cluster="prod"`. */
  matchers?: string | undefined;
  /** A matcher of the containers' and sandboxes' series, which tells their lives apart. */
  lives?: string | undefined;
}

/** One way to get a metric: a PromQL template, and the series that must exist for it to answer. */
export interface MetricQuery {
  metric: MetricId;
  /** Place-holders: `$container` (matchers of the database's containers), `$pod` (of the pods' sandboxes), `$server` (of the OceanBase servers), `$w` (rate window); `labelledAs` has those for other labels. The answer has one series for each node. */
  template: string;
  node: NodeLabel;
  /** The label that has it, where it is not of that name. */
  label?: string;
  /** A series' name that tells whether the server has this metric. */
  needs: string;
}

/** The queries of one kind of exporter. */
export interface MetricProfile {
  name: ProfileName;
  title: Text;
  queries: readonly MetricQuery[];
}

const container = (metric: MetricId, needs: string, template: string): MetricQuery => ({
  metric,
  needs,
  node: 'pod',
  template,
});

/** cAdvisor's series, as the kubelet exports them; network series belong to the pod's sandbox and carry no container. */
export const CONTAINER_PROFILE: MetricProfile = {
  name: 'container',
  title: 'Container metrics (cAdvisor)',
  queries: [
    container(
      'cpu.used',
      'container_cpu_usage_seconds_total',
      'sum by (pod) (rate(container_cpu_usage_seconds_total{$container}[$w]))',
    ),
    container(
      'cpu.throttled',
      'container_cpu_cfs_periods_total',
      'sum by (pod) (rate(container_cpu_cfs_throttled_periods_total{$container}[$w])) / sum by (pod) (rate(container_cpu_cfs_periods_total{$container}[$w]))',
    ),
    container(
      'memory.used',
      'container_memory_working_set_bytes',
      'sum by (pod) (container_memory_working_set_bytes{$container})',
    ),
    container('memory.rss', 'container_memory_rss', 'sum by (pod) (container_memory_rss{$container})'),
    container(
      'memory.majorFaults',
      'container_memory_failures_total',
      'sum by (pod) (rate(container_memory_failures_total{$container,failure_type="pgmajfault",scope="container"}[$w]))',
    ),
    container(
      'network.sendBytes',
      'container_network_transmit_bytes_total',
      'sum by (pod) (rate(container_network_transmit_bytes_total{$pod,interface!="lo"}[$w]))',
    ),
    container(
      'network.receiveBytes',
      'container_network_receive_bytes_total',
      'sum by (pod) (rate(container_network_receive_bytes_total{$pod,interface!="lo"}[$w]))',
    ),
    container(
      'disk.readBytes',
      'container_fs_reads_bytes_total',
      'sum by (pod) (rate(container_fs_reads_bytes_total{$container}[$w]))',
    ),
    container(
      'disk.writeBytes',
      'container_fs_writes_bytes_total',
      'sum by (pod) (rate(container_fs_writes_bytes_total{$container}[$w]))',
    ),
    container(
      'disk.readOps',
      'container_fs_reads_total',
      'sum by (pod) (rate(container_fs_reads_total{$container}[$w]))',
    ),
    container(
      'disk.writeOps',
      'container_fs_writes_total',
      'sum by (pod) (rate(container_fs_writes_total{$container}[$w]))',
    ),
  ],
};

const stat = (id: number): string => `ob_sysstat{$server,stat_id="${id}"}`;
const perSecond = (...ids: number[]): string => ids.map((id) => `sum by (svr_ip) (rate(${stat(id)}[$w]))`).join(' + ');
/** OceanBase counts times in microseconds: mean time = rate of time / rate of count. */
const meanSeconds = (times: number[], counts: number[]): string =>
  `(${perSecond(...times)}) / (${perSecond(...counts)}) / 1e6`;
const observer = (metric: MetricId, template: string, needs = 'ob_sysstat'): MetricQuery => ({
  metric,
  needs,
  node: 'svr_ip',
  template,
});

/** Counts of SELECT, INSERT, REPLACE, UPDATE, DELETE; the id after each is its time. */
const STATEMENTS = [40000, 40002, 40004, 40006, 40008];

/**
 * obagent's series: statistics by `stat_id`, one server by `svr_ip`. Only what obagent exports of OceanBase 4 as it comes
 * (its `etc/module_config/monitor_ob.yaml`, `minObVersion: 4.0.0.0`) and what moves in OceanBase 4: 10007 to 10010,
 * 80001 to 80003 and 140013 are not exported; 80040, 80041, 60021 and the wait event 14003 (`ROW_LOCK_WAIT`) stand still.
 * Names, units and sums as in OceanBase's `ob_stat_event.h` and in ob-operator's dashboard (`metric_expr.yaml`).
 */
export const OCEANBASE_PROFILE: MetricProfile = {
  name: 'oceanbase',
  title: 'OceanBase (obagent)',
  queries: [
    // "cpu usage" is the busy share of the workers' time (`ObTenant::update_token_usage`) of the tenant's CPU.
    observer('cpu.server', `sum by (svr_ip) (${stat(140006)}) / sum by (svr_ip) (${stat(140005)})`),
    observer('memory.server', `sum by (svr_ip) (${stat(140003)})`),
    observer('memory.memstore', `sum by (svr_ip) (${stat(130001)})`),
    observer('network.rpcDelay', meanSeconds([10005], [10000])),
    observer('network.rpcIn', perSecond(10000)),
    observer('disk.readLatency', meanSeconds([60001], [60000])),
    observer('disk.writeLatency', meanSeconds([60004], [60003])),
    // TRANS_COMMIT_LOG_SYNC_TIME and _COUNT: µs from a log's submission to its call back, "after flushing majority"
    // (`ObTransStatistic::add_clog_sync_time`; `ObPartTransCtx::on_success` adds to both).
    observer('disk.logLatency', meanSeconds([30000], [30001])),
    observer('db.commits', perSecond(30007)),
    observer('db.commitLatency', meanSeconds([30008], [30007])),
    observer('db.rollbacks', perSecond(30009)),
    observer('db.queries', perSecond(...STATEMENTS)),
    observer(
      'db.queryLatency',
      meanSeconds(
        STATEMENTS.map((id) => id + 1),
        STATEMENTS,
      ),
    ),
    observer('db.insertLatency', meanSeconds([40003], [40002])),
    observer('db.updateLatency', meanSeconds([40007], [40006])),
    observer('db.otherLatency', meanSeconds([40019], [40018])),
    observer('db.transactionTime', meanSeconds([30006], [30007, 30009])),
    observer('db.connections', 'sum by (svr_ip) (ob_all_session_num{$server})', 'ob_all_session_num'),
    observer('db.activeSessions', 'sum by (svr_ip) (ob_active_session_num{$server})', 'ob_active_session_num'),
    observer('db.queueTime', meanSeconds([20002], [20001])),
    observer('db.lockWaitTime', `(${perSecond(60023)}) / 1e6`),
    // The group `IO` holds the wait events 10001 to 11006 and 11008 to 11011; its time is in seconds.
    observer(
      'db.ioWaitTime',
      'sum by (svr_ip) (rate(ob_system_event_time_waited{$server,event_group="IO"}[$w]))',
      'ob_system_event_time_waited',
    ),
  ],
};

/**
 * Names the server that leads: the one with the root service, which runs on the leader of the sys tenant's log stream.
 * obagent counts broken indexes there only (`condition: ob_is_rootservice` in `monitor_ob.yaml`), so that the series of one
 * server alone tells. An agent that has just started counts once before it knows, and a root service that has moved
 * leaves its last sample behind: over two minutes several servers have the series then, and nothing is told.
 */
export const LEADER_QUERY: MetricQuery = {
  metric: 'db.rootService',
  needs: 'ob_index_error_num',
  node: 'svr_ip',
  template: 'max by (svr_ip) (max_over_time(ob_index_error_num{$server}[2m]))',
};

/** Both profiles, the richer first. */
export const PROFILES: readonly MetricProfile[] = [OCEANBASE_PROFILE, CONTAINER_PROFILE];

/** The queries to ask: those of the wanted profile whose series the server has, and the container profile's for the rest. */
export function chooseQueries(
  wanted: ProfileName | 'auto',
  hasSeries: (name: string) => boolean,
): { profile: ProfileName; queries: { query: MetricQuery; profile: ProfileName }[] } {
  const candidates = wanted === 'container' ? [CONTAINER_PROFILE] : PROFILES;
  const queries = candidates.flatMap((profile) =>
    profile.queries.filter((query) => hasSeries(query.needs)).map((query) => ({ query, profile: profile.name })),
  );
  const profile = queries.some((entry) => entry.profile === 'oceanbase') ? 'oceanbase' : 'container';
  return { profile, queries };
}

/** How a server's container series are labelled, where it is not as the kubelet exports them. */
export interface Labelling {
  /** The scrape has put `exported_` before the kubelet's labels, as it does without `honor_labels` where its target has the same. */
  exported: boolean;
  /** No series has a container's name: those of whole pods stand in for those of their only container. */
  whole: boolean;
}

/** A query for series that are labelled in another way. */
export function labelledAs(query: MetricQuery, { exported, whole }: Labelling): MetricQuery {
  if (query.node === 'svr_ip') return query;
  const container = whole ? 'whole' : 'container';
  const names: Readonly<Record<string, string>> = exported
    ? { container: `exported${capital(container)}`, pod: 'exportedPod' }
    : { container, pod: 'pod' };
  const template = query.template.replace(/\$(container|pod)\b/g, (_, name: string) => `$${names[name]}`);
  return exported
    ? { ...query, label: 'exported_pod', template: template.replaceAll('by (pod)', 'by (exported_pod)') }
    : { ...query, template };
}

/** The label by which the series of a query's answer name their node. */
export const nodeLabel = ({ node, label = node }: MetricQuery): string => label;

/** True for a query of the containers themselves; network series belong to the sandbox, which outlives them. */
export const asksContainers = ({ template }: MetricQuery): boolean =>
  /\$(container|whole|exportedContainer|exportedWhole)\b/.test(template);

const capital = (text: string): string => text.replace(/^./, (first) => first.toUpperCase());

const PLACE_HOLDER = /\$(container|pod|whole|exportedContainer|exportedPod|exportedWhole|server|w)\b/g;

/** The PromQL of one metric for some nodes of a namespace, one series each. */
export function renderQuery(template: string, scope: QueryScope): string {
  const joined = (...parts: (string | undefined)[]): string => parts.filter(Boolean).join(',');
  const pods = (prefix: string): string =>
    `${prefix}namespace="${escapeLabelValue(scope.namespace)}",${matcherOf(`${prefix}pod`, scope.nodes)}`;
  const containers = (prefix: string, name: string): string =>
    joined(pods(prefix), `${prefix}container="${escapeLabelValue(name)}"`, scope.lives, scope.matchers);
  // A pod's own control group has no image; a sandbox, which has no container's name either, has one.
  const values: Readonly<Record<string, () => string>> = {
    container: () => containers('', scope.container),
    exportedContainer: () => containers('exported_', scope.container),
    whole: () => `${containers('', '')},image=""`,
    exportedWhole: () => `${containers('exported_', '')},image=""`,
    pod: () => joined(pods(''), scope.lives, scope.matchers),
    exportedPod: () => joined(pods('exported_'), scope.lives, scope.matchers),
    server: () => joined(matcherOf('svr_ip', scope.nodes), scope.matchers),
    w: () => `${Math.round(scope.rateWindowMs)}ms`,
  };
  // One pass, so that a value that looks like a placeholder is not replaced.
  return template.replace(PLACE_HOLDER, (_, name: string) => values[name]?.() ?? '');
}

/** A selector of the series that a query needs, with place-holders as in its template. */
export function neededSelector({ needs, template }: MetricQuery): string {
  const [matchers = ''] = template.match(PLACE_HOLDER) ?? [];
  return `${needs}{${matchers}}`;
}

/**
 * A rate window that holds three scrapes: a rate needs two, and one may be lost. A fourth, as Grafana's `$__rate_interval`
 * has it, would show an anomaly a scrape later.
 */
export function rateWindowMs(stepMs: number, scrapeMs: number): number {
  return Math.max(3 * scrapeMs, stepMs + scrapeMs);
}

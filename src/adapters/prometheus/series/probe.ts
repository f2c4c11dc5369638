import { joined, msg, type Text } from '../../../core/base/text';
import { METRICS } from '../../../core/metrics/catalogue';
import { batchesOf, batchQuery, nodeValue } from '../../../core/metrics/batches';
import type { Origin } from '../../../core/metrics/origins';
import type { PinOf } from '../../../core/metrics/pin';
import {
  asksContainers,
  chooseQueries,
  CONTAINER_PROFILE,
  labelledAs,
  neededSelector,
  nodeLabel,
  OCEANBASE_PROFILE,
  type MetricQuery,
  type ProfileName,
} from '../../../core/metrics/profiles';
import type { MetricSourceInfo } from '../../../core/metrics/series';
import type { DatabasePod } from '../../../core/cluster/databasePod';
import { isRecord, textOf } from '../../../core/base/unknown';
import type { PrometheusClient } from '../connection/client';
import { inParallel } from '../concurrency';
import { findLabelling, type FoundLabelling } from './labelling';
import { findServers, NO_SERVERS, type Servers } from './servers';

/** What a server has for these targets. */
export interface Probe {
  info: MetricSourceInfo;
  queries: readonly { query: MetricQuery; profile: ProfileName }[];
  /** The scrape interval of each profile's series, milliseconds. */
  scrapeMs: Readonly<Record<ProfileName, number>>;
  /** Which of obagent's series are each target's. */
  servers: Servers;
  /** Labels of our cluster's series if there are several clusters; data from before the pods were recreated do not show them. */
  own?: Origin | undefined;
  /** True for a target whose container series are those of several containers. */
  isMixed: (target: DatabasePod) => boolean;
}

/** Which metrics of which targets are tried. */
export interface ProbeOptions {
  client: PrometheusClient;
  targets: readonly DatabasePod[];
  container: string;
  profile: ProfileName | 'auto';
  nowMs: number;
  concurrency: number;
  /** What the user chose where the server has several Kubernetes clusters. */
  chosen?: Origin | undefined;
  signal?: AbortSignal | undefined;
}

/** Where no two samples are near enough to tell: cAdvisor's usual 30 s, and what many set for the rest. */
const ASSUMED_SCRAPE_MS: Readonly<Record<ProfileName, number>> = { container: 30_000, oceanbase: 15_000 };

/** Nodes whose raw samples tell how often all are scraped. */
const SAMPLED_NODES = 5;

/** How far back to look for series of servers. */
const SERVERS_WINDOW_MS = 300_000;

/** Finds out which of the profiles' series the server has, how they are labelled and how often scraped, and which version it is. */
export async function probe(options: ProbeOptions): Promise<Probe> {
  const { client, targets, container, profile, nowMs, chosen: origin, signal } = options;
  const question = { client, targets, container, atMs: nowMs, signal };
  const wantsServers = profile !== 'container';
  const servers = wantsServers ? await findServers({ ...question, windowMs: SERVERS_WINDOW_MS }, origin) : NO_SERVERS;
  // Whether there are any: which of them are whose may be undecided yet.
  const pinOf: PinOf = (query, target) =>
    query.node === 'svr_ip' ? { ...servers.pinOf(target), undecided: undefined } : undefined;
  const found = new Map<string, string>();
  await check([...(wantsServers ? OCEANBASE_PROFILE.queries : []), ...CONTAINER_PROFILE.queries]);
  const asContainers = CONTAINER_PROFILE.queries.filter(asksContainers);
  const labelling = asContainers.some(({ needs }) => found.has(needs)) ? undefined : await findLabelling(question);
  const written = (query: MetricQuery): MetricQuery => (labelling ? labelledAs(query, labelling) : query);
  if (labelling && labelling.targets.length > 0 && (labelling.exported || labelling.whole))
    await check(CONTAINER_PROFILE.queries.map(written));
  const chosen = chooseQueries(profile, (name) => found.has(name));
  const interval = async (name: ProfileName): Promise<number> => {
    const sample = chosen.queries.find((one) => one.profile === name)?.query.needs;
    return sample === undefined ? ASSUMED_SCRAPE_MS[name] : measureScrape(options, name, found.get(sample) as string);
  };
  const [ofContainer, ofOceanBase, version] = await Promise.all([
    interval('container'),
    interval('oceanbase'),
    readVersion(client, signal),
  ]);
  const metrics = chosen.queries.map(({ query, profile: from }) => ({ metric: query.metric, profile: from as string }));
  return {
    queries: chosen.queries.map(({ query, profile: from }) => ({ query: written(query), profile: from })),
    scrapeMs: { container: ofContainer, oceanbase: ofOceanBase },
    servers,
    isMixed: (target) =>
      labelling?.whole === true &&
      !labelling.targets.some(({ namespace, pod }) => namespace === target.namespace && pod === target.pod),
    info: {
      url: client.endpoint.baseUrl,
      profile: chosen.profile,
      metrics,
      notes: notes(options, metrics, labelling, servers),
      version,
    },
  };

  /** Which of the queries' series are there. */
  async function check(queries: readonly MetricQuery[]): Promise<void> {
    const needed = new Map(queries.map((query) => [query.needs, query]));
    const checks = [...needed].map(([name, query]) => async (): Promise<void> => {
      const selector = await sampleSelector(query, options, pinOf);
      if (selector !== undefined) found.set(name, selector);
    });
    await inParallel(options.concurrency, checks);
  }
}

/** A selector of a query's series of a few of the nodes that have any; undefined where none has. */
async function sampleSelector(query: MetricQuery, options: ProbeOptions, pinOf: PinOf): Promise<string | undefined> {
  const { client, targets, container, nowMs, signal } = options;
  // A separate query, which mentions the nodes only once, so that it covers many of them.
  const label = nodeLabel(query);
  const template = `count by (${label}) (${neededSelector(query)})`;
  const scope = { container, rateWindowMs: 0 };
  for (const batch of batchesOf({ ...query, template }, targets, container, pinOf)) {
    const { data } = await client.query(batchQuery({ template }, batch, scope), nowMs, signal);
    const having = data.filter(({ points }) => points.some(([, value]) => value > 0));
    if (having.length === 0) continue;
    const named = new Set(having.map(({ labels }) => textOf(labels[label])));
    const nodes = [...batch.nodes].filter(([node]) => named.has(node));
    const sample = new Map((nodes.length > 0 ? nodes : [...batch.nodes]).slice(0, SAMPLED_NODES));
    return batchQuery({ template: neededSelector(query) }, { ...batch, nodes: sample }, scope);
  }
  return undefined;
}

/** The middle distance of raw samples: rates need a window of several. */
async function measureScrape(
  { client, nowMs, signal }: ProbeOptions,
  profile: ProfileName,
  selector: string,
): Promise<number> {
  const { data } = await client.query(`${selector}[5m]`, nowMs, signal).catch(() => ({ data: [] }));
  signal?.throwIfAborted();
  const distances = data
    .slice(0, 20)
    .flatMap(({ points }) => points.slice(1).map(([at], index) => at - (points[index]?.[0] ?? NaN)));
  const sorted = distances.filter((distance) => distance > 0).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? ASSUMED_SCRAPE_MS[profile];
}

async function readVersion(client: PrometheusClient, signal?: AbortSignal): Promise<string | undefined> {
  try {
    const { data } = await client.get('/api/v1/status/buildinfo', {}, signal);
    return isRecord(data) ? textOf(data['version']) || undefined : undefined;
  } catch {
    signal?.throwIfAborted();
    return undefined; // not every server that speaks the API has it
  }
}

function notes(
  { profile: wanted, container, targets }: ProbeOptions,
  metrics: readonly { metric: string; profile: string }[],
  labelling: FoundLabelling | undefined,
  { others }: Servers,
): Text[] {
  const result: Text[] = [];
  const has = (profile: string): boolean => metrics.some((one) => one.profile === profile);
  const elsewhere: Text[] = others.length > 0 ? [noneOfThese(targets, others)] : [];
  const ofContainers = labelling?.note === undefined ? [] : [labelling.note];
  if (metrics.length === 0) {
    const reasons = [...elsewhere, ...ofContainers];
    return reasons.length > 0 ? reasons : ['The server has no metrics of these pods.'];
  }
  if (!has('oceanbase') && wanted !== 'container')
    result.push(elsewhere[0] ?? 'No obagent metrics (ob_sysstat): container metrics only, without database latencies.');
  if (!has('container') && ofContainers.length === 0)
    result.push(
      msg`No cAdvisor metrics of the container "${container}": no CPU, memory, network and disk values of the pods.`,
    );
  result.push(...ofContainers);
  const names = new Set(metrics.map((one) => one.metric));
  const candidates = new Set(
    (wanted === 'container' ? [CONTAINER_PROFILE] : [OCEANBASE_PROFILE, CONTAINER_PROFILE])
      .filter((one) => has(one.name))
      .flatMap((one) => one.queries.map((query) => query.metric)),
  );
  const missing = METRICS.filter(({ id }) => candidates.has(id) && !names.has(id));
  if (missing.length > 0)
    result.push(
      msg`Missing: ${joined(
        missing.map(({ title }) => title),
        ', ',
      )}.`,
    );
  return result;
}

/** Addresses that are named in a note. */
const MOST_NAMED = 3;

function noneOfThese(targets: readonly DatabasePod[], others: readonly string[]): Text {
  const ours = [...new Set(targets.map((target) => nodeValue('svr_ip', target) ?? target.pod))];
  const named = ours.slice(0, MOST_NAMED).join(', ') + (ours.length > MOST_NAMED ? ', …' : '');
  return msg`Prometheus has obagent metrics (ob_sysstat), but not of these servers. Queried svr_ip: ${named}. Found: ${others.join(', ')}.`;
}

import { METRICS } from '../../core/metrics/catalogue';
import { batchesOf, type Batch } from '../../core/metrics/batches';
import {
  chooseQueries,
  CONTAINER_PROFILE,
  neededSelector,
  OCEANBASE_PROFILE,
  renderQuery,
  type MetricQuery,
  type ProfileName,
} from '../../core/metrics/profiles';
import type { MetricSourceInfo } from '../../core/metrics/series';
import type { Target } from '../../core/target';
import { isRecord, textOf } from '../../core/unknown';
import type { PrometheusClient } from './client';
import { inParallel } from './concurrency';

/** What a server has for these targets. */
export interface Probe {
  info: MetricSourceInfo;
  queries: readonly { query: MetricQuery; profile: ProfileName }[];
  /** The scrape interval of each profile's series, milliseconds. */
  scrapeMs: Readonly<Record<ProfileName, number>>;
}

/** Which metrics of which targets are tried. */
export interface ProbeOptions {
  client: PrometheusClient;
  targets: readonly Target[];
  container: string;
  profile: ProfileName | 'auto';
  nowMs: number;
  concurrency: number;
  signal?: AbortSignal | undefined;
}

/** Where no two samples are near enough to tell: cAdvisor's usual 30 s, and what many set for the rest. */
const ASSUMED_SCRAPE_MS: Readonly<Record<ProfileName, number>> = { container: 30_000, oceanbase: 15_000 };

/** Nodes whose raw samples tell how often all are scraped. */
const SAMPLED_NODES = 5;

/** Finds out which of the profiles' series the server has, how often they are scraped, and which version it is. */
export async function probe(options: ProbeOptions): Promise<Probe> {
  const { client, container, profile, concurrency, signal } = options;
  const candidates = (profile === 'container' ? [CONTAINER_PROFILE] : [OCEANBASE_PROFILE, CONTAINER_PROFILE]).flatMap(
    (one) => one.queries,
  );
  const needed = new Map(candidates.map((query) => [query.needs, query]));
  const found = new Map<string, string>();
  const checks = [...needed].map(([name, query]) => async (): Promise<void> => {
    const selector = await sampleSelector(query, options);
    if (selector !== undefined) found.set(name, selector);
  });
  await inParallel(concurrency, checks);
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
    queries: chosen.queries,
    scrapeMs: { container: ofContainer, oceanbase: ofOceanBase },
    info: {
      url: client.endpoint.baseUrl,
      profile: chosen.profile,
      metrics,
      notes: notes(profile, container, metrics),
      version,
    },
  };
}

/** A selector of a query's series of a few of the nodes that have any; undefined where none has. */
async function sampleSelector(query: MetricQuery, options: ProbeOptions): Promise<string | undefined> {
  const { client, targets, container, nowMs, signal } = options;
  // As a query of its own: it mentions the nodes once, so that many of them go into one question.
  const template = `count by (${query.node}) (${neededSelector(query)})`;
  const render = (text: string, { namespace }: Batch, nodes: readonly string[]): string =>
    renderQuery(text, { namespace, nodes, container, rateWindowMs: 0 });
  for (const batch of batchesOf({ ...query, template }, targets, container)) {
    const nodes = [...batch.nodes.keys()];
    const { data } = await client.query(render(template, batch, nodes), nowMs, signal);
    const having = data.filter(({ points }) => points.some(([, value]) => value > 0));
    if (having.length === 0) continue;
    const named = having.map(({ labels }) => textOf(labels[query.node])).filter((node) => batch.nodes.has(node));
    return render(neededSelector(query), batch, (named.length > 0 ? named : nodes).slice(0, SAMPLED_NODES));
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
  wanted: ProfileName | 'auto',
  container: string,
  metrics: readonly { metric: string; profile: string }[],
): string[] {
  const result: string[] = [];
  const has = (profile: string): boolean => metrics.some((one) => one.profile === profile);
  if (metrics.length === 0) return ['The server has none of the metrics of these pods.'];
  if (!has('oceanbase') && wanted !== 'container')
    result.push('No obagent metrics (ob_sysstat): container metrics only, without latencies of the database.');
  if (!has('container'))
    result.push(
      `No cAdvisor metrics of the container "${container}": no CPU, memory, network and disk figures of the pods.`,
    );
  const names = new Set(metrics.map((one) => one.metric));
  const candidates = new Set(
    (wanted === 'container' ? [CONTAINER_PROFILE] : [OCEANBASE_PROFILE, CONTAINER_PROFILE])
      .filter((one) => has(one.name))
      .flatMap((one) => one.queries.map((query) => query.metric)),
  );
  const missing = METRICS.filter(({ id }) => candidates.has(id) && !names.has(id));
  if (missing.length > 0) result.push(`Not there: ${missing.map(({ title }) => title.toLowerCase()).join(', ')}.`);
  return result;
}

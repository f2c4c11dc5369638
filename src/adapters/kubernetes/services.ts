import type { HttpEndpoint } from '../../core/endpoint';
import { isRecord, recordsOf, stringsOf, textOf } from '../../core/unknown';
import type { KubeClient } from './client';
import { listAll } from './lists';

/** A service that looks like Prometheus's HTTP API. */
export interface PrometheusService {
  namespace: string;
  service: string;
  /** A port's name or number. */
  port: string;
}

/** A service's HTTP API through the API server's proxy: no port of the cluster has to be open to us. */
export function serviceProxy(
  client: KubeClient,
  namespace: string,
  service: string,
  port: string | number,
): HttpEndpoint {
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/services/${encodeURIComponent(`${service}:${port}`)}/proxy`;
  return { baseUrl: `${client.server}${path}`, access: () => client.access() };
}

/** Services that are probably a Prometheus, the likeliest first. Falls back to `namespaces` where listing all is forbidden. */
export async function listPrometheusServices(
  client: KubeClient,
  namespaces: readonly string[],
  signal?: AbortSignal,
): Promise<PrometheusService[]> {
  const what = 'look for Prometheus';
  let items: Readonly<Record<string, unknown>>[];
  try {
    ({ items } = await listAll(client, '/api/v1/services', what, { signal }));
  } catch {
    signal?.throwIfAborted();
    const each = namespaces.map((namespace) =>
      listAll(client, `/api/v1/namespaces/${encodeURIComponent(namespace)}/services`, what, { signal }),
    );
    const answers = await Promise.allSettled(each);
    const refused = answers.filter((one) => one.status === 'rejected');
    if (refused.length === answers.length && refused[0]) throw refused[0].reason;
    items = answers.flatMap((one) => (one.status === 'fulfilled' ? one.value.items : []));
  }
  return items
    .map((item) => ({ found: toService(item), score: score(item) }))
    .filter((one): one is { found: PrometheusService; score: number } => one.score > 0 && one.found !== undefined)
    .sort(
      (a, b) =>
        b.score - a.score || (a.found.namespace + a.found.service < b.found.namespace + b.found.service ? -1 : 1),
    )
    .map(({ found }) => found);
}

const HELPERS =
  /alertmanager|operator$|node-exporter|kube-state|pushgateway|adapter|blackbox|grafana|kubelet|thanos-(sidecar|store|compact|rule)/;

/** How much a service looks like Prometheus: by the operator's and the charts' labels, by name, by port. 0 = not at all. */
function score(item: Readonly<Record<string, unknown>>): number {
  const metadata = isRecord(item['metadata']) ? item['metadata'] : {};
  const name = textOf(metadata['name']);
  const labels = stringsOf(metadata['labels']);
  const app = `${labels['app.kubernetes.io/name'] ?? ''} ${labels['app'] ?? ''} ${labels['app.kubernetes.io/component'] ?? ''}`;
  if (HELPERS.test(name)) return 0;
  const operated = labels['operated-prometheus'] === 'true' ? 2 : 0;
  const named = /prometheus|victoria-?metrics|vmsingle|thanos-query/.test(name) ? 4 : 0;
  const labelled = /\bprometheus\b/.test(app) ? 3 : 0;
  const port = ports(item).some(({ number }) => number === 9090) ? 2 : 0;
  return operated + named + labelled === 0 ? 0 : operated + named + labelled + port;
}

function ports(item: Readonly<Record<string, unknown>>): { name: string; number: number }[] {
  const spec = isRecord(item['spec']) ? item['spec'] : {};
  return recordsOf(spec['ports']).map((port) => ({ name: textOf(port['name']), number: Number(port['port']) }));
}

function toService(item: Readonly<Record<string, unknown>>): PrometheusService | undefined {
  const metadata = isRecord(item['metadata']) ? item['metadata'] : {};
  const all = ports(item);
  const best =
    all.find(({ number }) => number === 9090) ?? all.find(({ name }) => /^(http-)?web$|^http$/.test(name)) ?? all[0];
  if (!best) return undefined;
  return { namespace: textOf(metadata['namespace']), service: textOf(metadata['name']), port: String(best.number) };
}

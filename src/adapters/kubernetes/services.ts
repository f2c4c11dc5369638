import { msg } from '../../core/base/text';
import type { HttpEndpoint } from '../../core/cluster/endpoint';
import { AppError } from '../../core/base/errors';
import { sameService, type PrometheusService } from '../../core/cluster/prometheusService';
import { isRecord, recordsOf, textOf } from '../../core/base/unknown';
import { leadsElsewhere, urlPart } from '../../core/base/urlPart';
import type { KubeClient } from './connection/client';
import { listAll } from './watch/lists';
import { isDashboard, recognise, serviceFacts, withoutGoverning, type ServiceFacts } from './prometheusServices';
import { listScoped, type NamespaceScope } from './watch/scoped';

const part = urlPart;

/** A service's HTTP API through the API server's proxy: no port of the cluster has to be open to us. */
export function serviceProxy(
  client: KubeClient,
  { namespace, service, port, scheme, path = '', pod }: Omit<PrometheusService, 'flavour'>,
): HttpEndpoint {
  const [resource, name] = pod === undefined ? ['services', service] : ['pods', pod];
  const target = part([...(scheme ? [scheme] : []), name, port].join(':'));
  const base = `/api/v1/namespaces/${part(namespace)}/${resource}/${target}/proxy${path}`;
  if (leadsElsewhere(base)) throw new AppError('invalid', msg`The path ${path} is not allowed.`);
  return { baseUrl: `${client.server}${base}`, access: () => client.access() };
}

/** The way to a service that was chosen earlier; a pod that it names may have been replaced since. */
export async function chosenService(
  client: KubeClient,
  chosen: PrometheusService,
  signal?: AbortSignal,
): Promise<HttpEndpoint> {
  if (chosen.pod === undefined) return serviceProxy(client, chosen);
  const found = (await listPrometheusServices(client, [chosen.namespace], signal)).find((one) =>
    sameService(one, chosen),
  );
  if (found) return serviceProxy(client, found);
  throw new AppError(
    'notFound',
    msg`The Prometheus service ${chosen.namespace}/${chosen.service} has no running pod.`,
    {
      hint: 'Wait until it is running, or choose another with DistDiag: Choose Prometheus.',
    },
  );
}

/** More services than these look like Prometheus nowhere; each is compared with all, and asked. */
const MOST_SERVICES = 100;

/** Services that are probably a Prometheus, the likeliest first. Falls back to `namespaces` where listing all is forbidden. */
export async function listPrometheusServices(
  client: KubeClient,
  namespaces: readonly string[],
  signal?: AbortSignal,
): Promise<PrometheusService[]> {
  const alike = (await listServices(client, namespaces, signal))
    .map(serviceFacts)
    .filter((one) => isDashboard(one) || recognise(one) !== undefined);
  const services = withoutGoverning(alike.slice(0, MOST_SERVICES));
  const dashboards = await Promise.all(services.filter(isDashboard).map((one) => inPod(client, one, signal)));
  return [
    ...services.flatMap((service) => recognise(service) ?? []),
    ...dashboards.flat().map((found) => ({ found, score: 8 })),
  ]
    .sort(
      (a, b) =>
        b.score - a.score || (a.found.namespace + a.found.service < b.found.namespace + b.found.service ? -1 : 1),
    )
    .map(({ found }) => found);
}

async function listServices(
  client: KubeClient,
  namespaces: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Readonly<Record<string, unknown>>[]> {
  const path = (scope: NamespaceScope): string =>
    scope === undefined ? '/api/v1/services' : `/api/v1/namespaces/${part(scope)}/services`;
  const lists = await listScoped(client, namespaces, path, 'look for Prometheus', signal);
  signal?.throwIfAborted();
  const [first] = lists;
  if (first?.error && lists.every(({ error }) => error)) throw first.error;
  return lists.flatMap(({ items }) => items);
}

/** The running pod of a service with a container that is called prometheus; none where pods may not be listed. */
async function inPod(
  client: KubeClient,
  { namespace, name, selector }: ServiceFacts,
  signal: AbortSignal | undefined,
): Promise<PrometheusService[]> {
  const labelSelector = Object.entries(selector)
    .map(([key, value]) => `${key}=${value}`)
    .join();
  if (labelSelector === '') return [];
  const path = `/api/v1/namespaces/${part(namespace)}/pods`;
  const { items } = await listAll(client, path, 'look for Prometheus', { signal, labelSelector }).catch(() => ({
    items: [],
  }));
  signal?.throwIfAborted();
  for (const item of items as Readonly<Record<string, unknown>>[]) {
    const [metadata, spec, status] = ['metadata', 'spec', 'status'].map((key) =>
      isRecord(item[key]) ? item[key] : {},
    ) as [Record<string, unknown>, Record<string, unknown>, Record<string, unknown>];
    const container = recordsOf(spec['containers']).find((one) => textOf(one['name']) === 'prometheus');
    if (!container || status['phase'] !== 'Running' || metadata['deletionTimestamp']) continue;
    const port = textOf(recordsOf(container['ports'])[0]?.['containerPort']) || '9090';
    return [{ namespace, service: name, port, pod: textOf(metadata['name']), flavour: 'oceanbase-dashboard' }];
  }
  return [];
}

import type { PrometheusFlavour, PrometheusService } from '../../core/cluster/prometheusService';
import { isRecord, recordsOf, stringsOf, textOf } from '../../core/base/unknown';

/** What a service of the cluster says of itself. */
export interface ServiceFacts {
  namespace: string;
  name: string;
  labels: Readonly<Record<string, string>>;
  selector: Readonly<Record<string, string>>;
  ports: readonly { name: string; number: number; protocol: string }[];
}

/** Reads a service of a list. */
export function serviceFacts(item: Readonly<Record<string, unknown>>): ServiceFacts {
  const metadata = isRecord(item['metadata']) ? item['metadata'] : {};
  const spec = isRecord(item['spec']) ? item['spec'] : {};
  return {
    namespace: textOf(metadata['namespace']),
    name: textOf(metadata['name']),
    labels: stringsOf(metadata['labels']),
    selector: stringsOf(spec['selector']),
    ports: recordsOf(spec['ports']).map((port) => ({
      name: textOf(port['name']),
      number: Number(textOf(port['port'])),
      protocol: textOf(port['protocol']) || 'TCP',
    })),
  };
}

/** How one kind of server is known, and how its API is reached. */
interface Recipe {
  flavour: PrometheusFlavour;
  /** The greater, the likelier that it is the right one of several. */
  score: number;
  matches: (service: ServiceFacts, app: string) => boolean;
  /** Preferred ports, the best first; else one that is named like a web server's, else the first. */
  ports: readonly number[];
  path?: string;
}

/** Beside every Prometheus; none of them answers queries. */
const HELPERS =
  /alertmanager|operator$|-exporter|kube-state|pushgateway|adapter|blackbox|grafana|kubelet|webhook|thanos-(sidecar|store|storegateway|compact|compactor|rule|ruler|receive|discovery|bucket)|vm(insert|storage|agent|alert)|(mimir|cortex)-(alertmanager|compactor|distributor|ingester|store|ruler|overrides|rollout|chunks|index|metadata|results|memcached|minio|gossip|query-scheduler|querier)/;

const RECIPES: readonly Recipe[] = [
  {
    flavour: 'kube-prometheus-stack',
    score: 9,
    matches: ({ labels }) =>
      /^kube-prometheus-stack-prometheus$|^prometheus-operator-prometheus$/.test(labels['app'] ?? ''),
    ports: [9090],
  },
  {
    flavour: 'prometheus-operator',
    score: 8,
    matches: ({ name, labels }) => labels['operated-prometheus'] === 'true' || /^prometheus-(k8s|operated)$/.test(name),
    ports: [9090],
  },
  {
    flavour: 'thanos',
    score: 7,
    matches: ({ name, labels }, app) =>
      /thanos-quer(y|ier)(-frontend)?$/.test(name) ||
      (/\bthanos/.test(app) && /^quer(y|ier)(-frontend|-layer)?$/.test(labels['app.kubernetes.io/component'] ?? '')),
    ports: [9090, 10902, 9091, 80],
  },
  {
    flavour: 'victoriametrics',
    score: 7,
    matches: ({ name }, app) => /vmselect/.test(`${name} ${app}`),
    ports: [8481],
    path: '/select/0/prometheus',
  },
  {
    flavour: 'victoriametrics',
    score: 7,
    matches: ({ name }, app) =>
      /vmsingle|victoria-?metrics(-single)?(-server)?$/.test(name) || /\bvmsingle|victoria-metrics-single/.test(app),
    ports: [8428, 8429],
  },
  {
    flavour: 'mimir',
    score: 7,
    matches: ({ name }) => /mimir(-distributed)?(-gateway|-nginx|-query-frontend)?$/.test(name),
    ports: [80, 8080, 9009],
    path: '/prometheus',
  },
  {
    flavour: 'cortex',
    score: 7,
    matches: ({ name }) => /cortex(-gateway|-nginx|-query-frontend)?$/.test(name),
    ports: [80, 8080],
    path: '/prometheus',
  },
  {
    flavour: 'prometheus',
    score: 5,
    matches: ({ name }, app) => /prometheus/.test(name) || /\bprometheus\b/.test(app),
    ports: [9090],
  },
];

/** The service as a way to Prometheus's API, with how much it looks like one; undefined when not at all. */
export function recognise(service: ServiceFacts): { found: PrometheusService; score: number } | undefined {
  const { name, labels } = service;
  if (HELPERS.test(name)) return undefined;
  const app = ['app.kubernetes.io/name', 'app', 'app.kubernetes.io/component']
    .map((key) => labels[key] ?? '')
    .join(' ');
  const recipe = RECIPES.find(({ matches }) => matches(service, app));
  const port = recipe && bestPort(service, recipe.ports);
  if (!recipe || !port) return undefined;
  const { flavour, path } = recipe;
  const found: PrometheusService = {
    namespace: service.namespace,
    service: name,
    port: String(port.number),
    ...(/https/.test(port.name) || port.number === 443 || (flavour === 'thanos' && port.number === 9091)
      ? { scheme: 'https' as const }
      : {}),
    ...(path === undefined ? {} : { path }),
    flavour,
  };
  return { found, score: recipe.score + (recipe.ports.includes(port.number) ? 1 : 0) };
}

function bestPort({ ports }: ServiceFacts, wanted: readonly number[]): ServiceFacts['ports'][number] | undefined {
  const open = ports.filter(({ protocol }) => protocol === 'TCP');
  for (const number of wanted) {
    const port = open.find((one) => one.number === number);
    if (port) return port;
  }
  return open.find(({ name }) => /^(https?-)?web$|^https?(-metrics|-web)?$/.test(name)) ?? open[0];
}

/** OceanBase's dashboard keeps a Prometheus in its own pod; its service names no port of it. */
export const isDashboard = ({ name, labels, ports }: ServiceFacts): boolean =>
  /oceanbase-dashboard/.test(`${name} ${labels['app'] ?? ''} ${labels['app.kubernetes.io/name'] ?? ''}`) &&
  !ports.some(({ number }) => number === 9090);

/** The operator's governing service covers every Prometheus of its namespace; a Prometheus's own service is preferred. */
export function withoutGoverning(all: readonly ServiceFacts[]): ServiceFacts[] {
  const governing = ({ labels }: ServiceFacts): boolean => labels['operated-prometheus'] === 'true';
  return all.filter(
    (one) =>
      !governing(one) ||
      !all.some(
        (other) =>
          other !== one &&
          other.namespace === one.namespace &&
          !governing(other) &&
          recognise(other) !== undefined &&
          Object.keys(one.selector).length > 0 &&
          Object.entries(one.selector).every(([key, value]) => other.selector[key] === value),
      ),
  );
}

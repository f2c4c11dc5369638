import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkPrometheus, prometheusCandidates, resolvePrometheus } from '../../../src/adapters/prometheus/index';
import { serviceName, type PrometheusService } from '../../../src/core/cluster/prometheusService';
import { startDemoCluster, type DemoCluster } from '../../../src/demo/cluster';
import { RESOURCES, type Resource } from '../../../src/demo/kubernetes/objects/resources';
import { silentLog } from '../../support';
import { Backend, type BackendOptions } from './backend';
import { Rbac } from './rbac';
import { World } from './world';

interface Shape {
  name: string;
  labels?: Record<string, string>;
  selector?: Record<string, string>;
  ports: [name: string, port: number][];
  namespace?: string;
}

const ofKind = (kind: string): Resource => RESOURCES.find((one) => one.kind === kind) as Resource;
const services = new Map<string, string>();
const backends: Backend[] = [];
let world: World;
let cluster: DemoCluster;
let connection: Awaited<ReturnType<World['connect']>>;
let rbac: Rbac;

beforeEach(async () => {
  world = new World();
  rbac = new Rbac().grant('', { apiGroups: ['*'], resources: ['*'], verbs: ['*'] });
  cluster = await startDemoCluster({
    directory: world.directory,
    historyMinutes: 1,
    services,
    allowed: (attributes) => rbac.allowed(attributes),
  });
  // Only what a test adds is to be found.
  cluster.objects.delete(ofKind('Service'), 'monitoring', 'prometheus-operated');
  connection = await world.connect({ kubeconfigPath: cluster.kubeconfigPath, trusted: false });
});

afterEach(async () => {
  world.dispose();
  await Promise.all(backends.splice(0).map((backend) => backend.stop()));
  await cluster.stop();
  services.clear();
});

/** Adds a service to the cluster, with a server behind it where it is to answer. */
async function add(shape: Shape, behind?: BackendOptions): Promise<Backend | undefined> {
  const { name, labels = {}, selector = {}, ports, namespace = 'monitoring' } = shape;
  cluster.objects.create(
    ofKind('Service'),
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace, labels },
      spec: { selector, ports: ports.map(([portName, port]) => ({ name: portName, port, protocol: 'TCP' })) },
    },
    false,
    Date.now(),
  );
  if (!behind) return undefined;
  const backend = await Backend.start(behind);
  backends.push(backend);
  services.set(`${namespace}/${name}`, backend.url);
  return backend;
}

const resolve = (more: Partial<Parameters<typeof resolvePrometheus>[0]> = {}): ReturnType<typeof resolvePrometheus> =>
  resolvePrometheus({ url: '', cluster: connection, log: silentLog, ...more });
/** The path of what was found below the API server. */
const found = async (more = {}): Promise<string> =>
  decodeURIComponent((await resolve(more)).baseUrl.slice(cluster.kubernetesUrl.length + '/api/v1/namespaces/'.length));

describe('through the API server is found', () => {
  const operated = {
    name: 'prometheus-operated',
    labels: { 'operated-prometheus': 'true' },
    selector: { 'app.kubernetes.io/name': 'prometheus' },
  };
  it.each<[string, Shape, BackendOptions, string]>([
    ['the operator’s', { ...operated, ports: [['web', 9090]] }, {}, 'services/prometheus-operated:9090/proxy'],
    [
      'kube-prometheus-stack’s',
      {
        name: 'kps-kube-prometheus-stack-prometheus',
        labels: { app: 'kube-prometheus-stack-prometheus', 'self-monitor': 'true' },
        ports: [
          ['reloader-web', 8080],
          ['http-web', 9090],
        ],
      },
      {},
      'services/kps-kube-prometheus-stack-prometheus:9090/proxy',
    ],
    [
      'the community chart’s',
      {
        name: 'prom-prometheus-server',
        labels: { 'app.kubernetes.io/name': 'prometheus', 'app.kubernetes.io/component': 'server' },
        ports: [['http', 80]],
      },
      {},
      'services/prom-prometheus-server:80/proxy',
    ],
    [
      'Thanos’ query',
      {
        name: 'thanos-query',
        labels: { 'app.kubernetes.io/component': 'query', 'app.kubernetes.io/name': 'thanos' },
        ports: [
          ['grpc', 10901],
          ['http', 9090],
        ],
      },
      {},
      'services/thanos-query:9090/proxy',
    ],
    [
      'Thanos’ query behind TLS',
      {
        name: 'thanos-querier',
        ports: [
          ['web', 9091],
          ['tenancy', 9092],
        ],
      },
      {},
      'services/https:thanos-querier:9091/proxy',
    ],
    [
      'VictoriaMetrics’ single server',
      { name: 'vmsingle-main', labels: { 'app.kubernetes.io/name': 'vmsingle' }, ports: [['http', 8428]] },
      {},
      'services/vmsingle-main:8428/proxy',
    ],
    [
      'VictoriaMetrics’ cluster',
      {
        name: 'vm-victoria-metrics-cluster-vmselect',
        labels: { app: 'vmselect' },
        ports: [['http', 8481]],
      },
      { prefix: '/select/0/prometheus' },
      'services/vm-victoria-metrics-cluster-vmselect:8481/proxy/select/0/prometheus',
    ],
    [
      'Mimir',
      { name: 'mimir-nginx', labels: { 'app.kubernetes.io/name': 'mimir' }, ports: [['http-metric', 80]] },
      { prefix: '/prometheus' },
      'services/mimir-nginx:80/proxy/prometheus',
    ],
    [
      'Cortex',
      { name: 'cortex-query-frontend', ports: [['http-metrics', 8080]] },
      { prefix: '/prometheus' },
      'services/cortex-query-frontend:8080/proxy/prometheus',
    ],
  ])('%s', async (_, shape, behind, path) => {
    await add(shape, behind);
    expect(await found()).toBe(`monitoring/${path}`);
  });

  it('the one in the pod of OceanBase’s dashboard, whose service has no port of it', async () => {
    const selector = { app: 'oceanbase-dashboard-ob' };
    const shape = { name: 'oceanbase-dashboard-ob', namespace: 'oceanbase', selector };
    await add({ ...shape, ports: [['dashboard-backend', 80]] });
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'dashboard-1', namespace: 'oceanbase', labels: selector },
      spec: {
        containers: [
          { name: 'dashboard', image: 'x' },
          { name: 'prometheus', image: 'x', ports: [{ containerPort: 9090 }] },
        ],
      },
      status: { phase: 'Running' },
    };
    cluster.objects.create(ofKind('Pod'), pod, false, Date.now());
    const backend = await Backend.start();
    backends.push(backend);
    services.set('oceanbase/dashboard-1', backend.url);
    services.set('oceanbase/dashboard-2', backend.url);
    expect(await found()).toBe('oceanbase/pods/dashboard-1:9090/proxy');
    const [service] = await connection.listPrometheusServices();
    cluster.objects.delete(ofKind('Pod'), 'oceanbase', 'dashboard-1');
    await expect(resolve({ chosen: service })).rejects.toMatchObject({ code: 'notFound' });
    const metadata = { ...pod.metadata, name: 'dashboard-2' };
    cluster.objects.create(ofKind('Pod'), { ...pod, metadata }, false, Date.now());
    expect(await found({ chosen: service })).toBe('oceanbase/pods/dashboard-2:9090/proxy');
  });

  it('not the operator’s governing service where a Prometheus has one of its own, and no helper', async () => {
    await add({ ...operated, ports: [['web', 9090]] }, {});
    const labels = { app: 'kube-prometheus-stack-prometheus' };
    const selector = { ...operated.selector, 'operator.prometheus.io/name': 'main' };
    await add({ name: 'main-prometheus', labels, selector, ports: [['http-web', 9090]] }, {});
    for (const name of ['prometheus-alertmanager', 'kps-operator', 'prometheus-node-exporter', 'thanos-storegateway'])
      await add({ name, labels: { app: 'prometheus' }, ports: [['http', 9090]] }, {});
    expect((await connection.listPrometheusServices()).map(({ service }) => service)).toEqual(['main-prometheus']);
  });
});

describe('of several', () => {
  let several: PrometheusService[][];
  beforeEach(async () => {
    several = [];
    await add({ name: 'prometheus-k8s', ports: [['web', 9090]] }, { metrics: ['container_cpu_usage_seconds_total'] });
    await add({ name: 'ob-prometheus', namespace: 'oceanbase', ports: [['http', 9090]] }, { metrics: ['ob_sysstat'] });
    await add({ name: 'broken-prometheus', ports: [['http', 9090]] });
  });
  const onSeveral = (answering: readonly PrometheusService[]): void => void several.push([...answering]);

  it('the one with the database’s metrics is used, and the user is told that there are more', async () => {
    expect(await found({ onSeveral })).toBe('oceanbase/services/ob-prometheus:9090/proxy');
    expect(several.map((one) => one.map(serviceName))).toEqual([
      ['oceanbase/ob-prometheus:9090', 'monitoring/prometheus-k8s:9090'],
    ]);
  });

  it('all can be chosen from, with what each has; the choice holds without a look at the others', async () => {
    const candidates = await prometheusCandidates({ cluster: connection });
    expect(candidates.map(({ service, ...rest }) => ({ name: serviceName(service), ...rest }))).toEqual([
      { name: 'oceanbase/ob-prometheus:9090', problem: undefined, oceanbase: true, container: false },
      { name: 'monitoring/prometheus-k8s:9090', problem: undefined, oceanbase: false, container: true },
      {
        name: 'monitoring/broken-prometheus:9090',
        problem: expect.stringContaining('no endpoints available'),
        oceanbase: false,
        container: false,
      },
    ]);
    const chosen = candidates[1]?.service;
    const asked = rbac.asked.length;
    expect(await found({ chosen, onSeveral })).toBe('monitoring/services/prometheus-k8s:9090/proxy');
    expect([several, rbac.asked.length]).toEqual([[], asked]);
  });

  it('a check shows each that was tried, what came back, and what to do', async () => {
    const { source, attempts } = await checkPrometheus({ url: '', cluster: connection });
    expect(source).toBe('found');
    expect(attempts.map(({ ok, cameBack, next }) => [ok, String(cameBack).replace(/http\S+/, 'URL'), next])).toEqual([
      [true, 'It responds: version 9.9.9.', undefined],
      [
        false,
        'The service proxy at URL no endpoints available for service "broken-prometheus"',
        expect.stringContaining('No pod of this service responds'),
      ],
      [true, 'It responds: version 9.9.9.', undefined],
    ]);
  });
});

describe('without permission', () => {
  it('to list all services, those of the known namespaces are looked at', async () => {
    rbac = new Rbac().grant('monitoring', { apiGroups: ['*'], resources: ['*'], verbs: ['*'] });
    await add({ name: 'prometheus-k8s', ports: [['web', 9090]] }, {});
    expect(await found()).toBe('monitoring/services/prometheus-k8s:9090/proxy');
  });

  it('to use the proxy, the way to ask for it is told', async () => {
    rbac = new Rbac().grant('', { apiGroups: [''], resources: ['services'], verbs: ['list'] });
    await add({ name: 'prometheus-k8s', ports: [['web', 9090]] }, {});
    await expect(resolve()).rejects.toMatchObject({ code: 'forbidden' });
    const { attempts } = await checkPrometheus({ url: '', cluster: connection });
    expect(attempts[0]).toMatchObject({
      cameBack: expect.stringContaining('cannot get resource "services/proxy"'),
      next: expect.stringContaining('Show Missing Permissions'),
    });
  });
});

it('a tenant goes along behind the proxy, in the header or in the path', async () => {
  const mimir = await add({ name: 'mimir-gateway', ports: [['http', 80]] }, { prefix: '/prometheus', tenant: 'a' });
  await expect(resolve()).rejects.toMatchObject({ code: 'unauthorized' });
  expect(await found({ auth: { tenant: 'a' } })).toContain('mimir-gateway');
  expect(mimir?.requests.at(-1)?.headers['x-scope-orgid']).toBe('a');
  await add({ name: 'vmselect-main', ports: [['http', 8481]] }, { prefix: '/select/7/prometheus' });
  const candidates = await prometheusCandidates({ cluster: connection, auth: { tenant: '7' } });
  expect(candidates[0]).toMatchObject({ service: { service: 'vmselect-main' }, problem: undefined });
  // The API server's own credentials are for it alone.
  expect(mimir?.requests.every(({ headers }) => headers.authorization === undefined)).toBe(true);
});

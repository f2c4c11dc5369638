import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toTarget } from '../../../src/adapters/kubernetes/targets';
import type { DatabasePod } from '../../../src/core/cluster/databasePod';
import { fetchLast, StoredPrometheus, valueAt } from './storedPrometheus';

const POD_IP = '10.244.1.10';

type Variable = Record<string, unknown>;

/** A pod as ob-operator makes it, with what it gives the agent's environment in one of its modes. */
function observer(
  env: readonly Variable[],
  change: { name?: string; namespace?: string; ip?: string } = {},
): DatabasePod {
  const { name = 'obcluster-1-zone1-a17', namespace = 'oceanbase', ip = POD_IP } = change;
  return toTarget(
    {
      metadata: {
        name,
        namespace,
        uid: '11112222-3333-4444-5555-666677778888',
        labels: { 'ref-obcluster': 'obcluster' },
      },
      spec: { nodeName: 'worker-1', containers: [{ name: 'observer' }, { name: 'obagent', env }] },
      status: { phase: 'Running', podIP: ip, hostIP: '192.0.2.1' },
    },
    'observer',
  );
}
const named = (cluster: string, zone = 'zone1', id = '1'): Variable[] => [
  { name: 'OB_MONITOR_STATUS', value: 'active' },
  { name: 'CLUSTER_NAME', value: cluster },
  { name: 'CLUSTER_ID', value: id },
  { name: 'ZONE_NAME', value: zone },
  { name: 'MONITOR_PASSWORD', valueFrom: { secretKeyRef: { name: 's', key: 'password' } } },
];
const at = (value: string): Variable => ({ name: 'HOST_IP', value });
const field = (name: string, fieldPath: string): Variable => ({ name, valueFrom: { fieldRef: { fieldPath } } });

let prometheus: StoredPrometheus;
beforeEach(async () => {
  prometheus = new StoredPrometheus();
  await prometheus.start();
});
afterEach(() => prometheus.stop());

const sessions = (labels: Record<string, string>, value: number): void =>
  prometheus.put(
    'ob_all_session_num',
    { ob_cluster_id: '1', obzone: 'zone1', svr_port: '2882', app: 'OB', ...labels },
    { value },
  );
const connections = async (...targets: DatabasePod[]): Promise<number[]> => {
  const frame = await fetchLast(prometheus.source(), targets, ['db.connections']);
  return targets.map(({ pod }) => valueAt(frame, 'db.connections', 0, pod));
};

describe('the address that obagent gives a server (ob-operator, internal/resource/observer/utils.go)', () => {
  it.each<[string, Variable[], string]>([
    ['that of the pod, without a mode', [], POD_IP],
    ['the ClusterIP of the server’s service, in the mode service', [at('10.96.0.7')], '10.96.0.7'],
    ['this machine’s own, in the mode standalone', [at('127.0.0.1')], '127.0.0.1'],
    ['a field of the pod', [field('HOST_IP', 'status.podIP')], POD_IP],
    ['the node’s, on the host’s network', [field('HOST_IP', 'status.hostIP')], '192.0.2.1'],
    ['another variable', [field('POD_IP', 'status.podIP'), at('$(POD_IP)')], POD_IP],
    ['a variable that nobody knows', [at('$(SECRET_IP)')], POD_IP],
  ])('is %s', async (_, env, address) => {
    sessions({ svr_ip: address, ob_cluster_name: 'ob' }, 7);
    expect(await connections(observer([...env, ...named('ob')]))).toEqual([7]);
    expect((await prometheus.source().describe([observer([...env, ...named('ob')])])).profile).toBe('oceanbase');
  });

  it('tells three servers of the mode service apart', async () => {
    const pods = [1, 2, 3].map((n) =>
      observer([at(`10.96.0.${n}`), ...named('ob', `zone${n}`)], { name: `ob-${n}`, ip: `10.244.1.${n}` }),
    );
    for (const n of [1, 2, 3]) sessions({ svr_ip: `10.96.0.${n}`, ob_cluster_name: 'ob', obzone: `zone${n}` }, n);
    expect(await connections(...pods)).toEqual([1, 2, 3]);
  });
});

describe('servers of several OceanBase clusters with one address', () => {
  it('are told apart by the cluster’s name', async () => {
    sessions({ svr_ip: '127.0.0.1', ob_cluster_name: 'one' }, 1);
    sessions({ svr_ip: '127.0.0.1', ob_cluster_name: 'two' }, 2);
    const [one, two] = ['one', 'two'].map((name) => observer([at('127.0.0.1'), ...named(name)], { name }));
    expect(await connections(one as DatabasePod, two as DatabasePod)).toEqual([1, 2]);
  });

  it('are told apart by the pod’s labels, where the clusters have one name', async () => {
    for (const [namespace, value] of [
      ['oceanbase', 1],
      ['test', 2],
    ] as const)
      sessions({ svr_ip: '127.0.0.1', ob_cluster_name: 'ob', namespace, pod: 'ob-0' }, value);
    expect(await connections(observer([at('127.0.0.1'), ...named('ob')], { name: 'ob-0' }))).toEqual([1]);
  });

  it('are told apart by where they are scraped', async () => {
    sessions({ svr_ip: '127.0.0.1', obzone: 'zone1', instance: '10.244.1.10:8088', namespace: 'a' }, 1);
    sessions({ svr_ip: '127.0.0.1', obzone: 'zone1', instance: '10.244.1.11:8088', namespace: 'b' }, 2);
    expect(await connections(observer([at('127.0.0.1')]))).toEqual([1]);
  });

  it('are not added up where nothing tells them apart', async () => {
    for (const obzone of ['zone1', 'zone2']) sessions({ svr_ip: '127.0.0.1', ob_cluster_name: 'ob', obzone }, 1);
    const pod = observer([at('127.0.0.1')]);
    expect(await connections(pod)).toEqual([NaN]);
    const { problems } = await fetchLast(prometheus.source(), [pod], ['db.connections']);
    expect(problems[0]).toMatchObject({ node: pod.pod, message: expect.stringContaining('Several OceanBase servers') });
  });

  it('are not taken for ours where ours has none', async () => {
    sessions({ svr_ip: '127.0.0.1', ob_cluster_name: 'other' }, 1);
    expect(await connections(observer([at('127.0.0.1'), ...named('ob')]))).toEqual([NaN]);
  });
});

describe('a server whose address nobody tells', () => {
  it('is found by its pod’s name in the series', async () => {
    sessions(
      { svr_ip: '10.96.0.9', kubernetes_pod_name: 'obcluster-1-zone1-a17', kubernetes_namespace: 'oceanbase' },
      9,
    );
    expect(await connections(observer([]))).toEqual([9]);
  });

  it('is found by where its agent is scraped', async () => {
    sessions({ svr_ip: '10.96.0.9', instance: `${POD_IP}:8088` }, 9);
    expect(await connections(observer([]))).toEqual([9]);
  });

  it('and is not found: it is said what was looked for and what is there', async () => {
    sessions({ svr_ip: '10.96.0.9', ob_cluster_name: 'other' }, 9);
    const { notes } = await prometheus.source().describe([observer([])]);
    expect(notes.join()).toContain(`Queried svr_ip: ${POD_IP}. Found: 10.96.0.9 (other).`);
    expect(notes.join()).not.toContain('No obagent metrics');
  });

  it('nor anything of obagent: it is said so', async () => {
    prometheus.put(
      'container_memory_rss',
      { namespace: 'oceanbase', pod: 'obcluster-1-zone1-a17', container: 'observer' },
      { value: 1 },
    );
    expect((await prometheus.source().describe([observer([])])).notes.join()).toContain(
      'No obagent metrics (ob_sysstat)',
    );
  });
});

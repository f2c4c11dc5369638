import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DatabasePod } from '../../../src/core/cluster/databasePod';
import { target } from '../cluster/targets';
import { fetchLast, StoredPrometheus, valueAt } from './storedPrometheus';

const UID = '11112222-3333-4444-5555-666677778888';
const FOREIGN = '99992222-3333-4444-5555-666677778888';
const POD = { namespace: 'oceanbase', pod: target().pod };
const OBSERVER = { ...POD, container: 'observer' };

let prometheus: StoredPrometheus;
beforeEach(async () => {
  prometheus = new StoredPrometheus();
  await prometheus.start();
});
afterEach(() => prometheus.stop());

/** Containers of the same namespace, pod and name in two clusters: in ours it uses one CPU, in the other three. */
function twoClusters(prod: Record<string, string>, staging: Record<string, string>): void {
  for (const [labels, rate] of [
    [prod, 1],
    [staging, 3],
  ] as const) {
    prometheus.put(
      'container_cpu_usage_seconds_total',
      { ...OBSERVER, ...labels },
      { value: (second) => rate * second },
    );
    prometheus.put('container_memory_working_set_bytes', { ...OBSERVER, ...labels }, { value: rate * 1e9 });
    const { id: _, ...sandbox } = labels as Record<string, string>;
    prometheus.put(
      'container_network_receive_bytes_total',
      { ...POD, ...sandbox, interface: 'eth0' },
      { value: (second) => rate * 100 * second },
    );
  }
}

const METRICS = ['cpu.used', 'memory.used', 'network.receiveBytes'];
const id = (uid: string): string => `/kubepods/burstable/pod${uid}/${'a'.repeat(64)}`;

describe('one Prometheus for several clusters (kiali/kiali#3335, kubernetes-monitoring/kubernetes-mixin#337)', () => {
  it.each<[string, Record<string, string>, Record<string, string>, Partial<DatabasePod>]>([
    [
      'the pod’s id in the control group',
      { cluster: 'prod', id: id(UID) },
      { cluster: 'staging', id: id(FOREIGN) },
      { uid: UID },
    ],
    [
      'the pod’s id, as systemd writes it',
      {
        k8s_cluster: 'prod',
        id: `/kubepods.slice/kubepods-pod${UID.replaceAll('-', '_')}.slice/crio-${'a'.repeat(64)}.scope`,
      },
      {
        k8s_cluster: 'staging',
        id: `/kubepods.slice/kubepods-pod${FOREIGN.replaceAll('-', '_')}.slice/crio-${'b'.repeat(64)}.scope`,
      },
      { uid: UID },
    ],
    [
      'the container’s id',
      { cluster_name: 'prod', name: 'c0ffee' },
      { cluster_name: 'staging', name: 'beef' },
      { containerId: 'c0ffee' },
    ],
    ['the Kubernetes node', { cluster: 'prod', node: 'worker-1' }, { cluster: 'staging', node: 'worker-7' }, {}],
    [
      'the node’s name in the instance',
      { clusterName: 'prod', instance: 'worker-1:10250' },
      { clusterName: 'staging', instance: 'worker-7:10250' },
      {},
    ],
    [
      'the node’s address',
      { cluster: 'prod', instance: '192.0.2.1:10250' },
      { cluster: 'staging', instance: '192.0.2.7:10250' },
      { hostIp: '192.0.2.1' },
    ],
    [
      'where only the others have the label',
      { instance: 'worker-1:10250' },
      { cluster: 'staging', instance: 'worker-7:10250' },
      {},
    ],
    [
      'where the project tells them apart (Google’s managed Prometheus)',
      { project_id: 'prod', location: 'eu', cluster: 'c', node: 'worker-1' },
      { project_id: 'staging', location: 'eu', cluster: 'c', node: 'worker-7' },
      {},
    ],
  ])('is asked for our cluster’s series alone, told by %s', async (_, prod, staging, facts) => {
    twoClusters(prod, staging);
    const targets = [target(facts)];
    const source = prometheus.source();
    const frame = await fetchLast(source, targets, METRICS);
    expect(valueAt(frame, 'cpu.used')).toBeCloseTo(1);
    expect(valueAt(frame, 'memory.used', 10)).toBe(1e9);
    expect(valueAt(frame, 'network.receiveBytes')).toBeCloseTo(100);
    expect((await source.describe(targets)).notes).toContainEqual(
      expect.stringMatching(/several Kubernetes clusters: those with/),
    );
  });

  it('by what kube-state-metrics tells of the pods', async () => {
    twoClusters({ cluster: 'prod', node: 'worker-1' }, { cluster: 'staging', node: 'worker-1' });
    for (const [cluster, uid] of [
      ['prod', UID],
      ['staging', FOREIGN],
    ] as const)
      prometheus.put('kube_pod_info', { ...POD, cluster, uid, pod_ip: '10.244.1.10', node: 'worker-1' }, { value: 1 });
    const frame = await fetchLast(prometheus.source(), [target({ uid: UID })], METRICS);
    expect(valueAt(frame, 'cpu.used')).toBeCloseTo(1);
  });

  it('where nothing tells: nothing is added, it is said, and asked', async () => {
    twoClusters({ cluster: 'prod', node: 'worker-1' }, { cluster: 'staging', node: 'worker-1' });
    const asked: unknown[] = [];
    const source = prometheus.source({ onSeveralClusters: (choice) => asked.push([choice.label, choice.values]) });
    const frame = await fetchLast(source, [target()], METRICS);
    for (const metric of METRICS) expect(valueAt(frame, metric)).toBeNaN();
    expect(frame.problems).toEqual([
      { metric: undefined, node: POD.pod, message: expect.stringContaining('cluster: prod, staging') },
    ]);
    expect((await source.describe([target()])).notes).toContainEqual(expect.stringContaining('Choose Cluster'));
    expect(asked[0]).toEqual(['cluster', ['prod', 'staging']]);
  });

  it('is the one that the user chose', async () => {
    twoClusters({ cluster: 'prod', node: 'worker-1' }, { cluster: 'staging', node: 'worker-1' });
    let chosen: Record<string, string> | undefined;
    const source = prometheus.source({ origin: () => chosen });
    for (const [cluster, rate] of [
      ['prod', 1],
      ['staging', 3],
    ] as const) {
      chosen = { cluster };
      expect(valueAt(await fetchLast(source, [target()], METRICS), 'cpu.used')).toBeCloseTo(rate);
    }
  });

  it('does not take labels of a Kubernetes node for a cluster’s', async () => {
    const pods = ['a', 'b'];
    for (const pod of pods)
      prometheus.put(
        'container_memory_working_set_bytes',
        { ...OBSERVER, pod, node: `worker-${pod}`, topology_kubernetes_io_zone: pod, id: `/kubepods/pod-${pod}/x` },
        { value: 1e9 },
      );
    const targets = pods.map((pod) => target({ pod, hostNode: `worker-${pod}` }));
    const frame = await fetchLast(prometheus.source(), targets, ['memory.used']);
    expect(pods.map((pod) => valueAt(frame, 'memory.used', 0, pod))).toEqual([1e9, 1e9]);
    expect(frame.problems).toEqual([]);
  });

  it('a pair that scrapes the same containers is still told', async () => {
    for (const prometheus_replica of ['0', '1'])
      prometheus.put(
        'container_memory_working_set_bytes',
        { ...OBSERVER, prometheus_replica, id: id(UID) },
        { value: 1e9 },
      );
    expect((await prometheus.source().describe([target({ uid: UID })])).notes).toContainEqual(
      expect.stringContaining('2 times'),
    );
  });
});

describe('obagent’s series of several clusters', () => {
  it('with the same address in each are our cluster’s alone', async () => {
    twoClusters({ cluster: 'prod', node: 'worker-1' }, { cluster: 'staging', node: 'worker-7' });
    for (const [cluster, value] of [
      ['prod', 5],
      ['staging', 7],
    ] as const)
      prometheus.put(
        'ob_all_session_num',
        { cluster, svr_ip: '10.244.1.10', ob_cluster_name: 'ob', obzone: 'zone1' },
        { value },
      );
    const frame = await fetchLast(prometheus.source(), [target()], ['db.connections']);
    expect(valueAt(frame, 'db.connections')).toBe(5);
  });

  it('where nothing tells are not added up, and the cluster is asked for', async () => {
    const asked: unknown[] = [];
    for (const cluster of ['prod', 'staging'])
      prometheus.put('ob_all_session_num', { cluster, svr_ip: '10.244.1.10' }, { value: 5 });
    const source = prometheus.source({ onSeveralClusters: ({ values }) => asked.push(values) });
    const frame = await fetchLast(source, [target()], ['db.connections']);
    expect(valueAt(frame, 'db.connections')).toBeNaN();
    expect(frame.problems[0]?.message).toContain('cluster: prod, staging');
    expect(asked[0]).toEqual(['prod', 'staging']);
  });
});

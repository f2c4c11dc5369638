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
      expect.stringMatching(/several Kubernetes clusters\. Those with/),
    );
  });

  it.each<[string, Record<string, string>, Record<string, string>]>([
    ['the operator’s name of the server', { prometheus: 'prod/k8s' }, { prometheus: 'staging/k8s' }],
    ['a label of the server’s own', { monitor: 'a' }, { monitor: 'b' }],
    ['the job', { job: 'kubelet-a' }, { job: 'kubelet-b' }],
    ['a label that only the others have', {}, { landscape_of_mine: 'b' }],
  ])('which differ by %s, is asked for ours alone', async (_, prod, staging) => {
    twoClusters({ ...prod, id: id(UID), node: 'worker-1' }, { ...staging, id: id(FOREIGN), node: 'worker-1' });
    const source = prometheus.source();
    const targets = [target({ uid: UID })];
    const frame = await fetchLast(source, targets, METRICS);
    for (const minutes of [0, 15]) {
      expect(valueAt(frame, 'cpu.used', minutes)).toBeCloseTo(1);
      expect(valueAt(frame, 'memory.used', minutes)).toBe(1e9);
      expect(valueAt(frame, 'network.receiveBytes', minutes)).toBeCloseTo(100);
    }
    expect((await source.describe(targets)).notes).toContainEqual(
      expect.stringMatching(/several Kubernetes clusters\. Those with/),
    );
  });

  it('which no label tells apart: what runs beside our pod under its name is no former life of it', async () => {
    for (const [uid, rate, from] of [
      [UID, 1, 15],
      [FOREIGN, 3, 30],
    ] as const) {
      const value = (second: number): number => rate * 100 * second;
      const at = { ...OBSERVER, id: id(uid) };
      prometheus.put('container_memory_working_set_bytes', at, { from, value: rate * 1e9 });
      const sandbox = { ...POD, id: `/kubepods/burstable/pod${uid}/${'f'.repeat(64)}`, interface: 'eth0' };
      prometheus.put('container_network_receive_bytes_total', sandbox, { from, value });
    }
    const frame = await fetchLast(prometheus.source(), [target({ uid: UID })], METRICS.slice(1));
    expect([0, 10].map((minutes) => valueAt(frame, 'memory.used', minutes))).toEqual([1e9, 1e9]);
    expect(valueAt(frame, 'network.receiveBytes')).toBeCloseTo(100);
    expect(valueAt(frame, 'memory.used', 18)).toBeNaN();
    expect(valueAt(frame, 'network.receiveBytes', 18)).toBeNaN();
  });

  it.each([
    ['nothing tells', {}],
    ['the nodes have the same name', { node: 'worker-1' }],
  ])('which differ by a label without a usual name, where %s: it is asked for, and followed', async (_, more) => {
    twoClusters({ monitor: 'a', ...more }, { monitor: 'b', ...more });
    const asked: unknown[] = [];
    const chosen: Record<string, string>[] = [];
    const source = prometheus.source({
      origin: () => chosen[0],
      onSeveralClusters: ({ label, values, own }) => asked.push([label, values, own]),
    });
    expect(valueAt(await fetchLast(source, [target()], METRICS), 'memory.used')).toBeNaN();
    expect(asked).toEqual([['monitor', ['a', 'b'], undefined]]);
    chosen.push({ monitor: 'b' });
    const frame = await fetchLast(source, [target()], METRICS);
    expect(valueAt(frame, 'memory.used')).toBe(3e9);
    expect(valueAt(frame, 'network.receiveBytes')).toBeCloseTo(300);
  });

  it.each<[string, Record<string, string>]>([
    ['its only cluster is another one', {}],
    ['it is named, too', { cluster: 'staging' }],
  ])('shows no other pod that runs under the name of ours: %s', async (_, labels) => {
    twoClusters({ ...labels, pod: 'another', id: id(UID) }, { ...labels, id: id(FOREIGN) });
    const now = prometheus.clock.now();
    const source = prometheus.source();
    prometheus.clock.advance(-9 * 60_000);
    for (const ago of [6, 3, 0]) {
      prometheus.clock.advance(3 * 60_000);
      const range = { fromMs: now - (20 + ago) * 60_000, toMs: now - ago * 60_000, stepMs: 15_000 };
      const frame = await source.fetch({ targets: [target({ uid: UID })], ...range, metrics: METRICS });
      for (const { values } of frame.series) expect(values.every(Number.isNaN)).toBe(true);
      expect(frame.problems).toEqual([
        {
          metric: undefined,
          node: POD.pod,
          message: expect.stringContaining('another pod of the same name'),
          incomplete: true,
        },
      ]);
    }
  });

  it('keeps the choice for a window from before the pods were made anew', async () => {
    const before = id(UID.replace('1', '2'));
    for (const [cluster, of, bytes, from, to] of [
      ['prod', id(UID), 1e9, 30, 0],
      ['prod', before, 2e9, 120, 60],
      ['staging', id(FOREIGN), 3e9, 120, 0],
    ] as const)
      prometheus.put(
        'container_memory_working_set_bytes',
        { ...OBSERVER, cluster, id: of },
        { from, to, value: bytes },
      );
    const told: unknown[] = [];
    const source = prometheus.source({ onSeveralClusters: ({ own }) => told.push(own) });
    const now = prometheus.clock.now();
    const frame = await source.fetch({
      targets: [target({ uid: UID })],
      fromMs: now - 100 * 60_000,
      toMs: now - 80 * 60_000,
      stepMs: 15_000,
      metrics: ['memory.used'],
    });
    expect(frame.series[0]?.values.every((value) => value === 2e9)).toBe(true);
    expect(frame.problems).toEqual([]);
    expect(told).toEqual([{ cluster: 'prod' }]);
  });

  it('shows nothing of a window in which only the others had series', async () => {
    for (const [cluster, of, bytes, from] of [
      ['prod', id(UID), 1e9, 30],
      ['staging', id(FOREIGN), 3e9, 120],
    ] as const)
      prometheus.put('container_memory_working_set_bytes', { ...OBSERVER, cluster, id: of }, { from, value: bytes });
    const now = prometheus.clock.now();
    const frame = await prometheus.source().fetch({
      targets: [target({ uid: UID })],
      fromMs: now - 100 * 60_000,
      toMs: now - 80 * 60_000,
      stepMs: 15_000,
      metrics: ['memory.used'],
    });
    expect(frame.series[0]?.values.every(Number.isNaN)).toBe(true);
  });

  it('takes no label of a Kubernetes node for a cluster’s where the pod was made anew on another', async () => {
    for (const [uid, zone, rack, from, to, value] of [
      [FOREIGN, 'z7', 'r7', 30, 12, 4e9],
      [UID, 'z1', 'r1', 11, 0, 3.5e9],
    ] as const) {
      const memory = 'container_memory_working_set_bytes';
      prometheus.put(memory, { ...OBSERVER, rack, id: id(uid) }, { from, to, value });
      // The kubelet goes on for some minutes with what is gone.
      const mapped = { ...OBSERVER, pod: 'other', topology_kubernetes_io_zone: zone, id: id(uid) };
      prometheus.put(memory, mapped, { from, to: Math.max(0, to - 4), value });
    }
    const source = prometheus.source();
    const targets = [target({ uid: UID }), target({ uid: UID, pod: 'other' })];
    const frame = await fetchLast(source, targets, ['memory.used']);
    for (const { pod } of targets)
      expect([0, 10, 18].map((minutes) => valueAt(frame, 'memory.used', minutes, pod))).toEqual([3.5e9, 3.5e9, 4e9]);
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
      {
        metric: undefined,
        node: POD.pod,
        message: expect.stringContaining('cluster: prod, staging'),
        incomplete: true,
      },
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
    expect(String(frame.problems[0]?.message)).toContain('cluster: prod, staging');
    expect(asked[0]).toEqual(['prod', 'staging']);
  });

  it.each(['monitor', 'prometheus'])('are not added up where %s tells them apart', async (label) => {
    for (const value of ['a', 'b'])
      prometheus.put('ob_all_session_num', { [label]: value, svr_ip: '10.244.1.10', tenant_name: 'sys' }, { value: 5 });
    const frame = await fetchLast(prometheus.source(), [target()], ['db.connections']);
    expect(valueAt(frame, 'db.connections')).toBeNaN();
    expect(String(frame.problems[0]?.message)).toContain(`${label}: a, b`);
    const chosen = await fetchLast(
      prometheus.source({ origin: () => ({ [label]: 'b' }) }),
      [target()],
      ['db.connections'],
    );
    expect(valueAt(chosen, 'db.connections')).toBe(5);
  });

  it('are ours by the label that tells the containers apart, and nobody is asked', async () => {
    twoClusters({ monitor: 'a', id: id(UID) }, { monitor: 'b', id: id(FOREIGN) });
    for (const [monitor, value] of [
      ['a', 5],
      ['b', 7],
    ] as const)
      prometheus.put('ob_all_session_num', { monitor, svr_ip: '10.244.1.10', instance: '10.244.1.10:8088' }, { value });
    const open: unknown[] = [];
    const source = prometheus.source({ onSeveralClusters: (choice) => choice.own ?? open.push(choice) });
    const frame = await fetchLast(source, [target({ uid: UID })], ['db.connections']);
    expect(valueAt(frame, 'db.connections')).toBe(5);
    expect(open).toEqual([]);
  });

  it('are not added up where several clusters are known and only their jobs differ', async () => {
    twoClusters({ job: 'kubelet-a', id: id(UID) }, { job: 'kubelet-b', id: id(FOREIGN) });
    for (const [job, value] of [
      ['obagent-a', 5],
      ['obagent-b', 7],
    ] as const)
      prometheus.put('ob_all_session_num', { job, svr_ip: '10.244.1.10' }, { value });
    const frame = await fetchLast(prometheus.source(), [target({ uid: UID })], ['db.connections', 'memory.used']);
    expect(valueAt(frame, 'db.connections')).toBeNaN();
    expect(valueAt(frame, 'memory.used')).toBe(1e9);
    expect(String(frame.problems[0]?.message)).toContain('job: obagent-a, obagent-b');
  });

  it('of a pod that was made anew under its address go on, whatever other labels have changed', async () => {
    for (const [revision, from, to] of [
      ['one', 30, 2],
      ['two', 1.5, 0],
    ] as const)
      prometheus.put('ob_all_session_num', { revision, svr_ip: '10.244.1.10' }, { from, to, value: 5 });
    // Where a scrape finds its target gone, Prometheus ends the series with a mark.
    prometheus.put(
      'ob_all_session_num',
      { revision: 'one', svr_ip: '10.244.1.10' },
      { from: 1.75, to: 1.75, value: NaN },
    );
    const frame = await fetchLast(prometheus.source(), [target()], ['db.connections']);
    expect(valueAt(frame, 'db.connections')).toBe(5);
  });
});

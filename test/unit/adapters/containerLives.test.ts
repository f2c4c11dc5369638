import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { target } from '../cluster/targets';
import { fetchLast, StoredPrometheus, valueAt } from './storedPrometheus';

const UID = '11112222-3333-4444-5555-666677778888';
const POD = { namespace: 'oceanbase', pod: target().pod };
const OBSERVER = { ...POD, container: 'observer', image: 'oceanbase', node: 'worker-1', instance: '10.0.0.1:10250' };
const hash = (digit: string): string => digit.repeat(64);

/** The path of a container's control group, as the kubelet's drivers and the runtimes write it. */
const PATHS: Record<string, (container: string) => string> = {
  'containerd with cgroupfs': (container) => `/kubepods/burstable/pod${UID}/${container}`,
  'containerd with systemd': (container) =>
    `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${UID.replaceAll('-', '_')}.slice/cri-containerd-${container}.scope`,
  'CRI-O': (container) =>
    `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${UID.replaceAll('-', '_')}.slice/crio-${container}.scope`,
  kind: (container) => `/docker/${hash('9')}/kubelet/kubepods/burstable/pod${UID}/${container}`,
};

let prometheus: StoredPrometheus;
beforeEach(async () => {
  prometheus = new StoredPrometheus();
  await prometheus.start();
});
afterEach(() => prometheus.stop());

/** A container that ran until five minutes ago and is still exported, as it was, and the one that runs since. */
function restarted(id: (container: string) => string, starts = true, change: Record<string, string> = {}): void {
  const labels = { ...OBSERVER, ...change };
  const dead = { ...labels, id: id(hash('a')), name: hash('a') };
  const alive = { ...labels, id: id(hash('b')), name: hash('b') };
  prometheus.put('container_memory_working_set_bytes', dead, { to: 1, value: 4e9 });
  prometheus.put('container_memory_working_set_bytes', alive, { from: 5, value: 3.5e9 });
  prometheus.put('container_cpu_usage_seconds_total', dead, { to: 1, value: (second) => 2 * Math.min(second, 3300) });
  prometheus.put('container_cpu_usage_seconds_total', alive, { from: 5, value: (second) => 0.5 * (second - 3300) });
  prometheus.put('container_cpu_cfs_periods_total', dead, { to: 1, value: (second) => 10 * second });
  prometheus.put('container_cpu_cfs_periods_total', alive, { from: 5, value: (second) => 10 * second });
  prometheus.put('container_cpu_cfs_throttled_periods_total', dead, { to: 1, value: (second) => 8 * second });
  prometheus.put('container_cpu_cfs_throttled_periods_total', alive, { from: 5, value: (second) => second });
  if (!starts) return;
  prometheus.put('container_start_time_seconds', dead, { to: 1, value: 1000 });
  prometheus.put('container_start_time_seconds', alive, { from: 5, value: 2000 });
}

const METRICS = ['memory.used', 'cpu.used', 'cpu.throttled'];

describe('a container that was restarted, while cAdvisor still has the dead one (kubernetes/kubernetes#128538, prometheus-operator/kube-prometheus#2522, google/cadvisor#2844)', () => {
  it.each(Object.entries(PATHS))('counts alone from its start on, and the dead one before: %s', async (_, id) => {
    restarted(id);
    const frame = await fetchLast(prometheus.source(), [target({ uid: UID })], METRICS);
    expect(frame.problems).toEqual([]);
    for (const minutes of [0, 1, 2, 4, 5]) expect(valueAt(frame, 'memory.used', minutes)).toBe(3.5e9);
    for (const minutes of [6, 10, 20]) expect(valueAt(frame, 'memory.used', minutes)).toBe(4e9);
    expect(valueAt(frame, 'cpu.used', 1)).toBeCloseTo(0.5);
    expect(valueAt(frame, 'cpu.used', 10)).toBeCloseTo(2);
    expect(valueAt(frame, 'cpu.throttled', 2)).toBeCloseTo(0.1);
    expect(valueAt(frame, 'cpu.throttled', 10)).toBeCloseTo(0.8);
  });

  it('is known by when it was first seen, where no series has its start', async () => {
    restarted(PATHS['CRI-O'] as never, false);
    const frame = await fetchLast(prometheus.source(), [target()], METRICS);
    expect(valueAt(frame, 'memory.used')).toBe(3.5e9);
    expect(valueAt(frame, 'memory.used', 10)).toBe(4e9);
  });

  it('is known by the API server’s id of it, where both are older than the window', async () => {
    for (const [digit, value] of [
      ['a', 4e9],
      ['b', 3.5e9],
    ] as const)
      prometheus.put(
        'container_memory_working_set_bytes',
        { ...OBSERVER, id: PATHS['CRI-O']?.(hash(digit)) ?? '' },
        { value },
      );
    const known = await fetchLast(prometheus.source(), [target({ containerId: hash('b') })], METRICS);
    expect(valueAt(known, 'memory.used')).toBe(3.5e9);
    const unknown = await fetchLast(prometheus.source(), [target()], METRICS);
    expect(valueAt(unknown, 'memory.used')).toBeNaN();
    expect(unknown.problems).toContainEqual({
      metric: undefined,
      node: POD.pod,
      message: expect.stringContaining('several series of this container'),
    });
  });

  it('is known by its name, where relabelling has dropped the id', async () => {
    const labels = { ...OBSERVER, instance: 'x' };
    for (const [attempt, value, at] of [
      [0, 4e9, 1000],
      [1, 3.5e9, 2000],
    ] as const) {
      const one = { ...labels, name: `k8s_observer_${POD.pod}_oceanbase_${UID}_${attempt}` };
      const stretch = attempt === 0 ? { to: 1 } : { from: 5 };
      prometheus.put('container_memory_working_set_bytes', one, { ...stretch, value });
      prometheus.put('container_start_time_seconds', one, { ...stretch, value: at });
    }
    const frame = await fetchLast(prometheus.source(), [target()], METRICS);
    expect([valueAt(frame, 'memory.used'), valueAt(frame, 'memory.used', 10)]).toEqual([3.5e9, 4e9]);
  });

  it('is seen at once by a source that is already asking', async () => {
    const labels = { ...OBSERVER, id: PATHS['CRI-O']?.(hash('a')) ?? '' };
    prometheus.put('container_memory_working_set_bytes', labels, { to: 3, value: 4e9 });
    const source = prometheus.source();
    const at = (minutes: number) => ({
      targets: [target()],
      fromMs: prometheus.clock.now() - minutes * 60_000,
      toMs: prometheus.clock.now(),
      stepMs: 15_000,
      metrics: ['memory.used'],
    });
    prometheus.clock.advance(-3 * 60_000);
    await source.fetch(at(10));
    prometheus.put('container_memory_working_set_bytes', labels, { from: 2.75, to: 2, value: 4e9 });
    const alive = { ...OBSERVER, id: PATHS['CRI-O']?.(hash('b')) ?? '' };
    prometheus.put('container_memory_working_set_bytes', alive, { from: 2.5, to: 2, value: 3.5e9 });
    prometheus.clock.advance(60_000);
    const frame = await source.fetch(at(10));
    const values = frame.series[0]?.values ?? [];
    expect([values.at(-1), values.at(-3), values.at(-6)]).toEqual([3.5e9, 3.5e9, 4e9]);
  });

  it('in a pod that was made anew under its name, on another node, is the new pod’s', async () => {
    const id = (uid: string, digit: string): string => `/kubepods/burstable/pod${uid}/${hash(digit)}`;
    const old = { ...OBSERVER, node: 'worker-2', instance: '10.0.0.2:10250', id: id(UID.replace('1', '9'), 'a') };
    prometheus.put('container_memory_working_set_bytes', old, { to: 1, value: 4e9 });
    prometheus.put('container_memory_working_set_bytes', { ...OBSERVER, id: id(UID, 'b') }, { from: 5, value: 3.5e9 });
    const frame = await fetchLast(prometheus.source(), [target({ uid: UID })], METRICS);
    expect([valueAt(frame, 'memory.used'), valueAt(frame, 'memory.used', 10)]).toEqual([3.5e9, 4e9]);
  });

  it('does not touch the other pods, which are asked for together as before', async () => {
    restarted(PATHS['CRI-O'] as never);
    const others = ['b', 'c', 'd'].map((pod) => target({ pod }));
    for (const { pod } of others) {
      const id = `/kubepods/pod${pod}/${hash(pod)}`;
      prometheus.put('container_memory_working_set_bytes', { ...OBSERVER, pod, id }, { value: 1e9 });
    }
    const source = prometheus.source();
    const frame = await fetchLast(source, [target(), ...others], METRICS);
    for (const { pod } of others) expect(valueAt(frame, 'memory.used', 0, pod)).toBe(1e9);
    const query = await source.queryOf('memory.used', [target(), ...others], 15_000);
    expect(query).toContain('pod=~"b|c|d",container="observer"}');
    expect(query?.match(/id="/g)).toHaveLength(2);
  });
});

it('leaves out control groups within the container’s own (kubernetes/kubernetes#129253)', async () => {
  const id = `/kubepods.slice/kubepods-pod${UID.replaceAll('-', '_')}.slice/cri-containerd-${hash('a')}.scope`;
  for (const [path, value, start] of [
    [id, 3e9, 1000],
    [`${id}/kubepods.slice/inner.slice/cri-containerd-${hash('b')}.scope`, 1e9, 2000],
    [`${id}/init.scope`, 5e8, 3000],
  ] as const) {
    prometheus.put('container_memory_working_set_bytes', { ...OBSERVER, id: path }, { value });
    prometheus.put('container_start_time_seconds', { ...OBSERVER, id: path }, { value: start });
  }
  const frame = await fetchLast(prometheus.source(), [target()], METRICS);
  expect(valueAt(frame, 'memory.used')).toBe(3e9);
  expect(frame.problems.filter(({ metric }) => metric === undefined)).toEqual([]);
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DatabasePod } from '../../../src/core/cluster/databasePod';
import { target } from '../cluster/targets';
import { fetchLast, StoredPrometheus, valueAt } from './storedPrometheus';

const POD = { namespace: 'oceanbase', pod: target().pod };
const OF_POD = '/kubepods/burstable/pod11112222-3333-4444-5555-666677778888';
const container = (name: string): DatabasePod['containers'][number] => ({
  name,
  cpuLimit: undefined,
  memoryLimit: undefined,
  mounts: [],
});
const running = (...names: string[]): DatabasePod => target({ containers: names.map(container) });

let prometheus: StoredPrometheus;
beforeEach(async () => {
  prometheus = new StoredPrometheus();
  await prometheus.start();
});
afterEach(() => prometheus.stop());

const memory = (labels: Record<string, string>, value: number): void => {
  prometheus.put('container_memory_working_set_bytes', labels, { value });
  prometheus.put('container_cpu_usage_seconds_total', labels, { value: (second) => (second * value) / 1e9 });
};

describe('series without a container’s name (kubernetes/kubernetes#111077, k3s-io/k3s#6210)', () => {
  it.each([
    ['empty labels, as cri-dockerd has them', { container: '', image: '', name: '' }],
    ['no labels', {}],
  ])('of the pod answer where it runs one container: %s', async (_, labels) => {
    memory({ ...POD, ...labels, id: OF_POD }, 2e9);
    // Its sandbox has no name of a container either.
    memory(
      { ...POD, ...labels, id: `${OF_POD}/${'f'.repeat(64)}`, image: 'registry.k8s.io/pause:3.9', name: 'f' },
      1e6,
    );
    memory({ ...POD, ...labels, id: `${OF_POD}/${'e'.repeat(64)}` }, 19e8);
    const source = prometheus.source();
    const frame = await fetchLast(source, [running('observer')], ['memory.used', 'cpu.used']);
    expect(valueAt(frame, 'memory.used')).toBe(2e9);
    expect(valueAt(frame, 'cpu.used')).toBeCloseTo(2);
    expect((await source.describe([running('observer')])).notes.join()).toContain('the values are of whole pods');
  });

  it('are no answer where the pod runs several, and it is said so', async () => {
    memory({ ...POD, container: '', id: OF_POD }, 2e9);
    const source = prometheus.source();
    const targets = [running('observer', 'obagent')];
    expect(valueAt(await fetchLast(source, targets, ['memory.used']), 'memory.used')).toBeNaN();
    expect((await source.describe(targets)).notes.join()).toMatch(
      /whole pods, which run several containers \(observer, obagent\)/,
    );
    const beside = [{ ...running('observer'), sidecars: ['log-shipper'] }];
    expect((await source.describe(beside)).notes.join()).toContain('(observer, log-shipper)');
  });

  it('of nothing but the sandbox are no answer', async () => {
    const pause = { image: 'registry.k8s.io/pause:3.9', name: 'f' };
    memory({ ...POD, container: '', ...pause, id: `${OF_POD}/${'f'.repeat(64)}` }, 1e6);
    const { notes, metrics } = await prometheus.source().describe([running('observer')]);
    expect([notes, metrics]).toEqual([['The server has no metrics of these pods.'], []]);
  });

  it('answer for those pods that run one, and not for the others', async () => {
    memory({ ...POD, container: '', id: OF_POD }, 2e9);
    memory({ ...POD, pod: 'two', container: '', id: `${OF_POD}2` }, 3e9);
    const targets = [running('observer'), { ...running('observer', 'obagent'), pod: 'two' }];
    const frame = await fetchLast(prometheus.source(), targets, ['memory.used']);
    expect(targets.map(({ pod }) => valueAt(frame, 'memory.used', 0, pod))).toEqual([2e9, NaN]);
    expect(frame.problems).toContainEqual({
      incomplete: true,
      metric: undefined,
      node: 'two',
      message: expect.stringContaining('several'),
    });
  });
});

it('names the containers that are there instead (observer-container of KubeBlocks)', async () => {
  for (const name of ['observer-container', 'metrics', 'POD', '']) memory({ ...POD, container: name }, 1e9);
  const { notes } = await prometheus.source().describe([running('observer-container', 'metrics')]);
  expect(notes.join()).toContain(
    'No cAdvisor metrics of the container "observer". Containers with metrics: metrics, observer-container.',
  );
  expect(notes.join()).toContain('distdiag.target.container');
  const right = prometheus.source({ container: 'observer-container' });
  expect(valueAt(await fetchLast(right, [running('observer-container')], ['memory.used']), 'memory.used')).toBe(1e9);
});

describe('labels that the scrape has renamed, as without honorLabels', () => {
  const exporter = { namespace: 'monitoring', pod: 'federate-0', container: 'cadvisor' };
  const exported = { exported_namespace: 'oceanbase', exported_pod: POD.pod };

  it('are read, and it is said', async () => {
    memory({ ...exporter, ...exported, exported_container: 'observer' }, 2e9);
    prometheus.put(
      'container_network_receive_bytes_total',
      { ...exporter, ...exported, interface: 'eth0' },
      { value: (s) => 5 * s },
    );
    const source = prometheus.source();
    const targets = [running('observer', 'obagent')];
    const frame = await fetchLast(source, targets, ['memory.used', 'cpu.used', 'network.receiveBytes']);
    expect(valueAt(frame, 'memory.used')).toBe(2e9);
    expect(valueAt(frame, 'cpu.used')).toBeCloseTo(2);
    expect(valueAt(frame, 'network.receiveBytes')).toBeCloseTo(5);
    expect((await source.describe(targets)).notes.join()).toMatch(/exported_pod.*honorLabels/);
    expect(await source.queryOf('memory.used', targets, 15_000)).toContain('sum by (exported_pod)');
  });

  it('and have no container’s name either', async () => {
    memory({ ...exporter, ...exported, exported_container: '' }, 2e9);
    const frame = await fetchLast(prometheus.source(), [running('observer')], ['memory.used']);
    expect(valueAt(frame, 'memory.used')).toBe(2e9);
  });
});

import { describe, expect, it } from 'vitest';
import { batchesOf, batchQuery, halves } from '../../../src/core/metrics/batches';
import { PROFILES, renderQuery } from '../../../src/core/metrics/profiles';
import type { DatabasePod } from '../../../src/core/cluster/databasePod';
import { target } from '../cluster/targets';

const queries = PROFILES.flatMap((profile) => profile.queries);
const nodes = (count: number): DatabasePod[] =>
  Array.from({ length: count }, (_, i) =>
    target({ pod: `obcluster-1-zone${i % 3}-6f9d8b7c-${i}`, ip: `10.244.${i >> 8}.${i & 255}` }),
  );
const query = (metric: string): (typeof queries)[number] =>
  queries.find((one) => one.metric === metric) as (typeof queries)[number];

describe('the batches of a metric', () => {
  it.each(queries)('$metric: every one of 1,000 nodes once, in queries short enough for an address', (one) => {
    const targets = nodes(1000);
    const batches = batchesOf(one, targets, 'observer');
    expect(batches.flatMap((batch) => [...batch.nodes.values()].flat())).toEqual(targets);
    for (const { namespace, nodes: of } of batches) {
      expect(of.size).toBeLessThanOrEqual(100);
      const text = renderQuery(one.template, {
        namespace,
        nodes: [...of.keys()],
        container: 'observer',
        rateWindowMs: 120_000,
      });
      expect(new URLSearchParams({ query: text }).toString().length).toBeLessThan(6500);
    }
    expect(batches.length).toBeLessThanOrEqual(70);
  });

  it('are ten in the usual case, and one for a usual cluster', () => {
    expect(batchesOf(query('cpu.used'), nodes(1000), 'observer')).toHaveLength(10);
    expect(Math.max(...queries.map((one) => batchesOf(one, nodes(12), 'observer').length))).toBe(1);
  });

  it('keep namespaces apart, as two may have a pod of the same name', () => {
    const both = [target(), target({ namespace: 'other' })];
    expect(batchesOf(query('cpu.used'), both, 'observer').map(({ namespace }) => namespace)).toEqual([
      'oceanbase',
      'other',
    ]);
  });

  it('give pods that share an address one series, and leave out those without', () => {
    const [a, b, c] = [target({ pod: 'a' }), target({ pod: 'b' }), target({ pod: 'c', ip: undefined })];
    expect(batchesOf(query('db.commits'), [a, b, c], 'observer')[0]?.nodes).toEqual(new Map([['10.244.1.10', [a, b]]]));
    expect(batchesOf(query('cpu.used'), [a, b, c], 'observer')[0]?.nodes.size).toBe(3);
    expect(batchesOf(query('db.commits'), [c], 'observer')).toEqual([]);
  });

  it('hold even a name that is too long alone', () => {
    const long = target({ pod: 'x'.repeat(9000) });
    expect(batchesOf(query('cpu.used'), [target(), long, target({ pod: 'z' })], 'observer')).toHaveLength(3);
  });

  it('can be halved', () => {
    const [batch] = batchesOf(query('cpu.used'), nodes(5), 'observer');
    const parts = batch ? halves(batch) : [];
    expect(parts.map(({ nodes: of }) => of.size)).toEqual([2, 3]);
    expect(new Map(parts.flatMap(({ nodes: of }) => [...of]))).toEqual(batch?.nodes);
  });
});

describe('lives of containers', () => {
  const id = (pod: string, life: number): string =>
    `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${pod}.slice/cri-containerd-${String(life).padStart(64, 'f')}.scope`;
  const lives =
    (count: number) =>
    (_: unknown, { pod }: { pod: string }) => ({
      lives: { label: 'id', values: Array.from({ length: count }, (_one, life) => id(pod, life)) },
    });

  it.each([
    [1, 100],
    [2, 100],
    [30, 12],
    [200, 2],
  ])('%i of each of %i pods fit into addresses that are short enough', (count, pods) => {
    for (const one of queries.filter(({ needs }) => needs.startsWith('container_cpu'))) {
      const batches = batchesOf(one, nodes(pods), 'observer', lives(count));
      const texts = batches.map((batch) => batchQuery(one, batch, { container: 'observer', rateWindowMs: 60_000 }));
      for (const text of texts) expect(encodeURIComponent(text).length < 7000).toBe(true);
      expect(batches.flatMap((batch) => [...batch.nodes.keys()])).toHaveLength(pods);
      // Those of the newest are never left out.
      const whole = texts.join().replaceAll('\\', '');
      for (const { pod } of nodes(pods)) expect(whole.includes(id(pod, 0)), pod).toBe(true);
    }
  });

  it('are asked for from the newest on, and the sandbox’s series without them', () => {
    const [batch] = batchesOf(query('memory.used'), nodes(1), 'observer', lives(2));
    const text = batchQuery(query('memory.used'), batch as never, { container: 'observer', rateWindowMs: 1 });
    expect(text).toMatch(/^\(sum by \(pod\) \(.*f0\S*scope"\}\)\) or \(sum by \(pod\) \(.*f1\S*scope"\}\)\)$/);
    const [network] = batchesOf(query('network.sendBytes'), nodes(1), 'observer', lives(2));
    expect(network?.lives?.size).toBe(0);
  });
});

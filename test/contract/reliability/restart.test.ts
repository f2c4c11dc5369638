import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { KubeClient } from '../../../src/adapters/kubernetes/connection/client';
import { loadKubeconfig } from '../../../src/adapters/kubernetes/connection/kubeconfig';
import { reflect } from '../../../src/adapters/kubernetes/watch/reflector';
import type { KubeObject } from '../../../src/demo/kubernetes/objects/objects';
import { silentLog } from '../../support';
import { names, resource, seen, startScene, STRESS, type Scene } from './scene';
import { until } from '../../until';

const RESTARTS = 100;
let scene: Scene;

beforeAll(async () => {
  scene = await startScene({ controls: { stopped: true } });
});
afterAll(() => scene?.close());

/** Makes an object in the cluster itself, changes it, and removes it where told; resolves when all that has happened. */
async function change(name: string, keep: boolean): Promise<void> {
  const { objects } = scene.cluster;
  const given = scene.manifest() as unknown as KubeObject;
  const kind = resource('StressChaos');
  const made = objects.create(kind, { ...given, metadata: { ...given.metadata, name } });
  objects.update(kind, { ...made, metadata: { ...made.metadata, annotations: { touched: name } } });
  if (!keep) objects.delete(kind, 'oceanbase', name);
  await scene.settled();
}

it(`an API server that restarts ${RESTARTS} times under a watch: no event is lost, none told twice, no second watch`, async () => {
  const told: string[] = [];
  const happened: string[] = [];
  const kind = resource('StressChaos');
  const stopHearing = scene.cluster.objects.onChange((one) => {
    if (one.resource === kind) happened.push(`${one.object.metadata.name}@${one.object.metadata.resourceVersion}`);
  });
  const hear = (item: Readonly<Record<string, unknown>>): void => {
    const { name, resourceVersion } = item['metadata'] as { name: string; resourceVersion: string };
    told.push(`${name}@${resourceVersion}`);
  };
  let lists = 0;
  let most = 0;
  let live = 0;
  let broken = 0;
  const ended = new AbortController();
  const kubeconfigPath = `${scene.directory}/faulty/kubeconfig`;
  const client = new KubeClient(loadKubeconfig({ kubeconfigPath, trusted: false }));
  const done = reflect(
    {
      client,
      path: STRESS,
      what: 'StressChaos',
      log: silentLog,
      maxBackoffMs: 10,
      events: {
        replaced: () => (lists += 1),
        changed: hear,
        removed: hear,
        live: () => (live += 1),
        broken: () => (broken += 1),
      },
    },
    ended.signal,
  );
  const opened = (): number => scene.api.requests.filter(({ isWatch }) => isWatch).length;
  await until('the first watch', () => opened() === 1);
  for (let i = 0; i < RESTARTS; i++) {
    const before = opened();
    await change(`before-${i}`, i % 2 === 0);
    if (i % 4 === 0) await until('all that has happened', () => told.length === happened.length);
    // Down in the middle of what it was telling, with things happening meanwhile.
    await scene.api.stop();
    await change(`meanwhile-${i}`, i % 3 === 0);
    await scene.api.start();
    await change(`after-${i}`, false);
    await until('a new watch', () => opened() > before);
    most = Math.max(most, scene.api.watches.get(STRESS) ?? 0);
  }
  await change('last', true);
  await until('all that has happened', () => told.length >= happened.length);
  await change('after-all', true); // what is told twice would come before it
  await until('the last change', () => told.at(-1) === happened.at(-1));
  ended.abort();
  await done;
  client.dispose();
  stopHearing();
  expect(told).toEqual(happened);
  expect(lists).toBe(1);
  expect(most).toBe(1);
  expect(broken).toBeGreaterThanOrEqual(RESTARTS);
  expect(live).toBeGreaterThan(RESTARTS / 4); // each fourth was waited for
}, 300_000);

it('the list after restarts is the cluster’s own, and never goes back in time', async () => {
  const { store } = await scene.open();
  const newest = new Map<string, number>();
  const states = new Set<string>();
  store.subscribe(({ experiments, health }) => {
    states.add(health.state);
    for (const { key, object } of experiments) {
      const version = Number(object.metadata.resourceVersion);
      expect(version).toBeGreaterThanOrEqual(newest.get(key) ?? 0);
      newest.set(key, version);
    }
  });
  await seen(store, ({ health }) => health.state === 'live');
  for (let i = 0; i < 10; i++) {
    await scene.api.restart();
    await change(`again-${i}`, true);
  }
  await scene.settled();
  const inCluster = (): string[] =>
    scene.cluster.objects
      .list(resource('StressChaos'))
      .map(({ metadata }) => metadata.name)
      .sort();
  await seen(store, (snapshot) => snapshot.health.state === 'live' && names(snapshot).join() === inCluster().join());
  expect(states).toContain('stale'); // it was said while it was so
  expect([...scene.api.watches.values()].every((open) => open <= 1)).toBe(true);
  expect(readFileSync(`${scene.directory}/faulty/kubeconfig`, 'utf8')).toContain(scene.api.url);
}, 300_000);

it('a watch whose version was compacted meanwhile lists again', async () => {
  const { store } = await scene.open();
  await seen(store, ({ health }) => health.state === 'live');
  const before = scene.api.requests.filter(({ isWatch, path }) => !isWatch && path === STRESS).length;
  await scene.api.stop();
  await change('compacted', true);
  scene.cluster.objects.compact();
  await scene.api.start();
  await seen(store, (snapshot) => names(snapshot).includes('compacted') && snapshot.health.state === 'live');
  const after = scene.api.requests.filter(({ isWatch, path }) => !isWatch && path === STRESS).length;
  expect(after).toBeGreaterThan(before);
});

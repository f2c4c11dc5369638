import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  isLive,
  names,
  resource,
  seen,
  startScene,
  STRESS,
  type Client,
  type Scene,
} from '../contract/reliability/scene';
import type { KubeObject } from '../../src/demo/kubernetes/objects/objects';
import { until } from '../until';
import { Api, control } from './api';
import { realAccess } from './cluster';
import { collection } from './paths';

const RESTARTS = 3;
const CHAOS = collection(resource('StressChaos'), 'oceanbase');
let scene: Scene;
let client: Client;
let api: Api;

beforeAll(async () => {
  scene = await startScene({ controls: { stopped: true } });
  client = await scene.open();
  api = new Api(realAccess());
});
afterAll(async () => {
  api?.dispose();
  await scene?.close();
});

/** Ends the server's process, or begins it and waits until it serves the kinds again: it refuses all with 503 at first. */
async function server(verb: 'stop' | 'start'): Promise<void> {
  await control('apiserver', verb);
  if (verb === 'start')
    await until('the API server', () =>
      api.call('GET', STRESS).then(
        ({ status }) => status === 200,
        () => false,
      ),
    );
}
const create = (name: string): Promise<unknown> => {
  const given = scene.manifest() as unknown as KubeObject;
  return api.must('POST', CHAOS, { ...given, metadata: { ...given.metadata, name } });
};

it(`an API server whose process ends and begins ${RESTARTS} times: the list says that it is old, and is the cluster’s again`, async () => {
  const newest = new Map<string, number>();
  const states: string[] = [];
  const watching = client.store.subscribe(({ experiments, health }) => {
    if (states.at(-1) !== health.state) states.push(health.state);
    for (const { key, object } of experiments) {
      const version = Number(object.metadata.resourceVersion);
      expect(version).toBeGreaterThanOrEqual(newest.get(key) ?? 0);
      newest.set(key, version);
    }
  });
  await seen(client.store, isLive);
  const there: string[] = [];
  for (let i = 0; i < RESTARTS; i++) {
    for (const name of [`kept-${i}`, `going-${i}`]) await create(name);
    // Right behind what is still being told.
    await server('stop');
    await seen(client.store, ({ health }) => health.state === 'stale');
    await server('start');
    await api.must('DELETE', `${CHAOS}/going-${i}`);
    there.push(`kept-${i}`);
    await seen(client.store, (snapshot) => isLive(snapshot) && names(snapshot).join() === there.join());
    // One watch of each kind, not one more for each restart.
    await until('one watch', () => scene.api.watches.get(STRESS) === 1);
  }
  watching.dispose();
  expect(states.filter((state) => state === 'stale')).toHaveLength(RESTARTS);
}, 180_000);

it('a server that has begun anew knows no versions from before: 410, and the list is read again', async () => {
  const { metadata } = await api.must('GET', STRESS);
  await create('before');
  await server('stop');
  await server('start');
  const lists = (): number => scene.api.requests.filter(({ isWatch, path }) => !isWatch && path === STRESS).length;
  const codes: number[] = [];
  await new Promise<void>((resolve) =>
    api.watch(
      `${STRESS}?watch=true&resourceVersion=${metadata.resourceVersion}`,
      ({ type, object }) => {
        if (type === 'ERROR') codes.push(object.code);
      },
      resolve,
    ),
  );
  expect(codes).toEqual([410]);
  const before = lists();
  const { store } = await scene.open();
  await seen(store, (snapshot) => isLive(snapshot) && names(snapshot).includes('before'));
  await server('stop');
  await server('start');
  await create('after');
  await seen(store, (snapshot) => isLive(snapshot) && names(snapshot).includes('after'));
  expect(lists()).toBeGreaterThan(before + 1);
}, 180_000);

import { afterAll, beforeAll, expect, it } from 'vitest';
import { METRICS } from '../../../src/core/metrics/catalogue';
import { ExperimentRows } from '../../../src/core/experiments/rows';
import { addExperiments, addPods, changeOne } from '../../bench/manyExperiments';
import { benchPodMetrics } from '../../bench/manyPods';
import { benchScale } from '../../bench/scale';
import { isLive, seen, startScene, type Scene } from './scene';
import { DEMO_QUERY } from '../../support';

const EXPERIMENTS = 5000;
const PODS = 1000;
let scene: Scene;

beforeAll(async () => {
  scene = await startScene({ controls: { stopped: true } });
  addPods(scene.cluster, PODS);
});
afterAll(() => scene?.close());

it(`${EXPERIMENTS} experiments and ${PODS} pods come in pages, and one change tells one row`, async () => {
  const made = addExperiments(scene.cluster, EXPERIMENTS);
  const { store, connection } = await scene.open();
  const first = scene.api.requests.length;
  const whole = await seen(store, (snapshot) => isLive(snapshot) && snapshot.experiments.length === EXPERIMENTS);
  const pods = await connection.targets.list(DEMO_QUERY);
  expect(pods).toHaveLength(PODS);
  const lists = scene.api.requests.slice(first).filter(({ path, isWatch }) => !isWatch && /(chaos|pods)$/.test(path));
  expect(lists.every(({ query }) => Number(query.get('limit')) <= 500)).toBe(true);
  expect(lists.filter(({ query }) => query.has('continue'))).toHaveLength(3 * 3 + 1); // 4 pages of each kind, 2 of pods
  const rows = new ExperimentRows();
  expect(rows.update(whole.experiments, scene.cluster.clock.now())).toBe('all');
  changeOne(scene.cluster, made[4321] as (typeof made)[number], 'a failure');
  const next = await seen(store, ({ experiments }) =>
    experiments.some(({ targets }) => targets[0]?.lastFailure === 'a failure'),
  );
  const changed = rows.update(next.experiments, scene.cluster.clock.now());
  expect(changed).toMatchObject([{ experiment: { ref: { name: 'scale-04321' } } }]);
  // What did not change is the same object: nothing is parsed or drawn again.
  const before = new Set(whole.experiments);
  expect(next.experiments.filter((one) => !before.has(one))).toHaveLength(1);
});

it('a list whose pages are overtaken by a compaction begins anew, and is whole', async () => {
  const { connection } = await scene.open();
  let left = 1;
  scene.api.mischief = {
    arrived: ({ query }) => {
      if (query.has('continue') && left-- > 0) scene.cluster.objects.compact();
      return false;
    },
  };
  const { experiments } = await connection.experiments.list();
  expect(new Set(experiments.map(({ key }) => key)).size).toBe(EXPERIMENTS);
  scene.api.mischief = {};
});

it('"stop all" of hundreds asks for every deletion at once enough, a few at a time', async () => {
  const smaller = await startScene({ speed: 1, controls: { stopped: true, delayMs: 50 } });
  addExperiments(smaller.cluster, 300);
  const { injection, store, connection } = await smaller.open();
  const { experiments } = await connection.experiments.list();
  let open = 0;
  let most = 0;
  smaller.api.mischief = {
    arrived: ({ method, path }, response) => {
      if (!/scale-/.test(path) || (method !== 'DELETE' && method !== 'GET')) return false;
      most = Math.max(most, ++open);
      response.on('close', () => (open -= 1));
      return false;
    },
  };
  smaller.cluster.controls.stopped = false;
  const report = await injection.stopAll(experiments.map(({ ref }) => ref));
  expect(report.failed).toEqual([]);
  expect(report.stopped).toHaveLength(300);
  expect(most).toBeGreaterThan(1);
  expect(most).toBeLessThanOrEqual(16);
  await seen(store, (snapshot) => isLive(snapshot) && snapshot.experiments.length === 0);
  await smaller.close();
});

it('the bench measures what it says', async () => {
  const figures = await benchScale(300, 20);
  expect(figures).toMatchObject({ experiments: 300, pods: 20, rowsToldOfOneChange: 1 });
  for (const [name, value] of Object.entries(figures)) expect(value, name).toBeGreaterThan(0);
});

it('the metrics of many pods take a few queries each, of which none is without an answer', async () => {
  const figures = await benchPodMetrics(150);
  expect(figures.metricSeries).toBe(150 * METRICS.length);
  expect(figures.metricRequests).toBeLessThan(2.5 * METRICS.length);
  expect(figures.probeRequests).toBeLessThan(METRICS.length);
});

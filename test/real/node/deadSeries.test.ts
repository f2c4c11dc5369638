import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTourWorld, type TourWorld } from '../../../scripts/cli/tour/tourWorld';
import { until, type Loose } from '../api';
import { observer, openNodeScene, pod, serves, type NodeScene } from './nodeScene';
import { NAMESPACE, podName } from './pods';

const STEP_MS = 5000;
/** As long as a diagnosis looks back with its window. */
const WINDOW_MS = 30_000;
const PROMETHEUS = process.env['DISTDIAG_NODE_PROMETHEUS'] as string;

let scene: NodeScene;
let world: TourWorld;
const directory = mkdtempSync(path.join(tmpdir(), 'distdiag-dead-'));

beforeAll(async () => {
  scene = await openNodeScene();
  world = await openTourWorld({
    directory,
    kubeconfig: process.env['DISTDIAG_REAL_KUBECONFIG'],
    prometheusUrl: PROMETHEUS,
    speed: 1,
    nodes: 3,
    seed: 1,
    stepMs: STEP_MS,
    root: path.resolve('.'),
  });
});
afterAll(async () => {
  await scene?.stopAll();
  scene?.close();
  await world?.close();
  rmSync(directory, { recursive: true, force: true });
});

/** The containers that Prometheus has under the database's name in a pod: the dead ones stay for minutes. */
async function containersOf(name: string): Promise<string> {
  const query = `container_memory_rss{namespace="${NAMESPACE}",pod="${name}",container="observer"}`;
  const answer = await fetch(`${PROMETHEUS}/api/v1/query?query=${encodeURIComponent(query)}`);
  const { data } = (await answer.json()) as { data: { result: { metric: { id: string } }[] } };
  return data.result.map(({ metric }) => metric.id).join();
}

const idOf = (one: Loose): string => String(observer(one).containerID).split('://')[1] as string;

it('a container that was killed is not added to the one after it, which no diagnosis takes for a memory stress there', async () => {
  const looks = (moments: number[]): ReturnType<TourWorld['past']['looks']> => world.past.looks(moments);
  await until(
    async () => (await looks([Date.now()]))[0]?.answered,
    (answered) => answered === true,
    'a baseline',
    120_000,
  );
  const before = await pod(scene, 3);
  await scene.inject('container_kill', 3);
  const killed = Date.now();
  const after = await serves(scene, 3, (one) => observer(one).restartCount > observer(before).restartCount);
  await until(
    () => containersOf(podName(3)),
    (ids) => ids.includes(idOf(after)),
    'the new container to be scraped',
    60_000,
  );
  await until(
    () => Promise.resolve(Date.now()),
    (now) => now > killed + WINDOW_MS + STEP_MS,
    'the window to be over',
    120_000,
  );
  // The dead one is still there for whoever sums them up.
  expect(await containersOf(podName(3))).toContain(idOf(before));
  const moments = Array.from({ length: WINDOW_MS / STEP_MS }, (_, i) => killed + (i + 1) * STEP_MS);
  const samples = await looks(moments);
  expect(samples).toHaveLength(moments.length);
  const named = samples.flatMap(({ ranking }) => ranking.filter((pair) => pair.named && pair.node === podName(3)));
  expect(named.filter(({ type }) => type === 'memory_stress')).toEqual([]);
});

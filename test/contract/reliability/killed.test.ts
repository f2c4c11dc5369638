import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { derivePhase } from '../../../src/core/experiments/phase';
import { PAUSE_ANNOTATION } from '../../../src/core/experiments/parse';
import type { KubeObject } from '../../../src/demo/kubernetes/objects/objects';
import type { Errand } from './editor';
import type { Passing } from './faultyApi';
import { isLive, names, POLICY, resource, seen, startScene, type Scene } from './scene';
import { until } from '../../until';
import { temporaryFolder } from '../../temporary';

/** A process of its own for each step, twice. */
const TIMEOUT_MS = 240_000;
let scene: Scene;
const directory = temporaryFolder('killed');
let script: string;

beforeAll(async () => {
  script = path.join(directory, 'editor.cjs');
  const entryPoints = [path.join(__dirname, 'editor.ts')];
  await build({ entryPoints, outfile: script, bundle: true, platform: 'node', format: 'cjs', logLevel: 'silent' });
  scene = await startScene({ speed: 1, controls: { delayMs: 50 } });
});

afterAll(async () => {
  await scene?.close();
});

/** A request as a step of the errand; those of other kinds are as good as that of StressChaos. */
function stepOf({ method, path: at, query, isWatch }: Passing): string | undefined {
  if (/chaos$/.test(at) && !at.includes('stresschaos')) return undefined;
  const what = at.replace('/apis/chaos-mesh.org/v1alpha1', '').replace(/\/stresschaos\/.+$/, '/one') || 'discovery';
  return `${query.has('dryRun') ? 'dry run ' : ''}${isWatch ? 'watch' : method} ${what}`;
}

interface Run {
  steps: string[];
  end: 'done' | 'killed';
}

/** Runs an editor on an errand; kills it at a step, when the server has `seen` or `done` what it asks. */
async function run(errand: Omit<Errand, 'kubeconfig'>, at?: { step: string; when: 'seen' | 'done' }): Promise<Run> {
  const steps: string[] = [];
  const kubeconfig = path.join(scene.directory, 'faulty', 'kubeconfig');
  const child: ChildProcess = spawn(process.execPath, [
    '--no-deprecation',
    script,
    JSON.stringify({ kubeconfig, ...errand }),
  ]);
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await exited;
  };
  const here = (passing: Passing, when: 'seen' | 'done'): boolean => at?.when === when && stepOf(passing) === at.step;
  scene.api.mischief = {
    arrived: async (passing) => {
      const step = stepOf(passing);
      if (step !== undefined && !steps.includes(step)) steps.push(step);
      if (here(passing, 'seen')) await kill();
      return here(passing, 'seen');
    },
    answered: async (passing) => {
      if (here(passing, 'done')) await kill();
      return here(passing, 'done');
    },
  };
  const done = new Promise<void>((resolve) => child.stdout?.on('data', () => resolve()));
  const end = await Promise.race([done.then(() => 'done' as const), exited.then(() => 'killed' as const)]);
  await kill();
  scene.api.mischief = {};
  return { steps, end };
}

/** Waits until the controller has followed, and has written so. */
async function settled(what: string, is: () => boolean): Promise<void> {
  await until(what, is);
  await scene.settled();
}

/** How a run may end: an editor may be through with its errand before a watch's answer begins. */
const endsOf = (step: string): Run['end'][] => (step.startsWith('watch') ? ['killed', 'done'] : ['killed']);

const objects = async (): Promise<KubeObject[]> => {
  await scene.settled();
  return scene.cluster.objects.list(resource('StressChaos'));
};
const inCluster = async (): Promise<string[]> => (await objects()).map(({ metadata }) => metadata.name).sort();

const PHASES = ['injecting', 'running', 'recovering', 'paused', 'deleting'];

/** A new editor: its list must be the cluster's, and its "stop all" must leave nothing. */
async function restartAndCleanUp(): Promise<void> {
  const editor = await scene.open();
  // What the one that was killed had asked for may still be happening: the two come to the same all the same.
  let snapshot = await seen(editor.store, isLive);
  const watching = editor.store.subscribe((next) => (snapshot = next));
  await until('the list is the cluster’s', async () => names(snapshot).join() === (await inCluster()).join());
  watching.dispose();
  expect(snapshot.experiments.every(({ ours }) => ours)).toBe(true);
  for (const experiment of snapshot.experiments)
    expect(PHASES).toContain(derivePhase(experiment, scene.cluster.clock.now()).phase);
  const report = await editor.injection.stopAll(snapshot.experiments.map(({ ref }) => ref));
  expect(report.failed).toEqual([]);
  expect(await inCluster()).toEqual([]);
  expect(scene.cluster.board.all()).toEqual([]);
  editor.dispose();
}

describe('an editor that is killed', () => {
  it(
    'at any step of an injection leaves at most one fault, which the next one shows and stops',
    async () => {
      const whole = await run({ inject: scene.manifest() });
      expect(whole.end).toBe('done');
      expect(await inCluster()).toHaveLength(1);
      await restartAndCleanUp();
      expect(whole.steps).toEqual(
        expect.arrayContaining(['dry run POST /namespaces/oceanbase/stresschaos', 'watch /stresschaos']),
      );
      const create = 'POST /namespaces/oceanbase/stresschaos';
      for (const step of whole.steps) {
        for (const when of ['seen', 'done'] as const) {
          const manifest = scene.manifest();
          const killed = await run({ inject: manifest }, { step, when });
          expect(endsOf(step), `${step}, ${when}`).toContain(killed.end);
          // Around the creation itself it is certain; other steps may come before or after it.
          const there = await inCluster();
          if (step === create)
            expect(there, `${step}, ${when}`).toEqual(when === 'done' ? [manifest.metadata.name] : []);
          else expect([[], [manifest.metadata.name]], `${step}, ${when}`).toContainEqual(there);
          await restartAndCleanUp();
        }
      }
    },
    TIMEOUT_MS,
  );

  it(
    'at any step of "stop all" loses no experiment: the next one shows what is left and stops it',
    async () => {
      const prepare = async (): Promise<void> => {
        const editor = await scene.open();
        await Promise.all([0, 1].map((pod) => editor.injection.inject(scene.plan(pod), POLICY)));
        editor.dispose();
        expect(await inCluster()).toHaveLength(2);
      };
      await prepare();
      const whole = await run({});
      expect(whole.end).toBe('done');
      expect(await inCluster()).toEqual([]);
      expect(whole.steps).toEqual(
        expect.arrayContaining(['DELETE /namespaces/oceanbase/one', 'GET /namespaces/oceanbase/one']),
      );
      for (const step of whole.steps) {
        for (const when of ['seen', 'done'] as const) {
          await prepare();
          const killed = await run({}, { step, when });
          expect(endsOf(step), `${step}, ${when}`).toContain(killed.end);
          await restartAndCleanUp();
        }
      }
    },
    TIMEOUT_MS,
  );

  it.each(['pause', 'resume'] as const)(
    'at any step of a %s: the next one shows whether it is paused, and stops it',
    async (change) => {
      const paused = change === 'pause';
      const isPaused = async (): Promise<boolean> =>
        (await objects())[0]?.metadata.annotations?.[PAUSE_ANNOTATION] === 'true';
      const acting = (): number => scene.cluster.board.all().length;
      const prepare = async (): Promise<void> => {
        const editor = await scene.open();
        const { ref } = await editor.injection.inject(scene.plan(), POLICY);
        if (!paused) await editor.injection.pause(ref);
        editor.dispose();
        await settled('the fault before', () => acting() === (paused ? 1 : 0));
      };
      await prepare();
      const whole = await run({ change });
      expect(whole.end).toBe('done');
      const patch = 'PATCH /namespaces/oceanbase/one';
      expect(whole.steps).toContain(patch);
      expect(await isPaused()).toBe(paused);
      await settled('the fault afterwards', () => acting() === (paused ? 0 : 1));
      await restartAndCleanUp();
      for (const step of whole.steps) {
        for (const when of ['seen', 'done'] as const) {
          await prepare();
          const killed = await run({ change }, { step, when });
          expect(endsOf(step), `${step}, ${when}`).toContain(killed.end);
          // Around the change itself it is certain: killed before it was done, nothing has changed.
          if (step === patch) expect(await isPaused(), `${step}, ${when}`).toBe(paused === (when === 'done'));
          const truth = await isPaused();
          const editor = await scene.open();
          const [shown] = (await seen(editor.store, isLive)).experiments;
          expect(shown?.paused, `${step}, ${when}`).toBe(truth);
          editor.dispose();
          await settled('the fault follows', () => acting() === (truth ? 0 : 1));
          await restartAndCleanUp();
        }
      }
    },
    TIMEOUT_MS,
  );
});

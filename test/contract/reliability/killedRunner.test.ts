import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MANAGED_BY, MANAGED_BY_LABEL } from '../../../src/core/experiments/labels';
import { ScenarioRuns } from '../../../src/core/scenario/runs';
import { findOurs, oursIn } from '../../../src/core/stop/ours';
import { stopPart } from '../../../src/core/stop/stopOurs';
import { parseDuration } from '../../../src/core/time/duration';
import type { KubeObject } from '../../../src/demo/kubernetes/objects/objects';
import { silentLog } from '../../support';
import { until } from '../../until';
import { buildProgram, startProgram, type ProgramEnd } from '../cliProgram';
import type { Passing } from './faultyApi';
import { isLive, names, resource, seen, startScene, type Scene } from './scene';

/** A process for each step, and one that stops what it has left. */
const TIMEOUT_MS = 240_000;
let scene: Scene;
let program: string;
let common: string[];

beforeAll(async () => {
  scene = await startScene({ speed: 1, historyMinutes: 10 });
  program = await buildProgram(scene.directory);
  common = ['--kubeconfig', path.join(scene.directory, 'faulty', 'kubeconfig'), '--step', '5'];
});
afterAll(() => scene?.close());

/** Two faults on one node, the second five seconds later. */
function testFile(duration: string): string {
  const file = path.join(scene.directory, 'two.scenario.yaml');
  writeFileSync(
    file,
    `apiVersion: distdiag.io/v1
kind: Scenario
name: two
steps:
  - {name: first, anomaly: cpu_stress, targets: {index: 0}, duration: ${duration}}
  - {name: second, anomaly: memory_stress, targets: {index: 0}, offset: 5s, duration: ${duration}}
expect:
  - {name: cpu, metric: cpu.used, max: 1000}
  - {name: back, recovers: {metric: cpu.used, of: targets, to: 30%, within: 2m}}
`,
  );
  return file;
}

const objects = async (): Promise<KubeObject[]> => {
  await scene.settled();
  return scene.cluster.objects.list(resource('StressChaos'));
};
const acts = (): boolean => scene.cluster.board.all().length > 0;

/** When the runner is killed: as the API server sees a request, or when it has done it and nobody hears of that. */
interface Moment {
  step: string;
  when: 'seen' | 'done';
  at: (passing: Passing) => boolean;
  /** How many experiments it may leave: Chaos Mesh takes a while to take one back, another step may just have begun. */
  leaves: readonly number[];
  duration?: string;
  /** Ends its faults by an interrupt first, as soon as they act. */
  interrupted?: boolean;
}

const isCreation = ({ method, query }: Passing): boolean => method === 'POST' && !query.has('dryRun');
const isStress = ({ path: at }: Passing): boolean => at.includes('stresschaos');
const isQuery = ({ path: at }: Passing): boolean => at.includes('/proxy');
let creations = 0;
let acted = false;

const MOMENTS: readonly Moment[] = [
  { step: 'before the steady state is known', when: 'seen', at: isQuery, leaves: [0] },
  {
    step: 'at the dry run of an injection',
    when: 'seen',
    at: (one) => one.method === 'POST' && one.query.has('dryRun') && isStress(one),
    leaves: [0],
  },
  { step: 'before an injection', when: 'seen', at: (one) => isCreation(one) && isStress(one), leaves: [0] },
  {
    step: 'after an injection that it has not heard of',
    when: 'done',
    at: (one) => isCreation(one) && isStress(one),
    leaves: [1],
  },
  { step: 'while a fault acts', when: 'done', at: (one) => acts() && isQuery(one), leaves: [1] },
  { step: 'before its second step', when: 'seen', at: (one) => isCreation(one) && creations === 2, leaves: [1] },
  { step: 'after its second step', when: 'done', at: (one) => isCreation(one) && creations === 2, leaves: [2] },
  {
    step: 'before it takes a fault back',
    when: 'seen',
    at: ({ method }) => method === 'DELETE',
    leaves: [1, 2],
    interrupted: true,
  },
  {
    step: 'after it has taken a fault back',
    when: 'done',
    at: ({ method }) => method === 'DELETE',
    leaves: [0, 1, 2],
    interrupted: true,
  },
  {
    step: 'during the recovery',
    when: 'seen',
    at: (one) => acted && !acts() && isQuery(one),
    leaves: [1, 2],
    duration: '8s',
  },
];

/** Runs the test and kills its runner at a moment. */
async function killedAt({ at, when, duration = '10m', interrupted = false }: Moment): Promise<ProgramEnd> {
  [creations, acted] = [0, false];
  const { child, ended } = startProgram(program, ['run', testFile(duration), ...common]);
  // A second interrupt would make it leave at once.
  let interrupts = interrupted ? 1 : 0;
  const kill = async (): Promise<true> => {
    child.kill('SIGKILL');
    await ended;
    return true;
  };
  scene.api.mischief = {
    arrived: async (passing) => {
      if (isCreation(passing) && isStress(passing)) creations += 1;
      acted ||= acts();
      if (acted && interrupts-- > 0) child.kill('SIGINT');
      return when === 'seen' && at(passing) && (await kill());
    },
    answered: async (passing) => when === 'done' && at(passing) && (await kill()),
  };
  const end = await ended;
  scene.api.mischief = {};
  return end;
}

/** What the runner has left is ours, has an end, and is all that acts. */
async function expectLeft(counts: readonly number[]): Promise<void> {
  const left = await objects();
  expect(counts).toContain(left.length);
  for (const { metadata, spec } of left) {
    expect(metadata.labels).toMatchObject({ [MANAGED_BY_LABEL]: MANAGED_BY });
    expect(parseDuration(String(spec?.['duration']))).toBeGreaterThan(0);
  }
  const uids = left.map(({ metadata }) => String(metadata.uid));
  for (const { id } of scene.cluster.board.all()) expect(uids.some((uid) => id.startsWith(uid))).toBe(true);
}

/** As the editor does it: a new window lists what there is, and stops it all. */
async function stopInEditor(): Promise<void> {
  const { connection, store, injection, dispose } = await scene.open();
  const { clock } = scene.cluster;
  const scenarios = new ScenarioRuns({ injector: injection, store, clock, log: silentLog });
  const snapshot = await seen(store, isLive);
  expect(names(snapshot)).toEqual((await objects()).map(({ metadata }) => metadata.name).sort());
  expect(snapshot.experiments.every(({ ours }) => ours)).toBe(true);
  const { experiments: gateway, orchestration } = connection;
  const parts = { gateway, orchestration, injection, scenarios, clock, log: silentLog };
  const report = await stopPart(parts, oursIn(await findOurs(parts, snapshot.experiments)));
  expect([report.failed, report.lost]).toEqual([[], []]);
  scenarios.dispose();
  dispose();
}

async function stopInTerminal(): Promise<void> {
  const { code, output } = await startProgram(program, ['stop', '--all', ...common]).ended;
  expect([code, output]).toEqual([0, expect.any(String)]);
}

describe('a runner that is killed', () => {
  it.each(MOMENTS.flatMap((moment, i) => [{ ...moment, stop: i % 2 === 0 ? 'terminal' : 'editor' }]))(
    '$step leaves nothing unseen, and the $stop stops what it has left',
    async ({ stop, ...moment }) => {
      const { code } = await killedAt(moment);
      expect(code).toBeNull(); // killed: it had no say in how it ended
      await expectLeft(moment.leaves);
      await (stop === 'terminal' ? stopInTerminal() : stopInEditor());
      expect(await objects()).toEqual([]);
      await until('nothing acts', () => !acts());
    },
    TIMEOUT_MS,
  );

  it(
    'leaves a fault that ends by itself',
    async () => {
      await killedAt({ step: '', when: 'done', at: () => acts(), leaves: [1], duration: '15s' });
      await expectLeft([1]);
      await until('it has ended by itself', () => !acts(), 60_000);
      await stopInTerminal();
      expect(await objects()).toEqual([]);
    },
    TIMEOUT_MS,
  );
});

describe('a runner whose terminal is closed', () => {
  it(
    'stops what it has started',
    async () => {
      [creations, acted] = [0, false];
      const { child, ended } = startProgram(program, ['run', testFile('10m'), ...common]);
      let hangUps = 0;
      scene.api.mischief = {
        arrived: () => {
          // The kernel tells of it, and the shell.
          if (acts() && hangUps < 2) {
            hangUps += 1;
            child.stdout?.destroy();
            child.stderr?.destroy();
            child.kill('SIGHUP');
          }
          return Promise.resolve(false);
        },
      };
      const { code } = await ended;
      scene.api.mischief = {};
      expect({ hangUps, code, left: await objects() }).toEqual({ hangUps: 2, code: 3, left: [] });
    },
    TIMEOUT_MS,
  );
});

import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Passing } from './faultyApi';
import { refuse } from './faultyApi';
import { isLive, POLICY, resource, seen, startScene, type Client, type Scene } from './scene';
import { until } from '../../until';

let scene: Scene;
let client: Client;

beforeEach(async () => {
  scene = await startScene({ controls: { delayMs: 100 } });
  client = await scene.open();
});
afterEach(() => scene?.close());

const inCluster = async (): Promise<string[]> => {
  await scene.settled();
  return scene.cluster.objects.list(resource('StressChaos')).map(({ metadata }) => metadata.name);
};
const isCreate = ({ method, query }: Passing): boolean => method === 'POST' && !query.has('dryRun');
const creates = (): number => scene.api.requests.filter(isCreate).length;

const STALL = 'a stall';
/** Short only where the time-out is what is tested: a busy machine answers late too. */
const patient = async (loss: string): Promise<void> => {
  if (loss === STALL) client = await scene.open({ timeoutMs: 1000 });
};

/** Ways to lose an answer that the server has given, or to fail before it. */
const losses: [string, (response: ServerResponse) => void][] = [
  ['a reset', (response) => void response.destroy()],
  [STALL, () => undefined],
  ['500', (response) => void refuse(response, 500, 'etcdserver: leader changed')],
  ['a page that is no JSON', (response) => void response.writeHead(200).end('<html>')],
  [
    'a reset in the middle of the body',
    (response) => {
      response.writeHead(201, { 'content-length': '900' });
      response.write('{"kind":"StressChaos"');
      setTimeout(() => response.destroy(), 5);
    },
  ],
];

describe('a fault whose creation is answered by', () => {
  it.each(losses)('%s after the server has taken it is found again, and not created twice', async (loss, lose) => {
    await patient(loss);
    let left = 1;
    scene.api.mischief = {
      answered: (passing, response) => {
        if (!isCreate(passing) || left-- <= 0) return false;
        lose(response);
        return true;
      },
    };
    const experiment = await client.injection.inject(scene.plan(), POLICY);
    expect(await inCluster()).toEqual([experiment.ref.name]);
    expect(experiment.ref.uid).toBe(scene.cluster.objects.list(resource('StressChaos'))[0]?.metadata.uid);
    expect(creates()).toBe(1);
    expect(scene.cluster.board.all()).toHaveLength(1);
  });

  it.each(losses)('%s before the server has seen it is created once', async (loss, lose) => {
    await patient(loss);
    let left = 2;
    scene.api.mischief = {
      arrived: (passing, response) => {
        if (!isCreate(passing) || left-- <= 0) return false;
        lose(response);
        return true;
      },
    };
    const experiment = await client.injection.inject(scene.plan(), POLICY);
    expect(await inCluster()).toEqual([experiment.ref.name]);
    expect(creates()).toBe(3);
  });

  it('nothing, with a server that cannot be reached afterwards: what is not known is said, seen later, and can be stopped', async () => {
    let down = false;
    scene.api.mischief = {
      arrived: (_passing, response) => {
        if (down) response.destroy();
        return down;
      },
      answered: (passing, response) => {
        if (!isCreate(passing)) return false;
        down = true;
        response.destroy();
        return true;
      },
    };
    await expect(client.injection.inject(scene.plan(), POLICY)).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('It is unknown whether'),
    });
    const [created, ...more] = await inCluster();
    expect([created, more]).toEqual([expect.any(String), []]);
    scene.api.mischief = {};
    // Nobody looks at a view: the watch was begun for this.
    expect(client.store.watching).toBe(true);
    await until('the experiment is listed', () => client.store.snapshot.experiments.length > 0);
    expect(client.store.snapshot.experiments).toMatchObject([{ ours: true, ref: { name: created } }]);
    const report = await client.injection.stopAll(client.store.snapshot.experiments.map(({ ref }) => ref));
    expect(report.failed).toEqual([]);
    expect(scene.cluster.board.all()).toEqual([]);
  });
});

describe('a stop whose deletion is answered by', () => {
  it.each(losses)('%s after the server has taken it ends when the experiment is gone', async (loss, lose) => {
    await patient(loss);
    const { ref } = await client.injection.inject(scene.plan(), POLICY);
    let left = 1;
    scene.api.mischief = {
      answered: ({ method }, response) => {
        if (method !== 'DELETE' || left-- <= 0) return false;
        lose(response);
        return true;
      },
    };
    await client.injection.stop(ref);
    expect(await inCluster()).toEqual([]);
    expect(scene.cluster.board.all()).toEqual([]);
    await seen(client.store, (snapshot) => isLive(snapshot) && snapshot.experiments.length === 0);
  });
});

describe('a pause and its end whose answers are lost by', () => {
  const taken = losses.map(([loss, lose]) => [loss, 'after', 1, lose] as const);
  const unseen = losses.map(([loss, lose]) => [loss, 'before', 2, lose] as const);

  it.each([...taken, ...unseen])(
    '%s %s the server has seen them are asked for %i time(s)',
    async (loss, when, asked, lose) => {
      await patient(loss);
      const experiment = await client.injection.inject(scene.plan(), POLICY);
      let left = 0;
      scene.api.mischief = {
        [when === 'after' ? 'answered' : 'arrived']: ({ method }: { method: string }, response: ServerResponse) => {
          if (method !== 'PATCH' || left-- <= 0) return false;
          lose(response);
          return true;
        },
      };
      for (const paused of [true, false]) {
        left = 1;
        const before = patches();
        await (paused ? client.injection.pause(experiment.ref) : client.injection.resume(experiment, POLICY));
        expect(patches() - before).toBe(asked);
        await follows(paused);
      }
    },
  );

  const patches = (): number => scene.api.requests.filter(({ method }) => method === 'PATCH').length;
  /** Until the list shows it and the fault follows. */
  const follows = async (paused: boolean): Promise<void> => {
    await seen(client.store, ({ experiments }) => experiments.some((one) => one.paused === paused));
    await until('the fault follows', () => scene.cluster.board.all().length === (paused ? 0 : 1));
    // And until the controller has written so: what it writes over a newer change would be refused, and forgotten.
    await scene.settled();
  };
});

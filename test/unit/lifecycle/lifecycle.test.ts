import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { emergencyStop } from '../../../src/core/stop/emergencyStop';
import { AppError } from '../../../src/core/base/errors';
import type { ChaosObject, ExperimentRef } from '../../../src/core/experiments/experiment';
import { timeLeft } from '../../../src/core/experiments/phase';
import { extendExperiment } from '../../../src/core/injection/extending';
import { dropFinalizers, forceCleanUp } from '../../../src/core/injection/forceClean';
import { InjectionService } from '../../../src/core/injection/injection';
import { pauseExperiment, unlessGone } from '../../../src/core/injection/pausing';
import type { WaitOptions } from '../../../src/core/experiments/waiting';
import { RESOURCES, type Resource } from '../../../src/demo/kubernetes/objects/resources';
import { silentLog } from '../../support';
import { lifeWorld, type LifeWorld } from './cluster';

const NAMESPACE = RESOURCES.find(({ kind }) => kind === 'Namespace') as Resource;

let world: LifeWorld;

beforeEach(async () => {
  world = await lifeWorld();
});

afterEach(() => world.close());

const nodeOf = (pod: string): string => world.targets.find((one) => one.pod === pod)?.hostNode as string;

/** As many faults as ever acted at the same time on a pod, until it is asked. */
function mostFaults(pod: string): () => number {
  let most = 0;
  const { board, clock } = world.cluster;
  let on = true;
  const look = (): void => {
    most = Math.max(most, board.on(pod).length);
    if (on) clock.after(20, look);
  };
  look();
  return () => {
    on = false;
    return most;
  };
}

describe('a pause', () => {
  it('is over when the targets are recovered, and the same targets are hit again after it', async () => {
    const experiment = await world.inject('cpu_stress');
    const [pod] = world.targets;
    expect(await pauseExperiment(world.parts, experiment.ref)).toBe('paused');
    expect(world.cluster.board.on(pod?.pod as string)).toEqual([]);
    await world.injection.resume(experiment, world.policy);
    await expect.poll(() => world.cluster.board.on(pod?.pod as string).length, { timeout: 5000 }).toBe(1);
  });

  it('that does not end says what the daemon says', async () => {
    const experiment = await world.inject('cpu_stress');
    world.cluster.controls.missingDaemons.add(nodeOf(experiment.targets[0]?.pod as string));
    await expect(pauseExperiment(world.parts, experiment.ref)).rejects.toMatchObject({
      code: 'stuck',
      message: expect.stringContaining('cannot find daemonIP on node') as string,
    });
  });

  it('of an experiment that somebody else removes or removed is no error', async () => {
    const experiment = await world.inject('cpu_stress');
    const pausing = pauseExperiment(world.parts, experiment.ref);
    await world.connection.experiments.delete(experiment.ref);
    expect(['gone', 'paused']).toContain(await pausing);
    await world.injection.stop(experiment.ref);
    expect(await pauseExperiment(world.parts, experiment.ref)).toBe('gone');
    const resume = (): Promise<void> => world.injection.resume(experiment, world.policy);
    expect(await unlessGone(world.connection.experiments, experiment.ref, resume)).toBe(false);
  });

  it('does not fall on another experiment that has the name by now', async () => {
    const { object, ref } = await world.inject('cpu_stress');
    await world.injection.stop(ref);
    const { uid: _uid, resourceVersion: _version, creationTimestamp: _at, ...metadata } = object.metadata;
    const { status: _status, ...rest } = object;
    const other = await world.connection.experiments.create({
      ...rest,
      metadata: { ...metadata, finalizers: [] },
    });
    expect(await pauseExperiment(world.parts, ref)).toBe('gone');
    expect((await world.live({ ref: other.ref }))?.paused).toBe(false);
  });
});

describe('an extension', () => {
  it('hits the same targets for the time that is left and more, never twice at once, and leaves one experiment', async () => {
    const old = await world.inject('memory_stress');
    const pod = old.targets[0]?.pod as string;
    const most = mostFaults(pod);
    const clone = await extendExperiment(world.parts, {
      experiment: old,
      moreMs: 300_000,
      policy: world.policy,
      createdBy: 'test',
    });
    expect(most()).toBe(1);
    expect(await world.live(old)).toBeUndefined();
    expect(clone.targets.map((one) => one.pod)).toEqual([pod]);
    const left = timeLeft(clone, world.cluster.clock.now()) as number;
    expect(left).toBeGreaterThan(600_000);
    expect(left).toBeLessThanOrEqual(900_000);
    expect((await world.connection.experiments.list()).experiments).toHaveLength(1);
  });

  it('of a partition leaves no gap', async () => {
    const [a, b] = world.targets.map(({ pod }) => pod) as [string, string];
    const of = (pod: string): object => ({ mode: 'all', selector: { pods: { oceanbase: [pod] } } });
    const old = await world.injection.injectManifest(
      {
        apiVersion: 'chaos-mesh.org/v1alpha1',
        kind: 'NetworkChaos',
        metadata: { name: 'parted', namespace: 'oceanbase', labels: { 'app.kubernetes.io/managed-by': 'distdiag' } },
        spec: { action: 'partition', direction: 'to', duration: '10m', ...of(a), target: of(b) },
      },
      world.policy,
    );
    let gap = false;
    let on = true;
    const look = (): void => {
      gap ||= world.cluster.board.on(a).length === 0;
      if (on) world.cluster.clock.after(20, look);
    };
    look();
    const request = { experiment: old, moreMs: 60_000, policy: world.policy, createdBy: 'test' };
    const clone = await extendExperiment(world.parts, request);
    on = false;
    expect(gap).toBe(false);
    expect(await world.live(old)).toBeUndefined();
    expect(clone.object.spec['target']).toEqual({
      mode: 'all',
      selector: { namespaces: ['oceanbase'], pods: { oceanbase: [b] } },
    });
  });

  it('whose targets cannot be recovered leaves the old one as it was', async () => {
    const old = await world.inject('cpu_stress');
    world.cluster.controls.missingDaemons.add(nodeOf(old.targets[0]?.pod as string));
    const request = { experiment: old, moreMs: 60_000, policy: world.policy, createdBy: 'test' };
    await expect(extendExperiment(world.parts, request)).rejects.toMatchObject({ code: 'stuck' });
    expect((await world.live(old))?.paused).toBe(false);
    expect((await world.connection.experiments.list()).experiments).toHaveLength(1);
  });

  it('whose clone cannot be injected removes it and lets the old one go on', async () => {
    const old = await world.inject('network_delay');
    const pod = old.targets[0]?.pod as string;
    world.cluster.controls.brokenNetwork.add(pod);
    const request = { experiment: old, moreMs: 60_000, policy: world.policy, createdBy: 'test' };
    const made: string[] = [];
    const done = extendExperiment(world.parts, request, {
      onCreated: ({ ref }) => {
        made.push(ref.name);
        // Injected at all, it can be taken back: until then Chaos Mesh tries to.
        world.cluster.clock.after(15_000, () => world.cluster.controls.brokenNetwork.delete(pod));
      },
    });
    await expect(done).rejects.toMatchObject({
      code: 'injectionFailed',
      hint: expect.stringContaining(old.ref.name) as string,
    });
    expect(made).toHaveLength(1);
    await expect.poll(() => world.cluster.board.on(pod).length, { timeout: 5000 }).toBe(1);
    const { experiments } = await world.connection.experiments.list();
    expect(experiments.map(({ ref, paused }) => [ref.name, paused])).toEqual([[old.ref.name, false]]);
  });

  it('whose clone was created though the answer was lost never lets both act', async () => {
    const old = await world.inject('cpu_stress');
    const pod = old.targets[0]?.pod as string;
    const most = mostFaults(pod);
    const real = world.parts.gateway;
    const lost = new AppError('unreachable', 'broke the connection');
    let cut = false;
    const gateway = {
      ...real,
      create: async (manifest: ChaosObject) => {
        if (!cut) await real.create(manifest);
        cut = true;
        throw lost;
      },
      get: (ref: ExperimentRef, signal?: AbortSignal) =>
        cut && ref.name !== old.ref.name ? Promise.reject(lost) : real.get(ref, signal),
      delete: async (ref: ExperimentRef) => {
        cut = false; // the network is back
        await real.delete(ref);
      },
    };
    const { store, clock } = world.parts;
    const parts = {
      ...world.parts,
      gateway,
      injection: new InjectionService({ gateway, store, clock, log: silentLog }),
    };
    const request = { experiment: old, moreMs: 60_000, policy: world.policy, createdBy: 'test' };
    await expect(extendExperiment(parts, request)).rejects.toMatchObject({ code: 'unreachable' });
    await expect.poll(async () => (await world.live(old))?.targets[0]?.phase, { timeout: 5000 }).toBe('Injected');
    expect(most()).toBe(1);
    const { experiments } = await world.connection.experiments.list();
    expect(experiments.map(({ ref, paused }) => [ref.name, paused])).toEqual([[old.ref.name, false]]);
  });

  it('whose clone can neither be injected wholly nor be removed leaves the old one paused, and says so', async () => {
    const old = await world.inject('network_delay');
    const [pod] = old.targets.map((one) => one.pod) as [string];
    const { injection, gateway } = world.parts;
    const stuck = new AppError('stuck', 'is still being deleted');
    const parts = {
      ...world.parts,
      injection: Object.assign(
        Object.create(injection, { recalled: { value: injection.recalled } }) as InjectionService,
        {
          injectManifest: async (manifest: ChaosObject, _: unknown, options: WaitOptions) => {
            options.onCreated?.(await gateway.create(manifest));
            throw new AppError('injectionFailed', 'one of two');
          },
          stop: () => Promise.reject(stuck),
          resume: injection.resume.bind(injection),
          pause: injection.pause.bind(injection),
          mustBeOpen: injection.mustBeOpen.bind(injection),
        },
      ),
    };
    const request = { experiment: old, moreMs: 60_000, policy: world.policy, createdBy: 'test' };
    await expect(extendExperiment(parts, request)).rejects.toMatchObject({
      code: 'injectionFailed',
      hint: expect.stringContaining('stays paused') as string,
    });
    expect((await world.live(old))?.paused).toBe(true);
    expect(world.cluster.board.on(pod).length).toBeLessThanOrEqual(1);
  });

  it('is refused before anything is touched: by the policy, by the server, and where there is nothing to extend', async () => {
    const old = await world.inject('cpu_stress');
    const request = { experiment: old, moreMs: 60_000, policy: world.policy, createdBy: 'test' };
    const guarded = { ...request, policy: { ...world.policy, protectedNamespaces: ['oceanbase'] } };
    await expect(extendExperiment(world.parts, guarded)).rejects.toMatchObject({ code: 'invalid' });
    const refusing = {
      ...world.parts,
      gateway: { ...world.parts.gateway, dryRun: () => Promise.reject(new AppError('invalid', 'denied the request')) },
    };
    await expect(extendExperiment(refusing, request)).rejects.toMatchObject({ code: 'invalid' });
    expect((await world.live(old))?.paused).toBe(false);
    await world.injection.stop(old.ref);
    await expect(extendExperiment(world.parts, request)).rejects.toMatchObject({
      code: 'notFound',
      message: expect.stringContaining('someone else') as string,
    });
  });
});

describe('a deletion that does not end', () => {
  it('is not forced while Chaos Mesh fails to recover it, but by emptying the finalizers', async () => {
    const experiment = await world.inject('cpu_stress');
    world.cluster.controls.missingDaemons.add(nodeOf(experiment.targets[0]?.pod as string));
    await expect(world.injection.stop(experiment.ref)).rejects.toMatchObject({
      code: 'stuck',
      message: expect.stringContaining('cannot find daemonIP') as string,
    });
    expect(await forceCleanUp(world.parts, experiment.ref)).toBe(false);
    expect(await dropFinalizers(world.parts, experiment.ref)).toBe(true);
    expect(await world.live(experiment)).toBeUndefined();
  });

  it('is forced through Chaos Mesh where it only takes long', async () => {
    const experiment = await world.inject('cpu_stress');
    world.cluster.controls.delayMs = 3_600_000;
    await expect(world.injection.stop(experiment.ref)).rejects.toMatchObject({ code: 'stuck' });
    expect(await forceCleanUp(world.parts, experiment.ref)).toBe(true);
    expect(await forceCleanUp(world.parts, experiment.ref)).toBe(true); // twice is no error
  });

  it('is not forced where no controller is left, but by emptying the finalizers', async () => {
    const experiment = await world.inject('cpu_stress');
    world.cluster.controls.stopped = true;
    await world.connection.experiments.delete(experiment.ref);
    expect(await forceCleanUp(world.parts, experiment.ref)).toBe(false);
    expect(await dropFinalizers(world.parts, experiment.ref)).toBe(true);
    expect(await world.live(experiment)).toBeUndefined();
  });
});

describe('an emergency stop', () => {
  it('takes back all that it can at once, and says of what is stuck which target and why', async () => {
    const [a, b, c] = world.targets;
    if (!a || !b || !c) throw new Error('three nodes');
    const running = await Promise.all([
      world.inject('cpu_stress', { targets: [a] }),
      world.inject('network_delay', { targets: [b] }),
      world.inject('memory_stress', { targets: [a, c] }),
    ]);
    world.cluster.controls.missingDaemons.add(c.hostNode as string);
    // Another's is left alone.
    const { object } = running[0] as (typeof running)[number];
    const theirs = await world.connection.experiments.create({
      apiVersion: object.apiVersion,
      kind: object.kind,
      metadata: { name: 'theirs', namespace: 'oceanbase' },
      spec: object.spec,
    });
    const said: string[] = [];
    const report = await emergencyStop(world.parts, [], { onProgress: (message) => said.push(String(message)) });
    expect(report.listError).toBeUndefined();
    const ends = Object.fromEntries(report.outcomes.map(({ experiment, end }) => [experiment.fault, end]));
    expect(ends).toEqual({ cpu_stress: 'gone', network_delay: 'gone', memory_stress: 'held' });
    const held = report.outcomes.find(({ end }) => end === 'held');
    expect(held?.targets).toEqual([
      { id: `oceanbase/${a.pod}/observer`, recovered: true, reason: undefined },
      {
        id: `oceanbase/${c.pod}/observer`,
        recovered: false,
        reason: expect.stringContaining('cannot find daemonIP') as string,
      },
    ]);
    expect(said).toContain('Pausing 3 experiment(s) …');
    expect((await world.live(theirs))?.deletingSince).toBeUndefined();
  });

  it('stops what was known where the cluster cannot be listed, and says so', async () => {
    const experiment = await world.inject('cpu_stress');
    const failing = {
      ...world.parts,
      gateway: { ...world.parts.gateway, list: () => Promise.reject(new AppError('timeout', 'no answer')) },
    };
    const report = await emergencyStop(failing, [experiment]);
    expect(report.listError?.message).toBe('no answer');
    expect(report.outcomes.map(({ end }) => end)).toEqual(['gone']);
    expect(world.cluster.board.all()).toEqual([]);
  });

  it('still pauses what it may not delete', async () => {
    const experiment = await world.inject('cpu_stress');
    const readOnly = {
      ...world.parts,
      gateway: { ...world.parts.gateway, delete: () => Promise.reject(new AppError('forbidden', 'you may not')) },
    };
    const report = await emergencyStop(readOnly, []);
    expect(report.outcomes).toMatchObject([
      { end: 'recovered', deleteError: { code: 'forbidden' }, targets: [{ recovered: true }] },
    ]);
    expect(await world.live(experiment)).toMatchObject({ paused: true });
  });

  it('reports what it knows when nobody waits any more', async () => {
    await world.inject('cpu_stress');
    world.cluster.controls.stopped = true;
    const report = await emergencyStop(world.parts, [], { signal: AbortSignal.abort() });
    expect(report.outcomes).toMatchObject([{ end: 'held', targets: [{ recovered: false }] }]);
  });
});

it('a namespace that vanishes takes its experiments along without an error', async () => {
  const { cluster, connection } = world;
  cluster.objects.create(NAMESPACE, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'brief' } }, false);
  const experiment = await world.inject('cpu_stress', { chaosNamespace: 'brief' });
  cluster.objects.delete(NAMESPACE, undefined, 'brief');
  await connection.experiments.delete(experiment.ref); // as the namespace's end does with all that is in it
  await world.injection.stop(experiment.ref);
  expect(await pauseExperiment(world.parts, experiment.ref)).toBe('gone');
  await expect(world.inject('cpu_stress', { chaosNamespace: 'brief' })).rejects.toMatchObject({
    code: 'notFound',
    message: 'Namespace "brief" does not exist.',
  });
});

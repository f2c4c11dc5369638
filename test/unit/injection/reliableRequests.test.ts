import { beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../src/core/base/errors';
import type { ChaosObject, Experiment } from '../../../src/core/experiments/experiment';
import { toExperiment } from '../../../src/core/experiments/parse';
import { ExperimentStore } from '../../../src/core/experiments/store';
import { Gate } from '../../../src/core/base/gate';
import { InjectionService } from '../../../src/core/injection/injection';
import { withName } from '../../../src/core/injection/manifest';
import { createReliably, deleteReliably, setPausedReliably } from '../../../src/core/injection/reliableRequests';
import { ManualClock, settle, silentLog } from '../../support';
import { chaosObject, CREATED, experiment } from '../experiments/experiments';
import { FakeGateway } from './fakes';

const reset = new AppError('unreachable', 'broke the connection');
const by = (who: string): ChaosObject => {
  const object = chaosObject({ name: 'lost', noStatus: true });
  return { ...object, metadata: { ...object.metadata, annotations: { 'distdiag.io/created-by': who } } };
};

/** A server that keeps or loses what it is asked, and loses some of its answers. */
class LossyGateway extends FakeGateway {
  /** For each create in turn: was it kept, and what comes back instead of the answer. */
  script: { keeps: boolean; answer?: AppError }[] = [];
  unreadable = false;

  override create(manifest: ChaosObject): Promise<Experiment> {
    this.calls.push('create');
    const turn = this.script.shift() ?? { keeps: true };
    if (this.experiments.length > 0) return Promise.reject(new AppError('conflict', 'already exists'));
    if (turn.keeps) this.experiments = [toExperiment(manifest)];
    return turn.answer ? Promise.reject(turn.answer) : Promise.resolve(toExperiment(manifest));
  }

  /** For each pause or resume in turn, as `script`. */
  pauses: { keeps: boolean; answer?: AppError }[] = [];

  override async setPaused(ref: { name: string }, paused: boolean): Promise<void> {
    await super.setPaused(ref, paused);
    const turn = this.pauses.shift() ?? { keeps: true };
    if (turn.keeps) this.experiments = [experiment({ name: ref.name, paused })];
    if (turn.answer) throw turn.answer;
  }

  override get(ref: { name: string }): Promise<ChaosObject | undefined> {
    return this.unreadable ? Promise.reject(reset) : super.get(ref);
  }
}

let gateway: LossyGateway;
let clock: ManualClock;

beforeEach(() => {
  gateway = new LossyGateway();
  clock = new ManualClock(CREATED);
});

const create = (manifest = by('me')): Promise<Experiment> =>
  createReliably({ gateway, clock, log: silentLog }, manifest);
const policy = { context: 'dev', protectedContexts: [], protectedNamespaces: [] };
const serve = (): { store: ExperimentStore; service: InjectionService; policy: typeof policy } => {
  const store = new ExperimentStore({ gateway, clock });
  return { store, service: new InjectionService({ gateway, store, clock, log: silentLog }), policy };
};
const later = async (): Promise<void> => {
  for (let i = 0; i < 10; i++) {
    await settle();
    clock.advance(1000);
  }
};

describe('a creation', () => {
  it('whose answer is lost is found by its name, and not asked for twice', async () => {
    gateway.script = [{ keeps: true, answer: reset }];
    await expect(create()).resolves.toMatchObject({ ref: { name: 'lost' } });
    expect(gateway.calls).toEqual(['create', 'get lost']);
  });

  it('that did not arrive is asked for again', async () => {
    gateway.script = [{ keeps: false, answer: reset }, { keeps: true }];
    const done = create();
    await later();
    await expect(done).resolves.toMatchObject({ ref: { name: 'lost' } });
    expect(gateway.experiments).toHaveLength(1);
  });

  it('that was kept while nothing could be read is known by its "already exists"', async () => {
    gateway.script = [{ keeps: true, answer: reset }];
    gateway.unreadable = true;
    const done = create();
    await settle();
    gateway.unreadable = false;
    await later();
    await expect(done).resolves.toMatchObject({ ref: { name: 'lost' } });
    expect(gateway.calls).toEqual(['create', 'create', 'get lost']);
  });

  it('of a name that another has is refused, also after a lost answer', async () => {
    gateway.experiments = [toExperiment(by('somebody else'))];
    await expect(create()).rejects.toMatchObject({ code: 'conflict' });
    gateway.experiments = [];
    gateway.script = [{ keeps: false, answer: reset }];
    const done = create();
    const refused = expect(done).rejects.toMatchObject({ code: 'conflict' });
    await settle();
    gateway.experiments = [toExperiment(by('somebody else'))];
    await later();
    await refused;
  });

  it('that "already exists", while nobody can look whose it is, may be ours: it is not known, and watched for', async () => {
    gateway.script = [{ keeps: true, answer: reset }];
    gateway.unreadable = true;
    const { store, service, policy } = serve();
    const unknown = expect(service.injectManifest(by('me'), policy)).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('It is unknown whether lost was created'),
    });
    await later();
    await unknown;
    expect(store.watching).toBe(true);
    store.dispose();
  });

  it('that was left is not asked for again, and what did arrive of it is still found', async () => {
    for (const keeps of [false, true]) {
      gateway.experiments = [];
      gateway.calls.length = 0;
      gateway.script = [{ keeps, answer: reset }];
      gateway.unreadable = true;
      const left = new AbortController();
      const done = createReliably({ gateway, clock, log: silentLog }, by('me'), { signal: left.signal });
      const end = keeps
        ? expect(done).resolves.toMatchObject({ ref: { name: 'lost' } })
        : expect(done).rejects.toMatchObject({ name: 'AbortError' });
      await settle();
      left.abort();
      gateway.unreadable = false;
      await later();
      await end;
      expect(gateway.calls.filter((call) => call === 'create')).toHaveLength(1);
    }
  });

  it('that was left while it was written down that it may act is not asked for', async () => {
    const { store, service, policy } = serve();
    const left = new AbortController();
    service.onWillAct(() => Promise.resolve(left.abort()));
    await expect(service.injectManifest(by('me'), policy, { signal: left.signal })).rejects.toMatchObject({
      code: 'cancelled',
    });
    expect(gateway.calls).toEqual(['dryRun']);
    expect(service.isActing).toBe(false);
    store.dispose();
  });

  it('that the server refuses is asked for once', async () => {
    gateway.script = [{ keeps: false, answer: new AppError('invalid', 'no') }];
    await expect(create()).rejects.toMatchObject({ code: 'invalid' });
    expect(gateway.calls).toEqual(['create']);
  });

  it('of which nothing is known in the end says so, and the cluster is watched for it', async () => {
    gateway.script = Array.from({ length: 4 }, () => ({ keeps: false, answer: reset }));
    const store = new ExperimentStore({ gateway, clock });
    const service = new InjectionService({ gateway, store, clock, log: silentLog });
    const policy = { context: 'dev', protectedContexts: [], protectedNamespaces: [] };
    const done = service.injectManifest(by('me'), policy);
    const unknown = expect(done).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('It is unknown whether lost was created'),
    });
    await later();
    await unknown;
    expect(gateway.calls.filter((call) => call === 'create')).toHaveLength(4);
    expect(store.watching).toBe(true);
    gateway.show(experiment({ name: 'lost', records: [{}] }));
    expect(store.snapshot.experiments).toHaveLength(1);
    store.dispose();
  });

  it('is announced before anything is sent, so that it can be written down', async () => {
    const store = new ExperimentStore({ gateway, clock });
    const service = new InjectionService({ gateway, store, clock, log: silentLog });
    let written = (): void => undefined;
    service.onWillAct(() => new Promise<void>((resolve) => (written = resolve)));
    const policy = { context: 'dev', protectedContexts: [], protectedNamespaces: [] };
    void service.injectManifest(by('me'), policy).catch(() => undefined);
    await settle();
    expect(gateway.calls).toEqual(['dryRun']);
    expect(service.isActing).toBe(true);
    written();
    await settle();
    expect(gateway.calls.slice(0, 2)).toEqual(['dryRun', 'create']);
    expect(service.isActing).toBe(false);
    store.dispose();
  });

  it('gets a name where the server would have made one', () => {
    const { name: _name, ...metadata } = by('me').metadata;
    const generated = withName({ ...by('me'), metadata: { ...metadata, generateName: 'cpu-' } }, () => 0);
    expect(generated.metadata).toMatchObject({ name: 'cpu-bbbbb' });
    expect(generated.metadata).not.toHaveProperty('generateName');
    expect(withName({ ...by('me'), metadata }, () => 0).metadata.name).toBe('stresschaos-bbbbb');
    expect(withName(by('me'))).toEqual(by('me'));
  });
});

describe('a deletion', () => {
  it('whose answer is lost is asked for again', async () => {
    gateway.refusal = reset;
    const done = deleteReliably({ gateway, clock, log: silentLog }, experiment({ name: 'x' }).ref);
    await settle();
    gateway.refusal = undefined;
    await later();
    await done;
    expect(gateway.calls).toEqual(['delete x', 'delete x']);
  });

  it('goes on being waited for while the server cannot be asked', async () => {
    const store = new ExperimentStore({ gateway, clock });
    const service = new InjectionService({ gateway, store, clock, log: silentLog });
    const done = service.stop(experiment({ name: 'lost' }).ref);
    await settle();
    gateway.unreadable = true;
    gateway.show();
    await settle();
    clock.advance(5000);
    await settle();
    gateway.unreadable = false;
    await later();
    await expect(done).resolves.toBeUndefined();
    gateway.unreadable = true;
    const unknown = expect(service.stop(experiment({ name: 'lost' }).ref)).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('it is unknown whether it did'),
    });
    await settle();
    clock.advance(31_000);
    await later();
    await unknown;
    store.dispose();
  });
});

describe.each([true, false])('a pause (%s) or its end', (paused) => {
  const word = paused ? 'pause' : 'resume';
  const { ref } = experiment({ name: 'x' });
  const change = (): Promise<void> => setPausedReliably({ gateway, clock, log: silentLog }, ref, paused);

  beforeEach(() => gateway.show(experiment({ name: 'x', paused: !paused })));

  it('whose answer is lost is looked for, and not asked for twice', async () => {
    gateway.pauses = [{ keeps: true, answer: reset }];
    await change();
    expect(gateway.calls).toEqual([`${word} x`, 'get x']);
  });

  it.each(['unreachable', 'conflict'] as const)('that was not done (%s) is asked for again', async (code) => {
    gateway.pauses = [{ keeps: false, answer: new AppError(code, 'no') }];
    const done = change();
    await later();
    await done;
    expect(gateway.calls).toEqual([`${word} x`, 'get x', `${word} x`]);
    expect(gateway.experiments[0]?.paused).toBe(paused);
  });

  it('of one that is gone meanwhile says so', async () => {
    gateway.pauses = [{ keeps: false, answer: reset }];
    const refused = expect(change()).rejects.toMatchObject({ code: 'notFound', message: 'x no longer exists.' });
    gateway.show();
    await refused;
  });

  it('that is refused is asked for once', async () => {
    gateway.pauses = [{ keeps: false, answer: new AppError('forbidden', 'no') }];
    await expect(change()).rejects.toMatchObject({ code: 'forbidden' });
    expect(gateway.calls).toEqual([`${word} x`]);
  });

  it('of which nothing is known in the end says so; the cluster is watched for what may act', async () => {
    gateway.pauses = Array.from({ length: 4 }, () => ({ keeps: false, answer: reset }));
    gateway.unreadable = true;
    const store = new ExperimentStore({ gateway, clock });
    const service = new InjectionService({ gateway, store, clock, log: silentLog });
    const policy = { context: 'dev', protectedContexts: [], protectedNamespaces: [] };
    const unknown = expect(
      paused ? service.pause(ref) : service.resume(experiment({ name: 'x', paused: true }), policy),
    ).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining(paused ? 'whether x was paused' : 'whether x was resumed'),
    });
    await later();
    await unknown;
    expect(gateway.calls.filter((call) => call === `${word} x`)).toHaveLength(4);
    expect(store.watching).toBe(!paused);
    store.dispose();
  });
});

it('a gate lets a limited number through, in order, past those that fail', async () => {
  const gate = new Gate(2);
  let inside = 0;
  let most = 0;
  const order: number[] = [];
  const task = (i: number) => async (): Promise<void> => {
    most = Math.max(most, ++inside);
    order.push(i);
    await settle();
    inside -= 1;
    if (i % 3 === 0) throw new Error('no');
  };
  const all = await Promise.allSettled([...Array(9).keys()].map((i) => gate.pass(task(i))));
  expect(most).toBe(2);
  expect(order).toEqual([...Array(9).keys()]);
  expect(all.filter(({ status }) => status === 'rejected')).toHaveLength(3);
});

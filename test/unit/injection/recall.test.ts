import { beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../src/core/base/errors';
import type { ChaosObject, Experiment } from '../../../src/core/experiments/experiment';
import { toExperiment } from '../../../src/core/experiments/parse';
import { extendExperiment } from '../../../src/core/injection/extending';
import { ExperimentStore } from '../../../src/core/experiments/store';
import { InjectionService } from '../../../src/core/injection/injection';
import { ManualClock, settle, silentLog } from '../../support';
import { chaosObject, CREATED, experiment } from '../experiments/experiments';
import { FakeGateway } from './fakes';

const policy = { context: 'dev', protectedContexts: [], protectedNamespaces: [] };
const manifest = chaosObject({ name: 'begun', noStatus: true });

/** A server that answers when it is told to. */
class SlowGateway extends FakeGateway {
  answer: Partial<Record<'dryRun' | 'create', () => void>> = {};

  override async dryRun(object: ChaosObject, signal?: AbortSignal): Promise<ChaosObject> {
    this.calls.push('dryRun');
    await new Promise<void>((resolve, reject) => {
      this.answer.dryRun = resolve;
      signal?.addEventListener('abort', () => reject(new AppError('cancelled', 'Cancelled.')));
    });
    return object;
  }

  override async create(object: ChaosObject): Promise<Experiment> {
    this.calls.push('create');
    await new Promise<void>((resolve) => (this.answer.create = resolve));
    const made = toExperiment(object);
    this.show(made);
    return made;
  }

  override async delete(ref: { name: string }): Promise<void> {
    await super.delete(ref);
    this.show();
  }
}

let gateway: SlowGateway;
let clock: ManualClock;
let store: ExperimentStore;
let service: InjectionService;

beforeEach(() => {
  gateway = new SlowGateway();
  clock = new ManualClock(CREATED);
  store = new ExperimentStore({ gateway, clock });
  service = new InjectionService({ gateway, clock, log: silentLog, store });
});

describe('an injection that everything is stopped behind', () => {
  const stopped = { code: 'cancelled', message: expect.stringContaining('Nothing was injected') as string };

  it('is not created where the server still checks it', async () => {
    const refused = expect(service.injectManifest(manifest, policy)).rejects.toMatchObject(stopped);
    await settle();
    await service.recall();
    await refused;
    expect(gateway.calls).toEqual(['dryRun']);
  });

  it('is not created where it is just being written down that it may act', async () => {
    service.onWillAct(() => service.recall());
    const refused = expect(service.injectManifest(manifest, policy)).rejects.toMatchObject(stopped);
    await settle();
    gateway.answer.dryRun?.();
    await refused;
    expect(gateway.calls).toEqual(['dryRun']);
  });

  it('is deleted where it is just being created, before the stop is done', async () => {
    const told: string[] = [];
    const refused = expect(
      service.injectManifest(manifest, policy, { onCreated: ({ ref }) => told.push(ref.name) }),
    ).rejects.toMatchObject(stopped);
    await settle();
    gateway.answer.dryRun?.();
    await settle();
    let done = false;
    const recalled = service.recall().then(() => (done = true));
    await settle();
    expect(done).toBe(false);
    gateway.answer.create?.();
    await recalled;
    await refused;
    expect(gateway.calls).toEqual(['dryRun', 'create', 'delete begun']);
    expect(told).toEqual([]); // it is not there to be stopped
  });

  it('is told of where its deletion fails, so that it can be stopped', async () => {
    const told: string[] = [];
    const failed = expect(
      service.injectManifest(manifest, policy, { onCreated: ({ ref }) => told.push(ref.name) }),
    ).rejects.toMatchObject({ code: 'forbidden' });
    await settle();
    gateway.answer.dryRun?.();
    await settle();
    const recalled = service.recall();
    gateway.refusal = new AppError('forbidden', 'no');
    gateway.answer.create?.();
    await recalled;
    await failed;
    expect(told).toEqual(['begun']);
  });

  it('is not the clone of one that was to act longer, and was just being paused for it', async () => {
    const old = experiment({ records: [{ appliedAfterMs: 500 }] });
    gateway.show(old);
    const parts = { gateway, store, injection: service, clock, log: silentLog };
    const request = { experiment: old, moreMs: 60_000, policy, createdBy: 'test' };
    const refused = expect(extendExperiment(parts, request)).rejects.toMatchObject(stopped);
    await settle();
    gateway.answer.dryRun?.();
    await settle();
    expect(gateway.calls).toContain('pause one');
    await service.recall();
    gateway.show(experiment({ paused: true, records: [{ phase: 'Not Injected' }] }));
    await settle();
    gateway.answer.dryRun?.();
    await settle();
    expect(gateway.calls).not.toContain('create');
    await refused;
  });

  it.each([false, true])(
    'lets another’s experiment go on that was only paused to act longer; it can: %s',
    async (can) => {
      const old = experiment({ ours: false, records: [{ appliedAfterMs: 500 }] });
      gateway.show(old);
      const parts = { gateway, store, injection: service, clock, log: silentLog };
      const request = { experiment: old, moreMs: 60_000, policy, createdBy: 'test' };
      const paused = { code: 'conflict', hint: expect.stringContaining('one stays paused') as string };
      const refused = expect(extendExperiment(parts, request)).rejects.toMatchObject(can ? stopped : paused);
      await settle();
      gateway.answer.dryRun?.();
      await settle();
      expect(gateway.calls).toContain('pause one');
      await service.recall();
      gateway.show(experiment({ ours: false, paused: true, records: [{ phase: 'Not Injected' }] }));
      if (!can) service.dispose();
      await settle();
      await refused;
      expect(gateway.calls.includes('resume one')).toBe(can);
      expect(gateway.calls).not.toContain('create');
    },
  );

  it('does not keep the next one from being injected', async () => {
    await service.recall();
    void service.injectManifest(manifest, policy).catch(() => undefined);
    await settle();
    gateway.answer.dryRun?.();
    await settle();
    gateway.answer.create?.();
    await settle();
    expect(gateway.experiments).toHaveLength(1);
  });
});

describe('an injection whose session is closed: another cluster was chosen, or other settings', () => {
  const closed = { code: 'conflict', message: expect.stringContaining('Nothing was changed') as string };

  it('is not created, neither one that is being checked nor a later one', async () => {
    const refused = expect(service.injectManifest(manifest, policy)).rejects.toMatchObject(closed);
    await settle();
    service.dispose();
    await refused;
    await expect(service.injectManifest(manifest, policy)).rejects.toMatchObject(closed);
    expect(gateway.calls).toEqual(['dryRun']);
  });

  it('goes on where it is created already', async () => {
    let made: string | undefined;
    void service.injectManifest(manifest, policy, { onCreated: ({ ref }) => (made = ref.name) }).catch(() => undefined);
    await settle();
    gateway.answer.dryRun?.();
    await settle();
    service.dispose();
    gateway.answer.create?.();
    await settle();
    expect(made).toBe('begun');
    expect(gateway.calls).not.toContain('delete begun');
  });
});

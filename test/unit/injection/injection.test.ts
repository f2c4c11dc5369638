import { beforeEach, describe, expect, it } from 'vitest';
import { defaultParameters } from '../../../src/core/faults/catalogue';
import type { Text } from '../../../src/core/base/text';
import { AppError } from '../../../src/core/base/errors';
import { ExperimentStore } from '../../../src/core/experiments/store';
import { InjectionService } from '../../../src/core/injection/injection';
import { toManifest } from '../../../src/core/injection/manifest';
import type { InjectionPlan, InjectionPolicy } from '../../../src/core/injection/plan';
import { ManualClock, settle, silentLog } from '../../support';
import { CREATED, experiment, type RecordSpec } from '../experiments/experiments';
import { FakeGateway } from './fakes';
import { target } from '../cluster/targets';

const NAME = 'cpu-stress-obcluster-1-zone1-a17-bbbbb';
const policy: InjectionPolicy = { context: 'dev', protectedContexts: [], protectedNamespaces: [] };
const plan: InjectionPlan = {
  type: 'cpu_stress',
  targets: [target()],
  parameters: defaultParameters('cpu_stress'),
  durationMs: 180_000,
  chaosNamespace: 'oceanbase',
  container: 'observer',
  createdBy: 'test',
};

let gateway: FakeGateway;
let clock: ManualClock;
let service: InjectionService;

beforeEach(() => {
  gateway = new FakeGateway();
  clock = new ManualClock(CREATED);
  const store = new ExperimentStore({ gateway, clock });
  service = new InjectionService({ gateway, store, clock, log: silentLog, random: () => 0 });
});

const withRecords = (...records: RecordSpec[]): ReturnType<typeof experiment> => experiment({ name: NAME, records });

describe('an injection', () => {
  it('is checked by the server first, then created, and done when all targets are injected', async () => {
    const said: string[] = [];
    const onProgress = (message: Text): void => void said.push(String(message));
    const onSending = (): void => void gateway.calls.push('sending');
    const done = service.inject(plan, policy, { onProgress, onSending });
    await settle();
    gateway.show(withRecords({ pod: 'a', phase: 'Injected' }, { pod: 'b', phase: 'Not Injected' }));
    gateway.show(withRecords({ pod: 'a' }, { pod: 'b' }));
    await expect(done).resolves.toMatchObject({ ref: { name: NAME } });
    expect(gateway.calls).toEqual(['dryRun', 'sending', 'create', 'watch']);
    expect(said).toContain('1 of 2 injected.');
  });

  it('that the server refuses creates nothing', async () => {
    gateway.refusal = new AppError('invalid', 'denied the request: no');
    await expect(service.inject(plan, policy)).rejects.toBe(gateway.refusal);
    expect(gateway.calls).toEqual(['dryRun']);
    await expect(service.refusalOf(toManifest(plan))).resolves.toBe(gateway.refusal);
  });

  it('with a problem does not even ask the server', async () => {
    await expect(service.inject({ ...plan, targets: [] }, policy)).rejects.toMatchObject({ code: 'invalid' });
    expect(gateway.calls).toEqual([]);
  });

  it("may fail for a moment, then fails with Chaos Mesh's own reason", async () => {
    const done = service.inject(plan, policy);
    const rejected = expect(done).rejects.toMatchObject({
      code: 'injectionFailed',
      message: expect.stringContaining('cannot find daemonIP'),
    });
    await settle();
    gateway.show(withRecords({ phase: 'Not Injected', failure: 'cannot find daemonIP' }));
    clock.advance(9000);
    await settle();
    clock.advance(2000);
    await rejected;
  });

  it('that recovers from a failure is done', async () => {
    const done = service.inject(plan, policy);
    await settle();
    gateway.show(withRecords({ phase: 'Not Injected', failure: 'slow' }));
    clock.advance(5000);
    gateway.show(withRecords({}));
    await expect(done).resolves.toBeDefined();
  });

  it('without targets fails', async () => {
    const done = service.inject(plan, policy);
    const rejected = expect(done).rejects.toMatchObject({
      code: 'injectionFailed',
      message: expect.stringContaining('selected no target'),
    });
    await settle();
    gateway.show(withRecords());
    clock.advance(20_000);
    await rejected;
  });

  it('is not taken for one without targets because our clock is ahead', async () => {
    clock.advance(60_000);
    const done = service.inject(plan, policy);
    await settle();
    gateway.show(withRecords());
    clock.advance(1000);
    gateway.show(withRecords({}));
    await expect(done).resolves.toBeDefined();
  });

  it('that nobody looks at fails in time', async () => {
    const done = service.inject(plan, policy);
    const rejected = expect(done).rejects.toMatchObject({
      code: 'timeout',
      message: expect.stringContaining('Check that its controller is running'),
    });
    await settle();
    gateway.show(experiment({ name: NAME, noStatus: true }));
    clock.advance(95_000);
    await rejected;
    expect(gateway.watches).toBe(1); // lingering
  });

  it('that is deleted meanwhile fails', async () => {
    const done = service.inject(plan, policy);
    const rejected = expect(done).rejects.toMatchObject({ code: 'notFound' });
    await settle();
    gateway.show(withRecords({ phase: 'Not Injected' }));
    gateway.show();
    await rejected;
  });

  it('is not taken back when the wait is left', async () => {
    const controller = new AbortController();
    const created: string[] = [];
    const done = service.inject(plan, policy, {
      signal: controller.signal,
      onCreated: ({ ref }) => created.push(ref.name),
    });
    await settle();
    controller.abort();
    await expect(done).rejects.toMatchObject({ code: 'cancelled' });
    expect(created).toEqual([NAME]);
    expect(gateway.calls.some((call) => call.startsWith('delete'))).toBe(false);
  });
});

describe('a protected context or namespace', () => {
  const old = withRecords({});
  const guards: [string, InjectionPolicy][] = [
    ['context', { ...policy, protectedContexts: ['dev'] }],
    ['namespace', { ...policy, protectedNamespaces: ['oceanbase'] }],
  ];

  it.each(guards)('keeps a clone from being run again (%s)', async (_, guard) => {
    const refused = { code: 'invalid', message: expect.stringContaining('protected') as string };
    await expect(service.injectManifest(old.object, guard)).rejects.toMatchObject(refused);
    expect(gateway.calls).toEqual([]);
  });

  it.each(guards)('keeps a paused experiment from going on (%s)', async (_, guard) => {
    await expect(service.resume(old, guard)).rejects.toMatchObject({ code: 'invalid' });
    expect(gateway.calls).toEqual([]);
    await service.resume(old, policy);
    expect(gateway.calls).toEqual([`resume ${NAME}`]);
  });

  it.each<[string, Record<string, unknown>]>([
    ['by its list', { selector: { namespaces: ['kube-system'] } }],
    ['by named pods', { selector: { pods: { 'kube-system': ['dns'] } } }],
    [
      'at the other end of a link',
      { selector: {}, target: { mode: 'all', selector: { namespaces: ['kube-system'] } } },
    ],
  ])('is found in a selector %s', async (_, spec) => {
    const guard = { ...policy, protectedNamespaces: ['kube-system'] };
    const manifest = { ...old.object, spec };
    await expect(service.injectManifest(manifest, guard)).rejects.toMatchObject({ code: 'invalid' });
  });
});

it('a schedule that was changed since it was shown does not go on', async () => {
  const schedule = (stressChaos: object): ReturnType<typeof experiment> =>
    experiment({ name: 'often', kind: 'Schedule', spec: { schedule: '@hourly', type: 'StressChaos', stressChaos } });
  const shown = schedule({ mode: 'one', selector: {} });
  gateway.show(schedule({ mode: 'one', selector: {}, remoteCluster: 'production' }));
  await expect(service.resumeStarter(shown.object, policy)).rejects.toMatchObject({ code: 'conflict' });
  expect(gateway.calls).not.toContain('resume often');
  gateway.show(shown);
  await service.resumeStarter(shown.object, policy);
  expect(gateway.calls).toContain('resume often');
});

describe('a stop', () => {
  const one = withRecords({});
  const deleting = experiment({ name: NAME, records: [{ pod: 'a' }], deletedAfterMs: 0 });

  it('ends when the object is gone', async () => {
    gateway.show(one);
    const done = service.stop(one.ref);
    await settle();
    gateway.show(deleting);
    clock.advance(3000);
    gateway.show();
    await expect(done).resolves.toBeUndefined();
    expect(gateway.calls).toEqual([`delete ${NAME}`, 'watch', `get ${NAME}`]);
  });

  it('does not believe a watch that lags behind', async () => {
    const done = service.stop(one.ref);
    await settle();
    gateway.tell({ ...gateway.snapshot(), experiments: [] });
    gateway.experiments = [deleting];
    await settle();
    gateway.experiments = [];
    clock.advance(1500);
    await settle();
    clock.advance(1500);
    await expect(done).resolves.toBeUndefined();
  });

  it('is stuck after half a minute, with the reason', async () => {
    gateway.show(deleting);
    const done = service.stop(one.ref);
    const rejected = expect(done).rejects.toMatchObject({
      code: 'stuck',
      message: expect.stringContaining('has not recovered a'),
    });
    await settle();
    gateway.show(deleting);
    clock.advance(31_000);
    await rejected;
  });

  it('of several does what it can and reports the rest', async () => {
    const other = experiment({ name: 'other', records: [{}] });
    const said: string[] = [];
    const done = service.stopAll([deleting.ref, other.ref], { onProgress: (message) => said.push(String(message)) });
    await settle();
    gateway.show(deleting);
    await settle();
    clock.advance(31_000);
    const report = await done;
    expect(report.stopped.map(({ name }) => name)).toEqual(['other']);
    expect(report.failed.map(({ ref, error }) => [ref.name, error.code])).toEqual([[NAME, 'stuck']]);
    expect(said).toContain('1 of 2 stopped');
  });

  it('that is not allowed says so', async () => {
    gateway.refusal = new AppError('forbidden', 'no');
    await expect(service.stop(one.ref)).rejects.toBe(gateway.refusal);
  });
});

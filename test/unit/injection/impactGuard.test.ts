import { beforeEach, describe, expect, it } from 'vitest';
import type { ChaosObject, Experiment } from '../../../src/core/experiments/experiment';
import { toExperiment } from '../../../src/core/experiments/parse';
import { reasonToTakeBack, checkBeforeSending } from '../../../src/core/injection/impactGuard';
import { aboutToBegin } from '../../../src/core/workflows/aboutToBegin';
import type { InjectionPolicy } from '../../../src/core/injection/policy';
import { impactOf, type Impact } from '../../../src/core/impact/impact';
import type { ImpactScope } from '../../../src/core/impact/scope';
import { ManualClock, settle, silentLog } from '../../support';
import { CREATED, chaosObject } from '../experiments/experiments';
import { pod, type PodSpec } from '../impact/pods';

let clock: ManualClock;
let pods: PodSpec[];
let experiments: Experiment[];
let looks: boolean[];
let failure: Error | undefined;

beforeEach(() => {
  clock = new ManualClock(CREATED);
  pods = ['ob-1', 'ob-2', 'ob-3'].map((name) => ({ name, labels: { app: name } }));
  experiments = [];
  looks = [];
  failure = undefined;
});

const world = (): ImpactScope => ({
  pods: pods.map(pod),
  nodes: undefined,
  unseen: [],
  database: pods.map((one) => pod(one).target),
  experiments,
  memoryUsed: {},
  nowMs: clock.now(),
});
const on = (name: string, ...names: string[]): ChaosObject => {
  const spec = { stressors: { cpu: { workers: 1 } }, selector: { pods: { oceanbase: names } } };
  const { status: _, ...object } = chaosObject({ name, spec });
  return object;
};
const labelled = (label: string): ChaosObject => {
  const object = on('labelled', 'x');
  return { ...object, spec: { ...object.spec, selector: { labelSelectors: { app: label } } } };
};
/** As it acts, created so many milliseconds after all others. */
function acting(
  name: string,
  where: string,
  afterMs = 0,
  phase = 'Injected',
  desired: 'Run' | 'Stop' = 'Run',
): Experiment {
  const object = chaosObject({ name, records: [{ pod: where, phase }], desired });
  const creationTimestamp = new Date(CREATED + afterMs).toISOString();
  return toExperiment({ ...object, metadata: { ...object.metadata, creationTimestamp } });
}
const policy = (agreed?: Impact): InjectionPolicy => ({
  context: 'dev',
  protectedContexts: [],
  protectedNamespaces: [],
  ...(agreed ? { agreed } : {}),
  currentScope: (_, anew) => {
    looks.push(anew);
    return failure ? Promise.reject(failure) : Promise.resolve(world());
  },
});
const agreedTo = (...manifests: ChaosObject[]): Impact => impactOf(manifests, world());
/** Lets this many seconds pass, one look after the other. */
async function pass(seconds: number): Promise<void> {
  for (let i = 0; i < seconds; i += 1) {
    await settle();
    clock.advance(1000);
  }
  await settle();
}

describe('right before it acts', () => {
  it('what was agreed to goes on, and so does what nobody looks at', async () => {
    const manifests = [on('one', 'ob-1')];
    await checkBeforeSending(clock, { manifests }, policy(agreedTo(...manifests)));
    await checkBeforeSending(clock, { manifests: [on('one', 'ob-1', 'ob-2')] }, {
      ...policy(),
      currentScope: undefined,
    } as never);
    expect(looks).toEqual([false]);
  });

  it('a pod that matches only now is refused at once, on either end', async () => {
    const manifests = [labelled('ob-1')];
    const agreed = agreedTo(...manifests);
    pods[1] = { name: 'ob-2', labels: { app: 'ob-1' } };
    const refused = { code: 'conflict', message: expect.stringContaining('oceanbase/ob-2') as string };
    await expect(checkBeforeSending(clock, { manifests }, policy(agreed))).rejects.toMatchObject(refused);
    const both = (selector: unknown): ChaosObject => ({
      ...on('cut', 'ob-3'),
      kind: 'NetworkChaos',
      spec: { ...on('cut', 'ob-3').spec, action: 'delay', target: { mode: 'all', selector } },
    });
    const one = agreedTo(both({ pods: { oceanbase: ['ob-1'] } }));
    const now = checkBeforeSending(clock, { manifests: [both({ labelSelectors: { app: 'ob-1' } })] }, policy(one));
    await expect(now).rejects.toMatchObject(refused);
  });

  it('what is grave and was not agreed to is refused at once', async () => {
    const manifests = [on('one', 'ob-1')];
    const agreed = agreedTo(...manifests);
    pods[0] = { name: 'ob-1', hostNetwork: true };
    const refused = { code: 'conflict', message: expect.stringContaining('uses the host network') as string };
    await expect(checkBeforeSending(clock, { manifests }, policy(agreed))).rejects.toMatchObject(refused);
    await expect(checkBeforeSending(clock, { manifests }, policy())).rejects.toMatchObject(refused);
    await checkBeforeSending(clock, { manifests }, policy(agreedTo(...manifests)));
  });

  it('what is ending elsewhere is waited for, and what does not end is not', async () => {
    const manifests = [on('one', 'ob-1')];
    const agreed = agreedTo(...manifests);
    experiments = [acting('other', 'ob-2', 0, 'Injected', 'Stop')];
    let over = false;
    const done = checkBeforeSending(clock, { manifests }, policy(agreed)).then(() => (over = true));
    await pass(3);
    expect(over).toBe(false);
    experiments = [acting('other', 'ob-2', 0, 'Not Injected', 'Stop')];
    await pass(1);
    await done;
    experiments = [acting('other', 'ob-2')];
    const refused = expect(checkBeforeSending(clock, { manifests }, policy(agreed))).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('Including running experiments, 2 of') as string,
    });
    await pass(25);
    await refused;
  });

  it('a majority that was agreed to may be as large, and no larger', async () => {
    const manifests = [on('one', 'ob-1')];
    experiments = [acting('other', 'ob-2')];
    const agreed = agreedTo(...manifests);
    await checkBeforeSending(clock, { manifests }, policy(agreed));
    experiments = [acting('other', 'ob-2'), acting('third', 'ob-3')];
    const refused = expect(checkBeforeSending(clock, { manifests }, policy(agreed))).rejects.toMatchObject({
      code: 'conflict',
    });
    await pass(25);
    await refused;
  });
});

describe('right after it was created', () => {
  const manifests = [on('mine', 'ob-1')];
  const mine = (): Experiment => acting('mine', 'ob-1', 5000);
  const check = async (): Promise<string | undefined> => {
    const agreed = policy(impactOf(manifests, { ...world(), experiments: [] }));
    const reason = await reasonToTakeBack({ clock, log: silentLog }, { manifests }, agreed, mine());
    return reason && String(reason);
  };

  it('it stays where there is room, asked of the server', async () => {
    experiments = [mine()];
    await expect(check()).resolves.toBeUndefined();
    expect(looks).toEqual([true]);
  });

  it('the later one is taken back at once, and by its uid where both are as old', async () => {
    experiments = [mine(), acting('other', 'ob-2', 4000)];
    await expect(check()).resolves.toContain('2 of the 3 database pods');
    experiments = [mine(), acting('a', 'ob-2', 5000)]; // uid-a is before uid-mine
    await expect(check()).resolves.toContain('2 of');
  });

  it('the earlier one waits for the later one to go, and goes where that stays', async () => {
    experiments = [mine(), acting('other', 'ob-2', 6000)];
    const stays = check();
    await pass(5);
    experiments = [mine()];
    await pass(1);
    await expect(stays).resolves.toBeUndefined();
    experiments = [mine(), acting('other', 'ob-2', 6000)];
    const goes = check();
    await pass(25);
    await expect(goes).resolves.toContain('2 of');
  });

  it('what cannot be looked at is asked for again, and then left as it was agreed to', async () => {
    failure = new Error('no answer');
    const stays = check();
    await pass(5);
    await expect(stays).resolves.toBeUndefined();
    expect(looks).toHaveLength(3);
    const goes = check();
    await pass(1);
    failure = undefined;
    experiments = [mine(), acting('other', 'ob-2')];
    await pass(2);
    await expect(goes).resolves.toContain('2 of');
  });
});

describe('a workflow that has just been created', () => {
  const flow = (uid: string): ChaosObject => {
    const step = { name: 's', templateType: 'StressChaos', deadline: '1m', stressChaos: on('s', 'ob-2').spec };
    const metadata = { name: 'flow', namespace: 'oceanbase', uid, creationTimestamp: new Date(CREATED).toISOString() };
    return { ...on('flow'), kind: 'Workflow', metadata, spec: { entry: 's', templates: [step] } };
  };

  it('counts with what it is about to start, until that can be seen or should have been', () => {
    const [begun] = aboutToBegin([flow('u')], [], CREATED + 1000);
    expect(begun).toMatchObject({ ref: { kind: 'StressChaos', uid: 'u' }, createdAt: CREATED });
    experiments = [begun as Experiment];
    expect(impactOf([on('one', 'ob-1')], world()).share.withRunning).toBe(2);
    const child = acting('child', 'ob-2');
    const owned = { ...child.object, metadata: { ...child.object.metadata, ownerReferences: [{ uid: 'u' }] } };
    expect(aboutToBegin([flow('u')], [toExperiment(owned)], CREATED + 1000)).toEqual([]);
    expect(aboutToBegin([flow('u')], [], CREATED + 120_000)).toEqual([]);
  });
});

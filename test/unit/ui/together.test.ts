import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { DistDiagApi } from '../../../types/index';
import { defaultParameters } from '../../../src/core/faults/catalogue';
import { scaledClock } from '../../../src/core/base/clock';
import type { ChaosObject, Experiment, ExperimentRef } from '../../../src/core/experiments/experiment';
import { ExperimentStore } from '../../../src/core/experiments/store';
import { pinnedManifest } from '../../../src/core/injection/prolongation';
import { InjectionService } from '../../../src/core/injection/injection';
import { cloneManifest, toManifest } from '../../../src/core/injection/manifest';
import { heldBy } from '../../../src/core/workflows/held';
import { findOurs, oursIn, refOf } from '../../../src/core/stop/ours';
import type { Log } from '../../../src/core/base/log';
import type { ExperimentGateway } from '../../../src/core/experiments/gateway';
import { planScenario } from '../../../src/core/scenario/planScenario';
import { ScenarioRuns } from '../../../src/core/scenario/runs';
import type { Scenario, ScenarioStep } from '../../../src/core/scenario/scenario';
import { startRun } from '../../../src/core/scenario/startRun';
import type { DemoCluster } from '../../../src/demo/cluster';
import { RESOURCES, type Resource } from '../../../src/demo/kubernetes/objects/resources';
import { createApi } from '../../../src/ui/scripting/api';
import { confirmHarmOfAll, type Agreement } from '../../../src/ui/commands/inject/confirmHarm';
import { timesOf } from '../../../src/ui/commands/experiments/orchestration';
import { askedPolicyOf } from '../../../src/ui/session/policy';
import type { ClusterSession, SessionManager } from '../../../src/ui/session/session';
import { ManualClock } from '../../support';
import { desk } from '../editor/desk';
import { useDemoWindow } from './demoWindow';

const demo = useDemoWindow();
let cluster: DemoCluster;
let session: ClusterSession;
let pods: [string, string, string];
let log: Log;
const stores: ExperimentStore[] = [];

beforeAll(() => {
  ({ cluster, session, pods } = demo);
  log = demo.log.log;
});

afterEach(async () => {
  for (const one of stores.splice(0)) one.dispose();
  label(pods, undefined);
  await session.injection.stopAll((await all()).map(({ ref }) => ref));
}, 60_000);

const all = async (): Promise<readonly Experiment[]> => (await session.experiments.list()).experiments;
const starters = async (): Promise<ExperimentRef[]> => {
  const { experiments: gateway, orchestration } = session;
  return oursIn(await findOurs({ gateway, orchestration })).starters.map(refOf);
};
const hit = async (): Promise<string[]> =>
  [...new Set((await all()).flatMap(({ targets }) => targets.map(({ pod }) => pod)))].sort();

function chaos(name: string, spec: Record<string, unknown>): ChaosObject {
  return {
    apiVersion: 'chaos-mesh.org/v1alpha1',
    kind: 'NetworkChaos',
    metadata: { name, namespace: 'oceanbase' },
    spec: { mode: 'all', duration: '10m', action: 'loss', loss: { loss: '100' }, selector: {}, ...spec },
  };
}
const on = (name: string, ...names: string[]): ChaosObject => chaos(name, { selector: { pods: { oceanbase: names } } });
const POD = RESOURCES.find(({ kind }) => kind === 'Pod') as Resource;
const LABEL = 'chosen';
/** As whoever scales or relabels a database does. */
function label(names: readonly string[], value: string | undefined): void {
  for (const name of names) {
    const pod = cluster.objects.get(POD, 'oceanbase', name);
    const { [LABEL]: _, ...labels } = pod.metadata.labels ?? {};
    const changed = value === undefined ? labels : { ...labels, [LABEL]: value };
    cluster.objects.update(POD, { ...pod, metadata: { ...pod.metadata, labels: changed } });
  }
}
const labelled = { selector: { labelSelectors: { [LABEL]: 'yes' } } };

/**
 * Several windows on the cluster. With `inStep` each creates only when all are about to: so every one of them has looked
 * before any has begun.
 */
function windows(count: number, { inStep = false, clock = cluster.clock } = {}): ClusterSession[] {
  let waiting = 0;
  let open: () => void = () => undefined;
  const together = new Promise<void>((resolve) => (open = resolve));
  return Array.from({ length: count }, () => {
    const gateway: ExperimentGateway = {
      ...session.experiments,
      create: async (...args) => {
        waiting += 1;
        if (waiting >= count) open();
        if (inStep) await together;
        return session.experiments.create(...args);
      },
    };
    const store = new ExperimentStore({ gateway, clock: cluster.clock });
    stores.push(store);
    const injection = new InjectionService({ gateway, store, clock, log });
    return { ...session, experiments: gateway, store, injection };
  });
}

/** A window that does not wait long for others to make room. */
const hurried = (): ClusterSession => windows(1, { clock: scaledClock(20) })[0] as ClusterSession;
const apiOf = (window: ClusterSession): Pick<DistDiagApi, 'startAnomaly'> =>
  createApi({ current: () => Promise.resolve(window) } as unknown as SessionManager, 'test', log);

/** What a person agrees to; the name of the context where that is asked for. */
async function agree(object: ChaosObject, window = session): Promise<Agreement> {
  desk.answers.push('Inject');
  const agreed = await confirmHarmOfAll([object], window);
  if (!agreed) throw new Error(desk.texts().join('\n'));
  return agreed;
}
const send = (window: ClusterSession, { manifests: [object], policy }: Agreement): Promise<Experiment> =>
  window.injection.injectManifest(object as ChaosObject, policy);

/** Somebody else's, which acts. */
async function foreign(...names: string[]): Promise<void> {
  const { key } = await session.experiments.create(on('foreign', ...names));
  await expect
    .poll(async () => (await all()).find((one) => one.key === key)?.targets.map(({ phase }) => phase), {
      timeout: 60_000,
    })
    .toEqual(names.map(() => 'Injected'));
}

describe('what was agreed to is what is hit', () => {
  it('though more pods match by then', async () => {
    label(pods.slice(0, 1), 'yes');
    const agreed = await agree(chaos('one', labelled));
    label(pods, 'yes');
    await send(session, agreed);
    expect(await hit()).toEqual(pods.slice(0, 1));
  });

  it('also where several run again, as they were written', async () => {
    label(pods.slice(0, 1), 'yes');
    const agreed = await agree(chaos('one', labelled));
    const made = await send(session, agreed);
    const [again] = [cloneManifest(made.object, 'test')];
    expect(again?.spec['selector']).toEqual(labelled.selector);
    const both = await confirmAll([again as ChaosObject, on('two', pods[0])], 'Inject');
    label(pods, 'yes');
    await Promise.all(both.manifests.map((one) => session.injection.injectManifest(one, both.policy)));
    expect(await hit()).toEqual(pods.slice(0, 1));
  });

  it('or it is not begun, where Chaos Mesh chooses the pods later', async () => {
    label(pods.slice(0, 1), 'yes');
    const inner = chaos('one', labelled).spec;
    const spec = { schedule: '@every 1h', type: 'NetworkChaos', networkChaos: inner, concurrencyPolicy: 'Forbid' };
    const schedule: ChaosObject = { ...chaos('rows', {}), kind: 'Schedule', spec };
    const held = heldBy(schedule);
    desk.answers.push('Inject');
    const agreed = await confirmHarmOfAll(held.manifests, session, { starter: schedule, besides: held });
    expect(desk.texts('warning')[0]).toContain('selects its pods when it starts');
    label(pods, 'yes');
    await expect(session.injection.createStarter(schedule, (agreed as Agreement).policy)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('More pods match than were shown') as string,
    });
    expect(await starters()).toEqual([]);
  });

  it('or it is not begun, where others hit more meanwhile', async () => {
    const agreed = await agree(on('one', pods[0]));
    await foreign(pods[1]);
    await expect(send(hurried(), agreed)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('2 of the 3 database pods') as string,
    });
    expect(await hit()).toEqual([pods[1]]);
  });

  it('or it does not go on, where others hit more while it was paused', async () => {
    const made = await send(session, await agree(on('one', pods[0])));
    await session.injection.pause(made.ref);
    const agreed = await agree(pinnedManifest((await all())[0] as Experiment));
    await foreign(pods[1]);
    await expect(hurried().injection.resume(made, agreed.policy)).rejects.toMatchObject({ code: 'conflict' });
    expect((await all()).find(({ key }) => key === made.key)?.paused).toBe(true);
  });

  it('is a majority where that was agreed to', async () => {
    const both = await confirmAll([on('one', pods[0]), on('two', pods[1])], 'Inject…', session.context);
    await Promise.all(both.manifests.map((one) => session.injection.injectManifest(one, both.policy)));
    expect(await hit()).toEqual(pods.slice(0, 2));
  });
});

/** Several at once. */
async function confirmAll(objects: readonly ChaosObject[], ...answers: string[]): Promise<Agreement> {
  desk.answers.push(...answers);
  return (await confirmHarmOfAll(objects, session)) as Agreement;
}

describe('several windows together stay below a majority', () => {
  it('where scripts begin at the same moment', async () => {
    const done = await Promise.allSettled(
      windows(2, { inStep: true }).map((window, i) =>
        apiOf(window).startAnomaly({ type: 'cpu_stress', pods: [pods[i] as string] }),
      ),
    );
    expect(done.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(done.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: {
        code: 'conflict',
        message: expect.stringMatching(/was removed again.*2 of the 3 database pods/s) as string,
      },
    });
    expect(await hit()).toHaveLength(1);
  });

  it('where persons have agreed in each of three before any began', async () => {
    const agreements: Agreement[] = [];
    for (const [i, name] of pods.entries()) agreements.push(await agree(on(`one-${i}`, name)));
    const done = await Promise.allSettled(
      windows(3, { inStep: true }).map((window, i) => send(window, agreements[i] as Agreement)),
    );
    expect(done.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await hit()).toHaveLength(1);
  });

  it('where workflows are begun, of which nothing can be seen yet', async () => {
    const workflow = (i: number): ChaosObject => {
      const { duration: _, ...networkChaos } = on('step', pods[i] as string).spec;
      const template = { name: 'step', templateType: 'NetworkChaos', deadline: '1m', networkChaos };
      const made = { ...on(`flow-${i}`), kind: 'Workflow', spec: { entry: 'step', templates: [template] } };
      return { ...made, metadata: { ...made.metadata, labels: { 'app.kubernetes.io/managed-by': 'distdiag' } } };
    };
    cluster.controls.stopped = true;
    try {
      const done = await Promise.allSettled(
        windows(2, { inStep: true }).map((window, i) =>
          window.injection.createStarter(workflow(i), { ...askedPolicyOf(window) }),
        ),
      );
      expect(done.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      expect(await starters()).toHaveLength(1);
    } finally {
      cluster.controls.stopped = false;
      for (const ref of await starters()) await session.experiments.delete(ref);
    }
  });
});

it('a scenario does not go on where others hit too much by then', async () => {
  const window = hurried();
  const targets = await window.targets.list(window.config.query);
  const step = (name: string, offsetMs: number): ScenarioStep => ({
    name,
    anomaly: 'cpu_stress',
    targets: [{ pod: pods[0] }],
    parameters: defaultParameters('cpu_stress'),
    offsetMs,
    durationMs: 600_000,
  });
  const steps = [step('first', 0), step('second', 60_000)];
  const scenario: Scenario = { name: 'row', description: undefined, onFailure: 'stop', steps };
  const setting = { targets, defaultDurationMs: 5000, chaosNamespace: 'oceanbase', container: 'observer' };
  const plan = planScenario(scenario, { ...setting, policy: askedPolicyOf(window, 3), createdBy: 'test' });
  desk.answers.push('Inject');
  const manifests = plan.steps.map(({ injection }) => toManifest(injection));
  const { policy } = (await confirmHarmOfAll(manifests, window, timesOf(plan))) as Agreement;
  const { store, injection } = window;
  const clock = new ManualClock(cluster.clock.now());
  const run = startRun(new ScenarioRuns({ injector: injection, store, clock, log }), plan, () => policy);
  clock.advance(0);
  await expect.poll(() => run.steps[0]?.state, { timeout: 20_000 }).toBe('running');
  await foreign(pods[1]);
  clock.advance(59_000);
  clock.advance(1000);
  await run.ended;
  expect([run.state, run.steps[1]?.ref]).toEqual(['failed', undefined]);
  expect(String(run.reason)).toContain('The cluster has changed');
});

import { beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../src/core/base/errors';
import type { ChaosObject, Experiment, ExperimentRef } from '../../../src/core/experiments/experiment';
import { toExperiment } from '../../../src/core/experiments/parse';
import { ExperimentStore } from '../../../src/core/experiments/store';
import type { StopReport, WaitOptions } from '../../../src/core/injection/injection';
import type { InjectionPolicy } from '../../../src/core/injection/policy';
import { scenarioGroups } from '../../../src/core/scenario/progress';
import { isExperiment, type GroupItem } from '../../../src/core/experiments/groupItem';
import type { ScenarioRun, ScenarioInjector } from '../../../src/core/scenario/run';
import { startRun } from '../../../src/core/scenario/startRun';
import { ScenarioRuns } from '../../../src/core/scenario/runs';
import { ManualClock, settle, silentLog } from '../../support';
import { FakeGateway } from '../injection/fakes';
import { planned, POLICY, step } from './scenarios';

/** A cluster that injects what it is told, when it is told. */
class FakeInjector implements ScenarioInjector {
  readonly created: Experiment[] = [];
  readonly deleted: string[] = [];
  readonly policies: InjectionPolicy[] = [];
  failures = new Map<string, AppError>();
  /** Held until the test lets go of them, before their creation. */
  hold: Promise<void> | undefined;

  /** Nothing can be stopped. */
  stuck: AppError | undefined;

  constructor(
    readonly gateway: FakeGateway,
    readonly clock: ManualClock,
  ) {}

  async injectManifest(manifest: ChaosObject, policy: InjectionPolicy, options: WaitOptions = {}): Promise<Experiment> {
    this.policies.push(policy);
    await this.hold;
    const failure = this.failures.get(manifest.metadata.annotations?.['distdiag.io/scenario-step'] ?? '');
    if (failure?.code === 'invalid') throw failure;
    const experiment = toExperiment({
      ...manifest,
      metadata: {
        ...manifest.metadata,
        uid: `uid-${this.created.length}`,
        creationTimestamp: new Date(this.clock.now()).toISOString(),
      },
      status: {
        conditions: [{ type: 'Selected', status: 'True' }],
        experiment: { desiredPhase: 'Run', containerRecords: [{ id: 'oceanbase/db-0', phase: 'Injected' }] },
      },
    });
    this.created.push(experiment);
    options.onCreated?.(experiment);
    this.gateway.show(...this.gateway.experiments, experiment);
    options.signal?.throwIfAborted();
    if (failure) throw failure;
    return experiment;
  }

  stopAll(refs: readonly ExperimentRef[]): Promise<StopReport> {
    const { stuck } = this;
    if (stuck) return Promise.resolve({ stopped: [], failed: refs.map((ref) => ({ ref, error: stuck })) });
    this.deleted.push(...refs.map(({ name }) => name));
    this.gateway.show(...this.gateway.experiments.filter(({ ref }) => !refs.some(({ name }) => name === ref.name)));
    return Promise.resolve({ stopped: refs, failed: [] });
  }
}

let clock: ManualClock;
let gateway: FakeGateway;
let injector: FakeInjector;
let store: ExperimentStore;
let runs: ScenarioRuns;

beforeEach(() => {
  clock = new ManualClock();
  gateway = new FakeGateway();
  store = new ExperimentStore({ gateway, clock });
  injector = new FakeInjector(gateway, clock);
  runs = new ScenarioRuns({ injector, store, clock, log: silentLog });
  return () => {
    runs.dispose();
    store.dispose();
  };
});

const steps = [
  step({ name: 'now' }),
  step({ name: 'soon', anomaly: 'network_delay', offsetMs: 30_000, targets: [{ pod: 'db-1' }] }),
  step({ name: 'late', offsetMs: 120_000, durationMs: 30_000, targets: [{ pod: 'db-2' }] }),
];
const states = (run: ScenarioRun): string => run.steps.map(({ state }) => state).join();
async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 1000) {
    clock.advance(1000);
    await settle();
  }
}
async function start(change: Parameters<typeof planned>[1] = {}): Promise<ScenarioRun> {
  gateway.show();
  const run = startRun(runs, planned(steps, change), () => POLICY);
  store.subscribe(() => undefined);
  gateway.show();
  clock.advance(0);
  await settle();
  return run;
}
const group = (): GroupItem =>
  scenarioGroups({ experiments: gateway.experiments, runs: runs.all, interrupted: [] }, clock.now())[0] as GroupItem;
const looks = (item: GroupItem): string[] =>
  item.members.map((one) => (isExperiment(one) ? one.ref.kind : `${one.name} ${one.state}`));

describe('a run of a scenario', () => {
  it('injects each step at its offset and ends when the last is over', async () => {
    const run = await start();
    expect(states(run)).toBe('running,waiting,waiting');
    expect(looks(group())).toEqual(['StressChaos', 'soon waiting', 'late waiting']);
    await pass(30_000);
    expect(states(run)).toBe('running,running,waiting');
    await pass(30_000);
    expect(states(run)).toBe('done,running,waiting');
    await pass(60_000);
    expect(states(run)).toBe('done,done,running');
    expect(run.state).toBe('running');
    await pass(31_000);
    await run.ended;
    expect(run.state).toBe('done');
    expect(injector.created).toHaveLength(3);
    expect(injector.deleted).toEqual([]);
    for (const { durationMs } of injector.created) expect(durationMs).toBeGreaterThan(0);
    expect(clock.pending).toBeLessThan(4);
  });

  it('marks every experiment with its run, so that another editor sees the same group', async () => {
    await start();
    const elsewhere = (): GroupItem =>
      scenarioGroups({ experiments: gateway.experiments, runs: [], interrupted: [] }, clock.now())[0] as GroupItem;
    expect(elsewhere()).toMatchObject({
      key: group().key,
      name: 'test',
      state: 'running',
      progress: { done: 0, total: 3 },
    });
    expect(looks(elsewhere())).toEqual(['StressChaos', 'soon waiting', 'late waiting']);
    expect(elsewhere().members[1]).toMatchObject({ at: clock.now() + 30_000, what: 'network_delay' });
  });

  it('stops the rest, and takes back what acts, at the first failure', async () => {
    injector.failures.set('1', new AppError('injectionFailed', 'Chaos Mesh could not inject the fault: tc'));
    const run = await start();
    await pass(31_000);
    await run.ended;
    expect(run.state).toBe('failed');
    expect(states(run)).toBe('running,failed,cancelled');
    expect(String(run.reason)).toContain('Step "soon" failed');
    expect(injector.deleted).toHaveLength(2);
    expect(gateway.experiments).toEqual([]);
    expect(looks(group())).toEqual(['now stopped', 'soon failed', 'late cancelled']);
    await pass(120_000);
    expect(injector.created).toHaveLength(2);
  });

  it('keeps what it could not stop after a failed step', async () => {
    injector.failures.set('1', new AppError('invalid', 'no'));
    injector.stuck = new AppError('unreachable', 'The API server is gone.');
    const run = await start();
    await pass(31_000);
    expect(run.state).toBe('failed');
    expect(run.left.map(({ ref: { kind }, error }) => [kind, error])).toEqual([['StressChaos', injector.stuck]]);
  });

  it('goes on after a failure where the scenario says so', async () => {
    injector.failures.set('1', new AppError('invalid', 'denied'));
    const run = await start({ onFailure: 'continue' });
    await pass(160_000);
    await run.ended;
    expect(states(run)).toBe('done,failed,done');
    expect(run.state).toBe('failed');
    expect(injector.deleted).toEqual([]);
  });

  it('is stopped in the middle: nothing waits, everything is deleted', async () => {
    const run = await start();
    await pass(30_000);
    const report = await run.stop();
    expect(report.stopped).toHaveLength(2);
    expect(run.state).toBe('stopped');
    expect(states(run)).toBe('running,running,cancelled');
    await pass(120_000);
    expect(injector.created).toHaveLength(2);
    expect(gateway.experiments).toEqual([]);
  });

  it('deletes also what was just being created when it was stopped', async () => {
    let release: () => void = () => undefined;
    injector.hold = new Promise((resolve) => (release = resolve));
    const run = await start();
    const stopped = run.stop();
    await settle();
    expect(injector.deleted).toEqual([]);
    release();
    await expect(stopped).resolves.toMatchObject({ stopped: [{ kind: 'StressChaos' }] });
    expect(injector.deleted).toEqual(injector.created.map(({ ref }) => ref.name));
  });

  it('looks by its name for one of which nobody knows whether it was created', async () => {
    injector.failures.set('1', new AppError('timeout', 'It is unknown whether it was created.'));
    const inject = injector.injectManifest.bind(injector);
    const asked: string[] = [];
    injector.injectManifest = async (manifest, policy, options) => {
      asked.push(manifest.metadata.name ?? '');
      if (asked.length === 1) return inject(manifest, policy, options);
      options?.onSending?.();
      throw new AppError('timeout', 'lost');
    };
    const run = await start();
    await pass(31_000);
    await run.ended;
    expect([...injector.deleted].sort()).toEqual([...asked].sort());
    expect(run.steps[1]).toMatchObject({ ref: { name: asked[1] }, createdAt: expect.any(Number) });
  });

  it('knows that nothing was created where the server did not answer before that', async () => {
    injector.injectManifest = () => Promise.reject(new AppError('timeout', 'The server-side dry run timed out.'));
    const run = await start();
    await pass(31_000);
    await run.ended;
    expect(run.steps[0]).toMatchObject({ state: 'failed', ref: undefined, createdAt: undefined });
    expect(injector.deleted).toEqual([]);
  });

  it('starts nothing more when another editor deletes a part of it', async () => {
    const run = await start();
    await pass(5000);
    gateway.show();
    await pass(200_000);
    expect(states(run)).toBe('done,cancelled,cancelled');
    expect(run.state).toBe('stopped');
    expect(String(run.reason)).toContain('was deleted');
    expect(injector.created).toHaveLength(1);
  });

  it('of a window that closes leaves what acts to its end, and is called interrupted', async () => {
    const run = await start();
    runs.dispose();
    await pass(120_000);
    expect(run.state).toBe('abandoned');
    expect(injector.created).toHaveLength(1);
    expect(injector.deleted).toEqual([]);
    const [after] = scenarioGroups(
      { experiments: gateway.experiments, runs: [], interrupted: [run.mark] },
      clock.now(),
    ) as [GroupItem];
    expect(after.state).toBe('interrupted');
    expect(looks(after)).toEqual(['StressChaos', 'soon interrupted', 'late interrupted']);
    const [others] = scenarioGroups({ experiments: gateway.experiments, runs: [], interrupted: [] }, clock.now());
    expect(others?.state).toBe('interrupted');
  });

  it('does not begin at once what was planned one after the other, when the machine has slept', async () => {
    const run = await start();
    const asleep = clock as unknown as { advance(ms: number): void };
    // All timers fall due at the same late moment.
    const now = clock.now() + 3_600_000;
    clock.now = () => now;
    asleep.advance(200_000);
    await settle();
    expect(run.state).toBe('abandoned');
    expect(injector.created).toHaveLength(1);
  });

  it('asks the policy anew at each step, and never starts a plan with a problem', async () => {
    await start();
    await pass(30_000);
    expect(injector.policies).toHaveLength(2);
    expect(() => startRun(runs, planned([step({ targets: [{ pod: 'nobody' }] })]), () => POLICY)).toThrow(AppError);
  });

  it('is stopped with all others by one call', async () => {
    const run = await start();
    await runs.stopAll();
    expect(run.state).toBe('stopped');
    runs.forget(run.mark.run);
    expect(runs.all).toEqual([]);
  });
});

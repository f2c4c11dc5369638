import { beforeEach } from 'vitest';
import { AppError } from '../../../src/core/base/errors';
import type { PodEvent } from '../../../src/core/cluster/podEvents';
import type { DatabasePod } from '../../../src/core/cluster/databasePod';
import type { DiagnosisSample } from '../../../src/core/evaluation/sample';
import type { Expectation, MetricExpectation } from '../../../src/core/scenario/expectation';
import type { Samples, Span } from '../../../src/core/resilience/samples';
import { runResilienceTest, type TestOptions } from '../../../src/core/resilience/resilienceTest';
import type { TestResult } from '../../../src/core/resilience/testResult';
import type { FaultRun, TestWorld } from '../../../src/core/resilience/testWorld';
import type { RunState, StepProgress } from '../../../src/core/scenario/run';
import { ManualClock, settle, silentLog } from '../../support';
import { planned, step, TARGETS } from '../scenario/scenarios';
import { expectCommits } from './commits';

/** The step of the samples, where a test has no other. */
export const STEP = 5000;

export const FAULT_MS = 60_000;

/** A run that is told when its fault is in the cluster, and when it has ended. */
class FakeRun implements FaultRun {
  state: RunState = 'running';
  reason: string | undefined;
  left: FaultRun['left'] = [];
  steps: StepProgress[] = [{ state: 'injecting', ref: undefined, createdAt: undefined, error: undefined }];
  ended: Promise<void>;
  #end: () => void = () => undefined;

  constructor() {
    this.ended = new Promise((resolve) => (this.#end = resolve));
  }

  injected(): void {
    const ref = { kind: 'StressChaos', namespace: 'db', name: 'x' };
    this.steps = [{ state: 'running', ref, createdAt: scene.clock.now(), error: undefined }];
  }

  end(state: RunState, reason?: string): void {
    this.state = state;
    this.reason = reason;
    this.#end();
  }
}

/** What the tests of a file change in the world of a test, made anew for each. */
interface Scene {
  /** The step of the samples. */
  stepMs: number;
  clock: ManualClock;
  run: FakeRun | undefined;
  stopped: number;
  begin: number;
  /** The value at a time, milliseconds after the test's start. */
  value: (ms: number) => number;
  failing: AppError | undefined;
  /** When the last fault before the test has ended. */
  calm: number;
  /** When a fault of somebody else began. */
  foreignFrom: number;
  pods: readonly DatabasePod[];
  looks: DiagnosisSample[];
  diagnosesFail: AppError | undefined;
  stopFails: boolean;
  events: readonly PodEvent[];
  eventsFail: AppError | undefined;
  /** Prometheus takes requests, and never answers. */
  hanging: boolean;
}

export const scene = {} as Scene;

/** What a test sees and does, as the scene has it. */
export const world: TestWorld = {
  get clock() {
    return scene.clock;
  },
  log: silentLog,
  calmSince: () => Promise.resolve(scene.calm),
  hasForeign: ({ toMs }) => scene.foreignFrom < toMs,
  samples: (sources, { fromMs, toMs }: Span) => {
    if (scene.hanging) return new Promise(() => undefined);
    if (scene.failing) return Promise.reject(scene.failing);
    const from = Math.ceil(fromMs / scene.stepMs) * scene.stepMs;
    const timestamps = Array.from(
      { length: Math.floor((toMs - from) / scene.stepMs) + 1 },
      (_, i) => from + i * scene.stepMs,
    );
    const values = timestamps.map((at) => scene.value(at - scene.begin));
    return Promise.resolve(sources.map((): Samples => ({ timestamps, values, stepMs: scene.stepMs })));
  },
  diagnoses: () => (scene.diagnosesFail ? Promise.reject(scene.diagnosesFail) : Promise.resolve(scene.looks)),
  pods: () => Promise.resolve(scene.pods),
  podEvents: () => (scene.eventsFail ? Promise.reject(scene.eventsFail) : Promise.resolve(scene.events)),
  start: () => (scene.run = new FakeRun()),
  stop: () => {
    scene.stopped += 1;
    scene.run?.end('stopped');
    const ref = { kind: 'StressChaos', namespace: 'db', name: 'x' };
    return Promise.resolve(
      scene.stopFails
        ? { stopped: [], failed: [{ ref, error: new AppError('stuck', 'x is stuck.') }] }
        : { stopped: [ref], failed: [] },
    );
  },
};

export const throughput = (change: Partial<MetricExpectation> = {}): Expectation =>
  expectCommits({ name: 'throughput', ...change });

export const recovery: Expectation = {
  kind: 'recovery',
  name: 'recovery',
  source: { metric: 'db.commits', of: 'database', aggregate: 'sum' },
  to: 0.1,
  withinMs: 60_000,
};

/** Lets time pass, with what the test does in it. */
export async function pass(ms: number): Promise<void> {
  for (let i = 0; i < ms; i += 1000) {
    scene.clock.advance(1000);
    await settle();
  }
}

export async function start(
  expectations: readonly Expectation[],
  options: TestOptions = {},
): Promise<{ result: Promise<TestResult> }> {
  const plan = planned([step({ durationMs: FAULT_MS })]);
  const result = runResilienceTest(plan, expectations, world, options);
  result.catch(() => undefined);
  await settle();
  return { result };
}

/** Runs a test of one fault to its end. */
export async function through(expectations: readonly Expectation[], options: TestOptions = {}): Promise<TestResult> {
  const { result } = await start(expectations, options);
  scene.run?.injected();
  await pass(FAULT_MS);
  scene.run?.end('done');
  await pass(200_000);
  return result;
}

/** A database that stays calm, for each test of a file. */
export const useScene = (): void =>
  beforeEach(() => {
    scene.clock = new ManualClock();
    scene.begin = scene.clock.now();
    [scene.run, scene.failing, scene.stopped, scene.stopFails] = [undefined, undefined, 0, false];
    scene.calm = -Infinity;
    scene.stepMs = STEP;
    scene.foreignFrom = Infinity;
    scene.value = () => 100;
    scene.pods = TARGETS;
    [scene.events, scene.eventsFail, scene.hanging] = [[], undefined, false];
    [scene.looks, scene.diagnosesFail] = [[], undefined];
  });

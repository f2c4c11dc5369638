import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/core/base/errors';
import type { DatabasePod } from '../../../src/core/cluster/databasePod';
import type { Expectation } from '../../../src/core/scenario/expectation';
import type { FrameRequest, MetricFrame } from '../../../src/core/metrics/series';
import type { QueryGateway } from '../../../src/core/metrics/chartQuery';
import { createTestWorld, type TestWorldOptions } from '../../../src/core/resilience/world';
import { Looks } from '../../../src/core/resilience/looks';
import type { Phases } from '../../../src/core/resilience/judge';
import { ManualClock, silentLog } from '../../support';
import { planned, step, TARGETS } from '../scenario/scenarios';

const STEP = 5000;
const never = new AbortController().signal;

/** A database of which each pod commits 100, as long as `up` says; the fault acts for a minute from `begin` on. */
function database(
  up: (pod: string, ms: number) => number,
  range: QueryGateway['range'] = () => Promise.reject(new Error('no query')),
) {
  const clock = new ManualClock();
  clock.advance(STEP - (clock.now() % STEP));
  const begin = clock.now();
  const state: { listed: readonly DatabasePod[] } = { listed: TARGETS };
  const fetch = ({ targets, fromMs, toMs, stepMs }: FrameRequest): Promise<MetricFrame> => {
    const length = Math.floor((toMs - fromMs) / stepMs) + 1;
    const timestamps = Float64Array.from({ length }, (_, i) => fromMs + i * stepMs);
    const series = targets.map(({ pod }) => ({
      metric: 'db.commits' as const,
      node: pod,
      values: timestamps.map((at) => up(pod, at - begin)),
    }));
    return Promise.resolve({ timestamps, series, problems: [] } as unknown as MetricFrame);
  };
  let asked = 0;
  const world = createTestWorld({
    plan: planned([step()]),
    targets: { list: () => Promise.resolve([...state.listed]).finally(() => (asked += 1)) },
    metrics: { fetch },
    queries: { range },
    query: { namespace: 'db', labelSelector: '', container: '' },
    clock,
    log: silentLog,
    stepMs: STEP,
  } as unknown as TestWorldOptions);
  const phases: Phases = {
    before: { fromMs: begin - 60_000, toMs: begin - STEP },
    faultFromMs: undefined,
    faultToMs: undefined,
    endMs: undefined,
  };
  const judge = async (expectations: Expectation[], listed: readonly DatabasePod[]) => {
    const looks = new Looks(world, expectations, never);
    await looks.begin(phases, [], never);
    phases.faultFromMs = begin + STEP;
    state.listed = listed;
    await world.pods(never);
    clock.advance(60_000);
    Object.assign(phases, { faultToMs: clock.now(), endMs: clock.now() });
    await looks.lookForTheLast(phases, [], never);
    return looks.outcomes;
  };
  return { judge, world, asked: () => asked };
}

const atLeast = (share: number, of: 'database' | 'others' | 'targets' = 'database'): Expectation => ({
  kind: 'metric',
  name: of,
  source: { metric: 'db.commits', of, aggregate: 'sum' },
  bound: { atLeast: share },
  during: 'fault',
  forMs: 0,
  abort: false,
});

describe('a pod that leaves the list', () => {
  it('keeps its part in the baseline, and is missing in the sum', async () => {
    const { judge } = database((pod, ms) => (pod === 'db-0' && ms >= 0 ? NaN : 100));
    expect(await judge([atLeast(0.8)], TARGETS.slice(1))).toMatchObject([
      { state: 'failed', baseline: 300, worst: 200 },
    ]);
  });

  it('and is replaced under a new name is still judged by its baseline', async () => {
    const { judge } = database((pod, ms) =>
      pod === 'db-0' ? (ms >= 0 ? NaN : 100) : pod === 'db-9' && ms < 0 ? NaN : ms < 0 ? 100 : 10,
    );
    const replacement = { ...(TARGETS[0] as DatabasePod), pod: 'db-9' };
    expect(
      await judge([atLeast(0.8), atLeast(0.2, 'others'), atLeast(0.2, 'targets')], [...TARGETS.slice(1), replacement]),
    ).toMatchObject([
      { state: 'failed', baseline: 300, worst: 30 },
      { state: 'failed', baseline: 200, worst: 20 },
      { state: 'failed', baseline: 100, worst: 10 },
    ]);
  });
});

it('a test lists the pods once however much of it asks at once', async () => {
  const { world, asked } = database(() => 100);
  const [one, two] = await Promise.all([world.pods(never), world.pods(never)]);
  expect(one).toBe(two);
  expect(asked()).toBe(1);
  await world.pods(never);
  expect(asked()).toBe(2);
});

describe('a query', () => {
  const span = { fromMs: 0, toMs: 60_000 };
  const ask = (range: QueryGateway['range']) =>
    database(() => 100, range).world.samples([{ query: 'a.b' }], span, never);

  it('that the server refuses, or that has several series, is named', async () => {
    const refused = new AppError('invalid', 'Prometheus: parse error.', { hint: 'Correct it.' });
    await expect(ask(() => Promise.reject(refused))).rejects.toMatchObject({
      code: 'invalid',
      message: 'The query "a.b" is invalid. Prometheus: parse error.',
      hint: 'Correct it.',
    });
    const line = { name: '', labels: {}, values: new Float64Array() };
    await expect(
      ask(() => Promise.resolve({ timestamps: new Float64Array(), lines: [line, line] } as never)),
    ).rejects.toThrow('The query "a.b" returns several series instead of one.');
  });

  it('is not blamed where the server is not reached', async () => {
    const gone = new AppError('unreachable', 'No connection.');
    await expect(ask(() => Promise.reject(gone))).rejects.toBe(gone);
  });
});

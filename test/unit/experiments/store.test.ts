import { beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../src/core/base/errors';
import { ExperimentStore } from '../../../src/core/experiments/store';
import type { ExperimentSnapshot } from '../../../src/core/experiments/gateway';
import { ManualClock } from '../../support';
import { CREATED, experiment } from './experiments';
import { FakeGateway } from '../injection/fakes';

const MINUTE = 60_000;
let gateway: FakeGateway;
let clock: ManualClock;
let store: ExperimentStore;

beforeEach(() => {
  gateway = new FakeGateway();
  clock = new ManualClock(CREATED + 5000);
  store = new ExperimentStore({ gateway, clock });
});

const running = experiment({ records: [{ pod: 'a', appliedAfterMs: 500 }] });
const others = experiment({ name: 'other', ours: false, records: [{ pod: 'a', appliedAfterMs: 500 }] });

describe('the store of experiments', () => {
  it('shares one watch among all who subscribe, and tells each at once', () => {
    const seen: ExperimentSnapshot[][] = [[], []];
    store.subscribe((snapshot) => seen[0]?.push(snapshot));
    gateway.show(running);
    store.subscribe((snapshot) => seen[1]?.push(snapshot));
    expect(gateway.watches).toBe(1);
    expect(seen[0]?.map(({ health }) => health.state)).toEqual(['connecting', 'live']);
    expect(seen[1]?.map(({ experiments }) => experiments)).toEqual([[running]]);
  });

  it('watches nothing before somebody asks, and stops a minute after the last has left', () => {
    expect(gateway.watches).toBe(0);
    const subscription = store.subscribe(() => undefined);
    subscription.dispose();
    subscription.dispose();
    clock.advance(59_000);
    expect(gateway.watches).toBe(1);
    clock.advance(2000);
    expect(gateway.watches).toBe(0);
    expect(clock.pending).toBe(0);
  });

  it('stays for who comes back within the minute', () => {
    store.subscribe(() => undefined).dispose();
    clock.advance(30_000);
    store.subscribe(() => undefined);
    clock.advance(10 * MINUTE);
    expect(gateway.watches).toBe(1);
    expect(gateway.calls).toEqual(['watch']);
  });

  it('stays while an experiment of ours acts, not for those of others', () => {
    const first = store.subscribe(() => undefined);
    gateway.show(running);
    first.dispose();
    clock.advance(2 * MINUTE);
    expect(gateway.watches).toBe(1);
    gateway.show(others);
    clock.advance(2 * MINUTE);
    expect(gateway.watches).toBe(0);
  });

  it('tells when a phase changes by time alone, and only then', () => {
    let told = 0;
    store.subscribe(() => told++);
    gateway.show(experiment({ records: [{ appliedAfterMs: 500 }], deletedAfterMs: 5000 }));
    expect(told).toBe(2);
    clock.advance(25_000);
    expect(told).toBe(2);
    clock.advance(10_000); // 35 s of deleting: stuck
    expect(told).toBe(3);
  });

  it('keeps the spans of what is gone, also while the list is missing', () => {
    store.subscribe(() => undefined);
    gateway.show(running);
    expect(store.spans).toMatchObject([{ nodes: ['a'], toMs: undefined }]);
    gateway.tell({
      experiments: [],
      health: { state: 'failed', error: new AppError('unreachable', 'x') },
      missingKinds: [],
    });
    expect(store.spans).toMatchObject([{ toMs: undefined }]);
    clock.advance(1000);
    gateway.show();
    expect(store.spans).toMatchObject([{ toMs: clock.now(), phase: 'finished' }]);
  });

  it('lists anew without losing what is shown', () => {
    const seen: number[] = [];
    store.subscribe(({ experiments }) => seen.push(experiments.length));
    gateway.show(running);
    store.relist();
    expect(gateway.calls).toEqual(['watch', 'watch']);
    expect(gateway.watches).toBe(1);
    gateway.tell({ experiments: [], health: { state: 'connecting' }, missingKinds: [] });
    gateway.show(running, others);
    expect(seen).toEqual([0, 1, 2]);
    expect(store.spans).toHaveLength(2);
  });

  it('does not begin to watch because it is asked to list anew', () => {
    store.relist();
    expect(gateway.calls).toEqual([]);
  });

  it('is silent once disposed', () => {
    let told = 0;
    store.subscribe(() => told++);
    store.dispose();
    gateway.show(running);
    expect(told).toBe(1);
    expect(gateway.watches).toBe(0);
    expect(clock.pending).toBe(0);
  });
});

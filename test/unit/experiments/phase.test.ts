import { describe, expect, it } from 'vitest';
import { derivePhase, isActive, timeLeft, type DerivedPhase } from '../../../src/core/experiments/phase';
import { CREATED, experiment, type ObjectSpec } from './experiments';

const SECOND = 1000;
const MINUTE = 60_000;
const at = (given: ObjectSpec, afterMs: number): DerivedPhase => derivePhase(experiment(given), CREATED + afterMs);

const injected = { pod: 'a', phase: 'Injected', appliedAfterMs: 500 };
const waiting = { pod: 'b', phase: 'Not Injected' };
const refused = { pod: 'c', phase: 'Not Injected', failure: 'cannot find daemonIP on node worker-3' };
const recovered = { pod: 'a', phase: 'Not Injected', appliedAfterMs: 500, recoveredAfterMs: 180_000 };

describe('the phase of an experiment', () => {
  it.each<[string, ObjectSpec, number, string, RegExp | undefined]>([
    ['just created', { noStatus: true }, 1 * SECOND, 'injecting', undefined],
    ["just created, our clock behind the cluster's", { noStatus: true }, -40 * SECOND, 'injecting', undefined],
    ['never looked at', { noStatus: true }, MINUTE, 'injecting', /Check that its controller is running/],
    ['selecting', {}, 1 * SECOND, 'injecting', undefined],
    ['nothing selected', {}, 10 * SECOND, 'noTargets', /selected no target/],
    ['nothing selected until its end', { desired: 'Stop' }, 10 * MINUTE, 'noTargets', /duration has elapsed/],
    ['being injected', { records: [waiting] }, 1 * SECOND, 'injecting', undefined],
    ['half injected', { records: [injected, waiting] }, 1 * SECOND, 'injecting', /1 of 2/],
    ['injected', { records: [injected] }, 5 * SECOND, 'running', undefined],
    [
      'injected, waiting to be renewed',
      { records: [{ ...injected, phase: 'Injected/Wait' }] },
      5 * SECOND,
      'running',
      undefined,
    ],
    [
      'refused by one of two',
      { records: [injected, refused] },
      5 * SECOND,
      'partial',
      /1 of 2 injected\. cannot find daemonIP/,
    ],
    ['refused by all', { records: [refused] }, 5 * SECOND, 'failing', /cannot find daemonIP on node worker-3/],
    ['paused', { paused: true, records: [recovered], desired: 'Stop' }, MINUTE, 'paused', undefined],
    ['being paused', { paused: true, records: [injected], desired: 'Stop' }, MINUTE, 'recovering', /Pausing: 1 of 1/],
    [
      'paused until its end',
      { paused: true, records: [recovered], desired: 'Stop' },
      4 * MINUTE,
      'finished',
      undefined,
    ],
    ['stopping', { records: [injected, recovered], desired: 'Stop' }, 3 * MINUTE, 'recovering', /1 of 2 recovered/],
    [
      'unable to stop',
      { records: [{ ...injected, failure: 'no daemon' }], desired: 'Stop' },
      3 * MINUTE,
      'recovering',
      /no daemon/,
    ],
    ['at its end, with clocks apart', { records: [injected] }, 3 * MINUTE + 10 * SECOND, 'running', undefined],
    ['long past its end', { records: [injected] }, 5 * MINUTE, 'recovering', /not started to recover/],
    ['recovered', { records: [recovered], desired: 'Stop' }, 4 * MINUTE, 'finished', undefined],
    [
      'stopping before injection was done',
      { records: [{ phase: 'Not Injected/Wait' }], desired: 'Stop' },
      4 * MINUTE,
      'recovering',
      undefined,
    ],
    [
      'a kill that was done',
      { kind: 'PodChaos', spec: { action: 'pod-kill' }, records: [injected] },
      5 * SECOND,
      'finished',
      undefined,
    ],
    [
      'a paused kill',
      { kind: 'PodChaos', spec: { action: 'pod-kill' }, records: [waiting], paused: true },
      5 * SECOND,
      'injecting',
      undefined,
    ],
    [
      'a failure of the pod',
      { kind: 'PodChaos', spec: { action: 'pod-failure' }, records: [injected] },
      5 * SECOND,
      'running',
      undefined,
    ],
    ['being deleted', { records: [injected], deletedAfterMs: 10 * SECOND }, 20 * SECOND, 'deleting', undefined],
    [
      'being deleted, our clock behind',
      { records: [injected], deletedAfterMs: 10 * SECOND },
      1 * SECOND,
      'deleting',
      undefined,
    ],
    [
      'deleted for long, with a reason',
      { records: [refused], deletedAfterMs: 0 },
      31 * SECOND,
      'stuck',
      /cannot find daemonIP/,
    ],
    [
      'deleted for long, still injected',
      { records: [injected], deletedAfterMs: 0 },
      31 * SECOND,
      'stuck',
      /has not recovered a/,
    ],
    [
      'deleted for long, with a finalizer only',
      { records: [recovered], deletedAfterMs: 0 },
      31 * SECOND,
      'stuck',
      /chaos-mesh\/records.*controller/,
    ],
  ])('%s', (_, given, afterMs, phase, reason) => {
    const derived = at(given, afterMs);
    expect(derived.phase).toBe(phase);
    if (reason) expect(String(derived.reason)).toMatch(reason);
  });

  it('without a duration never comes to an end by itself', () => {
    const endless = experiment({ records: [injected], duration: '' });
    expect(timeLeft(endless, CREATED + 1e9)).toBeUndefined();
    expect(derivePhase(endless, CREATED + 1e9).phase).toBe('running');
  });

  it('is active while a fault may act', () => {
    expect(
      ['running', 'partial', 'injecting', 'failing', 'recovering', 'deleting', 'stuck'].every((one) =>
        isActive(one as 'running'),
      ),
    ).toBe(true);
    expect(['finished', 'noTargets', 'paused'].some((one) => isActive(one as 'running'))).toBe(false);
  });
});

describe('the time left', () => {
  it('counts from the creation and stops at nothing', () => {
    const one = experiment();
    expect(timeLeft(one, CREATED)).toBe(3 * MINUTE);
    expect(timeLeft(one, CREATED + MINUTE)).toBe(2 * MINUTE);
    expect(timeLeft(one, CREATED + 10 * MINUTE)).toBe(0);
    expect(timeLeft(one, CREATED - MINUTE)).toBe(4 * MINUTE);
  });
});

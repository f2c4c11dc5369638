import { describe, expect, it } from 'vitest';
import type { DatabasePod } from '../../../src/core/cluster/databasePod';
import { PodCounter } from '../../../src/core/resilience/podCounts';
import { TARGETS } from '../scenario/scenarios';

/** The database's pods, the first one changed. */
const pods = (change: Partial<DatabasePod> = {}): DatabasePod[] =>
  TARGETS.map((one, i) => ({ ...one, uid: `uid-${i}`, restarts: 5, ...(i === 0 ? change : {}) }));

describe('the pods of a test', () => {
  it('are not ready where they are missing, until they are back or replaced', () => {
    const counter = new PodCounter();
    expect(counter.begin(pods()).get('notReady')).toBe(0);
    expect(counter.count(pods().slice(1)).get('notReady')).toBe(1);
    expect(counter.count(pods({ pod: 'db-9', uid: 'new', ready: false })).get('notReady')).toBe(1);
    expect(counter.count(pods({ pod: 'db-9', uid: 'new' })).get('notReady')).toBe(0);
  });

  it('have restarted as often as their replacements say', () => {
    const counter = new PodCounter();
    counter.begin(pods());
    expect(counter.count(pods({ restarts: 6 })).get('restarts')).toBe(1);
    expect(counter.count(pods({ restarts: 3, uid: 'new' })).get('restarts')).toBe(4);
    expect(counter.count(pods({ restarts: 6, uid: 'new' })).get('restarts')).toBe(7);
  });

  it('have restarted where their count falls and no uid tells them apart', () => {
    const counter = new PodCounter();
    const old = (restarts: number): DatabasePod[] => pods({ restarts }).map((one) => ({ ...one, uid: undefined }));
    counter.begin(old(5));
    expect(counter.count(old(3)).get('restarts')).toBe(3);
  });
});

import { describe, expect, it } from 'vitest';
import { derivePhase } from '../../../src/core/experiments/phase';
import { withPodLives, type PodLife } from '../../../src/core/experiments/podLives';
import { toSpan } from '../../../src/core/experiments/spans';
import { CREATED, experiment, type ObjectSpec } from './experiments';

const NOW = CREATED + 60_000;
const life = (createdAfterMs: number, containerAfterMs = createdAfterMs): PodLife => ({
  createdAt: CREATED + createdAfterMs,
  containers: { observer: CREATED + containerAfterMs, sidecar: CREATED + 50_000 },
});
const two = [
  { pod: 'a', appliedAfterMs: 1000 },
  { pod: 'b', appliedAfterMs: 1000 },
];
const phase = (given: ObjectSpec, lives: Record<string, PodLife | undefined>): string => {
  const entries = Object.entries(lives).map(([pod, one]) => [`oceanbase/${pod}`, one] as const);
  return derivePhase(withPodLives(experiment({ records: two, ...given }), new Map(entries)), NOW).phase;
};

describe('an experiment whose pod was replaced', () => {
  it('no longer acts there, whatever its record says', () => {
    expect(phase({}, { a: life(-5000), b: life(-5000) })).toBe('running');
    expect(phase({}, { a: life(30_000), b: life(-5000) })).toBe('partial');
    expect(phase({}, { a: life(30_000), b: undefined })).toBe('failing');
    expect(phase({}, { a: life(-5000, 30_000), b: life(-5000, 30_000) })).toBe('failing');
  });

  it('is not said to be so where nobody could look, or the kind restarts pods itself', () => {
    expect(phase({}, {})).toBe('running');
    expect(phase({ kind: 'PodChaos', spec: { action: 'pod-failure' } }, { a: life(30_000), b: undefined })).toBe(
      'running',
    );
    expect(phase({ deletedAfterMs: 50_000 }, { a: undefined })).toBe('deleting');
  });

  it('keeps a network fault where only a container restarted: it lives in the pod’s sandbox', () => {
    const spec = { action: 'delay', delay: { latency: '100ms' } };
    expect(phase({ kind: 'NetworkChaos', spec }, { a: life(-5000, 30_000), b: life(-5000) })).toBe('running');
    expect(phase({ kind: 'NetworkChaos', spec }, { a: life(30_000), b: life(-5000) })).toBe('partial');
  });

  it('ends with the daemon that holds its process, and says so; what the kernel holds does not', () => {
    const stress = { ...life(-5000), daemon: CREATED + 30_000 };
    expect(phase({}, { a: stress, b: { ...stress, daemon: CREATED - 5000 } })).toBe('partial');
    const marked = withPodLives(experiment({ records: two }), new Map([['oceanbase/b', stress]]));
    expect(String(derivePhase(marked, NOW).reason)).toMatch(
      /^1 of 2 injected\. b: Chaos Mesh's daemon on the node has ended/,
    );
    const spec = { action: 'delay', delay: { latency: '100ms' } };
    expect(phase({ kind: 'NetworkChaos', spec }, { a: stress, b: stress })).toBe('running');
    expect(phase({ kind: 'TimeChaos', spec: { timeOffset: '1m' } }, { a: stress, b: stress })).toBe('running');
  });

  it('acts again when it is injected again', () => {
    const again = [{ pod: 'a', appliedAfterMs: 40_000 }, two[1] as (typeof two)[0]];
    expect(phase({ records: again }, { a: life(30_000), b: life(-5000) })).toBe('running');
  });

  it('names the pod, and its span ends', () => {
    const marked = withPodLives(experiment({ records: two }), new Map([['oceanbase/a', undefined]]));
    expect(String(derivePhase(marked, NOW).reason)).toMatch(/1 of 2 injected\. a: replaced/);
    const none = withPodLives(experiment({ records: two.slice(0, 1) }), new Map([['oceanbase/a', undefined]]));
    expect(toSpan(none, NOW)).toMatchObject({ toMs: NOW });
    expect(toSpan(marked, NOW)).toMatchObject({ toMs: undefined });
    const whole = experiment({ records: two });
    expect(withPodLives(whole, new Map())).toBe(whole);
  });
});

import { describe, expect, it } from 'vitest';
import { toSpan, updateSpans } from '../../../src/core/experiments/spans';
import { CREATED, experiment } from './experiments';

const running = experiment({
  records: [
    { pod: 'a', appliedAfterMs: 500 },
    { pod: 'b', phase: 'Not Injected' },
  ],
});
const NOW = CREATED + 60_000;

describe('the span of an experiment', () => {
  it('begins with the injection, on the nodes that it hit, and is open while it acts', () => {
    expect(toSpan(running, NOW)).toMatchObject({
      label: 'cpu_stress',
      ours: true,
      nodes: ['a'],
      fromMs: CREATED + 500,
      toMs: undefined,
    });
  });

  it('ends with the recovery', () => {
    const ended = experiment({
      records: [{ pod: 'a', phase: 'Not Injected', appliedAfterMs: 500, recoveredAfterMs: 180_000 }],
      desired: 'Stop',
    });
    expect(toSpan(ended, NOW + 300_000)).toMatchObject({ nodes: ['a'], toMs: CREATED + 180_000, phase: 'finished' });
  });

  it('is none where nothing was hit', () => {
    expect(toSpan(experiment({ records: [{ phase: 'Not Injected' }] }), NOW)).toBeUndefined();
    expect(toSpan(experiment(), NOW)).toBeUndefined();
  });
});

describe('the spans of a session', () => {
  it('are kept after the object is gone, and closed once', () => {
    const open = updateSpans([], [running], NOW);
    const closed = updateSpans(open, [], NOW + 1000);
    expect(closed).toMatchObject([{ toMs: NOW + 1000, phase: 'finished' }]);
    expect(updateSpans(closed, [], NOW + 9000)).toEqual(closed);
  });

  it('are opened again where the object is back after an interruption', () => {
    const closed = updateSpans(updateSpans([], [running], NOW), [], NOW + 1000);
    expect(updateSpans(closed, [running], NOW + 2000)).toMatchObject([{ toMs: undefined }]);
  });

  it('are in the order of their beginning, the newest kept', () => {
    const later = experiment({ name: 'two', records: [{ appliedAfterMs: 5000 }] });
    expect(updateSpans([], [later, running], NOW).map(({ ref }) => ref.name)).toEqual(['one', 'two']);
    expect(updateSpans([], [later, running], NOW, 1).map(({ ref }) => ref.name)).toEqual(['two']);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toExperiment } from '../../../src/core/experiments/parse';
import { cannotExtend, extensionOf, mayOverlap } from '../../../src/core/injection/prolongation';
import { cloneManifest } from '../../../src/core/injection/manifest';
import { toSpan } from '../../../src/core/experiments/spans';
import { chaosObject, CREATED, experiment } from '../experiments/experiments';

const later = CREATED + 60_000;

describe('an extension', () => {
  it('is a clone for the time that is left and more, on the very pods that were chosen', () => {
    const old = experiment({ records: [{ pod: 'ob-1' }, { pod: 'ob-2' }], spec: { mode: 'one', value: '1' } });
    const clone = extensionOf(old, 60_000, later, 'me', () => 0);
    expect(clone.spec).toMatchObject({
      mode: 'all',
      duration: '3m',
      selector: { namespaces: ['oceanbase'], pods: { oceanbase: ['ob-1', 'ob-2'] } },
    });
    expect(clone.metadata.annotations?.['distdiag.io/continues']).toBe(old.ref.name);
    expect(toSpan(toExperiment(clone), later)).toBeUndefined(); // it has hit nothing yet
    expect(cloneManifest(clone, 'me').metadata.annotations).not.toHaveProperty('distdiag.io/continues');
    expect(clone.spec).not.toHaveProperty('value');
    expect(clone.metadata.name).not.toBe(old.ref.name);
    expect(clone.metadata).not.toHaveProperty('uid');
  });

  it.each([
    ['has no end', experiment({ records: [{}], duration: '' }), /runs until it is stopped/],
    ['is paused', experiment({ records: [{ phase: 'Not Injected' }], paused: true }), /is paused/],
    ['is being deleted', experiment({ records: [{}], deletedAfterMs: 0 }), /is being deleted/],
    ['is over', experiment({ records: [{ phase: 'Not Injected' }], desired: 'Stop' }), /is no longer running/],
    ['is over once done', experiment({ kind: 'PodChaos', spec: { action: 'pod-kill' } }), /happens once/],
    ['hits nothing', experiment({ conditions: { Selected: false } }), /is no longer running/],
  ])('is refused with what to do instead where it %s', (_, old, message) => {
    expect(cannotExtend(old, later)?.message).toMatch(message);
    expect(cannotExtend(old, later)?.hint).toBeTruthy();
    expect(() => extensionOf(old, 1000, later, 'me')).toThrow(message);
  });

  it('comes first only where two do no more than one', () => {
    const network = (action: string): boolean => mayOverlap(experiment({ kind: 'NetworkChaos', spec: { action } }));
    expect([network('partition'), network('delay'), mayOverlap(experiment())]).toEqual([true, false, false]);
  });
});

it('a clone of any name has a name that every server takes', () => {
  const part = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,60}[a-z0-9])?$/);
  const names = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('.').slice(0, 253));
  fc.assert(
    fc.property(names, (name) => {
      const clone = cloneManifest(toExperiment(chaosObject({ name })).object, 'me').metadata.name ?? '';
      expect(clone).toMatch(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/);
      expect(clone.length).toBeLessThanOrEqual(63);
      expect(clone).not.toBe(name);
    }),
  );
});

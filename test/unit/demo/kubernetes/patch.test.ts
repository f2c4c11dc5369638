import { describe, expect, it } from 'vitest';
import { applyPatch, jsonPatch, mergePatch } from '../../../../src/demo/kubernetes/patch';

const object = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', annotations: { 'x/y': '1', keep: '2' } } };

describe('merge patch', () => {
  it('sets, removes with null, and replaces lists', () => {
    expect(mergePatch({ a: { b: 1, c: 2 }, d: [1, 2] }, { a: { b: null, e: 3 }, d: [4] })).toEqual({
      a: { c: 2, e: 3 },
      d: [4],
    });
  });
});

describe('JSON patch', () => {
  it('adds, removes and tests by pointer, without touching the original', () => {
    const patched = jsonPatch(object, [
      { op: 'test', path: '/metadata/name', value: 'a' },
      { op: 'remove', path: '/metadata/annotations/x~1y' },
      { op: 'add', path: '/metadata/annotations/new', value: '3' },
    ]);
    expect(patched).toMatchObject({ metadata: { annotations: { keep: '2', new: '3' } } });
    expect(patched).not.toHaveProperty('metadata.annotations.x/y');
    expect(object.metadata.annotations['x/y']).toBe('1');
  });

  it.each([
    ['a failed test', [{ op: 'test', path: '/metadata/name', value: 'b' }]],
    ['a path that is not there', [{ op: 'remove', path: '/metadata/labels/a' }]],
    ['an unknown operation', [{ op: 'shuffle', path: '/metadata' }]],
  ])('refuses %s with 422', (_title, operations) => {
    expect(() => jsonPatch(object, operations)).toThrow(expect.objectContaining({ code: 422 }) as Error);
  });
});

it('refuses strategic merge and server-side apply with 415', () => {
  for (const type of ['application/strategic-merge-patch+json', 'application/apply-patch+yaml'])
    expect(() => applyPatch(type, object, {})).toThrow(expect.objectContaining({ code: 415 }) as Error);
});

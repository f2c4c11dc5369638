import { describe, expect, it } from 'vitest';
import { applyPatch, jsonPatch, mergePatch } from '../../../../src/demo/kubernetes/objects/patch';
import { RESOURCES, type Resource } from '../../../../src/demo/kubernetes/objects/resources';

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
    ['a replacement of nothing', [{ op: 'replace', path: '/metadata/labels', value: {} }]],
    ['an index out of the list', [{ op: 'add', path: '/list/3', value: 1 }]],
    ['a place in no list', [{ op: 'remove', path: '/list/-' }]],
    ['no path', [{ op: 'add', value: 1 }]],
    ['no operation', [null]],
    ["a path through the language's own properties", [{ op: 'add', path: '/__proto__/polluted', value: 1 }]],
  ])('refuses %s with 422', (_title, operations) => {
    expect(() => jsonPatch({ ...object, list: [1] }, operations)).toThrow(
      expect.objectContaining({ code: 422 }) as Error,
    );
  });
});

const of = (kind: string): Resource => RESOURCES.find((one) => one.kind === kind) as Resource;

it('refuses strategic merge of a custom resource, and server-side apply, with 415', () => {
  for (const type of ['application/strategic-merge-patch+json', 'application/apply-patch+yaml'])
    expect(() => applyPatch(type, of('StressChaos'), object, {})).toThrow(
      expect.objectContaining({ code: 415 }) as Error,
    );
});

it("takes a strategic merge of a core kind where it needs none of the kind's keys", () => {
  const type = 'application/strategic-merge-patch+json';
  const cordoned = applyPatch(type, of('Node'), object, { spec: { unschedulable: true } });
  expect(cordoned).toMatchObject({ metadata: { name: 'a' }, spec: { unschedulable: true } });
  for (const patch of [{ spec: { taints: [] } }, { spec: { $patch: 'replace' } }])
    expect(() => applyPatch(type, of('Node'), object, patch)).toThrow(expect.objectContaining({ code: 415 }) as Error);
});

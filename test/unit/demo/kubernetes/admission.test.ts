import { describe, expect, it } from 'vitest';
import { admit } from '../../../../src/demo/kubernetes/requests/admission';
import type { KubeObject } from '../../../../src/demo/kubernetes/objects/objects';
import { RESOURCES, type Resource } from '../../../../src/demo/kubernetes/objects/resources';
import type { StatusError } from '../../../../src/demo/kubernetes/objects/status';

const of = (kind: string): Resource => RESOURCES.find((one) => one.kind === kind) as Resource;
const stress = (metadata: unknown, spec: object = {}): KubeObject =>
  ({
    apiVersion: 'chaos-mesh.org/v1alpha1',
    kind: 'StressChaos',
    metadata,
    spec: { mode: 'one', selector: {}, stressors: { cpu: { workers: 1 } }, ...spec },
  }) as unknown as KubeObject;

function refusal(metadata: unknown, old?: KubeObject): StatusError {
  try {
    admit(of('StressChaos'), stress(metadata), 'Strict', old);
  } catch (error) {
    return error as StatusError;
  }
  throw new Error('it was admitted');
}

describe('metadata of a write', () => {
  it.each([
    [{ name: 5 }, 'cannot unmarshal number into Go struct field ObjectMeta.metadata.name of type string'],
    [{ name: 'a', labels: { x: 1 } }, 'metadata.labels of type string'],
    [{ name: 'a', labels: [] }, 'cannot unmarshal array into Go struct field ObjectMeta.metadata.labels'],
    [{ name: 'a', annotations: { x: {} } }, 'metadata.annotations of type string'],
    [{ name: 'a', finalizers: 'x' }, 'metadata.finalizers of type []string'],
    [{ name: 'a', colour: 'red' }, 'strict decoding error: unknown field "metadata.colour"'],
  ])('%j does not decode', (metadata, message) => {
    expect(refusal(metadata)).toMatchObject({ code: 400, message: expect.stringContaining(message) as string });
  });

  it.each([
    [{}, 'metadata.name'],
    [{ name: 'A_b' }, 'metadata.name'],
    [{ name: 'a'.repeat(254) }, 'metadata.name'],
    [{ generateName: 'Gen-' }, 'metadata.generateName'],
    [{ name: 'a', labels: { 'b b': 'x' } }, 'metadata.labels'],
    [{ name: 'a', labels: { b: 'x y' } }, 'metadata.labels'],
    [{ name: 'a', annotations: { 'b b': 'x' } }, 'metadata.annotations'],
    [{ name: 'a', annotations: { b: 'x'.repeat(300_000) } }, 'metadata.annotations'],
    [{ name: 'a', finalizers: ['no good'] }, 'metadata.finalizers'],
  ])('%j is invalid', (metadata, field) => {
    const { code, details } = refusal(metadata);
    expect({ code, details }).toMatchObject({ code: 422, details: { kind: 'StressChaos', causes: [{ field }] } });
  });

  it('takes what a server takes, and drops nulls', () => {
    const metadata = { generateName: 'gen-', creationTimestamp: null, labels: { 'a.b/c_D': '' }, annotations: null };
    const { object } = admit(of('StressChaos'), stress(metadata), 'Strict');
    expect(object.metadata).toEqual({ generateName: 'gen-', labels: { 'a.b/c_D': '' } });
  });

  it('keeps identity and, while it goes, finalizers', () => {
    const old = stress({ name: 'a', uid: 'one', deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: ['x/y'] });
    expect(refusal({ name: 'a', uid: 'two' }, old)).toMatchObject({ code: 422, reason: 'Invalid' });
    expect(refusal({ name: 'a', uid: 'one', finalizers: ['x/y', 'x/z'] }, old)).toMatchObject({ code: 422 });
    expect(() => admit(of('StressChaos'), stress({ name: 'a', finalizers: [] }), 'Strict', old)).not.toThrow();
  });
});

it("fills in the schema's defaults before it validates", () => {
  const spec = { action: 'delay', mode: 'one', selector: {}, delay: { latency: '1ms' } };
  const given = { ...stress({ name: 'a' }), kind: 'NetworkChaos', spec };
  expect(admit(of('NetworkChaos'), given, 'Strict').object.spec).toEqual({
    ...spec,
    direction: 'to',
    delay: { latency: '1ms', jitter: '0ms', correlation: '0' },
  });
  expect(spec).not.toHaveProperty('direction');
});

it('names the type that it found, as the API server does', () => {
  const given = stress({ name: 'a' }, { mode: 3 });
  expect(() => admit(of('StressChaos'), given, 'Strict')).toThrow(
    'spec.mode: Invalid value: "integer": spec.mode in body must be of type string: "integer"',
  );
});

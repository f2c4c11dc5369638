import { describe, expect, it } from 'vitest';
import { admit } from '../../../../src/demo/kubernetes/requests/admission';
import type { KubeObject } from '../../../../src/demo/kubernetes/objects/objects';
import { RESOURCES, type Resource } from '../../../../src/demo/kubernetes/objects/resources';

/** What Chaos Mesh's webhooks make of a spec: the object's spec, or their refusal. */
function admitted(kind: string, spec: Record<string, unknown>): unknown {
  const resource = RESOURCES.find((one) => one.kind === kind) as Resource;
  const object = {
    apiVersion: 'chaos-mesh.org/v1alpha1',
    kind,
    metadata: { name: 'x', namespace: 'oceanbase' },
    spec: { selector: {}, mode: 'all', ...spec },
  } as KubeObject;
  try {
    return admit(resource, object, 'Strict').object.spec;
  } catch (error) {
    return (error as Error).message;
  }
}

describe('the webhooks of clocks and HTTP', () => {
  it.each<[string, Record<string, unknown>, string]>([
    ['TimeChaos', { timeOffset: '10' }, 'time: missing unit in duration \\"10\\"'],
    ['TimeChaos', { timeOffset: '' }, 'time: invalid duration \\"\\"'],
    ['HTTPChaos', { target: 'Request', abort: true }, 'Spec.Port: Invalid value: 0: port 0 is not supported'],
    ['HTTPChaos', { target: 'Request', port: 80, method: 'FETCH' }, 'method FETCH is not supported'],
    ['HTTPChaos', { target: 'Request', port: 80, delay: '1 second' }, 'invalid duration 1 second'],
  ])('%s %j is refused', (kind, spec, expected) => {
    expect(String(admitted(kind, spec)).replaceAll('"', '\\"')).toContain(expected);
  });

  it('fill in the clock, and let the rest through', () => {
    expect(admitted('TimeChaos', { timeOffset: '-1h30m' })).toMatchObject({ clockIds: ['CLOCK_REALTIME'] });
    const http = { target: 'Response', port: 80, method: 'anything', delay: '1s' };
    expect(admitted('HTTPChaos', http)).toMatchObject(http);
  });
});

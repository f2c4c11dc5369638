import { describe, expect, it } from 'vitest';
import { admit } from '../../../../src/demo/kubernetes/requests/admission';
import type { KubeObject } from '../../../../src/demo/kubernetes/objects/objects';
import { RESOURCES, type Resource } from '../../../../src/demo/kubernetes/objects/resources';
import { StatusError } from '../../../../src/demo/kubernetes/objects/status';

const resource = (kind: string): Resource => RESOURCES.find((one) => one.kind === kind) as Resource;

function chaos(kind: string, spec: Record<string, unknown>): KubeObject {
  const all = { selector: {}, mode: 'one', ...spec };
  return { apiVersion: 'chaos-mesh.org/v1alpha1', kind, metadata: { name: 'x', namespace: 'oceanbase' }, spec: all };
}

function refusal(kind: string, spec: Record<string, unknown>, validation = 'Warn'): StatusError | undefined {
  try {
    admit(resource(kind), chaos(kind, spec), validation);
    return undefined;
  } catch (error) {
    if (error instanceof StatusError) return error;
    throw error;
  }
}

const cpu = { cpu: { workers: 1, load: 100 } };
const causes = (error: StatusError | undefined): string[] =>
  ((error?.details?.['causes'] ?? []) as { field: string }[]).map(({ field }) => field);

describe('schema of the CRD', () => {
  it.each([
    ['a value outside the enum', 'StressChaos', { mode: 'some', stressors: cpu }, 'spec.mode'],
    [
      'a number above its limit',
      'StressChaos',
      { stressors: { cpu: { workers: 9000 } } },
      'spec.stressors.cpu.workers',
    ],
    ['a wrong type', 'StressChaos', { stressors: { cpu: { workers: 'one' } } }, 'spec.stressors.cpu.workers'],
    ['what a pattern refuses', 'NetworkChaos', { action: 'delay', delay: { latency: '100' } }, 'spec.delay.latency'],
    ['a missing action', 'IOChaos', { volumePath: '/x' }, 'spec.action'],
    ['a missing field', 'PodIOChaos', { actions: [{}] }, 'spec.actions[0].type'],
    ['an item of a list', 'StressChaos', { stressors: cpu, containerNames: ['observer', 7] }, 'spec.containerNames[1]'],
  ])('refuses %s with its path', (_title, kind, spec, field) => {
    const error = refusal(kind, spec);
    expect(error?.code).toBe(422);
    expect(error?.reason).toBe('Invalid');
    expect(causes(error)).toContain(field);
    expect(error?.message).toContain(field);
  });

  it('refuses an unknown field under Strict, and drops it with a warning otherwise', () => {
    const spec = { stressors: { cpu: { workers: 1, lode: 5 } } };
    expect(refusal('StressChaos', spec, 'Strict')).toMatchObject({
      code: 400,
      message: expect.stringContaining('unknown field "spec.stressors.cpu.lode"') as unknown,
    });
    const { object, warnings } = admit(resource('StressChaos'), chaos('StressChaos', spec), 'Warn');
    expect(warnings).toEqual(['unknown field "spec.stressors.cpu.lode"']);
    expect(object.spec?.['stressors']).toEqual({ cpu: { workers: 1 } });
    expect(admit(resource('StressChaos'), chaos('StressChaos', spec), 'Ignore').warnings).toEqual([]);
  });

  it('refuses names that are no DNS names', () => {
    const object = {
      ...chaos('StressChaos', { stressors: cpu }),
      metadata: { name: 'Not_A_Name', namespace: 'oceanbase' },
    };
    expect(() => admit(resource('StressChaos'), object, 'Warn')).toThrow(/metadata\.name/);
  });
});

describe('webhooks of Chaos Mesh', () => {
  it.each([
    ['StressChaos', { stressors: {} }, 'missing stressors'],
    [
      'StressChaos',
      { stressors: cpu, duration: '3d' },
      'Spec.Duration: Invalid value: "3d": parse duration field error: time: unknown unit "d"',
    ],
    [
      'StressChaos',
      { stressors: cpu, mode: 'fixed', value: '0' },
      '[Spec.ContainerSelector.value: Invalid value: "0": value must',
    ],
    [
      'StressChaos',
      { stressors: cpu, mode: 'fixed-percent', value: '101' },
      'value of 101 is invalid, Must be (0,100]',
    ],
    [
      'StressChaos',
      { stressors: { memory: { workers: 1, size: '1Gi' } } },
      'Size: Invalid value: "1Gi": incorrect bytes format: invalid suffix: \'gi\'',
    ],
    ['StressChaos', { stressors: { memory: { workers: 1, size: '120%' } } }, 'illegal proportion'],
    ['StressChaos', {}, '"mode":"one"}: missing stressors'],
    ['NetworkChaos', { action: 'loss', loss: { loss: '80%' } }, 'Spec.TcParameter.Loss.Loss'],
    ['NetworkChaos', { action: 'delay', delay: { latency: '1ms' }, direction: 'both' }, 'targets is empty'],
    ['NetworkChaos', { action: 'bandwidth', bandwidth: { rate: '1 parsec', limit: 1, buffer: 1 } }, 'Bandwidth.Rate'],
    ['IOChaos', { action: 'fault', volumePath: '/x' }, 'errno'],
    ['PodChaos', { action: 'container-kill' }, 'Spec.containerNames: Invalid value: null'],
  ])('%s %j is denied', (kind, spec, message) => {
    const error = refusal(kind, spec);
    expect(error?.code).toBe(403);
    expect(error?.message).toContain(`admission webhook "v${kind.toLowerCase()}.kb.io" denied the request: `);
    expect(error?.message).toContain(message);
  });

  it.each([
    ['StressChaos', { stressors: { memory: { workers: 1, size: '256MB' } }, duration: '1h30m' }],
    ['StressChaos', { stressors: { memory: { workers: 1, size: '50%' } } }],
    [
      'NetworkChaos',
      { action: 'delay', delay: { latency: '100ms', jitter: '0ms', correlation: '0' }, direction: 'to' },
    ],
    ['IOChaos', { action: 'latency', volumePath: '/home/admin/data-file', delay: '100ms', percent: 100 }],
    ['PodChaos', { action: 'pod-kill' }],
  ])('%s %j is admitted', (kind, spec) => {
    expect(refusal(kind, spec, 'Strict')).toBeUndefined();
  });

  it('lets nobody change a spec, whatever the order of its keys', () => {
    const old = admit(resource('StressChaos'), chaos('StressChaos', { stressors: cpu }), 'Strict').object;
    const reordered = { ...old, spec: { stressors: { cpu: { load: 100, workers: 1 } }, mode: 'one', selector: {} } };
    const changed = chaos('StressChaos', { stressors: { cpu: { workers: 2, load: 100 } } });
    expect(() => admit(resource('StressChaos'), reordered, 'Strict', old)).not.toThrow();
    expect(() => admit(resource('StressChaos'), changed, 'Strict', old)).toThrow(/Cannot update chaos spec/);
  });
});

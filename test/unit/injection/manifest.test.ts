import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ANOMALIES, ANOMALY_TYPES, defaultParameters, type AnomalyType } from '../../../src/core/faults/catalogue';
import { toExperiment } from '../../../src/core/experiments/parse';
import { cloneManifest, endedAfter, nameOfExperiment, sent, toManifest } from '../../../src/core/injection/manifest';
import type { InjectionPlan } from '../../../src/core/injection/plan';
import { target } from '../cluster/targets';

function plan(type: AnomalyType, change: Partial<InjectionPlan> = {}): InjectionPlan {
  return {
    type,
    targets: [target()],
    parameters: defaultParameters(type),
    durationMs: 180_000,
    chaosNamespace: 'oceanbase',
    container: 'observer',
    createdBy: 'session-1',
    ...change,
  };
}

const selection = {
  mode: 'all',
  selector: { namespaces: ['oceanbase'], pods: { oceanbase: ['obcluster-1-zone1-a17'] } },
  duration: '3m',
};

describe('the Chaos Mesh object of a plan', () => {
  it.each<[AnomalyType, string, unknown]>([
    [
      'cpu_stress',
      'StressChaos',
      { ...selection, containerNames: ['observer'], stressors: { cpu: { workers: 1, load: 100 } } },
    ],
    [
      'memory_stress',
      'StressChaos',
      { ...selection, containerNames: ['observer'], stressors: { memory: { workers: 1, size: '256MB' } } },
    ],
    [
      'network_delay',
      'NetworkChaos',
      { ...selection, action: 'delay', direction: 'to', delay: { latency: '100ms', jitter: '0ms', correlation: '0' } },
    ],
    [
      'disk_stress',
      'IOChaos',
      {
        ...selection,
        action: 'latency',
        containerNames: ['observer'],
        delay: '100ms',
        percent: 100,
        volumePath: '/home/admin/data-file',
        path: '/home/admin/data-file/**/*',
      },
    ],
  ])("%s has the first system's strength", (type, kind, spec) => {
    expect(toManifest(plan(type), () => 0)).toEqual({
      apiVersion: 'chaos-mesh.org/v1alpha1',
      kind,
      metadata: {
        name: `${type.replace('_', '-')}-obcluster-1-zone1-a17-bbbbb`,
        namespace: 'oceanbase',
        labels: { 'app.kubernetes.io/managed-by': 'distdiag', 'distdiag.io/anomaly': type },
        annotations: { 'distdiag.io/created-by': 'session-1' },
      },
      spec,
    });
  });

  it('always ends', () => {
    expect(toManifest(plan('cpu_stress', { durationMs: 'untilStopped' })).spec['duration']).toBe('24h');
  });

  it('names all pods of all namespaces, and its scenario', () => {
    const targets = [target(), target({ pod: 'b' }), target({ namespace: 'other', pod: 'c' })];
    const manifest = toManifest(plan('cpu_stress', { targets, scenario: 'storm' }));
    expect(manifest.spec['selector']).toEqual({
      namespaces: ['oceanbase', 'other'],
      pods: { oceanbase: ['obcluster-1-zone1-a17', 'b'], other: ['c'] },
    });
    expect(manifest.metadata.annotations).toMatchObject({ 'distdiag.io/scenario': 'storm' });
    expect(manifest.metadata.name).toMatch(/^cpu-stress-3-pods-[a-z0-9]{5}$/);
  });

  it('writes network times with one number and one unit, as the schema asks', () => {
    const manifest = toManifest(
      plan('network_delay', { parameters: { latency: '1m30s', jitter: '1.5s', correlation: 25 } }),
    );
    expect(manifest.spec['delay']).toEqual({ latency: '90000ms', jitter: '1500ms', correlation: '25' });
  });

  it('reads back as the type that it was', () => {
    for (const { type } of ANOMALIES) {
      const manifest = toManifest(plan(type));
      expect(toExperiment(manifest)).toMatchObject({ fault: type, ours: true, durationMs: 180_000 });
      delete manifest.metadata.labels;
      expect(toExperiment(manifest)).toMatchObject({ fault: type, ours: true });
      delete manifest.metadata.annotations;
      expect(toExperiment(manifest)).toMatchObject({ fault: type, ours: false });
    }
  });

  it('has a name that is a DNS label, whatever the pod is called', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ANOMALY_TYPES), fc.array(fc.string({ maxLength: 300 })), (type, pods) => {
        const name = nameOfExperiment(type, pods);
        expect(name).toMatch(/^[a-z]([-a-z0-9]*[a-z0-9])?$/);
        expect(name.length).toBeLessThanOrEqual(63);
      }),
    );
  });
});

describe('a clone', () => {
  const object = {
    ...toManifest(plan('network_delay', { scenario: 's' })),
    status: { experiment: {} },
  };
  object.metadata = { ...object.metadata, uid: 'u', resourceVersion: '5', finalizers: ['chaos-mesh/records'] };
  object.metadata.annotations = { ...object.metadata.annotations, 'experiment.chaos-mesh.org/pause': 'true' };

  it('has the same spec under a new name, and nothing of the server', () => {
    const clone = cloneManifest(object, 'session-2', () => 0.5);
    expect(clone.spec).toEqual(object.spec);
    expect(clone.metadata.name).toMatch(/^network-delay-obcluster-1-zone1-a17-[a-z0-9]{5}$/);
    expect(clone.metadata.name).not.toBe(object.metadata.name);
    expect(Object.keys(clone.metadata).sort()).toEqual(['annotations', 'labels', 'name', 'namespace']);
    expect(clone.metadata.annotations).toEqual({ 'distdiag.io/created-by': 'session-2', 'distdiag.io/scenario': 's' });
    expect(clone.status).toBeUndefined();
  });

  it.each([
    ['without a duration', undefined],
    ['with one that Chaos Mesh does not understand, and so never ends', '1d'],
  ])('%s gets an end', (_, duration) => {
    const { duration: _had, ...spec } = object.spec;
    const endless = { ...object, spec: duration === undefined ? spec : { ...spec, duration } };
    expect(endedAfter(endless, 180_000).spec).toEqual({ ...spec, duration: '3m' });
  });

  it('that ends, or happens once, is left as it is', () => {
    expect(endedAfter(object, 60_000)).toBe(object);
    const kill = { ...object, kind: 'PodChaos', spec: { action: 'pod-kill', mode: 'all', selector: {} } };
    expect(endedAfter(kill, 60_000)).toBe(kill);
  });
});

describe('what is sent', () => {
  const manifest = toManifest(plan('cpu_stress'));

  it('has no records of a status, which would be hit in place of what is selected, and nothing else of the server', () => {
    const status = { experiment: { desiredPhase: 'Run', containerRecords: [{ id: 'oceanbase/another/observer' }] } };
    const server = { uid: 'u', resourceVersion: '7', finalizers: ['a/never'], ownerReferences: [{ uid: 'x' }] };
    const given = { ...manifest, metadata: { ...manifest.metadata, ...server }, status };
    expect(sent(given)).toEqual(manifest);
  });

  it('is refused where its end would leave the fault behind', () => {
    const annotations = { 'chaos-mesh.chaos-mesh.org/cleanFinalizer': 'forced' };
    expect(() => sent({ ...manifest, metadata: { ...manifest.metadata, annotations } })).toThrow(
      /the fault would remain/,
    );
  });
});

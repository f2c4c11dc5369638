import type { DemoCluster } from '../../src/demo/cluster';
import type { KubeObject } from '../../src/demo/kubernetes/objects/objects';
import { RESOURCES, type Resource } from '../../src/demo/kubernetes/objects/resources';

const resource = (kind: string): Resource => RESOURCES.find((one) => one.kind === kind) as Resource;

/** Kinds that take turns, with a spec of each. */
const SPECS: readonly [string, Record<string, unknown>][] = [
  ['StressChaos', { containerNames: ['observer'], stressors: { cpu: { workers: 1, load: 100 } } }],
  ['NetworkChaos', { action: 'delay', delay: { latency: '100ms' }, direction: 'to' }],
  ['IOChaos', { action: 'latency', delay: '100ms', volumePath: '/home/admin/data-file' }],
];

/** Puts experiments of ours that act until they are deleted into a cluster, as if Chaos Mesh had injected them. */
export function addExperiments({ objects, clock, namespace, topology }: DemoCluster, count: number): KubeObject[] {
  const applied = new Date(clock.now() - 60_000).toISOString();
  return Array.from({ length: count }, (_, i) => {
    const [kind, spec] = SPECS[i % SPECS.length] as (typeof SPECS)[number];
    const pod = topology.pods[i % topology.pods.length]?.name as string;
    const record = {
      id: `${namespace}/${pod}/observer`,
      selectorKey: '.',
      phase: 'Injected',
      injectedCount: 1,
      recoveredCount: 0,
      events: [{ type: 'Succeeded', operation: 'Apply', timestamp: applied }],
    };
    return objects.create(resource(kind), {
      apiVersion: 'chaos-mesh.org/v1alpha1',
      kind,
      metadata: {
        name: `scale-${String(i).padStart(5, '0')}`,
        namespace,
        labels: { 'app.kubernetes.io/managed-by': 'distdiag' },
        finalizers: ['chaos-mesh/records'],
      },
      spec: {
        mode: 'all',
        selector: { namespaces: [namespace], pods: { [namespace]: [pod] } },
        ...spec,
      },
      status: {
        conditions: [{ type: 'Selected', status: 'True' }],
        experiment: { desiredPhase: 'Run', containerRecords: [record] },
      },
    });
  });
}

/** Adds copies of the first database pod until there are so many. */
export function addPods({ objects, namespace }: DemoCluster, count: number): void {
  const pods = objects.list(resource('Pod'), namespace);
  const [first] = pods as [KubeObject];
  for (let i = pods.length; i < count; i++) {
    const { uid: _uid, ...metadata } = first.metadata;
    objects.create(resource('Pod'), { ...first, metadata: { ...metadata, name: `obcluster-1-copy-${i}` } });
  }
}

/** Changes one experiment: a record that failed. */
export function changeOne({ objects }: DemoCluster, { kind, metadata }: KubeObject, message: string): void {
  const object = structuredClone(objects.get(resource(kind), metadata.namespace, metadata.name));
  const experiment = object.status?.['experiment'] as { containerRecords: { phase: string; events: unknown[] }[] };
  const [record] = experiment.containerRecords;
  record?.events.push({ type: 'Failed', operation: 'Apply', message, timestamp: new Date().toISOString() });
  if (record) record.phase = 'Not Injected/Wait';
  objects.update(resource(kind), object);
}

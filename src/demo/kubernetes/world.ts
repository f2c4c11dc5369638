import type { Topology } from '../topology';
import type { KubeObject, ObjectStore } from './objects';
import { RESOURCES, type Resource } from './resources';
import { CHAOS_CRDS } from '../chaos/definitions';

const kind = (name: string): Resource => RESOURCES.find((resource) => resource.kind === name) as Resource;

/** Fills the cluster with what ob-operator, Chaos Mesh and a Prometheus operator would have made. */
export function populate(store: ObjectStore, topology: Topology): void {
  const create = (kindName: string, object: Omit<KubeObject, 'apiVersion' | 'kind'>): void => {
    store.create(kind(kindName), { apiVersion: '', kind: kindName, ...object } as KubeObject);
  };
  for (const name of ['default', 'kube-system', 'kube-public', 'chaos-mesh', 'monitoring', topology.namespace]) {
    create('Namespace', { metadata: { name, labels: { 'kubernetes.io/metadata.name': name } }, status: { phase: 'Active' } });
  }
  for (const crd of CHAOS_CRDS) {
    create('CustomResourceDefinition', { metadata: { ...crd.metadata }, spec: crd.spec as unknown as Record<string, unknown>, status: { conditions: [{ type: 'Established', status: 'True' }] } });
  }
  create('Service', {
    metadata: { name: 'prometheus-operated', namespace: 'monitoring', labels: { 'operated-prometheus': 'true', app: 'prometheus' } },
    spec: { type: 'ClusterIP', clusterIP: 'None', ports: [{ name: 'web', port: 9090, protocol: 'TCP', targetPort: 9090 }] },
    status: {},
  });
  topology.pods.forEach((pod, index) => {
    create('Node', {
      metadata: { name: pod.hostNode, labels: { 'kubernetes.io/hostname': pod.hostNode, 'topology.kubernetes.io/zone': pod.zone } },
      spec: {},
      status: { conditions: [{ type: 'Ready', status: 'True' }], nodeInfo: { kubeletVersion: 'v1.32.0' } },
    });
    create('Pod', {
      metadata: {
        name: pod.name,
        namespace: topology.namespace,
        labels: { 'ref-obcluster': topology.clusterName, 'ref-obzone': `${topology.clusterName}-${topology.clusterId}-${pod.zone}`, 'ref-observer': pod.name, 'ref-uid': `00000000-0000-4000-8000-${String(index).padStart(12, '0')}` },
      },
      spec: {
        nodeName: pod.hostNode,
        containers: [
          {
            name: 'observer',
            image: 'oceanbase/oceanbase-cloud-native:4.3',
            ports: [{ containerPort: 2881 }, { containerPort: 2882 }],
            resources: { limits: { cpu: String(pod.cpuLimit), memory: `${pod.memoryLimit / 2 ** 30}Gi` } },
            volumeMounts: ['/home/admin/data-file', '/home/admin/data-log', '/home/admin/log'].map((mountPath) => ({ name: mountPath.split('/').at(-1), mountPath })),
          },
          { name: 'obagent', image: 'oceanbase/obagent:4.2', ports: [{ containerPort: 8088 }], resources: { limits: { cpu: '1', memory: '1Gi' } } },
        ],
      },
      status: {
        phase: 'Running',
        podIP: pod.ip,
        hostIP: '127.0.0.1',
        conditions: [{ type: 'Ready', status: 'True' }],
        containerStatuses: ['observer', 'obagent'].map((name) => ({ name, ready: true, restartCount: 0, started: true, state: { running: {} } })),
      },
    });
  });
}

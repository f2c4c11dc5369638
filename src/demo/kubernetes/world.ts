import { createHash } from 'node:crypto';
import type { Topology } from '../topology';
import { completeNamespace } from './objects/namespaces';
import { timestamp, type KubeObject, type ObjectStore } from './objects/objects';
import { RESOURCES, type Resource } from './objects/resources';
import { CHAOS_CRDS } from '../chaos/definitions';

const kind = (name: string): Resource => RESOURCES.find((resource) => resource.kind === name) as Resource;

const GiB = 2 ** 30;
const quantityOf = (bytes: number): string => (bytes % GiB === 0 ? `${bytes / GiB}Gi` : `${bytes / 2 ** 20}Mi`);

const MESH = 'chaos-mesh';
const DAEMON = 'chaos-daemon';

/** True for the pod of Chaos Mesh's daemon on a node. */
export const isDaemon = ({ metadata }: KubeObject): boolean =>
  metadata.namespace === MESH && metadata.labels?.['app.kubernetes.io/component'] === DAEMON;

/** Fills the cluster with what ob-operator, Chaos Mesh and a Prometheus operator would have made at `createdMs`. */
export function populate(store: ObjectStore, topology: Topology, createdMs: number): void {
  const since = timestamp(createdMs);
  const create = (kindName: string, object: Omit<KubeObject, 'apiVersion' | 'kind'>): void => {
    store.create(kind(kindName), { apiVersion: '', kind: kindName, ...object } as KubeObject, false, createdMs);
  };
  for (const name of ['default', 'kube-system', 'kube-public', MESH, 'monitoring', topology.namespace]) {
    create('Namespace', completeNamespace({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }));
  }
  for (const crd of CHAOS_CRDS) {
    create('CustomResourceDefinition', {
      metadata: { ...crd.metadata },
      spec: crd.spec as unknown as Record<string, unknown>,
      status: { conditions: [{ type: 'Established', status: 'True' }] },
    });
  }
  create('Service', {
    metadata: {
      name: 'prometheus-operated',
      namespace: 'monitoring',
      labels: { 'operated-prometheus': 'true', app: 'prometheus' },
    },
    spec: {
      type: 'ClusterIP',
      clusterIP: 'None',
      ports: [{ name: 'web', port: 9090, protocol: 'TCP', targetPort: 9090 }],
    },
    status: {},
  });
  topology.pods.forEach((pod, index) => {
    create('Node', {
      metadata: {
        name: pod.hostNode,
        labels: { 'kubernetes.io/hostname': pod.hostNode, 'topology.kubernetes.io/zone': pod.zone },
      },
      spec: {},
      status: {
        addresses: [
          { type: 'InternalIP', address: '127.0.0.1' },
          { type: 'Hostname', address: pod.hostNode },
        ],
        capacity: { cpu: '8', memory: '16Gi', pods: '110' },
        allocatable: { cpu: '8', memory: '16Gi', pods: '110' },
        conditions: [
          {
            type: 'Ready',
            status: 'True',
            reason: 'KubeletReady',
            message: 'kubelet is posting ready status',
            lastHeartbeatTime: since,
            lastTransitionTime: since,
          },
        ],
        nodeInfo: { kubeletVersion: 'v1.32.0', operatingSystem: 'linux', architecture: 'amd64' },
      },
    });
    create('Pod', {
      metadata: {
        name: pod.name,
        namespace: topology.namespace,
        labels: {
          'ref-obcluster': topology.clusterName,
          'ref-obzone': `${topology.clusterName}-${topology.clusterId}-${pod.zone}`,
          'ref-observer': pod.name,
          'ref-uid': `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
        },
      },
      spec: {
        nodeName: pod.hostNode,
        containers: [
          {
            name: 'observer',
            image: 'oceanbase/oceanbase-cloud-native:4.3',
            ports: [
              { name: 'sql', containerPort: 2881, protocol: 'TCP' },
              { name: 'rpc', containerPort: 2882, protocol: 'TCP' },
            ],
            resources: { limits: { cpu: String(pod.cpuLimit), memory: quantityOf(pod.memoryLimit) } },
            volumeMounts: ['/home/admin/data-file', '/home/admin/data-log', '/home/admin/log'].map((mountPath) => ({
              name: mountPath.split('/').at(-1),
              mountPath,
            })),
          },
          {
            name: 'obagent',
            image: 'oceanbase/obagent:4.2',
            ports: [{ name: 'metrics', containerPort: 8088, protocol: 'TCP' }],
            resources: { limits: { cpu: '1', memory: '1Gi' } },
          },
        ],
      },
      status: statusOf(pod.name, pod.ip, ['observer', 'obagent'], since),
    });
  });
  for (const hostNode of new Set(topology.pods.map((pod) => pod.hostNode))) {
    const name = `${DAEMON}-${hostNode}`;
    create('Pod', {
      metadata: {
        name,
        namespace: MESH,
        labels: { 'app.kubernetes.io/name': MESH, 'app.kubernetes.io/component': DAEMON },
      },
      spec: {
        nodeName: hostNode,
        hostNetwork: true,
        hostPID: true,
        containers: [{ name: DAEMON, image: `ghcr.io/chaos-mesh/${DAEMON}:v2.7.2` }],
      },
      status: statusOf(name, '127.0.0.1', [DAEMON], since),
    });
  }
}

/** The status of a pod that runs, and of its containers. */
function statusOf(pod: string, ip: string, containers: readonly string[], since: string): Record<string, unknown> {
  return {
    phase: 'Running',
    podIP: ip,
    podIPs: [{ ip }],
    hostIP: '127.0.0.1',
    qosClass: 'Burstable',
    startTime: since,
    conditions: ['PodScheduled', 'Initialized', 'ContainersReady', 'Ready'].map((type) => ({
      type,
      status: 'True',
      lastTransitionTime: since,
    })),
    containerStatuses: containers.map((name) => ({
      name,
      ready: true,
      restartCount: 0,
      started: true,
      containerID: `containerd://${createHash('sha256').update(`${pod}/${name}`).digest('hex')}`,
      state: { running: { startedAt: since } },
    })),
  };
}

/** One simulated OBServer pod. */
export interface DemoPod {
  name: string;
  ip: string;
  zone: string;
  /** The Kubernetes node it runs on, one each. */
  hostNode: string;
  cpuLimit: number;
  memoryLimit: number;
  /** The database's own memory limit, below the container's. */
  databaseMemoryLimit: number;
}

/** The simulated database cluster. */
export interface Topology {
  namespace: string;
  clusterName: string;
  clusterId: string;
  tenant: string;
  pods: readonly DemoPod[];
}

/** Limits of a pod, and whether all pods are on one machine. */
export interface PodSize {
  cpuLimit: number;
  memoryLimit: number;
  oneHost?: boolean;
}

const GiB = 1024 ** 3;

/** A cluster of `nodes` OBServers, one per zone up to three zones, named as ob-operator does. */
export function demoTopology(nodes = 3, size: PodSize = { cpuLimit: 2, memoryLimit: 3 * GiB }): Topology {
  const pods = Array.from({ length: nodes }, (_, index): DemoPod => {
    const zone = `zone${(index % 3) + 1}`;
    const turn = Math.floor(index / 3);
    return {
      name: `obcluster-1-${zone}-${'abcdefghijklmnopqrstuvwxyz'[turn % 26]}${turn >= 26 ? turn : ''}${(index * 7919 + 17) % 97}`,
      ip: `10.244.${1 + Math.floor(index / 200)}.${10 + (index % 200)}`,
      zone,
      hostNode: `worker-${size.oneHost ? 1 : index + 1}`,
      cpuLimit: size.cpuLimit,
      memoryLimit: size.memoryLimit,
      databaseMemoryLimit: 0.8 * size.memoryLimit,
    };
  });
  return { namespace: 'oceanbase', clusterName: 'obcluster', clusterId: '1', tenant: 'tpcc', pods };
}

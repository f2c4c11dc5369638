import type { DemoDatabase } from '../../../src/demo/database';
import type { Topology } from '../../../src/demo/topology';
import type { Bed } from '../types';
import { bedActor } from './actor';

/** A bed as the database of a demo cluster; `stop` stops the Prometheus, then the bed. */
export function bedDatabase(
  bed: Bed,
  prometheus: { url: string; stop(): Promise<void> },
  sinceMs: number,
): DemoDatabase {
  return {
    topology: topologyOf(bed),
    prometheusUrl: prometheus.url,
    sinceMs,
    actor: bedActor(bed),
    stop: async () => {
      await prometheus.stop();
      await bed.stop();
    },
  };
}

/** The bed's nodes as ob-operator's pods, named as in the labels of their metrics. */
export function topologyOf({ nodes }: Bed): Topology {
  return {
    namespace: nodes[0]?.namespace ?? 'oceanbase',
    clusterName: 'obcluster',
    clusterId: '1',
    tenant: 'sys',
    pods: nodes.map(({ name, ip, zone, cpuLimit, memoryLimit }, i) => ({
      name,
      ip,
      zone,
      hostNode: `worker-${i + 1}`,
      cpuLimit,
      memoryLimit,
      databaseMemoryLimit: memoryLimit,
    })),
  };
}

import type { DemoDatabase } from '../../../src/demo/database';
import type { Topology } from '../../../src/demo/topology';
import type { Bed } from '../types';
import { bedActor } from './actor';

/** A bed with the Prometheus that scrapes it. */
export interface ScrapedBed {
  bed: Bed;
  prometheus: { url: string; stop(): Promise<void> };
  /** When its start began, epoch milliseconds. */
  sinceMs: number;
  /** Hears of servers that ended by themselves. */
  say(line: string): void;
}

const REPAIR_MS = 5000;

/** A bed as the database of a demo cluster; `stop` stops the Prometheus, then the bed. */
export function bedDatabase({ bed, prometheus, sinceMs, say }: ScrapedBed): DemoDatabase {
  const actor = bedActor(bed);
  const repair = (): Promise<void> =>
    actor.repair().then(
      (ended) => ended.forEach((node) => say(`${bed.nodes[node]?.name} had ended, and was started again`)),
      (error: unknown) => say(error instanceof Error ? error.message : String(error)),
    );
  const timer = setInterval(() => void repair(), REPAIR_MS);
  return {
    topology: topologyOf(bed),
    prometheusUrl: prometheus.url,
    sinceMs,
    actor,
    stop: async () => {
      clearInterval(timer);
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

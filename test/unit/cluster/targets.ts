import type { DatabasePod } from '../../../src/core/cluster/databasePod';

const GiB = 1024 ** 3;

/** A healthy OBServer pod. */
export function target(change: Partial<DatabasePod> = {}): DatabasePod {
  const database = {
    name: 'observer',
    cpuLimit: 4,
    memoryLimit: 10 * GiB,
    mounts: ['/home/admin/data-file', '/home/admin/data-log'],
  };
  return {
    namespace: 'oceanbase',
    pod: 'obcluster-1-zone1-a17',
    ip: '10.244.1.10',
    hostNode: 'worker-1',
    phase: 'Running',
    ready: true,
    restarts: 0,
    hostNetwork: false,
    labels: { 'ref-obcluster': 'obcluster' },
    zone: 'zone1',
    cluster: 'obcluster',
    containers: [database, { name: 'obagent', cpuLimit: 1, memoryLimit: GiB, mounts: [] }],
    database,
    ...change,
  };
}

/** A pod of which only its name and address are known. */
export const bareTarget = (namespace: string, pod: string, ip: string): DatabasePod => ({
  ...target({ namespace, pod, ip, labels: {}, containers: [] }),
  hostNode: undefined,
  zone: undefined,
  cluster: undefined,
  database: undefined,
});

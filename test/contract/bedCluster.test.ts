import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, vi } from 'vitest';
import { connect } from '../../src/adapters/kubernetes/index';
import { defaultParameters } from '../../src/core/faults/catalogue';
import { toManifest } from '../../src/core/injection/manifest';
import { startDemoCluster } from '../../src/demo/cluster';
import { bedDatabase } from '../bed/serve/database';
import { DEMO_QUERY, silentLog } from '../support';
import { fakeBed } from '../unit/bed/fakeBed';

it('the API server shows the nodes of a bed as the pods of a database, and its end takes everything down', async () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'distdiag-bed-'));
  const bed = fakeBed();
  const ended: string[] = [];
  bed.before = (call) => void ended.push(call);
  const prometheus = { url: 'http://127.0.0.1:9', stop: () => Promise.resolve(void ended.push('prometheus')) };
  const sinceMs = Date.parse('2026-01-01T00:00:00Z');
  const database = bedDatabase({ bed, prometheus, sinceMs, say: () => undefined });
  const cluster = await startDemoCluster({ directory, database });
  try {
    expect(cluster.prometheusUrl).toBe(prometheus.url);
    const connection = await connect({ kubeconfigPath: cluster.kubeconfigPath, trusted: false, log: silentLog });
    const targets = await connection.targets.list(DEMO_QUERY);
    expect(targets).toMatchObject(
      [1, 2, 3].map((i) => ({
        pod: `obcluster-1-zone${i}`,
        ip: `10.88.${i}.2`,
        ready: true,
        database: { cpuLimit: 0.6, memoryLimit: 2500 * 2 ** 20 },
      })),
    );
    expect(targets[0]?.database?.mounts).toContain('/home/admin/data-file');
    await connection.experiments.create(
      toManifest({
        type: 'disk_stress',
        targets: targets.slice(2),
        parameters: defaultParameters('disk_stress'),
        durationMs: 600_000,
        chaosNamespace: 'oceanbase',
        container: 'observer',
        createdBy: 'test',
      }),
    );
    await vi.waitFor(() => expect(bed.acting).toMatchObject([{ node: 2, fault: { type: 'ioLatency' } }]), 30_000);
    connection.dispose();
  } finally {
    await cluster.stop();
    rmSync(directory, { recursive: true, force: true });
  }
  expect(bed.acting).toEqual([]);
  expect(ended.filter((call) => call !== 'repair')).toEqual([
    'apply 2 ioLatency',
    'end 2 ioLatency',
    'prometheus',
    'stop',
  ]);
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ClusterProcess, factsFrom } from '../../../src/adapters/demo/clusterProcess';

const FACTS = { kubeconfig: '/tmp/Jürgen/kubeconfig', prometheusUrl: 'http://127.0.0.1:1', namespace: 'oceanbase' };
const LINES = Buffer.from(`(node:7) a warning\n${JSON.stringify(FACTS)}\nready\n`);

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'distdiag-process-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe('the process of a demo cluster', () => {
  it('is heard in whatever pieces its first lines come', async () => {
    for (let cut = 0; cut <= LINES.length; cut += 1) {
      const output = new PassThrough();
      const facts = factsFrom(output);
      output.write(LINES.subarray(0, cut));
      output.write(LINES.subarray(cut));
      expect(await facts).toEqual(FACTS);
    }
  });

  it('tells of its end where its log has been removed', async () => {
    const logFile = path.join(directory, 'cluster.log');
    const args = ['-e', 'process.stdin.resume()', '--'];
    const one = new ClusterProcess({ command: process.execPath, args, directory, logFile }, false);
    rmSync(logFile);
    await one.stop(10_000);
    expect(await one.ended).toMatchObject({ outOfMemory: false, lastLines: [], logFile });
  });
});

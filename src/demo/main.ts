import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { startDemoCluster } from './cluster';

/**
 * The demo cluster as a process: prints one JSON line `{kubeconfig, prometheusUrl, namespace}` (and sends it to a
 * parent that forked it), then runs until it is interrupted or that parent goes away.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      serve: { type: 'boolean', default: false },
      nodes: { type: 'string', default: '3' },
      seed: { type: 'string', default: '1' },
      speed: { type: 'string', default: '1' },
      scrape: { type: 'string', default: '5' },
      directory: { type: 'string' },
    },
  });
  const directory = values.directory ?? mkdtempSync(path.join(tmpdir(), 'distdiag-demo-'));
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const cluster = await startDemoCluster({ directory, nodes: Number(values.nodes), seed: Number(values.seed), speed: Number(values.speed), scrapeMs: Number(values.scrape) * 1000 });
  const facts = { kubeconfig: cluster.kubeconfigPath, prometheusUrl: cluster.prometheusUrl, namespace: cluster.namespace };
  console.log(JSON.stringify(facts));
  process.send?.(facts);
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    void cluster.stop().finally(() => {
      if (!values.directory) rmSync(directory, { recursive: true, force: true });
      process.exit(0);
    });
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  process.on('disconnect', stop);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});

import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { CHAOS_OPTIONS, controlsOf, numberOf } from './chaosOptions';
import { startDemoCluster } from './cluster';
import { PROCESS_OPTIONS, runAsProcess } from './process';
import { demoTopology } from './topology';

export { startDemoCluster, type DemoCluster, type DemoOptions } from './cluster';

const OPTIONS = {
  serve: { type: 'boolean', default: false },
  nodes: { type: 'string', default: '3' },
  seed: { type: 'string', default: '1' },
  speed: { type: 'string', default: '1' },
  scrape: { type: 'string', default: '5' },
  resume: { type: 'boolean', default: false },
  ...CHAOS_OPTIONS,
  ...PROCESS_OPTIONS,
} satisfies ParseArgsOptionsConfig;

/** The simulated demo cluster as a process; with `--resume`, in the place of the one that ended in `--directory`. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: OPTIONS });
  const nodes = numberOf('nodes', values.nodes, 1, 99);
  const seed = numberOf('seed', values.seed, 0, 2 ** 32 - 1);
  const speed = numberOf('speed', values.speed, 0.01, 1000);
  const scrapeMs = numberOf('scrape', values.scrape, 1, 600) * 1000;
  const { pods } = demoTopology(Math.floor(nodes));
  const controls = controlsOf(values, pods);
  await runAsProcess(values, (directory) =>
    startDemoCluster({ directory, resume: values.resume, nodes: pods.length, seed, speed, scrapeMs, controls }),
  );
  process.exit(0);
}

// Imported (by a script or a test), this file only offers startDemoCluster.
if (typeof require !== 'undefined' && require.main === module) {
  main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  });
}

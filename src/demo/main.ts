import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { startDemoCluster } from './cluster';
import { demoTopology } from './topology';

export { startDemoCluster, type DemoCluster, type DemoOptions } from './cluster';

const OPTIONS = {
  serve: { type: 'boolean', default: false },
  nodes: { type: 'string', default: '3' },
  seed: { type: 'string', default: '1' },
  speed: { type: 'string', default: '1' },
  scrape: { type: 'string', default: '5' },
  directory: { type: 'string' },
  'missing-daemon': { type: 'string', multiple: true, default: [] as string[] },
  'broken-network': { type: 'string', multiple: true, default: [] as string[] },
  'chaos-delay': { type: 'string', default: '0.4' },
  'without-controller': { type: 'boolean', default: false },
  'with-parent': { type: 'boolean', default: false },
} satisfies ParseArgsOptionsConfig;

/** A number given on the command line, within limits; throws with the option's name. */
function numberOf(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= least && value <= most))
    throw new Error(`--${name} takes a number from ${least} to ${most}, not ${JSON.stringify(text)}`);
  return value;
}

/** Names given on the command line; throws where the cluster has none of that name. */
function namesOf(name: string, given: readonly string[], known: readonly string[]): Set<string> {
  const wrong = given.find((one) => !known.includes(one));
  if (wrong !== undefined) throw new Error(`--${name} takes ${known.join(', ')}, not ${JSON.stringify(wrong)}`);
  return new Set(given);
}

/**
 * The demo cluster as a process: prints one JSON line `{kubeconfig, prometheusUrl, namespace}` (and sends it to a
 * parent that forked it), then runs until it is interrupted, its IPC parent goes away, or, with `--with-parent`,
 * its standard input ends.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: OPTIONS });
  const nodes = numberOf('nodes', values.nodes, 1, 99);
  const seed = numberOf('seed', values.seed, 0, 2 ** 32 - 1);
  const speed = numberOf('speed', values.speed, 0.01, 1000);
  const scrapeMs = numberOf('scrape', values.scrape, 1, 600) * 1000;
  const { pods } = demoTopology(Math.floor(nodes));
  const controls = {
    missingDaemons: namesOf(
      'missing-daemon',
      values['missing-daemon'],
      pods.map(({ hostNode }) => hostNode),
    ),
    brokenNetwork: namesOf(
      'broken-network',
      values['broken-network'],
      pods.map(({ name }) => name),
    ),
    delayMs: numberOf('chaos-delay', values['chaos-delay'], 0, 3600) * 1000,
    stopped: values['without-controller'],
  };
  const directory = values.directory ?? mkdtempSync(path.join(tmpdir(), 'distdiag-demo-'));
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const removeOwnDirectory = (): void => {
    if (!values.directory) rmSync(directory, { recursive: true, force: true });
  };
  const cluster = await startDemoCluster({ directory, nodes: pods.length, seed, speed, scrapeMs, controls }).catch(
    (error: unknown) => {
      removeOwnDirectory();
      throw error;
    },
  );
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    void cluster.stop().finally(() => {
      removeOwnDirectory();
      process.exit(0);
    });
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  process.on('disconnect', stop);
  if (values['with-parent'] && !process.send) {
    process.stdin.on('end', stop).on('error', stop);
    process.stdin.resume();
  }
  const facts = {
    kubeconfig: cluster.kubeconfigPath,
    prometheusUrl: cluster.prometheusUrl,
    namespace: cluster.namespace,
  };
  console.log(JSON.stringify(facts));
  process.send?.(facts);
}

// Imported (by a script or a test), this file only offers startDemoCluster.
if (typeof require !== 'undefined' && require.main === module) {
  main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  });
}

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { DemoCluster } from './cluster';

/** Where a cluster's process keeps its files, and how long it lives. */
export interface ProcessOptions {
  /** Kept at the end; without it, one of the process's own that is removed. */
  directory?: string | undefined;
  /** Ends with standard input, too. */
  withParent: boolean;
}

/**
 * Runs a cluster as a process: prints one JSON line `{kubeconfig, prometheusUrl, namespace}` (and sends it to a parent
 * that forked it), then waits until it is interrupted, its IPC parent goes away, or, with `withParent`, its standard
 * input ends; then stops the cluster. An interruption while it starts aborts the signal that `start` is given.
 */
export async function runAsProcess(
  { directory: given, withParent }: ProcessOptions,
  start: (directory: string, signal: AbortSignal) => Promise<DemoCluster>,
): Promise<void> {
  const interruption = new AbortController();
  const interrupted = new Promise<void>((resolve) => interruption.signal.addEventListener('abort', () => resolve()));
  const interrupt = (): void => interruption.abort();
  for (const event of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect']) process.on(event, interrupt);
  if (withParent && !process.send) {
    process.stdin.on('end', interrupt).on('error', interrupt);
    process.stdin.resume();
  }
  const directory = given ?? mkdtempSync(path.join(tmpdir(), 'distdiag-demo-'));
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const cluster = await start(directory, interruption.signal);
    if (!interruption.signal.aborted) {
      const { kubeconfigPath: kubeconfig, prometheusUrl, namespace } = cluster;
      process.stdout.write(`${JSON.stringify({ kubeconfig, prometheusUrl, namespace })}\n`);
      process.send?.({ kubeconfig, prometheusUrl, namespace });
      await interrupted;
    }
    await cluster.stop();
  } finally {
    if (given === undefined) rmSync(directory, { recursive: true, force: true });
  }
}

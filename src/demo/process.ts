import { mkdirSync, mkdtempSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ParseArgsOptionsConfig } from 'node:util';
import { onAbort } from '../core/time/onAbort';
import type { DemoCluster } from './cluster';

/** Command-line options of a cluster's process: where it keeps its files, and how long it lives. */
export const PROCESS_OPTIONS = {
  /** Kept at the end; without it, one of the process's own that is removed. */
  directory: { type: 'string' },
  /** Removes the given one, too, where the process is asked to end. */
  'remove-directory': { type: 'boolean', default: false },
  /** Ends with standard input, too. */
  'with-parent': { type: 'boolean', default: false },
} satisfies ParseArgsOptionsConfig;

/** Their values, as `parseArgs` gives them. */
interface ProcessValues {
  directory?: string | undefined;
  'remove-directory': boolean;
  'with-parent': boolean;
}

/** The exit code of a cluster that ended because of an internal error. */
const FAILED = 70;

/**
 * An error that nothing expected ends the process, and says so in words: what runs on after one may be wrong in any way.
 * Those who read its output may be gone: that is no error of the cluster's.
 */
function endByErrors(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  const end = (thrown: unknown): void => {
    const { heapUsed, rss } = process.memoryUsage();
    const [heap, resident] = [heapUsed, rss].map((bytes) => Math.round(bytes / 2 ** 20));
    const what = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    writeSync(
      process.stderr.fd,
      `The demo cluster ends by an error of its own after ${Math.round(process.uptime())} s (heap ${heap} MiB, resident ${resident} MiB):\n${what}\n`,
    );
    process.exit(FAILED);
  };
  process.on('uncaughtException', end).on('unhandledRejection', end);
}

/**
 * Runs a cluster as a process: prints one JSON line `{kubeconfig, prometheusUrl, namespace}` (and sends it to a parent
 * that forked it), then waits until it is interrupted, its IPC parent goes away, or, with `withParent`, its standard
 * input ends; then stops the cluster. An interruption while it starts aborts the signal that `start` is given.
 */
export async function runAsProcess(
  { directory: given, 'remove-directory': removes, 'with-parent': withParent }: ProcessValues,
  start: (directory: string, signal: AbortSignal) => Promise<DemoCluster>,
): Promise<void> {
  endByErrors();
  const interruption = new AbortController();
  const interrupted = new Promise<void>((resolve) => onAbort(interruption.signal, resolve));
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
    if (given === undefined || (removes && interruption.signal.aborted))
      rmSync(directory, { recursive: true, force: true });
  }
}

import { subscribe } from 'node:diagnostics_channel';
import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as vscode from 'vscode';
import type { DistDiagApi } from '../../../types/index';

/** Caches fill and code is compiled before anything is measured. */
const WARM_UP_MS = 60_000;

/** What watching with the panel open costs the editor's host of extensions, which other extensions share. */
export interface HourInHostFigures {
  minutes: number;
  refreshSeconds: number;
  /** Range queries that were sent meanwhile, so that it is seen that there was something to measure. */
  rangeQueries: number;
  /** Of the whole host, after a collection: at the start, and after each quarter. */
  heapMiB: { before: number; quarters: number[] };
  /** Of the host's thread; a timer of 1 ms, so 1 is "at rest". */
  eventLoopDelayMs: { median: number; p99: number; max: number };
  /** CPU time of the host's process, all its threads, as a share of one core. */
  busyPercent: number;
  activationMs: number;
}

/** Entry point inside the host: opens the panel, watches, and writes the figures where it is asked to. */
export async function run(): Promise<void> {
  const minutes = Number(process.env['DISTDIAG_BENCH_MINUTES']);
  const refreshSeconds = Number(process.env['DISTDIAG_BENCH_REFRESH']);
  const extension = vscode.extensions.getExtension<DistDiagApi>('distdiag.distdiag');
  if (!extension) throw new Error('The extension is not there.');
  const { activationMs } = await extension.activate();
  const settings = vscode.workspace.getConfiguration('distdiag');
  await settings.update('metrics.refreshSeconds', refreshSeconds, vscode.ConfigurationTarget.Global);
  await vscode.commands.executeCommand('distdiag.experiments.focus');
  await vscode.commands.executeCommand('distdiag.openMetricsPanel');
  let rangeQueries = 0;
  subscribe('http.client.request.start', (message) => {
    const { request } = message as { request: { path?: string } };
    if (request.path?.includes('query_range')) rangeQueries += 1;
  });
  await wait(WARM_UP_MS);
  if (rangeQueries === 0) throw new Error('The panel asks for no metrics.');

  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const heap = (): number => {
    collect();
    return Number((process.memoryUsage().heapUsed / 2 ** 20).toFixed(1));
  };
  const before = heap();
  const quarters: number[] = [];
  const delay = monitorEventLoopDelay({ resolution: 1 });
  rangeQueries = 0;
  const cpu = process.cpuUsage();
  const began = performance.now();
  for (let quarter = 1; quarter <= 4; quarter++) {
    delay.enable();
    await wait(Math.max(0, began + (quarter * minutes * 60_000) / 4 - performance.now()));
    delay.disable(); // a collection that is asked for is no part of it
    quarters.push(heap());
  }
  const { user, system } = process.cpuUsage(cpu);
  const passedMs = performance.now() - began;
  const ms = (nanoseconds: number): number => Number((nanoseconds / 1e6).toFixed(1));
  const figures: HourInHostFigures = {
    minutes: Number((passedMs / 60_000).toFixed(1)),
    refreshSeconds,
    rangeQueries,
    heapMiB: { before, quarters },
    eventLoopDelayMs: { median: ms(delay.percentile(50)), p99: ms(delay.percentile(99)), max: ms(delay.max) },
    busyPercent: Number(((user + system) / 10 / passedMs).toFixed(1)),
    activationMs: Number(activationMs.toFixed(1)),
  };
  writeFileSync(process.env['DISTDIAG_SUITE_REPORT'] ?? '', JSON.stringify(figures));
}

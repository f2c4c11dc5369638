import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, vi } from 'vitest';
import { scaledClock } from '../../src/core/clock';
import { FaultBoard } from '../../src/demo/faults';
import { startPrometheus } from '../../src/demo/prometheus/server';
import type { SeriesStore } from '../../src/demo/prometheus/store';
import { DatabaseSimulator } from '../../src/demo/simulator/simulator';
import { demoTopology, type Topology } from '../../src/demo/topology';

/** True where a real Prometheus and its tool are on this machine; 2, as the embedded one is: 3 takes ranges without their left end. */
export const prometheusIsHere = ['prometheus', 'promtool'].every((tool) =>
  /version 2\./.test(String(spawnSync(tool, ['--version']).stdout)),
);

/** What an API call answers. */
export interface Answer {
  status: string;
  errorType?: string;
  error?: string;
  data: {
    resultType: string;
    result: { metric: Record<string, string>; values?: [number, string][]; value?: [number, string] }[];
  };
}

/** The embedded Prometheus and a real one that hold the same samples of the same database. */
export interface TwoPrometheus {
  ours: string;
  theirs: string;
  topology: Topology;
  /** The time of the last sample, epoch seconds; `SCRAPE_MS` apart from the one before. */
  lastAt: number;
  stop(): Promise<void>;
}

export const SCRAPE_MS = 5000;

/** Asks one of them. */
export async function ask(base: string, call: string, parameters: Record<string, string>): Promise<Answer> {
  const response = await fetch(`${base}/api/v1/${call}`, { method: 'POST', body: new URLSearchParams(parameters) });
  return (await response.json()) as Answer;
}

/**
 * Simulates some minutes of three nodes, of which one restarts on the way, and gives the samples to both servers; `put`
 * adds some of its own, up to the time that it is given.
 */
export async function startTwoPrometheus(
  minutes: number,
  put: (store: SeriesStore, nowMs: number) => void = () => undefined,
): Promise<TwoPrometheus> {
  const directory = mkdtempSync(path.join(tmpdir(), 'distdiag-promql-'));
  const topology = demoTopology();
  const board = new FaultBoard();
  const now = Math.floor(Date.now() / SCRAPE_MS) * SCRAPE_MS;
  const historyMs = minutes * 60_000;
  const simulator = new DatabaseSimulator({ topology, seed: 3, startMs: now - historyMs - 60_000, board });
  const advance = simulator.advanceTo.bind(simulator);
  const [, restarts] = topology.pods;
  simulator.advanceTo = (ms) => {
    const id = 'restart';
    if (restarts && ms > now - historyMs / 2) board.apply({ id, pod: restarts.name, fault: { type: 'podKill' } });
    advance(ms);
  };
  // Stands still: both hold what was scraped up to here.
  const clock = { ...scaledClock(1), now: () => now, after: () => ({ dispose: () => undefined }) };
  const embedded = await startPrometheus({ simulator, clock, scrapeMs: SCRAPE_MS, historyMs });
  put(embedded.store, now);
  const families = new Map<string, string[]>();
  for (const { labels: all, times, values } of embedded.store.all()) {
    const { __name__: name = '', ...labels } = all;
    const text = Object.entries(labels).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
    const lines = families.get(name) ?? [`# TYPE ${name} unknown`];
    times.forEach((at, i) => lines.push(`${name}{${text.join(',')}} ${values[i]} ${at / 1000}`));
    families.set(name, lines);
  }
  const samples = path.join(directory, 'samples.txt');
  writeFileSync(samples, `${[...families.values()].flat().join('\n')}\n# EOF\n`);
  const storage = path.join(directory, 'tsdb');
  execFileSync('promtool', ['tsdb', 'create-blocks-from', 'openmetrics', samples, storage], { stdio: 'pipe' });
  const config = path.join(directory, 'prometheus.yml');
  writeFileSync(config, 'global: {}\n');
  const free = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => free.once('listening', resolve));
  const address = `127.0.0.1:${(free.address() as AddressInfo).port}`;
  await new Promise((resolve) => free.close(resolve));
  const flags = [`--config.file=${config}`, `--storage.tsdb.path=${storage}`, `--web.listen-address=${address}`];
  const server = spawn('prometheus', [...flags, '--storage.tsdb.retention.time=100y'], { stdio: 'ignore' });
  const theirs = `http://${address}`;
  await vi.waitFor(async () => expect((await fetch(`${theirs}/-/ready`)).ok).toBe(true), 30_000);
  return {
    ours: embedded.url,
    theirs,
    topology,
    lastAt: now / 1000,
    stop: async () => {
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.kill();
      await Promise.all([ended, embedded.stop()]);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Two values that are the same to 1e-6 of the larger; what is no number only agrees with the same. */
function near(a: number, b: number): boolean {
  return Object.is(a, b) || Math.abs(a - b) <= 1e-6 * Math.max(Math.abs(a), Math.abs(b));
}

/** How two answers differ, in words; [] where they have the same series with the same values at the same times, or both refuse. */
export function differences(ours: Answer, theirs: Answer): string[] {
  if (ours.status !== 'success' || theirs.status !== 'success')
    return ours.status === theirs.status
      ? []
      : [`ours: ${ours.status} ${ours.error ?? ''}; theirs: ${theirs.status} ${theirs.error ?? ''}`];
  if (ours.data.resultType !== theirs.data.resultType) return [`${ours.data.resultType} is ${theirs.data.resultType}`];
  const [a, b] = [ours, theirs].map(pointsOf) as [Map<string, number>, Map<string, number>];
  return [...new Set([...a.keys(), ...b.keys()])].flatMap((key) => {
    const [left, right] = [a.get(key), b.get(key)];
    return left !== undefined && right !== undefined && near(left, right) ? [] : [`${key}: ${left} is ${right}`];
  });
}

/** Every sample of an answer by its labels and time. */
function pointsOf({ data }: Answer): Map<string, number> {
  const { resultType, result } = data;
  const series =
    resultType === 'scalar' || resultType === 'string'
      ? [{ metric: {}, value: result as unknown as [number, string] }]
      : result;
  return new Map(
    series.flatMap(({ metric, values, value }: Answer['data']['result'][number]) => {
      const labels = JSON.stringify(Object.entries(metric).sort());
      const points = values ?? (value ? [value] : []);
      return points.map(([at, text]): [string, number] => [
        `${labels} at ${at}`,
        Number(text.replace('Inf', 'Infinity')),
      ]);
    }),
  );
}

import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, vi } from 'vitest';
import { freePort } from '../../scripts/host/processes.mjs';
import { scaledClock } from '../../src/core/base/clock';
import { FaultBoard } from '../../src/demo/faults';
import { startPrometheus } from '../../src/demo/prometheus/server';
import type { SeriesStore } from '../../src/demo/prometheus/store';
import { DatabaseSimulator } from '../../src/demo/simulator/simulator';
import { demoTopology, type Topology } from '../../src/demo/topology';

/** The server that is compared: Debian's Prometheus, or another engine that `npm run test:real` names. */
const PROGRAM = process.env['DISTDIAG_ENGINE'] ?? 'prometheus';
const versionOf = (program: string): string => String(spawnSync(program, ['--version']).output);
const [, found = ''] = /(victoria-metrics|version [23])\b/.exec(versionOf(PROGRAM)) ?? [];
/** Which engine that is; undefined where there is none, or none whose samples could be written. */
export const engine: Engine | undefined =
  found === 'victoria-metrics'
    ? 'VictoriaMetrics'
    : found === '' || !/version/.test(versionOf('promtool'))
      ? undefined
      : found.endsWith('3')
        ? 'Prometheus 3'
        : 'Prometheus 2';

/** The engines that answer as Prometheus does, each with rules of its own. */
export type Engine = 'Prometheus 2' | 'Prometheus 3' | 'VictoriaMetrics';

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

/** The embedded Prometheus and a real engine that hold the same samples of the same database. */
export interface TwoPrometheus {
  ours: string;
  store: SeriesStore;
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
  const leftOpen = engine === 'Prometheus 3';
  const embedded = await startPrometheus({ simulator, clock, scrapeMs: SCRAPE_MS, historyMs, leftOpen });
  put(embedded.store, now);
  const families = new Map<string, string[]>();
  for (const { labels: all, times, values } of embedded.store.all()) {
    const { __name__: name = '', ...labels } = all;
    const text = Object.entries(labels).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
    const lines = families.get(name) ?? [`# TYPE ${name} unknown`];
    times.forEach((at, i) => lines.push(`${name}{${text.join(',')}} ${values[i]} ${at / 1000}`));
    families.set(name, lines);
  }
  const theirs = await (engine === 'VictoriaMetrics' ? startVictoriaMetrics : startRealPrometheus)(
    directory,
    [...families.values()].flat(),
  );
  return {
    ours: embedded.url,
    store: embedded.store,
    theirs: theirs.url,
    topology,
    lastAt: now / 1000,
    stop: async () => {
      await Promise.all([theirs.stop(), embedded.stop()]);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

interface RealServer {
  url: string;
  stop(): Promise<void>;
}

/** A Prometheus whose blocks are made of lines of OpenMetrics. */
async function startRealPrometheus(directory: string, lines: readonly string[]): Promise<RealServer> {
  const samples = path.join(directory, 'samples.txt');
  writeFileSync(samples, `${lines.join('\n')}\n# EOF\n`);
  const storage = path.join(directory, 'tsdb');
  execFileSync('promtool', ['tsdb', 'create-blocks-from', 'openmetrics', samples, storage], { stdio: 'pipe' });
  const config = path.join(directory, 'prometheus.yml');
  writeFileSync(config, 'global: {}\n');
  const flags = [`--config.file=${config}`, `--storage.tsdb.path=${storage}`, '--storage.tsdb.retention.time=100y'];
  return startReal((address) => [...flags, `--web.listen-address=${address}`], '/-/ready');
}

/** A VictoriaMetrics that was given lines of OpenMetrics, whose seconds it wants as milliseconds. */
async function startVictoriaMetrics(directory: string, lines: readonly string[]): Promise<RealServer> {
  // It holds back what is new for longer than a test takes, unless it is asked not to.
  const flags = [
    `-storageDataPath=${path.join(directory, 'data')}`,
    '-search.latencyOffset=10m',
    '-retentionPeriod=1y',
  ];
  const server = await startReal((address) => [...flags, `-httpListenAddr=${address}`], '/health');
  const body = lines.map((line) => line.replace(/ (\S+)$/, (_, at: string) => ` ${Math.round(Number(at) * 1000)}`));
  const given = await fetch(`${server.url}/api/v1/import/prometheus`, { method: 'POST', body: body.join('\n') });
  expect(given.status).toBe(204);
  expect((await fetch(`${server.url}/internal/force_flush`)).ok).toBe(true);
  return server;
}

async function startReal(flags: (address: string) => string[], ready: string): Promise<RealServer> {
  const address = `127.0.0.1:${await freePort()}`;
  const server = spawn(PROGRAM, flags(address), { stdio: 'ignore' });
  const url = `http://${address}`;
  await vi.waitFor(async () => expect((await fetch(url + ready)).ok).toBe(true), 30_000);
  return {
    url,
    stop: async () => {
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.kill();
      await ended;
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

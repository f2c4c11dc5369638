import { execFileSync } from 'node:child_process';
import { cpus, loadavg } from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { chooseBackend } from '../../src/adapters/tensorflow/backend';
import { DetectorModel } from '../../src/adapters/tensorflow/model';
import { readModelFiles } from '../../src/adapters/tensorflow/modelFile';
import { createWorkerScorer } from '../../src/adapters/tensorflow/workerClient';
import { blend } from '../../src/core/diagnosis/blend';
import { distanceDetector } from '../../src/core/diagnosis/distance/distanceDetector';
import { anomalyGraph } from '../../src/core/diagnosis/graph/graph';
import { rank } from '../../src/core/diagnosis/ranking';
import type { DiagnosisRequest, ScorerInfo } from '../../src/core/diagnosis/types';
import { analyseAll } from '../../src/core/monitoring/lookFrames';
import type { MetricFrame } from '../../src/core/metrics/series';
import { Random } from '../../src/core/base/random';
import { benchAbort } from '../../test/bench/abort';
import { benchBundles } from '../../test/bench/bundles';
import { benchCharts } from '../../test/bench/charts';
import { benchHour } from '../../test/bench/hour';
import { benchLatency } from '../../test/bench/latency';
import { benchPodMetrics, servePods } from '../../test/bench/manyPods';
import { growth } from '../../test/bench/numbers';
import { benchQuery } from '../../test/bench/query';
import { benchScale } from '../../test/bench/scale';

const root = path.join(__dirname, '..', '..');
const info: ScorerInfo = { answeredBy: 'cpu', model: undefined, reason: undefined };

/** Median milliseconds of several runs. */
function median(work: () => void, runs = 9): number {
  work(); // once to warm up
  const times = Array.from({ length: runs }, () => {
    const started = performance.now();
    work();
    return performance.now() - started;
  }).sort((a, b) => a - b);
  return Number((times[runs >> 1] as number).toFixed(2));
}

const METRICS = 60;
/** Samples of a window: so many that the graph takes none of the baseline, as the calls beside it take none. */
const WINDOW = 20;
/** Inputs that are fed to the readers of outside input, shared by all of them. */
const FUZZED = 100_000;

/** A cluster of random series: 60 metrics a node, those that the model knows first. */
function observations(nodes: number, samples: number, known: readonly string[]): DiagnosisRequest {
  const random = new Random(1);
  const column = (length: number): Float64Array => Float64Array.from({ length }, () => 100 + random.normal());
  const metrics = Array.from({ length: METRICS }, (_, i) => known[i] ?? `extra.${i}`);
  return {
    from: 0,
    at: 0,
    nodes: Array.from({ length: nodes }, (_, i) => ({
      name: `n${i}`,
      metrics: Object.fromEntries(
        metrics.map((id) => [id, { baseline: column(samples - WINDOW), window: column(WINDOW) }]),
      ),
    })),
  };
}

/** Every correlation by a call of its own on plain arrays, as a library does it: means, deviations, products, each time anew. */
function callPerCorrelation(request: DiagnosisRequest): number {
  const pearson = (a: number[], b: number[]): number => {
    const mean = (list: number[]): number => list.reduce((sum, value) => sum + value, 0) / list.length;
    const [ma, mb] = [mean(a), mean(b)];
    const product = a.map((value, i) => (value - ma) * ((b[i] as number) - mb)).reduce((sum, value) => sum + value, 0);
    const norm = (list: number[], m: number): number =>
      Math.sqrt(list.reduce((sum, value) => sum + (value - m) ** 2, 0));
    return product / (norm(a, ma) * norm(b, mb));
  };
  let total = 0;
  request.nodes.forEach((one, i) =>
    request.nodes.slice(i + 1).forEach((other) => {
      for (const metric of Object.keys(one.metrics))
        total += Math.abs(
          pearson([...(one.metrics[metric]?.window ?? [])], [...(other.metrics[metric]?.window ?? [])]),
        );
    }),
  );
  return total;
}

/** The published reference in Python (scipy.stats.pearsonr, a call per correlation), where Python and SciPy are here. */
function pythonReferenceMs(nodes: number): number | undefined {
  const script = `
import time
import numpy as np
from scipy.stats import pearsonr
x = np.random.default_rng(1).normal(100, 1, (${nodes}, ${METRICS}, ${WINDOW}))
t = time.perf_counter()
for i in range(${nodes}):
    for j in range(i + 1, ${nodes}):
        for k in range(${METRICS}):
            pearsonr(x[i, k], x[j, k])
print((time.perf_counter() - t) * 1000)`;
  try {
    return Math.round(
      Number(execFileSync('python3', ['-c', script], { stdio: ['ignore', 'pipe', 'ignore'] }).toString()),
    );
  } catch {
    return undefined;
  }
}

/** Milliseconds of the host's own thread for handing a look to the scoring thread, and of the whole look. */
async function hostMs(nodes: number, known: readonly string[]): Promise<Record<string, number>> {
  const { nodes: given } = observations(nodes, 120, known);
  const series = given.flatMap(({ name, metrics }) =>
    Object.entries(metrics).map(([metric, { baseline, window }]) => ({
      metric,
      node: name,
      values: Float64Array.from([...baseline, ...window, ...baseline, ...window]), // the range, and what it looks back on
    })),
  );
  const timestamps = Float64Array.from({ length: 240 }, (_, i) => 1e12 + i * 15_000);
  const frame: MetricFrame = { timestamps, stepMs: 15_000, nodes: given.map(({ name }) => name), series, problems: [] };
  const scorer = createWorkerScorer({
    workerPath: path.join(root, 'dist', 'scorer.js'),
    modelDirectory: path.join(root, 'models', 'anomaly-detector'),
    log: { trace() {}, debug() {}, info() {}, warn() {}, error() {} },
  });
  // The thread does not keep a process alive; in the editor the host does.
  const never = new AbortController().signal;
  const alive = setInterval(() => undefined, 1000);
  await scorer.info();
  const started = performance.now();
  const windowMs = 119 * 15_000;
  await analyseAll(scorer, frame, { timestamps: timestamps.subarray(120), windowMs }, never);
  const firstMs = performance.now() - started;
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const handing: number[] = [];
  const looks: number[] = [];
  for (let i = 1; i <= 5; i++) {
    const next = { ...frame, timestamps: timestamps.map((at) => at + i * 15_000) };
    const begin = performance.now();
    const done = scorer.analyse(next, { timestamps: next.timestamps.subarray(120), windowMs });
    handing.push(performance.now() - begin);
    await done;
    looks.push(performance.now() - begin);
  }
  delay.disable();
  clearInterval(alive);
  scorer.dispose();
  const middle = (list: number[]): number =>
    Number(([...list].sort((a, b) => a - b)[list.length >> 1] as number).toFixed(2));
  return {
    handingOverMs: middle(handing),
    nextLookMs: middle(looks),
    firstLookWithAllRanksMs: Math.round(firstMs),
    eventLoopDelayMaxMs: Number((delay.max / 1e6).toFixed(2)),
  };
}

/** Diagnosis and graph by number of nodes, and how their time grows with it. */
async function byNodes(): Promise<unknown> {
  const backend = await chooseBackend(path.join(root, 'dist'));
  const model = await DetectorModel.load(await readModelFiles(path.join(root, 'models', 'anomaly-detector')));
  const signs = distanceDetector();
  const detect = blend(model.detect, signs);
  const rows = [3, 10, 30, 100, 300, 1000].map((nodes) => {
    const request = observations(nodes, 120, model.manifest.layout.metrics);
    const runs = nodes > 100 ? 3 : 9;
    return {
      nodes,
      modelMs: median(() => rank(request, detect, info), runs),
      distanceMs: median(() => rank(request, signs, info), runs),
      graphMs: median(() => anomalyGraph(request.nodes), runs),
    };
  });
  const exponent = (key: 'modelMs' | 'distanceMs' | 'graphMs'): number =>
    growth(rows.filter(({ nodes }) => nodes >= 30).map((row) => [row.nodes, row[key]] as const));
  return {
    backend: backend.name,
    metrics: METRICS,
    samples: 120,
    rows,
    growthFrom30Nodes: { model: exponent('modelMs'), distance: exponent('distanceMs'), graph: exponent('graphMs') },
  };
}

/** The graph beside a call for each correlation, in this language and in Python. */
async function graphBesideCalls(): Promise<unknown> {
  const thirty = observations(30, 120, []);
  const graphMs = median(() => anomalyGraph(thirty.nodes), 31);
  const callsMs = median(() => callPerCorrelation(thirty), 3);
  const pythonMs = pythonReferenceMs(30);
  return {
    typedArraysMs: graphMs,
    callPerCorrelationMs: callsMs,
    timesFaster: Math.round(callsMs / graphMs),
    ...(pythonMs === undefined
      ? { python: 'no Python with SciPy here' }
      : { pythonCallPerCorrelationMs: pythonMs, timesFasterThanPython: Math.round(pythonMs / graphMs) }),
  };
}

async function look(): Promise<unknown> {
  await chooseBackend(path.join(root, 'dist')); // of this process, which only reads which metrics the model knows
  const { manifest } = await DetectorModel.load(await readModelFiles(path.join(root, 'models', 'anomaly-detector')));
  return hostMs(100, manifest.layout.metrics);
}

/** Again in a process whose collector can be called. */
function hour(): unknown {
  const args = ['--no-deprecation', '--expose-gc', __filename, '--only', 'hour'];
  const text = execFileSync(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] }).toString();
  return (JSON.parse(text) as { hour: unknown }).hour;
}

/** Watches in the real extension host with the panel open, as long as `minutes` says, a refresh each second. */
function hourInHost(minutes: string): unknown {
  const program = [path.join(root, 'scripts/bench-host.mjs'), '--minutes', minutes];
  const text = execFileSync(process.execPath, program, { stdio: ['ignore', 'pipe', 'inherit'] }).toString();
  return JSON.parse(text.trimEnd().split('\n').at(-1) as string);
}

/** Loaded where it is asked for: its inputs would lie in the heap that other sections measure. */
async function fuzzed(): Promise<unknown> {
  const { fuzz, fuzzTargets } = await import('../../test/fuzz/index');
  return fuzz(fuzzTargets(), FUZZED);
}

/** Too long for every run: only where they are named. */
const LONG = ['hourInHost', 'abort'];

/** What can be measured, each by its name: `--only hour,query` measures some. */
const SECTIONS: Record<string, (minutes: string) => unknown> = {
  bundles: () => benchBundles(root),
  latency: () => benchLatency(),
  query: () => benchQuery(root),
  diagnosisByNodes: byNodes,
  graphOf30Nodes: graphBesideCalls,
  lookOf100Nodes: look,
  scale: () => benchScale(),
  readersOfOutsideInput: fuzzed,
  metricsOf1000Pods: () => benchPodMetrics(1000, __filename),
  panel: () => benchCharts(root),
  hour: () => (globalThis.gc ? benchHour(root) : hour()),
  hourInHost,
  abort: () => benchAbort(root),
};

/** `npm run bench`: figures as JSON, medians; a line on stderr for each section that is done. */
async function main(): Promise<void> {
  const inside = globalThis.gc !== undefined; // a section of another run
  const usual = Object.keys(SECTIONS).filter((name) => !LONG.includes(name));
  const { values } = parseArgs({
    options: {
      only: { type: 'string', default: usual.join() },
      minutes: { type: 'string', default: '12' },
      pods: { type: 'string' },
    },
  });
  if (values.pods !== undefined) return servePods(Number(values.pods)); // a section's server
  const figures: Record<string, unknown> = {
    node: process.version,
    machine: `${cpus().length} × ${cpus()[0]?.model.trim()}`,
  };
  for (const name of values.only.split(',')) {
    const measure = SECTIONS[name];
    if (!measure) throw new Error(`--only takes ${Object.keys(SECTIONS).join(', ')}, not ${JSON.stringify(name)}`);
    const began = performance.now();
    figures[name] = await measure(values.minutes);
    const seconds = (performance.now() - began) / 1000;
    // What is printed at the end is JSON alone.
    if (!inside) process.stderr.write(`${name}: ${seconds.toFixed(1)} s\n`);
  }
  figures['loadAverage'] = Number(loadavg()[0]?.toFixed(1));
  console.log(JSON.stringify(figures, undefined, 1));
}

main().then(
  () => process.exit(0), // a thread or a kept connection that is still there holds no figure
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);

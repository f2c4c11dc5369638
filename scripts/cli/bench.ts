import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { chooseBackend } from '../../src/adapters/tensorflow/backend';
import { DetectorModel } from '../../src/adapters/tensorflow/model';
import { readModelFiles } from '../../src/adapters/tensorflow/modelFile';
import { distanceDetector } from '../../src/core/diagnosis/distanceDetector';
import { anomalyGraph } from '../../src/core/diagnosis/graph';
import { rank } from '../../src/core/diagnosis/ranking';
import type { DiagnosisRequest, ScorerInfo } from '../../src/core/diagnosis/types';
import { METRICS } from '../../src/core/metrics/catalogue';
import { Random } from '../../src/demo/random';

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

/** Milliseconds that a fresh Node needs to load a bundle. */
function loadMs(bundle: string): number {
  const script = `const s=performance.now();require(${JSON.stringify(path.join(root, 'dist', bundle))});console.log(performance.now()-s)`;
  const times = Array.from({ length: 5 }, () =>
    Number(execFileSync(process.execPath, ['--no-deprecation', '-e', script]).toString()),
  ).sort((a, b) => a - b);
  return Number((times[2] as number).toFixed(1));
}

/** A cluster of random series. */
function observations(nodes: number, samples: number): DiagnosisRequest {
  const random = new Random(1);
  const column = (length: number): Float64Array => Float64Array.from({ length }, () => 100 + random.normal());
  return {
    at: 0,
    nodes: Array.from({ length: nodes }, (_, i) => ({
      name: `n${i}`,
      metrics: Object.fromEntries(
        METRICS.map(({ id }) => [id, { baseline: column(samples - 12), window: column(12) }]),
      ),
    })),
  };
}

/** `npm run bench`: figures as JSON, medians. */
async function main(): Promise<void> {
  const bundles = Object.fromEntries(
    readdirSync(path.join(root, 'dist'))
      .filter((file) => file.endsWith('.js'))
      .map((file) => [
        file,
        {
          kib: Math.round(statSync(path.join(root, 'dist', file)).size / 1024),
          ...(['kubernetes.js', 'prometheus.js'].includes(file) ? { loadMs: loadMs(file) } : {}),
        },
      ]),
  );
  const backend = await chooseBackend(path.join(root, 'dist'));
  const model = await DetectorModel.load(await readModelFiles(path.join(root, 'models', 'anomaly-detector')));
  const diagnosis = Object.fromEntries(
    [3, 9, 30, 100].map((nodes) => {
      const request = observations(nodes, 120);
      return [
        nodes,
        {
          modelMs: median(() => rank(request, model.detect, info)),
          distanceMs: median(() => rank(request, distanceDetector(), info)),
          graphMs: median(() => anomalyGraph(request.nodes)),
        },
      ];
    }),
  );
  console.log(
    JSON.stringify(
      {
        node: process.version,
        backend: backend.name,
        bundles,
        diagnosisByNodes: { metrics: METRICS.length, samples: 120, ...diagnosis },
      },
      undefined,
      1,
    ),
  );
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});

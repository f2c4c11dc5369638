import { fitDetector, type Example } from '../../../src/adapters/tensorflow/training';
import { DetectorModel } from '../../../src/adapters/tensorflow/model';
import { deviations, featureRows } from '../../../src/core/diagnosis/features';
import type { Detector } from '../../../src/core/diagnosis/ranking';
import { Random } from '../../../src/demo/random';
import { stretches, type Run, type RunSet } from './dataset';

interface Stretch {
  run: Run;
  baseline: [number, number];
  window: [number, number];
  types: readonly string[];
}

/** Fits a fresh detector on recorded runs: clusters are drawn from their stretches, sick and healthy mixed. */
export async function fitOnRuns(sets: readonly RunSet[], types: readonly string[], keep?: RegExp): Promise<Detector> {
  const random = new Random(11);
  const metrics = [...new Set(sets.flatMap(({ runs }) => runs.flatMap(({ metrics: columns }) => Object.keys(columns))))]
    .filter((metric) => !keep || keep.test(metric))
    .sort();
  const examples: Example[] = [];
  for (const { runs } of sets) {
    const sick = runs.flatMap((run) => sickStretches(run, random));
    const healthy = runs.flatMap((run) => healthyStretches(run, random));
    const count = Math.max(sick.length, 400) * 2;
    for (let i = 0; i < count; i++) {
      const nodes = Array.from({ length: [3, 5, 9][random.below(3)] as number }, (_, k) => {
        const pool = k < (i % 4 === 0 ? 0 : 1 + (i % 2)) && sick.length > 0 ? sick : healthy;
        return pool[random.below(pool.length)] as Stretch;
      });
      const found = deviations(
        nodes.map(({ run, baseline, window }, k) => ({
          name: String(k),
          metrics: stretches(run, baseline, window, keep),
        })),
      );
      const dropped = new Set(random.next() < 0.3 ? metrics.filter(() => random.next() < 0.15) : []);
      const kept = found.map((node) => new Map([...node].filter(([metric]) => !dropped.has(metric))));
      const rows = featureRows(metrics, kept);
      // Healthy peers are many and alike: one of them is enough per cluster.
      rows.forEach((features, k) => {
        if (k <= 2)
          examples.push({
            features,
            labels: Float32Array.from(types, (type) => Number(nodes[k]?.types.includes(type))),
          });
      });
    }
  }
  console.log(`fitting on ${examples.length} examples, ${metrics.length} metrics, ${types.length} types`);
  const model = await fitDetector({
    metrics,
    types,
    examples: random.shuffled(examples),
    epochs: 25,
    seed: 5,
    hidden: [64, 32],
  });
  const manifest = {
    format: 'distdiag-detector/1' as const,
    name: 'fitted',
    version: '0',
    metrics,
    types,
    thresholds: types.map(() => 0.5),
    sha256: { model: '', weights: '' },
  };
  const detector = new DetectorModel(manifest, model);
  return (nodes) => ({ ...detector.detect(nodes), contributions: () => [] });
}

const between = (random: Random, low: number, high: number): number => low + random.below(Math.max(1, high - low + 1));

/** Baselines before the fault, windows inside it. */
function sickStretches(run: Run, random: Random): Stretch[] {
  const [from, to] = run.abnormal;
  if (run.types.length === 0 || to - from < 4) return [];
  const length = Math.min(30, Math.max(4, to - from - 2));
  return Array.from({ length: 4 }, () => {
    const start = between(random, from, Math.max(from, to - length));
    const before = Math.max(5, from - 1);
    return {
      run,
      baseline: [0, before] as [number, number],
      window: [start, Math.min(to, start + length)] as [number, number],
      types: run.types,
    };
  });
}

/** Baselines and windows that both lie outside the fault. */
function healthyStretches(run: Run, random: Random): Stretch[] {
  const [from, to] = run.types.length === 0 ? [run.rows, run.rows] : run.abnormal;
  const result: Stretch[] = [];
  const half = Math.floor(from / 2);
  if (half >= 5) {
    const length = Math.min(30, from - half);
    const start = between(random, half, from - length);
    result.push({ run, baseline: [0, half], window: [start, start + length], types: [] });
  }
  const after = to + 5;
  if (run.rows - after >= 6 && from >= 5)
    result.push({ run, baseline: [0, from - 1], window: [after, Math.min(run.rows, after + 30)], types: [] });
  return result;
}

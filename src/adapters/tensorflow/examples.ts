import { deviations, type NodeDeviations } from '../../core/diagnosis/features';
import { fitScaler, inputsOf, rawRows, standardise, type InputLayout } from '../../core/diagnosis/inputs';
import type { RandomSource } from '../../core/learning/clusters';
import { metricsOf, type RunStretch } from '../../core/learning/runStretches';
import type { Example } from './training';

/** A node in a window with what is known of it, before its inputs are standardised. */
export interface RawExample {
  row: Float32Array;
  node: NodeDeviations;
  types: readonly string[];
}

/** How examples are varied, so that a fit does not lean on any one metric or on exact values. */
export interface Augmentation {
  copies: number;
  /** Standard deviation of the noise on standardised inputs. */
  noise: number;
  /** Share of the metrics that are taken away from a copy. */
  drop: number;
}

/** Deviations of stretches, computed once each. */
export class DeviationCache {
  readonly #known = new Map<RunStretch, NodeDeviations>();

  of(stretch: RunStretch): NodeDeviations {
    let found = this.#known.get(stretch);
    if (!found) {
      found = deviations([{ name: stretch.run.id, metrics: metricsOf(stretch) }])[0] as NodeDeviations;
      this.#known.set(stretch, found);
    }
    return found;
  }
}

/** Each stretch among quiet peers drawn at random. */
export function rawExamples(
  stretches: readonly RunStretch[],
  quiet: readonly RunStretch[],
  plan: Pick<InputLayout, 'metrics' | 'levels'>,
  cache: DeviationCache,
  random: RandomSource,
): RawExample[] {
  return stretches.map((stretch) => {
    const peers = [0, 1].map(() => cache.of(quiet[Math.floor(random() * quiet.length)] ?? stretch));
    const node = cache.of(stretch);
    return { row: rawRows(plan, [node, ...peers])[0] as Float32Array, node, types: stretch.types };
  });
}

/** Standardised examples in a random order: every original, and varied copies of it. */
export function toExamples(
  raw: readonly RawExample[],
  types: readonly string[],
  layout: InputLayout,
  { copies, noise, drop }: Augmentation,
  random: RandomSource,
): Example[] {
  const gauss = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const examples = raw.flatMap(({ row, types: acting }): Example[] => {
    const inputs = standardise(layout, row);
    const labels = Float32Array.from(types, (type) => Number(acting.includes(type)));
    const varied = Array.from({ length: copies }, () => {
      const copy = inputs.map((value) => (value === 0 ? 0 : value + noise * gauss()));
      for (const metric of layout.metrics) if (random() < drop) for (const k of inputsOf(layout, metric)) copy[k] = 0;
      return { inputs: copy, labels };
    });
    return [{ inputs, labels }, ...varied];
  });
  for (let i = examples.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [examples[i], examples[j]] = [examples[j] as Example, examples[i] as Example];
  }
  return examples;
}

/** The layout of a model with these inputs, with the scaler of these examples. */
export function layoutOf(plan: Pick<InputLayout, 'metrics' | 'levels'>, raw: readonly RawExample[]): InputLayout {
  return { ...plan, ...fitScaler(raw.map(({ row }) => row)) };
}

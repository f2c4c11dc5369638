import { labelsOf } from '../../core/diagnosis/diagnosedTypes';
import { deviations, type NodeDeviations } from '../../core/diagnosis/features';
import { fitScaler, inputsOf, standardise, type InputLayout, type InputPlan } from '../../core/diagnosis/inputs';
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
    const labels = labelsOf(types, acting);
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
export function layoutOf(plan: InputPlan, raw: readonly RawExample[]): InputLayout {
  return { ...plan, ...fitScaler(raw.map(({ row }) => row)) };
}

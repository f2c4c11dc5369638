import * as tf from '@tensorflow/tfjs-core';
import { loadLayersModel, type LayersModel } from '@tensorflow/tfjs-layers';
import { AppError } from '../../core/base/errors';
import { jointly } from '../../core/diagnosis/diagnosedTypes';
import type { FamiliarDetection } from '../../core/diagnosis/blend';
import { familiarity } from '../../core/diagnosis/domain';
import type { NodeDeviations } from '../../core/diagnosis/features';
import { inputRows, inputsOf, inputWidth } from '../../core/diagnosis/inputs';
import type { ModelFiles, ModelManifest } from './modelFile';

/** A loaded model that can be asked. */
export class DetectorModel {
  readonly manifest: ModelManifest;
  /** The network itself, to be fitted further. */
  readonly network: LayersModel;

  constructor(manifest: ModelManifest, model: LayersModel) {
    this.manifest = manifest;
    this.network = model;
  }

  /** Builds the model from checked files. Throws AppError `modelInvalid`. */
  static async load(files: ModelFiles): Promise<DetectorModel> {
    try {
      const { topology, weightSpecs, weights } = files;
      const model = await loadLayersModel(
        tf.io.fromMemory({ modelTopology: topology, weightSpecs, weightData: weights }),
      );
      return new DetectorModel(files.manifest, model);
    } catch (error) {
      throw new AppError(
        'modelInvalid',
        `The model cannot be used: ${error instanceof Error ? error.message : String(error)}`,
        { cause: error },
      );
    }
  }

  /** What the model says of nodes, and how familiar each of them is to it. */
  readonly detect = (nodes: readonly NodeDeviations[]): FamiliarDetection => {
    const { types, thresholds, layout, levels } = this.manifest;
    const rows = inputRows(layout, nodes);
    return {
      types,
      thresholds,
      familiarity: nodes.map((node) => familiarity(levels, node)),
      probabilities: this.#split(rows).map((outputs) => jointly(types, outputs)),
      contributions: (node, type) => this.#occlusion(nodes[node] as NodeDeviations, rows[node] as Float32Array, type),
    };
  };

  /** Each output by itself, by node and type; a detection takes them together. */
  outputs(nodes: readonly NodeDeviations[]): Float64Array[] {
    return this.#split(inputRows(this.manifest.layout, nodes));
  }

  #split(rows: readonly Float32Array[]): Float64Array[] {
    const width = this.manifest.types.length;
    const flat = this.predict(rows);
    return rows.map((_, i) => Float64Array.from(flat.subarray(i * width, (i + 1) * width)));
  }

  /** Probabilities of standardised rows, row-major. */
  predict(rows: readonly Float32Array[]): Float32Array {
    const width = inputWidth(this.manifest.layout);
    const input = new Float32Array(rows.length * width);
    rows.forEach((row, i) => input.set(row, i * width));
    return tf.tidy(() =>
      (this.network.predict(tf.tensor2d(input, [rows.length, width])) as tf.Tensor).dataSync<'float32'>(),
    );
  }

  /**
   * What speaks for a type, best first: the mean of how much its log odds fall when a metric is taken away from the
   * row and how much they rise when it is added to an empty one. The second sees what several metrics say at once.
   */
  #occlusion(own: NodeDeviations, row: Float32Array, type: number): { metric: string; share: number }[] {
    const { layout, types } = this.manifest;
    const present = [...own.keys()].flatMap((metric) => {
      const inputs = inputsOf(layout, metric);
      return inputs.length > 0 ? [{ metric, inputs }] : [];
    });
    const without = present.map(({ inputs }) => {
      const rest = row.slice();
      for (const k of inputs) rest[k] = 0;
      return rest;
    });
    const alone = present.map(({ inputs }) => {
      const only = new Float32Array(row.length);
      for (const k of inputs) only[k] = row[k] as number;
      return only;
    });
    const answers = this.predict([row, new Float32Array(row.length), ...without, ...alone]);
    const logit = (index: number): number => {
      const p = Math.min(1 - 1e-6, Math.max(1e-6, answers[index * types.length + type] as number));
      return Math.log(p / (1 - p));
    };
    return present
      .map(({ metric }, i) => {
        const removed = logit(0) - logit(2 + i);
        const added = logit(2 + present.length + i) - logit(1);
        return { metric, share: (removed + added) / 2, z: Math.abs(own.get(metric)?.z ?? 0) };
      })
      .filter(({ share, z }) => share > 0.05 && z > 2)
      .sort((a, b) => b.share - a.share)
      .map(({ metric, share }) => ({ metric, share }));
  }

  dispose(): void {
    this.network.dispose();
  }
}

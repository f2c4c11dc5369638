import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import {
  initializers,
  layers,
  regularizers,
  sequential,
  type LayersModel,
  type Sequential,
} from '@tensorflow/tfjs-layers';
import type { ModelManifest } from './modelFile';

/** One node in one window: standardised inputs, and 1 for each type that acted on it. */
export interface Example {
  inputs: Float32Array;
  labels: Float32Array;
}

/** What a model is fitted to, and how. */
export interface FitOptions {
  examples: readonly Example[];
  epochs: number;
  seed: number;
  hidden?: readonly number[];
  learningRate?: number;
  /** Examples of one step; 64 unless told. */
  batchSize?: number;
  /** Weight decay of every kernel. */
  l2?: number;
  /** Called after every epoch; a true answer ends the fit. */
  onEpoch?: (epoch: number, loss: number) => boolean | void;
}

/** A multi-label network that knows nothing yet; the same seed gives the same weights. */
export function newDetector(
  inputs: number,
  types: number,
  { seed, hidden = [48], l2 = 3e-4 }: Omit<FitOptions, 'examples' | 'epochs'>,
): Sequential {
  const model = sequential();
  const dense = (units: number, activation: 'relu' | 'sigmoid', place: number): ReturnType<typeof layers.dense> =>
    layers.dense({
      units,
      activation,
      kernelInitializer: initializers.glorotUniform({ seed: seed + place }),
      kernelRegularizer: regularizers.l2({ l2 }),
      ...(place === 0 ? { inputShape: [inputs] } : {}),
    });
  hidden.forEach((units, place) => model.add(dense(units, 'relu', place)));
  model.add(dense(types, 'sigmoid', hidden.length));
  return model;
}

/** Fits a network in place; the same examples in the same order give the same weights on the same backend. */
export async function fit(model: LayersModel, options: FitOptions): Promise<void> {
  const { examples, epochs, learningRate = 0.003, batchSize = 64 } = options;
  model.compile({ optimizer: tf.train.adam(learningRate), loss: 'binaryCrossentropy' });
  const x = matrix(examples.map(({ inputs }) => inputs));
  const y = matrix(examples.map(({ labels }) => labels));
  try {
    // The examples come shuffled by the caller's seeded generator; the library's own shuffle has no seed.
    await model.fit(x, y, {
      epochs,
      batchSize,
      shuffle: false,
      verbose: 0,
      yieldEvery: 'epoch',
      callbacks: {
        onEpochEnd: (epoch, logs) => {
          if (options.onEpoch?.(epoch, logs?.['loss'] ?? NaN) === true) model.stopTraining = true;
        },
      },
    });
  } finally {
    tf.dispose([x, y]);
  }
}

function matrix(rows: readonly Float32Array[]): tf.Tensor2D {
  const width = rows[0]?.length ?? 0;
  const all = new Float32Array(rows.length * width);
  rows.forEach((row, i) => all.set(row, i * width));
  return tf.tensor2d(all, [rows.length, width]);
}

/** Writes model.json, weights.bin and manifest.json; further facts are added to the manifest as they are. */
export async function saveDetector(
  model: LayersModel,
  directory: string,
  facts: Omit<ModelManifest, 'format' | 'sha256'>,
): Promise<void> {
  let artifacts: tf.io.ModelArtifacts | undefined;
  await model.save(
    tf.io.withSaveHandler(async (given) => {
      artifacts = given;
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    }),
  );
  if (!artifacts) throw new Error('the model gave no artifacts');
  const weights = Buffer.from(artifacts.weightData as ArrayBuffer);
  const text = `${JSON.stringify({ format: 'layers-model', modelTopology: artifacts.modelTopology, weightsManifest: [{ paths: ['weights.bin'], weights: artifacts.weightSpecs }] }, undefined, 1)}\n`;
  const sum = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex');
  const manifest = { format: 'distdiag-detector/3', ...facts, sha256: { model: sum(text), weights: sum(weights) } };
  mkdirSync(directory, { recursive: true });
  writeFileSync(path.join(directory, 'model.json'), text);
  writeFileSync(path.join(directory, 'weights.bin'), weights);
  writeFileSync(path.join(directory, 'manifest.json'), `${JSON.stringify(manifest, undefined, 1)}\n`);
}

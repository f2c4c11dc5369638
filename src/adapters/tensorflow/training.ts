import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { initializers, layers, regularizers, sequential, type Sequential } from '@tensorflow/tfjs-layers';
import { FEATURES_PER_METRIC } from '../../core/diagnosis/features';

/** One node in one window: its features, and 1 for each type that acted on it. */
export interface Example {
  features: Float32Array;
  labels: Float32Array;
}

export interface FitOptions {
  metrics: readonly string[];
  types: readonly string[];
  examples: readonly Example[];
  epochs: number;
  seed: number;
  hidden?: readonly number[];
  onEpoch?: (epoch: number, loss: number) => void;
}

/** Fits a multi-label network; the same examples, seed and backend give the same weights. */
export async function fitDetector(options: FitOptions): Promise<Sequential> {
  const { metrics, types, examples, epochs, seed, hidden = [48, 24] } = options;
  const width = metrics.length * FEATURES_PER_METRIC;
  const model = sequential();
  hidden.forEach((units, i) => {
    model.add(
      layers.dense({
        units,
        activation: 'relu',
        kernelInitializer: initializers.glorotUniform({ seed: seed + i }),
        kernelRegularizer: regularizers.l2({ l2: 1e-4 }),
        ...(i === 0 ? { inputShape: [width] } : {}),
      }),
    );
  });
  model.add(
    layers.dense({
      units: types.length,
      activation: 'sigmoid',
      kernelInitializer: initializers.glorotUniform({ seed: seed + 9 }),
      ...(hidden.length === 0 ? { inputShape: [width] } : {}),
    }),
  );
  model.compile({ optimizer: tf.train.adam(0.003), loss: 'binaryCrossentropy' });
  const x = tf.tensor2d(
    flatten(
      examples.map((example) => example.features),
      width,
    ),
    [examples.length, width],
  );
  const y = tf.tensor2d(
    flatten(
      examples.map((example) => example.labels),
      types.length,
    ),
    [examples.length, types.length],
  );
  // The examples come shuffled by the caller's seeded generator; the library's own shuffle has no seed.
  await model.fit(x, y, {
    epochs,
    batchSize: 64,
    shuffle: false,
    verbose: 0,
    callbacks: { onEpochEnd: (epoch, logs) => options.onEpoch?.(epoch, logs?.['loss'] ?? NaN) },
  });
  tf.dispose([x, y]);
  return model;
}

function flatten(rows: readonly Float32Array[], width: number): Float32Array {
  const all = new Float32Array(rows.length * width);
  rows.forEach((row, i) => all.set(row, i * width));
  return all;
}

/** Writes model.json, weights.bin and manifest.json; `facts` are added to the manifest as they are. */
export async function saveDetector(
  model: Sequential,
  directory: string,
  facts: {
    name: string;
    version: string;
    metrics: readonly string[];
    types: readonly string[];
    thresholds: readonly number[];
  } & Record<string, unknown>,
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
  const manifest = { format: 'distdiag-detector/1', ...facts, sha256: { model: sum(text), weights: sum(weights) } };
  mkdirSync(directory, { recursive: true });
  writeFileSync(path.join(directory, 'model.json'), text);
  writeFileSync(path.join(directory, 'weights.bin'), weights);
  writeFileSync(path.join(directory, 'manifest.json'), `${JSON.stringify(manifest, undefined, 1)}\n`);
}

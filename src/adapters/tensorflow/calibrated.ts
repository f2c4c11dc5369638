import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';

/** Scales and shifts the log odds of each output within the last layer itself, so that the file needs no step more. */
export function rescaleOutputs(model: LayersModel, outputs: readonly { scale: number; shift: number }[]): void {
  const last = model.layers.at(-1);
  const [kernel, bias] = last?.getWeights() ?? [];
  if (!last || !kernel || !bias) throw new Error('the model has no last layer with weights');
  tf.tidy(() => {
    const scales = tf.tensor1d(outputs.map(({ scale }) => scale));
    const shifts = tf.tensor1d(outputs.map(({ shift }) => shift));
    last.setWeights([tf.mul(kernel, scales), tf.add(tf.mul(bias, scales), shifts)]);
  });
}

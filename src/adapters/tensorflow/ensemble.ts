import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel, Sequential } from '@tensorflow/tfjs-layers';
import { newDetector } from './training';

/**
 * Several networks of one hidden layer as one: their hidden units side by side, and the mean of their log odds, which is
 * a sum over all of them. Exact; the networks stay as they are.
 */
export function mergeNetworks(networks: readonly LayersModel[]): Sequential {
  const weights = networks.map(
    (network) =>
      network.layers.flatMap((layer) => layer.getWeights()) as [tf.Tensor2D, tf.Tensor1D, tf.Tensor2D, tf.Tensor1D],
  );
  const [kernel, , out] = weights[0] as (typeof weights)[number];
  const hidden = weights.reduce((sum, [, bias]) => sum + bias.size, 0);
  const merged = newDetector(kernel.shape[0], out.shape[1], { seed: 0, hidden: [hidden] });
  tf.tidy(() => {
    merged.setWeights([
      tf.concat(
        weights.map(([first]) => first),
        1,
      ),
      tf.concat(
        weights.map(([, bias]) => bias),
        0,
      ),
      tf.div(
        tf.concat(
          weights.map(([, , last]) => last),
          0,
        ),
        networks.length,
      ),
      tf.div(tf.addN(weights.map(([, , , bias]) => bias)), networks.length),
    ]);
  });
  return merged;
}

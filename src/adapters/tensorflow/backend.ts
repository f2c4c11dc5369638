import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { joined, msg, type Text } from '../../core/base/text';

/** Which engine computes, best first. */
type BackendName = 'tfjs-node' | 'wasm' | 'cpu';

/** The engine that answered and why no better one did. */
export interface Backend {
  name: BackendName;
  reason: Text | undefined;
}

/**
 * Chooses the fastest engine that works: the native library where it is installed in the extension's own folder,
 * WebAssembly (its files lie in `wasmDirectory`, right below that folder), plain JavaScript. Throws only when none works.
 */
export async function chooseBackend(wasmDirectory: string): Promise<Backend> {
  const reasons: Text[] = [];
  try {
    // Not bundled, and absent where its native library could not be installed. By its name Node would look for it in
    // every folder above as well, in which others may write.
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    require(path.join(path.dirname(path.resolve(wasmDirectory)), 'node_modules', '@tensorflow', 'tfjs-node'));
    if (await tf.setBackend('tensorflow')) return { name: 'tfjs-node', reason: undefined };
    reasons.push('Native TensorFlow, which is faster, does not work here; results are the same.');
  } catch {
    reasons.push('Native TensorFlow, which is faster, is not installed; results are the same.');
  }
  try {
    setWasmPaths(wasmDirectory + path.sep);
    if (await tf.setBackend('wasm')) {
      await tf.ready();
      return { name: 'wasm', reason: joined(reasons) };
    }
    reasons.push('WebAssembly did not start.');
  } catch (error) {
    reasons.push(msg`WebAssembly did not start: ${error instanceof Error ? error.message : String(error)}.`);
  }
  await tf.setBackend('cpu');
  await tf.ready();
  return { name: 'cpu', reason: joined(reasons) };
}

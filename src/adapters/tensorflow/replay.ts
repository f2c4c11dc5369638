import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { labelsOf } from '../../core/diagnosis/diagnosedTypes';
import { standardise, type InputLayout } from '../../core/diagnosis/inputs';
import { readBounded } from '../boundedFile';
import type { RawExample } from './examples';
import type { Example } from './training';

/** Inputs lie within ±5: an eighth-bit step of 1/25 is finer than their noise. */
const STEP = 25;
const ROWS = 600;
const FILE = 'replay.bin';
const MAX_BYTES = 20_000_000;

/** Simulated examples that go with a model, so that fitting it further on a few of the user's does not make it forget. */
export function replayOf(
  raw: readonly RawExample[],
  types: readonly string[],
  layout: InputLayout,
  random: { shuffled<T>(list: readonly T[]): T[] },
): Example[] {
  const anomalous = random.shuffled(raw.filter((one) => one.types.length > 0)).slice(0, ROWS / 2);
  const quiet = random.shuffled(raw.filter((one) => one.types.length === 0)).slice(0, ROWS / 2);
  return random.shuffled([...anomalous, ...quiet]).map(({ row, types: acting }) => ({
    inputs: standardise(layout, row),
    labels: labelsOf(types, acting),
  }));
}

/** One signed byte an input and one a label, row after row. */
export function writeReplay(directory: string, examples: readonly Example[]): void {
  const bytes = examples.map(({ inputs, labels }) => [
    ...Array.from(inputs, (value) => Math.round(value * STEP)),
    ...labels,
  ]);
  writeFileSync(path.join(directory, FILE), Buffer.from(Int8Array.from(bytes.flat()).buffer));
}

/** The examples again; none where the file is missing or of another shape. */
export async function readReplay(directory: string, inputs: number, labels: number): Promise<Example[]> {
  let bytes: Int8Array;
  try {
    bytes = new Int8Array(await readBounded(path.join(directory, FILE), MAX_BYTES));
  } catch {
    return [];
  }
  const width = inputs + labels;
  if (bytes.length === 0 || bytes.length % width !== 0 || bytes.length / width > 10_000) return [];
  return Array.from({ length: bytes.length / width }, (_, row) => {
    const own = bytes.subarray(row * width, (row + 1) * width);
    return {
      inputs: Float32Array.from(own.subarray(0, inputs), (value) => value / STEP),
      labels: Float32Array.from(own.subarray(inputs), (value) => (value === 1 ? 1 : 0)),
    };
  });
}

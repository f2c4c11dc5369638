import { createHash } from 'node:crypto';
import path from 'node:path';
import { msg } from '../../core/base/text';
import { AppError } from '../../core/base/errors';
import type { Levels } from '../../core/diagnosis/domain';
import { inputWidth, type InputLayout } from '../../core/diagnosis/inputs';
import { isRecord } from '../../core/base/unknown';
import { readBounded } from '../boundedFile';

/** What `manifest.json` says of a model. */
export interface ModelManifest {
  format: 'distdiag-detector/3';
  name: string;
  version: string;
  /** The input: metrics in order with four features each, then the evidence; mean and scale of each input. */
  layout: InputLayout;
  /** Output types in order, and the probability from which each is named. */
  types: readonly string[];
  thresholds: readonly number[];
  /** Levels of the metrics in each source of training. */
  levels: readonly Levels[];
  sha256: { model: string; weights: string };
  [key: string]: unknown;
}

/** A model's files, checked. */
export interface ModelFiles {
  manifest: ModelManifest;
  topology: object;
  weightSpecs: { name: string; shape: number[]; dtype: 'float32' }[];
  weights: ArrayBuffer;
}

type Json = Record<string, unknown>;

const MAX_BYTES = 20_000_000;
const MAX_UNITS = 4096;
const LAYERS = new Set(['InputLayer', 'Dense', 'Dropout', 'GaussianNoise', 'BatchNormalization']);
const NAME = /^[a-z]+\d*(_[a-z]+\d*)*$/;

const damaged = (message: string): AppError =>
  new AppError('modelInvalid', msg`The model cannot be used: ${message}.`, {
    hint: 'Reinstall the extension, or clear the setting distdiag.model.path. Until then, the distance from the baseline is used.',
  });

/** Reads and checks a model folder as untrusted input. Throws AppError `modelInvalid`. */
export async function readModelFiles(directory: string): Promise<ModelFiles> {
  const [manifestBytes, modelBytes, weightBytes] = await Promise.all(
    ['manifest.json', 'model.json', 'weights.bin'].map((name) => readPart(directory, name)),
  );
  const manifest = checkManifest(parseJson('manifest.json', manifestBytes as Buffer));
  checkSum('model.json', modelBytes as Buffer, manifest.sha256.model);
  checkSum('weights.bin', weightBytes as Buffer, manifest.sha256.weights);
  const model = parseJson('model.json', modelBytes as Buffer);
  const topology = model['modelTopology'];
  if (typeof topology !== 'object' || topology === null) throw damaged('model.json has no modelTopology');
  const numbers = checkTopology(topology as Record<string, unknown>, manifest);
  const weightSpecs = checkWeights(model['weightsManifest'], (weightBytes as Buffer).byteLength);
  // Layers are built before the weights are put into them: they must not be larger than those are.
  if (4 * numbers !== (weightBytes as Buffer).byteLength)
    throw damaged(`its layers need ${numbers} numbers, weights.bin has ${(weightBytes as Buffer).byteLength / 4}`);
  const weights = new Uint8Array(weightBytes as Buffer).buffer;
  return { manifest, topology, weightSpecs, weights };
}

async function readPart(directory: string, name: string): Promise<Buffer> {
  try {
    return await readBounded(path.join(directory, name), MAX_BYTES);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw damaged(`${name} is missing`);
    throw damaged(
      code === 'EFBIG' ? `${name} is larger than ${MAX_BYTES / 1e6} MB` : `${name} cannot be read as a file`,
    );
  }
}

function parseJson(name: string, bytes: Buffer): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(bytes.toString('utf8'));
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed))
      return parsed as Record<string, unknown>;
  } catch {
    // The error below says it.
  }
  throw damaged(`${name} is no JSON object`);
}

function checkSum(name: string, bytes: Buffer, wanted: string): void {
  if (createHash('sha256').update(bytes).digest('hex') !== wanted) throw damaged(`the checksum of ${name} differs`);
}

const isTextList = (value: unknown): value is string[] =>
  Array.isArray(value) && value.length > 0 && value.length <= 500 && value.every((item) => typeof item === 'string');

const isNumberList = (value: unknown, length: number): boolean =>
  Array.isArray(value) && value.length === length && value.every((item) => Number.isFinite(item));

const isLevels = (value: unknown): boolean =>
  isRecord(value) && Object.values(value).every((range) => isNumberList(range, 2));

function checkManifest(given: Record<string, unknown>): ModelManifest {
  const { format, layout, types, thresholds, levels, sha256, name, version } = given;
  if (format !== 'distdiag-detector/3') throw damaged('manifest.json has another format');
  if (typeof name !== 'string' || typeof version !== 'string') throw damaged('manifest.json has no name or version');
  if (!isRecord(layout) || !isTextList(layout['metrics']) || !isTextList(types))
    throw damaged('manifest.json lists no metrics or types');
  const { metrics, levels: leveled } = layout as { metrics: string[]; levels?: unknown };
  if (leveled !== undefined && !isTextList(leveled)) throw damaged('manifest.json has levels that are no list');
  const width = inputWidth(leveled === undefined ? { metrics } : { metrics, levels: leveled });
  if (!isNumberList(layout['mean'], width) || !isNumberList(layout['scale'], width))
    throw damaged(`manifest.json has no mean and scale of ${width} inputs`);
  if ((layout['scale'] as number[]).some((scale) => !(scale > 0))) throw damaged('manifest.json has a scale of 0');
  if (!Array.isArray(levels) || levels.length > 20 || !levels.every(isLevels))
    throw damaged('manifest.json has levels that are no ranges');
  const limits: unknown[] = Array.isArray(thresholds) ? thresholds : [];
  if (limits.length !== types.length || limits.some((limit) => typeof limit !== 'number' || !(limit > 0 && limit <= 1)))
    throw damaged('manifest.json has no threshold for each type');
  const sums = sha256 as { model?: unknown; weights?: unknown } | undefined;
  if (typeof sums?.model !== 'string' || typeof sums.weights !== 'string')
    throw damaged('manifest.json has no checksums');
  return given as unknown as ModelManifest;
}

/** Refuses what is no small stack of layers from the inputs to the types; how many numbers its weights are. */
function checkTopology(topology: Record<string, unknown>, manifest: ModelManifest): number {
  checkNames(topology);
  const inner = (topology['model_config'] ?? topology) as { class_name?: unknown; config?: { layers?: unknown } };
  const layers = inner.config?.layers;
  if (inner.class_name !== 'Sequential' || !Array.isArray(layers) || layers.length === 0 || layers.length > 32)
    throw damaged('it is no small Sequential model');
  const inputs = inputWidth(manifest.layout);
  let width = inputs;
  let numbers = 0;
  layers.forEach((layer: unknown, i) => {
    const { class_name: name, config } = (isRecord(layer) ? layer : {}) as { class_name?: unknown; config?: unknown };
    if (typeof name !== 'string' || !LAYERS.has(name) || !isRecord(config) || (name === 'InputLayer' && i > 0))
      throw damaged(`layer ${JSON.stringify(name)} is not allowed`);
    const shape = config['batch_input_shape'];
    if (
      i > 0
        ? shape !== undefined
        : !Array.isArray(shape) || shape.length !== 2 || shape[0] !== null || shape[1] !== inputs
    )
      throw damaged(`its input is not ${inputs} features wide`);
    // What the weights would begin with may take long to compute, and is replaced at once.
    for (const key of Object.keys(config)) if (key.endsWith('_initializer')) delete (config as Json)[key];
    const has = (key: string): number => Number(config[key] !== false);
    if (name === 'BatchNormalization') numbers += (2 + has('center') + has('scale')) * width;
    if (name !== 'Dense') return;
    const { units } = config as { units?: unknown };
    if (!Number.isInteger(units) || !((units as number) > 0 && (units as number) <= MAX_UNITS))
      throw damaged(`a layer has ${JSON.stringify(units)} units`);
    numbers += (width + has('use_bias')) * (units as number);
    width = units as number;
  });
  if (width !== manifest.types.length) throw damaged(`it does not answer ${manifest.types.length} types`);
  return numbers;
}

/** The library takes underscores out of names: what is not written in one way could stand in place of what was checked. */
function checkNames(topology: Record<string, unknown>): void {
  const open: unknown[] = [topology];
  while (open.length > 0) {
    const holder = open.pop() as object;
    const odd = Array.isArray(holder) ? undefined : Object.keys(holder).find((key) => !NAME.test(key));
    if (odd !== undefined) throw damaged(`it has a name that reads as another: ${JSON.stringify(odd.slice(0, 50))}`);
    for (const one of Object.values(holder)) if (typeof one === 'object' && one !== null) open.push(one);
  }
}

function checkWeights(manifest: unknown, bytes: number): ModelFiles['weightSpecs'] {
  const group = Array.isArray(manifest) ? (manifest[0] as { weights?: unknown } | undefined)?.weights : undefined;
  if (!Array.isArray(group)) throw damaged('model.json has no weightsManifest');
  let total = 0;
  for (const spec of group as { name?: unknown; shape?: unknown; dtype?: unknown }[]) {
    const { name, shape, dtype } = spec ?? {};
    if (
      typeof name !== 'string' ||
      dtype !== 'float32' ||
      !Array.isArray(shape) ||
      !shape.every((size) => Number.isInteger(size) && size > 0 && size < 1e6)
    )
      throw damaged('a weight has no plain shape');
    total += 4 * (shape as number[]).reduce((product, size) => product * size, 1);
  }
  if (total !== bytes) throw damaged(`weights.bin has ${bytes} bytes, its shapes need ${total}`);
  return group as ModelFiles['weightSpecs'];
}

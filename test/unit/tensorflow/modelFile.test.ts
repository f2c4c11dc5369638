import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createScorer } from '../../../src/adapters/tensorflow/localScorer';
import { readModelFiles } from '../../../src/adapters/tensorflow/modelFile';

const shipped = path.join(__dirname, '../../../models/anomaly-detector');
const wasmDirectory = path.join(__dirname, '../../../node_modules/@tensorflow/tfjs-backend-wasm/wasm-out');
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'distdiag-model-'));
  cpSync(shipped, directory, { recursive: true });
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const file = (name: string): string => path.join(directory, name);
const edit = (name: string, change: (content: Record<string, unknown>) => void, sign = true): void => {
  const content = JSON.parse(readFileSync(file(name), 'utf8')) as Record<string, unknown>;
  change(content);
  writeFileSync(file(name), JSON.stringify(content));
  if (!sign || name === 'manifest.json') return;
  edit('manifest.json', (manifest) => {
    (manifest as { sha256: Record<string, string> })['sha256']['model'] = createHash('sha256')
      .update(readFileSync(file(name)))
      .digest('hex');
  });
};

describe('the shipped model', () => {
  it('passes every check and answers', async () => {
    expect((await readModelFiles(shipped)).manifest.types).toContain('cpu_stress');
    const scorer = await createScorer({ modelDirectory: shipped, wasmDirectory });
    expect(await scorer.info()).toMatchObject({ model: expect.stringContaining('distdiag-detector') });
    scorer.dispose();
  });
});

describe('a damaged model', () => {
  it.each<[string, () => void, RegExp]>([
    ['no file', () => rmSync(file('weights.bin')), /weights.bin is missing/],
    [
      'half a file',
      () => writeFileSync(file('weights.bin'), readFileSync(file('weights.bin')).subarray(0, 100)),
      /checksum of weights.bin differs/,
    ],
    ['no JSON', () => writeFileSync(file('manifest.json'), '<html>'), /manifest.json is no JSON/],
    ['another format', () => edit('manifest.json', (m) => void Object.assign(m, { format: 'x' })), /another format/],
    [
      'a threshold too few',
      () => edit('manifest.json', (m) => void (m as { thresholds: number[] })['thresholds'].pop()),
      /threshold for each type/,
    ],
    [
      'a topology that was touched',
      () => edit('model.json', (m) => void Object.assign(m, { extra: 1 }), false),
      /checksum of model.json differs/,
    ],
    [
      'a scale of nothing',
      () => edit('manifest.json', (m) => void ((m as { layout: { scale: number[] } }).layout.scale[3] = 0)),
      /a scale of 0/,
    ],
    [
      'levels that are no ranges',
      () => edit('manifest.json', (m) => void Object.assign(m, { levels: [{ 'cpu.used': 'low' }] })),
      /levels that are no ranges/,
    ],
    ['code in a layer', () => edit('model.json', swapLayer), /layer "Lambda" is not allowed/],
    [
      'an inner layer of any width',
      () => edit('model.json', (m) => insert(m, { units: 2_000_000_000 })),
      /2000000000 units/,
    ],
    ['units that are no number', () => edit('model.json', (m) => insert(m, { units: '48' })), /"48" units/],
    [
      'layers that are larger than the weights',
      () => edit('model.json', (m) => [1, 2, 3].forEach(() => insert(m, { units: 4096 }))),
      /its layers need \d+ numbers, weights.bin has \d+/,
    ],
    [
      'an inner layer with an input of its own',
      () => edit('model.json', (m) => insert(m, { units: 48, batch_input_shape: [null, 1e9] })),
      /its input is not \d+ features wide/,
    ],
    // The library takes underscores out of every name: of two that are one then, it reads the later.
    ...(['layers_', '_layers'] as const).map((key): [string, () => void, RegExp] => [
      `other layers under ${key}`,
      () => edit('model.json', (m) => void Object.assign(topologyOf(m).config, { [key]: [{ class_name: 'Lambda' }] })),
      /a name that reads as another/,
    ]),
    [
      'a kind of layer beside its kind',
      () =>
        edit('model.json', (m) => void Object.assign(topologyOf(m).config.layers[0] ?? {}, { className: 'Lambda' })),
      /a name that reads as another/,
    ],
    [
      'an input beside its input',
      () =>
        edit('model.json', (m) =>
          Object.assign(topologyOf(m).config.layers[0]?.config ?? {}, { batchInputShape: [null, 1e9] }),
        ),
      /a name that reads as another/,
    ],
    ['a folder in place of a file', () => replace('weights.bin', mkdirSync), /weights.bin cannot be read as a file/],
    [
      'a file that is too large',
      () => truncateSync(file('weights.bin'), 20_000_001),
      /weights.bin is larger than 20 MB/,
    ],
    [
      'fewer metrics',
      () => edit('manifest.json', (m) => void (m as { layout: { metrics: string[] } }).layout.metrics.pop()),
      /no mean and scale of \d+ inputs/,
    ],
  ])('%s: says so and falls back to the distance', async (_, damage, message) => {
    damage();
    await expect(readModelFiles(directory)).rejects.toThrow(message);
    const scorer = await createScorer({ modelDirectory: directory, wasmDirectory });
    const info = await scorer.info();
    expect(info.answeredBy).toBe('distance');
    expect(String(info.reason)).toMatch(message);
  });
});

// What Linux has in place of files.
describe.skipIf(process.platform !== 'linux')('a model folder with', () => {
  it.each<[string, () => void, RegExp]>([
    [
      'a device in place of a file',
      () => replace('weights.bin', (path) => symlinkSync('/dev/zero', path)),
      /weights.bin cannot be read as a file/,
    ],
    [
      'a pipe that nobody writes to',
      () => replace('weights.bin', (path) => execFileSync('mkfifo', [path])),
      /weights.bin cannot be read as a file/,
    ],
    [
      'a file that is larger than it says',
      () => replace('manifest.json', (path) => symlinkSync('/proc/self/maps', path)),
      /manifest.json is larger than/,
    ],
  ])('%s is refused at once', async (_, damage, message) => {
    damage();
    await expect(readModelFiles(directory)).rejects.toThrow(message);
  });
});

const replace = (name: string, by: (path: string) => unknown): void => {
  rmSync(file(name));
  by(file(name));
};

type Layer = { class_name: string; config: object };
const topologyOf = (model: unknown): { config: { layers: Layer[] } } =>
  (model as { modelTopology: { config: { layers: Layer[] } } }).modelTopology;

/** Puts a layer between the first and the last one. */
function insert(model: unknown, config: object): void {
  const { layers } = topologyOf(model).config;
  layers.splice(1, 0, { class_name: 'Dense', config: { name: `x${layers.length}`, ...config } });
}

function swapLayer(model: unknown): void {
  Object.assign(topologyOf(model).config.layers[0] ?? {}, { class_name: 'Lambda' });
}

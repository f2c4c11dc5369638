import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
    expect(info.reason).toMatch(message);
  });
});

function swapLayer(model: unknown): void {
  const { layers } = (model as { modelTopology: { config: { layers: { class_name: string }[] } } }).modelTopology
    .config;
  (layers[0] as { class_name: string }).class_name = 'Lambda';
}

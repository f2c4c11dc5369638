import { mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { chooseBackend } from '../../../src/adapters/tensorflow/backend';
import { rescaleOutputs } from '../../../src/adapters/tensorflow/calibrated';
import { mergeNetworks } from '../../../src/adapters/tensorflow/ensemble';
import { fineTune } from '../../../src/adapters/tensorflow/fineTune';
import { DetectorModel } from '../../../src/adapters/tensorflow/model';
import { readModelFiles } from '../../../src/adapters/tensorflow/modelFile';
import { readReplay, writeReplay } from '../../../src/adapters/tensorflow/replay';
import { newDetector, saveDetector } from '../../../src/adapters/tensorflow/training';
import { inputWidth } from '../../../src/core/diagnosis/inputs';
import type { Recording } from '../../../src/core/learning/recording';

const METRICS = ['cpu.used', 'memory.used'];
const TYPES = ['cpu_stress', 'memory_stress'];
const WIDTH = inputWidth({ metrics: METRICS });
let directory = '';
beforeAll(async () => void (await chooseBackend(path.resolve('node_modules/@tensorflow/tfjs-backend-wasm/wasm-out'))));
beforeEach(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'distdiag-tune-'));
  const layout = { metrics: METRICS, mean: Array(WIDTH).fill(0), scale: Array(WIDTH).fill(1) };
  const facts = { name: 'blank', version: '1', layout, types: TYPES, thresholds: [0.5, 0.5], levels: [] };
  await saveDetector(newDetector(WIDTH, 2, { seed: 3, hidden: [8] }), path.join(directory, 'old'), facts);
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** Three nodes, one of which uses twice its CPU or a quarter more memory from row 40 on. */
function recording(i: number, label = i % 2): Recording {
  const rows = 70;
  const wave = (level: number, shift: number): number[] =>
    Array.from({ length: rows }, (_, row) => level * (1 + 0.02 * Math.sin(row * 12.9898 + shift)));
  const runs = ['a', 'b', 'c'].map((id, node) => {
    const anomalous = node === i % 3;
    const bend = (values: number[], factor: number): number[] =>
      values.map((value, row) => (anomalous && row >= 40 ? value * factor : value));
    return {
      id,
      types: anomalous ? [TYPES[label] as string] : [],
      rows,
      abnormal: [40, 60] as const,
      metrics: {
        'cpu.used': bend(wave(2, i + node), i % 2 === 0 ? 2 : 1),
        'memory.used': bend(wave(8e9, 2 * i + node), i % 2 === 0 ? 1 : 1.25),
      },
    };
  });
  return {
    format: 'distdiag-recording/1',
    id: `one-${i}`,
    fromMs: i * 1e6,
    stepMs: 15_000,
    types: [TYPES[label] as string],
    runs,
  };
}
const tune = (recordings: Recording[], signal = new AbortController().signal): ReturnType<typeof fineTune> =>
  fineTune({
    modelDirectory: path.join(directory, 'old'),
    recordings,
    out: path.join(directory, 'new'),
    onProgress: () => undefined,
    signal,
  });

describe('a fit on the user’s own experiments', { timeout: 60_000 }, () => {
  it('learns what a blank model does not know, measured on experiments that it did not see', async () => {
    const report = await tune(Array.from({ length: 24 }, (_, i) => recording(i)));
    expect(report.trainedOn + report.heldOut).toBe(24);
    expect(report.heldOut).toBeGreaterThanOrEqual(6);
    expect(report.after.ac1).toBeGreaterThan(report.before.ac1);
    expect(report.after.ac1).toBeGreaterThan(0.9);
    expect(report.accepted).toBe(true);
    const fitted = await readModelFiles(path.join(directory, 'new'));
    expect(fitted.manifest.name).toBe('blank (fitted to your experiments)');
    expect(fitted.manifest['tuned']).toMatchObject({ heldOut: report.heldOut });
  });

  it('keeps the old model where there is nothing to gain', async () => {
    const all = Array.from({ length: 24 }, (_, i) => recording(i));
    await tune(all);
    rmSync(path.join(directory, 'old'), { recursive: true });
    renameSync(path.join(directory, 'new'), path.join(directory, 'old'));
    const { before, accepted } = await tune(all.slice(0, 12));
    expect(before).toEqual({ ac1: 1, ac3: 1, falseAlarms: 0 });
    expect(accepted).toBe(false);
    expect(readdirSync(directory)).toEqual(['old']);
  });

  it('asks for enough experiments', async () => {
    await expect(tune([recording(0)])).rejects.toMatchObject({ code: 'invalid' });
  });

  it('stops when it is cancelled, and writes nothing', async () => {
    const controller = new AbortController();
    controller.abort();
    await expect(
      tune(
        Array.from({ length: 8 }, (_, i) => recording(i)),
        controller.signal,
      ),
    ).rejects.toThrow();
    expect(readdirSync(directory)).toEqual(['old']);
  });
});

describe('replayed examples', () => {
  it('come back within their step, and not at all from a damaged file', async () => {
    const examples = [
      { inputs: Float32Array.from([0, 5, -5, 0.37]), labels: Float32Array.from([1, 0]) },
      { inputs: Float32Array.from([1, 2, 3, 4]), labels: Float32Array.from([0, 0]) },
    ];
    writeReplay(directory, examples);
    const read = await readReplay(directory, 4, 2);
    expect(read.map(({ labels }) => [...labels])).toEqual([
      [1, 0],
      [0, 0],
    ]);
    read.forEach(({ inputs }, i) =>
      inputs.forEach((value, k) => expect(Math.abs(value - (examples[i]?.inputs[k] as number))).toBeLessThan(0.021)),
    );
    expect(await readReplay(directory, 5, 2)).toEqual([]);
    writeFileSync(path.join(directory, 'replay.bin'), 'abc');
    expect(await readReplay(directory, 4, 2)).toEqual([]);
    expect(await readReplay(path.join(directory, 'none'), 4, 2)).toEqual([]);
  });
});

describe('an ensemble', () => {
  it('is one network that answers the mean of the log odds', () => {
    const networks = [1, 2, 3].map((seed) => newDetector(WIDTH, 2, { seed, hidden: [5] }));
    const rows = [1, 2].map((shift) => Float32Array.from({ length: WIDTH }, (_, k) => Math.sin(k * shift)));
    const manifest = { layout: { metrics: METRICS }, types: TYPES } as unknown as ConstructorParameters<
      typeof DetectorModel
    >[0];
    const logits = (network: (typeof networks)[number]): number[] =>
      Array.from(new DetectorModel(manifest, network).predict(rows), (p) => Math.log(p / (1 - p)));
    const each = networks.map(logits);
    logits(mergeNetworks(networks)).forEach((value, k) =>
      expect(value).toBeCloseTo(each.reduce((sum, one) => sum + (one[k] as number), 0) / 3, 4),
    );
  });
});

describe('calibration', () => {
  it('scales and shifts the log odds of each output', async () => {
    const model = await DetectorModel.load(await readModelFiles(path.join(directory, 'old')));
    const row = Float32Array.from({ length: WIDTH }, (_, k) => Math.sin(k));
    const logits = (p: Float32Array): number[] => Array.from(p, (value) => Math.log(value / (1 - value)));
    const before = logits(model.predict([row]));
    rescaleOutputs(model.network, [
      { scale: 2, shift: 0.5 },
      { scale: 1, shift: -1 },
    ]);
    const after = logits(model.predict([row]));
    expect(after[0]).toBeCloseTo(2 * (before[0] as number) + 0.5, 3);
    expect(after[1]).toBeCloseTo((before[1] as number) - 1, 3);
  });
});

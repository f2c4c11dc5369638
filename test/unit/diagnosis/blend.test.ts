import { describe, expect, it } from 'vitest';
import { blend, type FamiliarDetection } from '../../../src/core/diagnosis/blend';
import { familiarity, levelRanges } from '../../../src/core/diagnosis/domain';
import { deviations, type NodeDeviations } from '../../../src/core/diagnosis/features';
import { fitScaler, inputRows, inputsOf, inputWidth, rawRows, standardise } from '../../../src/core/diagnosis/inputs';
import type { Detector } from '../../../src/core/diagnosis/ranking';

const detection = (types: string[], probabilities: number[], threshold: number): ReturnType<Detector> => ({
  types,
  probabilities: [Float64Array.from(probabilities)],
  thresholds: types.map(() => threshold),
  contributions: () => [{ metric: types.join(), share: 1 }],
});
const node = new Map() as NodeDeviations;
const asked = (weight: number): ReturnType<Detector> => {
  const model: FamiliarDetection = { ...detection(['a', 'b'], [0.9, 0.1], 0.6), familiarity: [weight] };
  return blend(
    () => model,
    () => detection(['b', 'c'], [0.9, 0.7], 0.8),
  )([node]);
};

describe('the blend of model and signs', () => {
  it('is the model where the node is familiar, with its probabilities and thresholds as they are', () => {
    const { types, thresholds, probabilities } = asked(1);
    expect(types).toEqual(['a', 'b', 'c']);
    expect(thresholds).toEqual([0.6, 0.6, 0.8]);
    expect([...(probabilities[0] ?? [])].map((p) => Number(p.toFixed(6)))).toEqual([0.9, 0.1, 0]);
  });

  it('is the signs where it is not, moved so that a name of theirs is a name', () => {
    const { probabilities, thresholds } = asked(0);
    const [a, b, c] = probabilities[0] ?? [];
    expect(a).toBe(0);
    expect(b).toBeGreaterThan(thresholds[1] as number);
    expect(c).toBe(0.7);
  });

  it('says for how many nodes the signs answer', () => {
    expect(asked(1).note).toBeUndefined();
    expect(String(asked(0).note)).toMatch(/1 of 1 nodes differ from the model’s training data/);
  });

  it('explains by whichever counts more', () => {
    expect(asked(1).contributions(0, 1)).toEqual([{ metric: 'a,b', share: 1 }]);
    expect(asked(0).contributions(0, 1)).toEqual([]);
  });
});

const levels = (factor: number): NodeDeviations =>
  deviations([
    {
      name: 'n',
      metrics: Object.fromEntries(
        ['x', 'y', 'z', 'v'].map((metric, i) => [
          metric,
          {
            baseline: Float64Array.from({ length: 8 }, (_, k) => (i + 1) * factor + 0.01 * k),
            window: new Float64Array(4).fill((i + 1) * factor),
          },
        ]),
      ),
    },
  ])[0] as NodeDeviations;

describe('familiarity', () => {
  const metrics = ['x', 'y', 'z', 'v'];
  const source = levelRanges(metrics, [1, 1.1, 0.9].map(levels));

  it('is high for levels as in training, low for others, and takes the best source', () => {
    expect(familiarity([source], levels(1))).toBeGreaterThan(0.99);
    expect(familiarity([source], levels(3))).toBeGreaterThan(0.99); // within four times
    expect(familiarity([source], levels(100))).toBeLessThan(0.01);
    expect(familiarity([source, levelRanges(metrics, [levels(100)])], levels(100))).toBeGreaterThan(0.99);
  });

  it('is not asked of a model that was fitted for any level', () => {
    expect(familiarity([], levels(100))).toBe(1);
  });

  it('does not know a node that shares no metric', () => {
    expect(familiarity([{ other: [0, 1] }], levels(1))).toBe(0);
  });
});

describe('the model’s input', () => {
  it('is the mean of training where a metric is missing', () => {
    const metrics = ['x', 'y'];
    const raw = [1, 2, 3].map((factor) => rawRows({ metrics }, [levels(factor)])[0] as Float32Array);
    const layout = { metrics, ...fitScaler(raw) };
    const missing = inputRows(layout, [new Map([['x', levels(1).get('x')!]])])[0] as Float32Array;
    expect(missing).toHaveLength(inputWidth({ metrics }));
    expect([...missing.subarray(3, 6)]).toEqual([0, 0, 0]);
    expect([...missing].every(Number.isFinite)).toBe(true);
  });

  it('never goes beyond five scales', () => {
    const row = standardise({ mean: [0, 0], scale: [1, 1] }, Float32Array.from([1e9, -1e9]));
    expect([...row]).toEqual([5, -5]);
  });

  it('knows which inputs speak of a metric', () => {
    const width = inputWidth({ metrics: ['x'] });
    expect(inputsOf({ metrics: ['x', 'y'] }, 'y')).toEqual([3, 4, 5]);
    expect(inputsOf({ metrics: ['x'] }, 'no.such')).toEqual([]);
    expect(inputsOf({ metrics: ['x'], levels: ['x'] }, 'x')).toEqual([0, 1, 2, width, width + 1]);
  });
});

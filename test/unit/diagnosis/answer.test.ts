import { expect, it } from 'vitest';
import { answerOf } from '../../../scripts/cli/diagnose/answer';
import type { Diagnosis } from '../../../src/core/diagnosis/types';

it('an answer has the file’s names of types, and every node that was called anomalous, also of an unknown anomaly', () => {
  const ranking = [
    { node: 'a', type: 'cpu_stress', probability: 0.912_345 },
    { node: 'b', type: 'unknown_anomaly', probability: 0.8 },
  ];
  const nodes = ['a', 'b', 'c'].map((node) => ({ node, anomalous: node !== 'c' }));
  const diagnosis = { ranking, nodes } as unknown as Pick<Diagnosis, 'ranking' | 'nodes'>;
  expect(answerOf(diagnosis, new Map([['cpu_stress', 'cpu_saturation']]))).toEqual({
    ranking: [['a', 'cpu_saturation', 0.9123]],
    anomalous: ['a', 'b'],
  });
});

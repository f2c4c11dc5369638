import { expect, it } from 'vitest';
import { fuzz, fuzzTargets } from '../../fuzz/index';

it.each(fuzzTargets().map((one) => [one.name, one] as const))('%s bears any input', async (_, one) => {
  const { crashes, inputs } = await fuzz([one], 200);
  expect(crashes).toEqual([]);
  expect(inputs).toBe(200);
});

import { expect, it } from 'vitest';
import { humanDuration } from '../../../../src/demo/kubernetes/tables';

it.each([
  [0, '0s'],
  [119, '119s'],
  [120, '2m'],
  [192, '3m12s'],
  [600, '10m'],
  [10_700, '178m'],
  [10_800, '3h'],
  [11_100, '3h5m'],
  [28_800, '8h'],
  [172_799, '47h'],
  [187_200, '2d4h'],
  [864_000, '10d'],
  [63_936_000, '2y10d'],
  [NaN, '<unknown>'],
])('%d seconds are %s, as kubectl has it', (seconds, text) => {
  expect(humanDuration(seconds * 1000)).toBe(text);
});

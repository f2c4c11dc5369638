import { expect, it } from 'vitest';
import { nameFrom } from '../../../src/webview/charts/lanes';

it.each([
  ['at its bar, where there is room behind it', { left: 20, end: 100, free: 0 }, 20],
  ['before a bar at the end of the plot', { left: 96, end: 100, free: 0 }, 76],
  ['before it as far as the lane is free', { left: 96, end: 100, free: 85 }, 85],
  ['at its bar, where there is even less room before it', { left: 80, end: 90, free: 75 }, 80],
])('a name of an experiment stands %s', (_, room, begin) => {
  expect(nameFrom(room)).toBe(begin);
});

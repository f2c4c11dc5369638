import { expect, it } from 'vitest';
import { faded } from '../../../src/webview/charts/chartModel';

// The values of charts.orange in the editor's own dark and light themes, and in ones that write it otherwise.
it.each([
  ['#ea5c0055', 'rgb(234, 92, 0)'],
  ['rgba(234, 92, 0, 0.33)', 'rgb(234, 92, 0)'],
  ['#1a73d9', 'rgb(26, 115, 217)'],
  ['var(--other)', 'var(--other)'],
])('a line of the colour %s is drawn at its full strength', (given, drawn) => {
  expect(faded(given, 1)).toBe(drawn);
});

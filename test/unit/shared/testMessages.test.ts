import { expect, it } from 'vitest';
import { parseHostMessage, parseViewMessage } from '../../../src/shared/protocol';

it.each([
  [{ type: 'compareRuns' }],
  [{ type: 'endComparison' }],
  [{ type: 'testUntried', cell: undefined }],
  [{ type: 'testUntried', cell: { fault: 'cpu_stress', target: 'n0' } }],
])('%j of the page is taken', (message) => {
  expect(parseViewMessage({ ...message, more: 'is dropped' })).toEqual(message);
});

it.each([
  [{ type: 'testUntried', cell: 'n0' }],
  [{ type: 'testUntried', cell: null }],
  [{ type: 'testUntried', cell: { fault: 'cpu_stress' } }],
  [{ type: 'testUntried', cell: { fault: '', target: 'n0' } }],
  [{ type: 'testUntried', cell: { fault: 'cpu_stress', target: 'x'.repeat(254) } }],
])('%j of the page is refused', (message) => {
  expect(parseViewMessage(message)).toBeUndefined();
});

it.each([
  [{ type: 'coverage', coverage: { rows: [] } }],
  [{ type: 'coverage', coverage: undefined }],
  [{ type: 'comparison', comparison: { rows: [] } }],
  [{ type: 'comparison', comparison: undefined }],
])('%j of the host is taken', (message) => {
  expect(parseHostMessage(message)).toEqual(message);
});

it.each([
  [{ type: 'coverage', coverage: {} }],
  [{ type: 'comparison', comparison: null }],
  [{ type: 'comparison', comparison: 5 }],
])('%j of the host is passed over', (message) => {
  expect(parseHostMessage(message)).toBeUndefined();
});

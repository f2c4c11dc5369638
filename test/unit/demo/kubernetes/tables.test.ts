import { expect, it } from 'vitest';
import { RESOURCES, type Resource } from '../../../../src/demo/kubernetes/objects/resources';
import { humanDuration, toTable } from '../../../../src/demo/kubernetes/requests/tables';

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

it.each([
  [[{ restartCount: 0 }, { restartCount: 0 }], '0'],
  [[{ restartCount: 2 }], '2'],
  [
    [
      { restartCount: 2, lastState: { terminated: { finishedAt: '2026-01-01T00:00:00Z' } } },
      { restartCount: 1, lastState: { terminated: { finishedAt: '2026-01-01T00:55:00Z' } } },
    ],
    '3 (5m ago)',
  ],
])('the restarts of %j are %s', (containerStatuses, text) => {
  const resource = RESOURCES.find(({ kind }) => kind === 'Pod') as Resource;
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' }, status: { containerStatuses } };
  const { columnDefinitions, rows } = toTable(resource, [pod], Date.parse('2026-01-01T01:00:00Z'), 1, 'None');
  expect(columnDefinitions).toContainEqual(expect.objectContaining({ name: 'Restarts', type: 'string' }));
  expect(rows).toEqual([{ cells: expect.arrayContaining([text]) }]);
});

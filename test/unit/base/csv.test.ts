import { expect, it } from 'vitest';
import { csvOf } from '../../../src/core/base/csv';

it.each([
  ['a', 'a'],
  ['a,"b"\n', '"a,""b""\n"'],
  ['-1.5', '-1.5'],
  ['-2e-7', '-2e-7'],
  ['-1+1', "'-1+1"],
  ['=1', "'=1"],
  ['+1', "'+1"],
  ['@a', "'@a"],
  ['\t1', "'\t1"],
])('a cell %j is written %j: a number stays one, and nothing else becomes a formula', (cell, written) => {
  expect(csvOf([['x', cell]])).toBe(`x,${written}\r\n`);
});

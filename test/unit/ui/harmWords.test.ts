import { describe, expect, it } from 'vitest';
import { headroomWords } from '../../../src/ui/impact/impactText';

const GIB = 2 ** 30;

describe('memory in the question before an injection', () => {
  it('says what is taken of what is free, not that so little is left', () => {
    expect(headroomWords({ pod: 'a', limit: 10 * GIB, used: 6.19 * GIB, wanted: 256e6 })).toEqual([
      'a: takes 244 MiB of the 3.81 GiB still free (limit 10 GiB, 6.19 GiB in use)',
    ]);
  });

  it('speaks of the limit where the use is not known, and of nothing where there is none', () => {
    expect(headroomWords({ pod: 'a', limit: GIB, used: undefined, wanted: GIB / 2 })).toEqual([
      'a: takes 512 MiB of the memory limit of 1 GiB',
    ]);
    expect(headroomWords({ pod: 'a', limit: undefined, used: undefined, wanted: GIB })).toEqual([]);
  });
});

import { expect, it } from 'vitest';
import type { Impact } from '../../../src/core/impact/impact';
import { planImpact } from '../../../src/core/scenario/planImpact';
import { planned, step } from './scenarios';

const harm = (change: Partial<Impact> = {}): Impact => ({
  parts: [],
  besides: [],
  clusters: [],
  share: { hit: 1, of: 3, pods: [] } as unknown as Impact['share'],
  headroom: [],
  grave: [],
  warnings: [],
  serious: [],
  problems: [],
  ...change,
});

it('names the pods of the plan where those of the cluster could not be listed', () => {
  const unseen = 'The pods could not be listed.';
  expect(planImpact(planned([step()]), harm({ grave: [unseen] }))).toMatchObject({
    hits: ['db-0'],
    warnings: [unseen],
  });
});

it('has the warnings of the plan, and that of a majority from the impact alone', () => {
  const twice = planned([step(), step({ name: 'second' })]);
  expect(planImpact(twice, harm()).warnings.map(String)).toEqual([expect.stringContaining('at the same time')]);
  const most = planned([step({ targets: [{ pod: 'db-0' }, { pod: 'db-1' }] })]);
  expect(planImpact(most, harm()).warnings.map(String)).toEqual([expect.stringContaining('2 of 3 nodes')]);
  expect(planImpact(most, harm({ grave: ['A majority is hit.'] })).warnings).toEqual(['A majority is hit.']);
});

import { expect, it } from 'vitest';
import { shortFaultWarning } from '../../../src/core/resilience/shortFault';
import type { PlannedStep } from '../../../src/core/scenario/planScenario';
import { expectCommits } from './commits';

const SECOND = 1000;
const planned = (...steps: [offset: number, duration: number][]): { steps: PlannedStep[] } => ({
  steps: steps.map(
    ([offset, duration]) => ({ offsetMs: offset * SECOND, durationMs: duration * SECOND }) as PlannedStep,
  ),
});

it('warns where the faults together take less than a step, and something is expected during them', () => {
  const warned = (...steps: [number, number][]): string | undefined =>
    shortFaultWarning(planned(...steps), [expectCommits()], 15 * SECOND)?.toString();
  expect(warned([30, 10])).toBe(
    'The faults take 10s, less than the step of 15s: a metric may have no sample of them. Use a longer duration or a shorter step.',
  );
  expect(warned([30, 15])).toBeUndefined();
  expect(warned([0, 10], [10, 10])).toBeUndefined();
  expect(warned([30, 0])).toBe(
    'The faults happen once: a metric has no sample of them. Use "during: always" or "during: recovery".',
  );
  const other = expectCommits({ during: 'always' });
  expect(shortFaultWarning(planned([30, 10]), [other], 15 * SECOND)).toBeUndefined();
});

import { expect, it } from 'vitest';
import { experimentItem } from '../../../src/ui/tree/experimentItem';
import { CREATED, experiment, type ObjectSpec, type RecordSpec } from '../experiments/experiments';

const row = (spec: ObjectSpec, afterMs = 20_000): Record<'label' | 'description' | 'spoken' | 'tooltip', string> => {
  const about = { nowMs: CREATED + afterMs, ours: true, note: 'detected after 12 s' };
  const item = experimentItem(experiment(spec), about);
  return {
    label: String(item.label),
    description: String(item.description),
    spoken: String(item.accessibilityInformation?.label),
    tooltip: (item.tooltip as unknown as { value: string }).value,
  };
};
const injected = (pod: string): RecordSpec => ({ pod, phase: 'Injected', appliedAfterMs: 500 });
const acts = { AllInjected: true, Selected: true };

it('begins with the node and the time left, which a narrow view does not cut off, and says all to a screen reader', () => {
  const { label, description, spoken, tooltip } = row({ records: [injected('ob-1-zone2-a79')], conditions: acts });
  expect([label, description]).toEqual(['zone2-a79', '3m left · CPU stress']);
  expect(spoken).toBe('CPU stress ob-1-zone2-a79, Running, 2m 40s left, detected after 12 s');
  for (const words of ['CPU stress', 'StressChaos oceanbase/one', 'ob-1-zone2-a79', '2m 40s left'])
    expect(tooltip).toContain(words);
});

it('says the state in words where it is not simply running', () => {
  const records = [injected('a'), { pod: 'b', phase: 'Not Injected', failure: 'no daemon' }];
  expect(row({ records })).toMatchObject({
    label: '2 pods',
    description: '3m left · CPU stress · Partly injected 1/2',
  });
});

it('begins with the fault where there is no node', () => {
  expect(row({ noStatus: true }, 1000)).toMatchObject({ label: 'CPU stress', description: '3m left · Injecting' });
});

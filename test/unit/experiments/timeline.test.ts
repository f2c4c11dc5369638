import { describe, expect, it } from 'vitest';
import type { ExperimentEvent, RecordEvent } from '../../../src/core/experiments/experiment';
import { timelineOf } from '../../../src/core/experiments/timeline';

const T = Date.parse('2026-01-01T00:00:00Z');
const id = 'oceanbase/ob-1/observer';
const record = (s: number, operation: string, message?: string): RecordEvent => ({
  type: message === undefined ? 'Succeeded' : 'Failed',
  operation,
  message,
  at: T + s * 1000,
});
const event = (s: number, reason: string, message: string, change: Partial<ExperimentEvent> = {}): ExperimentEvent => ({
  at: T + s * 1000,
  firstAt: T + s * 1000,
  count: 1,
  type: reason === 'Failed' ? 'Warning' : 'Normal',
  reason,
  message,
  ...change,
});
const told = (targets: { id: string; events: RecordEvent[] }[], events: ExperimentEvent[]): string[] =>
  timelineOf(targets, events).map(
    ({ at, what, failed, target, count, message }) =>
      `${at === undefined ? '?' : (at - T) / 1000} ${failed ? '!' : ''}${what} ${target ?? '-'} ×${count} ${message}`,
  );

describe('the events of an experiment', () => {
  it('are in order, and what records and core events both tell is there once', () => {
    const events = [
      event(9, 'Paused', 'Experiment has been paused'),
      event(0, 'Started', 'Experiment has started'),
      event(3, 'Applied', `Successfully apply chaos for ${id}`),
      event(10, 'Recovered', `Successfully recover chaos for ${id}`),
    ];
    expect(told([{ id, events: [record(3, 'Apply'), record(10, 'Recover')] }], events)).toEqual([
      '0 Started - ×1 Experiment has started',
      `3 Apply ${id} ×1 `,
      '9 Paused - ×1 Experiment has been paused',
      `10 Recover ${id} ×1 `,
    ]);
  });

  it('keep what only a core event tells, such as an apply of before the newest records', () => {
    const events = [event(3, 'Applied', `Successfully apply chaos for ${id}`)];
    expect(told([{ id, events: [record(300, 'Apply')] }], events)).toEqual([
      `3 Applied - ×1 Successfully apply chaos for ${id}`,
      `300 Apply ${id} ×1 `,
    ]);
  });

  it("keep the daemon's message whole where the server has cut it, and the server's count", () => {
    const long = `rpc error: ${'tc said no; '.repeat(200)}`;
    const cut = `Failed to apply chaos: ${long}`.slice(0, 1024);
    const events = [event(60, 'Failed', cut, { count: 40, firstAt: T + 1000 })];
    const failures = [record(57, 'Apply', long), record(60, 'Apply', long)];
    const [entry, ...rest] = timelineOf([{ id, events: failures }], events);
    expect(rest).toEqual([]);
    expect(entry).toMatchObject({
      message: long,
      count: 40,
      since: T + 1000,
      at: T + 60_000,
      target: id,
      failed: true,
    });
  });

  it('tell the same failure of two targets apart', () => {
    const targets = ['a', 'b'].map((pod) => ({ id: `ns/${pod}`, events: [record(1, 'Apply', 'no daemon')] }));
    expect(told(targets, [])).toEqual(['1 !Apply ns/a ×1 no daemon', '1 !Apply ns/b ×1 no daemon']);
  });

  it('without a date are last, and nothing at all is no error', () => {
    const undated = event(0, 'Odd', 'x', { at: undefined, firstAt: undefined });
    expect(told([], [undated, event(5, 'Started', 'y')])).toEqual(['5 Started - ×1 y', '? Odd - ×1 x']);
    expect(timelineOf([], [])).toEqual([]);
  });
});

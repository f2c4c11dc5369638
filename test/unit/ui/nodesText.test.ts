import { describe, expect, it } from 'vitest';
import type { MonitorState } from '../../../src/core/monitoring/monitorState';
import { isOld, knownWords, nodesDescription, stillSeen } from '../../../src/ui/tree/nodesText';

const at = (minute: number, second = 0): number => new Date(2026, 4, 3, 14, minute, second).getTime();
const state = (toMs: number | undefined, live = true): MonitorState =>
  ({
    live,
    diagnosis: { from: at(6, 15), at: at(7) },
    spans: [{ label: 'cpu_stress', fromMs: at(1), toMs }],
  }) as unknown as MonitorState;

describe('the node view', () => {
  it('says of which data its ranks speak, and that it is paused', () => {
    expect(nodesDescription(state(undefined))).toBe('14:06:15–14:07:00');
    expect(nodesDescription(state(undefined, false))).toBe('14:06:15–14:07:00 · paused');
    expect(nodesDescription({ ...state(undefined), diagnosis: undefined })).toBe('');
  });

  it('says that an experiment which ended within them is still in them, and only then', () => {
    expect(stillSeen(state(at(6, 40)))).toBe('CPU stress ended at 14:06:40; the window still includes it.');
    const two = state(at(6, 40));
    expect(stillSeen({ ...two, spans: [...two.spans, ...two.spans] })).toBe(
      '2 experiments just ended; scores will settle within a minute.',
    );
    expect(stillSeen(state(at(7, 5)))).toContain('ended at 14:07:05'); // between the newest sample and now
    expect(stillSeen(state(at(9), false))).toBe(''); // paused: later than what is shown
    expect(stillSeen(state(undefined))).toBe(''); // it acts
    expect(stillSeen(state(at(5)))).toBe(''); // long over
    expect(stillSeen({ ...state(at(6, 40)), diagnosis: undefined })).toBe('');
  });

  it('says what is known in one line, and nothing of now from a picture of before', () => {
    const known = { reason: undefined, since: at(7), readyInMs: undefined, unknownNodes: [] };
    const reason = 'No samples from c in this window.';
    expect(knownWords({ ...known, state: 'normal' })).toBe('No anomaly detected.');
    expect(knownWords({ ...known, state: 'anomalous' })).toBe('');
    expect(knownWords({ ...known, state: 'anomalous', reason })).toBe(reason);
    expect(knownWords({ ...known, state: 'collecting', readyInMs: 42_000 })).toBe('Collecting data… (about 45 s)');
    expect(knownWords({ ...known, state: 'unknown', reason })).toBe(`Unknown – last checked 14:07:00. ${reason}`);
    expect(knownWords({ ...known, state: 'unknown', since: undefined })).toBe('Unknown');
    const { diagnosis } = state(undefined);
    expect(isOld({ diagnosis }, { ...known, state: 'unknown' })).toBe(false); // of now, but not whole
    expect(isOld({ diagnosis }, { ...known, state: 'unknown', since: at(7, 5) })).toBe(true);
    expect(isOld({ diagnosis }, { ...known, state: 'normal' })).toBe(false);
  });
});

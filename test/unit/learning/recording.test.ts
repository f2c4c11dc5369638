import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recordingId, recordingRange, toRecording } from '../../../src/core/learning/recording';
import { parseRecording } from '../../../src/core/learning/recordingParse';
import { frameOf, MINUTE, span, START } from './spans';

const one = span({ fromMs: START + 10 * MINUTE, toMs: START + 13 * MINUTE });

describe('the range of a recording', () => {
  it('begins a quarter of an hour before the experiment and ends with it', () => {
    expect(recordingRange(one, [one], 15_000)).toEqual({ fromMs: START - 5 * MINUTE, toMs: START + 13 * MINUTE });
  });

  it('leaves out an earlier experiment and what follows it', () => {
    const earlier = span({ name: 'earlier', fromMs: START, toMs: START + 3 * MINUTE });
    expect(recordingRange(one, [earlier, one], 15_000)).toEqual({
      fromMs: START + 5 * MINUTE,
      toMs: START + 13 * MINUTE,
    });
  });

  it('refuses what cannot be learned from, with the reason', () => {
    const refused = (spans: ReturnType<typeof span>[], given = one): string =>
      (recordingRange(given, spans, 15_000) as { refused: string }).refused;
    const running = span({ fromMs: START, toMs: undefined });
    expect(refused([running], running)).toBe('it still acts');
    const other = span({ label: 'PodChaos', fromMs: START, toMs: START + MINUTE });
    expect(refused([other], other)).toMatch(/PodChaos/);
    const beside = span({ name: 'beside', fromMs: START + 12 * MINUTE, toMs: START + 20 * MINUTE });
    expect(refused([one, beside])).toMatch(/beside it/);
    const short = span({ fromMs: START, toMs: START + 20_000 });
    expect(refused([short], short)).toBe('it was too short');
    const before = span({ name: 'before', fromMs: START, toMs: START + 9 * MINUTE });
    expect(refused([before, one])).toMatch(/quiet stretch/);
  });

  it('takes experiments that act together as one compound anomaly', () => {
    const second = span({ name: 'second', label: 'disk_stress', nodes: ['c'], fromMs: one.fromMs, toMs: one.toMs });
    expect(recordingRange(one, [one, second], 15_000)).toHaveProperty('fromMs');
    const recording = toRecording(one, [one, second], frameOf());
    expect(recording?.runs.map(({ id, types }) => [id, types])).toEqual([
      ['a', []],
      ['b', ['cpu_stress']],
      ['c', ['disk_stress']],
    ]);
    expect(recording?.types).toEqual(['cpu_stress', 'disk_stress']);
  });
});

describe('a recording', () => {
  const recording = toRecording(one, [one], frameOf());

  it('holds every node, the true types on those that were hit, and the rows in which they were', () => {
    expect(recording).toMatchObject({ id: recordingId(one), stepMs: 15_000, fromMs: START });
    const [a, b] = recording?.runs ?? [];
    expect(a?.types).toEqual([]);
    expect(b).toMatchObject({ types: ['cpu_stress'], abnormal: [40, 53], rows: 60 });
    expect(b?.metrics['cpu.used']?.[45]).toBe(2);
  });

  it('keeps gaps as gaps and leaves out a metric that has no sample', () => {
    const [a] = recording?.runs ?? [];
    expect(a?.metrics['cpu.used']?.[3]).toBeNull();
    expect(a?.metrics).not.toHaveProperty('memory.used');
  });

  it('is not made of a frame that misses its baseline or its window', () => {
    const late = span({ fromMs: START + 30_000, toMs: START + 13 * MINUTE });
    expect(toRecording(late, [late], frameOf())).toBeUndefined();
    const ended = span({ fromMs: START + 14.9 * MINUTE, toMs: START + 20 * MINUTE });
    expect(toRecording(ended, [ended], frameOf())).toBeUndefined();
  });

  it('survives JSON', () => {
    expect(parseRecording(JSON.parse(JSON.stringify(recording)))).toEqual(recording);
  });

  it('is refused when a column is of another length, holds text, or the rows are impossible', () => {
    const broken = (change: (run: Record<string, unknown>) => void): unknown => {
      const copy = JSON.parse(JSON.stringify(recording)) as { runs: Record<string, unknown>[] };
      change(copy.runs[0] as Record<string, unknown>);
      return parseRecording(copy);
    };
    expect(broken(() => undefined)).toBeDefined();
    expect(broken((run) => (run['metrics'] = { 'cpu.used': [1] }))).toBeUndefined();
    expect(broken((run) => (run['metrics'] = { 'cpu.used': Array(60).fill('1') }))).toBeUndefined();
    expect(broken((run) => (run['abnormal'] = [50, 70]))).toBeUndefined();
    expect(broken((run) => (run['types'] = [1]))).toBeUndefined();
  });

  it('is never made of anything else', () => {
    fc.assert(fc.property(fc.anything(), (input) => parseRecording(input) === undefined));
  });
});

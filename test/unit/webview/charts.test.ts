import { describe, expect, it } from 'vitest';
import { formatValue } from '../../../src/webview/format';
import { chartKey, type KeyState } from '../../../src/webview/charts/keys';
import { toggled } from '../../../src/webview/nodes/legend';
import { wordAt } from '../../../src/webview/charts/ownChartForm';
import { fromInput, stretchProblem, toInput } from '../../../src/webview/toolbar/rangePicker';
import { timeTicks, writeTime } from '../../../src/webview/charts/timeTicks';
import { nearest, readings, spoken } from '../../../src/webview/charts/tooltip';
import { logScale } from '../../../src/webview/charts/valueScale';
import { boundStretch, readState, toSaved } from '../../../src/webview/viewState';

const MINUTE = 60_000;
const key = (name: string, shiftKey = false): Parameters<typeof chartKey>[0] => ({
  key: name,
  shiftKey,
  ctrlKey: false,
  altKey: false,
  metaKey: false,
});
const state: KeyState = { timestamps: Float64Array.from([0, 10, 20, 30]), fromMs: 0, toMs: 40, hoverMs: undefined };

describe('keys on a chart', () => {
  it('move the crosshair from the newest sample on, and stay within the samples', () => {
    expect(chartKey(key('ArrowLeft'), state)).toEqual({ crosshair: 30 });
    expect(chartKey(key('ArrowLeft'), { ...state, hoverMs: 20 })).toEqual({ crosshair: 10 });
    expect(chartKey(key('ArrowRight'), { ...state, hoverMs: 30 })).toEqual({ crosshair: 30 });
    expect(chartKey(key('Home'), state)).toEqual({ crosshair: 0 });
    expect(chartKey(key('PageUp'), { ...state, hoverMs: 30 })).toEqual({ crosshair: 0 });
  });

  it('move, widen and narrow the stretch, go to other charts and back', () => {
    expect(chartKey(key('ArrowLeft', true), state)).toEqual({ zoom: [-10, 30] });
    expect(chartKey(key('+'), { ...state, hoverMs: 10 })).toEqual({ zoom: [5, 25] });
    expect(chartKey(key('-'), state)).toEqual({ zoom: [-20, 60] });
    expect(chartKey(key('ArrowDown'), state)).toEqual({ move: 1 });
    expect(chartKey(key('Escape'), state)).toEqual({ reset: true });
  });

  it('of others are left alone', () => {
    expect(chartKey({ ...key('ArrowLeft'), ctrlKey: true }, state)).toBeUndefined();
    expect(chartKey(key('a'), state)).toBeUndefined();
    expect(chartKey(key('ArrowLeft'), { ...state, timestamps: new Float64Array() })).toBeUndefined();
  });
});

describe('the legend', () => {
  const nodes = ['a', 'b', 'c'];

  it('hides and shows one by a click', () => {
    expect(toggled(nodes, new Set(), 'b', false)).toEqual(new Set(['b']));
    expect(toggled(nodes, new Set(['b']), 'b', false)).toEqual(new Set());
  });

  it('shows one alone by Alt and a click, and all again by another', () => {
    const alone = toggled(nodes, new Set(['b']), 'b', true);
    expect(alone).toEqual(new Set(['a', 'c']));
    expect(toggled(nodes, alone, 'b', true)).toEqual(new Set());
    expect(toggled(nodes, alone, 'a', true)).toEqual(new Set(['b', 'c']));
  });
});

describe('a log axis', () => {
  const write = (values: number[], unit?: Parameters<typeof logScale>[1]): string[] | undefined => {
    const axis = logScale([Float64Array.from(values)], unit);
    return axis?.ticks?.map((tick) => axis.write(tick, 1));
  };

  it('runs over powers of ten, of two for bytes', () => {
    expect(write([0.003, 40], 'count')).toEqual(['0.001', '0.1', '10', '1,000']);
    expect(write([1.5, 8], 'count')).toEqual(['1', '2', '5', '10']);
    expect(write([1024, 1024 ** 2], 'bytes')).toEqual(['1 KiB', '8 KiB', '64 KiB', '512 KiB', '4 MiB']);
  });

  it('has no place for zero, less, or nothing', () => {
    expect(write([0, -1, NaN])).toBeUndefined();
    expect(logScale([Float64Array.from([0, 5])], undefined)?.min).toBe(1);
  });
});

describe('units and times', () => {
  it.each([
    [0.1012, 'seconds', '101 ms'],
    [0.000_174, 'seconds', '174 μs'],
    [6.2 * 1024 ** 3, 'bytes', '6.2 GiB'],
    [1536, 'bytesPerSecond', '1.5 KiB/s'],
    [0.256, 'ratio', '25.6%'],
    [12_345, 'perSecond', '12,300/s'],
    [0, 'bytes', '0 B'],
  ] as const)('%d %s is written %s', (value, unit, text) => {
    expect(formatValue(value, unit)).toBe(text);
  });

  it('fit a long range on round times of the local day', () => {
    const to = Date.parse('2026-03-04T05:06:07Z');
    const ticks = timeTicks(to - 24 * 60 * MINUTE, to, 400);
    expect(ticks.length).toBeGreaterThan(2);
    expect(ticks.length).toBeLessThan(11);
    expect(ticks.every((at) => new Date(at).getMinutes() === 0)).toBe(true);
    expect(timeTicks(to - 31 * 24 * 60 * MINUTE, to, 400).length).toBeLessThan(10);
  });

  it.each([5, 15, 30, 60, 180])(
    'of %i minutes have two to seven ticks on whole minutes, more where there is room',
    (minutes) => {
      const from = Date.parse('2026-01-01T10:00:07Z');
      const ticks = timeTicks(from, from + minutes * MINUTE);
      expect(ticks.length).toBeGreaterThanOrEqual(2);
      expect(ticks.length).toBeLessThanOrEqual(7);
      expect(ticks.every((at) => at % MINUTE === 0)).toBe(true);
      expect(timeTicks(from, from + minutes * MINUTE, 1200).length).toBeGreaterThanOrEqual(ticks.length);
    },
  );

  it('are written as the time of day, at midnight as the day', () => {
    expect(writeTime(new Date(2026, 4, 3, 14, 7).getTime())).toBe('14:07');
    expect(writeTime(new Date(2026, 4, 3).getTime())).not.toContain(':');
  });
});

describe('a stretch', () => {
  it('is said to be wrong before it is asked for', () => {
    const now = 10_000 * MINUTE;
    expect(stretchProblem(0, 10 * MINUTE, now)).toBeUndefined();
    expect(stretchProblem(NaN, 10, now)).toBe('Enter both times as YYYY-MM-DD HH:MM:SS.');
    expect(stretchProblem(10 * MINUTE, 9 * MINUTE, now)).toContain('after the start');
    expect(stretchProblem(0, 32 * 1440 * MINUTE, now)).toContain('31 days');
    expect(stretchProblem(now + 1, now + 10 * MINUTE, now)).toContain('future');
  });

  it('stays within its bounds and before now', () => {
    const at = 10 * MINUTE;
    expect(boundStretch(at + 0.4, at + 1.6, 1e9)).toEqual({ fromMs: at - MINUTE / 2 + 1, toMs: at + MINUTE / 2 + 1 });
    const now = 100 * MINUTE;
    expect(boundStretch(90 * MINUTE, 130 * MINUTE, now)).toEqual({ fromMs: 60 * MINUTE, toMs: now });
  });

  it('is written in local time and read again', () => {
    const at = Date.parse('2026-03-04T05:06:07Z');
    expect(fromInput(toInput(at))).toBe(at);
    expect(toInput(at)).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
    expect(fromInput(' 2026-05-03T14:07:00Z')).toBe(Date.UTC(2026, 4, 3, 14, 7));
    expect(fromInput('2026-05-03 14:07')).toBe(new Date(2026, 4, 3, 14, 7).getTime());
    for (const none of ['', '14:07', '2026-05-03', '2026-13-03 14:07', '2026-05-03 2 PM', '1'])
      expect(fromInput(none), none).toBeNaN();
  });
});

describe('what was chosen', () => {
  it('comes back as it was kept, and nothing else', () => {
    const chosen = {
      ...readState(undefined),
      hidden: new Set(['a']),
      pinned: new Set(['b']),
      experiments: false,
      log: true,
      scoreboard: true,
      stretch: { fromMs: 0, toMs: MINUTE },
    };
    expect(readState(structuredClone(toSaved(chosen)))).toEqual(chosen);
    expect(
      readState({ hidden: 'x', pinned: 1, stretch: { fromMs: 0, toMs: 1 }, log: 1, scoreboard: 'x', windowMs: '5' }),
    ).toEqual(readState({}));
  });
});

describe('values under the crosshair', () => {
  it('are those of the nearest sample, highest first', () => {
    expect([0, 4, 6, 99].map((ms) => nearest(state.timestamps, ms))).toEqual([0, 0, 1, 3]);
    expect(nearest(new Float64Array(), 1)).toBe(-1);
    const line = (name: string, value: number) => ({ name, values: Float64Array.from([value]) });
    const content = {
      id: 'cpu.used',
      title: '',
      description: '',
      unit: 'cores' as const,
      timestamps: Float64Array.from([0]),
      lines: [line('a', 1), line('b', 3), line('c', NaN), line('d', 2)],
      ofNodes: true,
    };
    expect(readings(content, 0, (name) => name !== 'd').list.map(({ name }) => name)).toEqual(['b', 'a']);
    expect(readings(content, 0, () => true, ['a', 'c']).list.map(({ name }) => name)).toEqual(['a', 'b', 'd']);
    const many = { ...content, lines: Array.from({ length: 30 }, (_, i) => line(`n${i}`, i)) };
    expect(readings(many, 0, () => true).list).toHaveLength(8);
    expect(readings(many, 0, () => true).more).toBe(22);
    expect(spoken(many, 0, () => true)).toMatch(/^n29 29 cores, .*, and 22 more$/);
  });
});

describe('the word to complete', () => {
  it.each([
    ['rate(node_cp', 'node_cp'],
    ['up{job="no', ''],
    ['rate(x[5', ''],
    ['sum(a) + b', 'b'],
    ['', ''],
  ])('of %j is %j', (text, word) => {
    expect(wordAt(text, text.length)).toBe(word);
  });
});

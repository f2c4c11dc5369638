import { beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../src/core/base/errors';
import type { Monitor, Stretch } from '../../../src/core/monitoring/monitor';
import type { MonitorState } from '../../../src/core/monitoring/monitorState';
import { RangeController } from '../../../src/ui/panel/rangeController';
import { ManualClock, settle } from '../../support';

const MINUTE = 60_000;
const NOW = 1_800_000_000_000;

let state: MonitorState;
let asked: { stretch: Stretch; signal: AbortSignal | undefined }[];
let calls: string[];
let answer: () => Promise<MonitorState>;
let changes: number;
let range: RangeController;

const monitor = {
  get state() {
    return state;
  },
  configured: { windowMs: 30 * MINUTE, stepMs: 15_000 },
  setRange: (windowMs: number, stepMs: number) => void calls.push(`range ${windowMs / MINUTE} min, ${stepMs / 1000} s`),
  setLive: (live: boolean) => void calls.push(live ? 'live' : 'paused'),
  past: (stretch: Stretch, signal?: AbortSignal) => {
    asked.push({ stretch, signal });
    return answer();
  },
} as unknown as Monitor;

beforeEach(() => {
  state = { windowMs: 30 * MINUTE, stepMs: 15_000, health: { state: 'live', updatedAt: NOW }, spans: [] } as never;
  asked = [];
  calls = [];
  changes = 0;
  answer = () => Promise.resolve({ ...state, stepMs: 5000 });
  range = new RangeController(new ManualClock(NOW), () => (changes += 1));
});

describe('the range of the panel', () => {
  it('has a step with no more points than pixels', () => {
    range.handle({ type: 'setPixels', pixels: 100 }, monitor);
    range.handle({ type: 'setRange', windowMs: 180 * MINUTE }, monitor);
    range.handle({ type: 'setPixels', pixels: 400 }, monitor);
    range.handle({ type: 'setRange', windowMs: 5 * MINUTE }, monitor);
    expect(calls).toEqual(['range 30 min, 30 s', 'range 180 min, 120 s', 'range 30 min, 15 s', 'range 5 min, 5 s']);
  });

  it('that is a stretch of the past stops refreshing, and says at once that it loads', async () => {
    range.handle({ type: 'setStretch', fromMs: NOW - 60 * MINUTE, toMs: NOW - 50 * MINUTE }, monitor);
    expect(calls).toEqual(['paused']);
    expect(range.shown(state).health).toEqual({ state: 'loading' });
    await settle();
    expect(asked[0]?.stretch).toEqual({ fromMs: NOW - 60 * MINUTE, toMs: NOW - 50 * MINUTE, stepMs: 5000 });
    expect(range.shown({ ...state, spans: ['now'] as never })).toMatchObject({ stepMs: 5000, spans: ['now'] });
    expect(changes).toBe(2);
    range.leave(monitor);
    expect(calls.at(-1)).toBe('live');
    expect(range.shown(state)).toBe(state);
  });

  it('never reaches into the future, and keeps its length', () => {
    range.handle({ type: 'setStretch', fromMs: NOW - 5 * MINUTE, toMs: NOW + 5 * MINUTE }, monitor);
    expect(range.stretch).toEqual({ fromMs: NOW - 10 * MINUTE, toMs: NOW });
  });

  it('drops the answer for a stretch that is left for another', async () => {
    const answers: (() => void)[] = [];
    answer = () => new Promise((resolve) => answers.push(() => resolve({ ...state, stepMs: answers.length })));
    range.handle({ type: 'setStretch', fromMs: 0, toMs: 10 * MINUTE }, monitor);
    range.handle({ type: 'setStretch', fromMs: 0, toMs: 20 * MINUTE }, monitor);
    expect(asked[0]?.signal?.aborted).toBe(true);
    for (const finish of answers) finish();
    await settle();
    expect(changes).toBe(3); // two that load, one that came
  });

  it('tells why a stretch could not be had, and asks again', async () => {
    const error = new AppError('unreachable', 'no route');
    answer = () => Promise.reject(error);
    range.handle({ type: 'setStretch', fromMs: 0, toMs: 10 * MINUTE }, monitor);
    await settle();
    expect(range.shown(state).health).toEqual({ state: 'failed', error });
    answer = () => Promise.resolve(state);
    range.load(monitor);
    await settle();
    expect(range.shown(state).health).toMatchObject({ state: 'live' });
  });

  it('asks for a stretch again when the page becomes wide enough for a finer step', async () => {
    range.handle({ type: 'setStretch', fromMs: 0, toMs: 60 * MINUTE }, monitor);
    answer = () => Promise.resolve({ ...state, stepMs: 15_000 });
    range.load(monitor);
    await settle();
    range.handle({ type: 'setPixels', pixels: 800 }, monitor);
    expect(asked.at(-1)?.stretch.stepMs).toBe(5000);
  });
});

import { expect, it } from 'vitest';
import { gatherMeanwhile, type MeanwhileSources } from '../../../src/core/evaluation/meanwhile';
import type { MetricFrame } from '../../../src/core/metrics/series';
import type { PastAnswer } from '../../../src/core/evaluation/pastDiagnosis';
import { silentLog } from '../../support';

const frame = {
  timestamps: Float64Array.from([0, 1000]),
  stepMs: 1000,
  nodes: [],
  series: [],
} as unknown as MetricFrame;

function sources(at: (ms: number) => Promise<PastAnswer>): MeanwhileSources {
  const scorer = { analyse: () => Promise.reject(new Error('no ranks')) } as unknown as MeanwhileSources['scorer'];
  return { past: { at, frame: () => Promise.resolve(frame), windowMs: 1000 }, scorer, log: silentLog };
}
const fault = (atMs: number) => ({ type: 'cpu_stress', nodes: ['n1'], atMs, toMs: 30_000 });
const asked = { fromMs: 0, toMs: 1000, faults: [fault(500), fault(700), fault(500)] };
const pair = (reasons: readonly string[], node = 'n1') => ({ ...{ node, type: 'cpu_stress', named: true }, reasons });

it('asks for the diagnosis of a moment once, however many faults share it', async () => {
  const questions: number[] = [];
  const at = (ms: number): Promise<PastAnswer> => {
    questions.push(ms);
    return Promise.resolve({ diagnosis: { at: ms, ranking: [] }, unknown: [], problems: [] } as unknown as PastAnswer);
  };
  const { diagnoses } = await gatherMeanwhile(asked, sources(at), new AbortController().signal);
  expect(questions).toEqual([500, 700]);
  expect(diagnoses.map((one) => one?.at)).toEqual([500, 700, 500]);
});

it.each([
  ['the first that has evidence', { 11_000: [pair(['cpu']), pair([], 'n2')] }, 11_000, [1000, 11_000]],
  ['the first where it has some', { 1000: [pair(['cpu'])] }, 1000, [1000]],
  ['the first where none has', { 11_000: [pair(['cpu'], 'n2')] }, 1000, [1000, 11_000, 21_000]],
  ['the only one where it is not named', { 1000: [] }, 1000, [1000]],
])('the diagnosis of a fault is %s', async (_, rankings: Record<number, object[]>, told, moments) => {
  const questions: number[] = [];
  const at = (ms: number): Promise<PastAnswer> => {
    questions.push(ms);
    return Promise.resolve({ diagnosis: { at: ms, ranking: rankings[ms] ?? [pair([])] } } as unknown as PastAnswer);
  };
  const one = { fromMs: 0, toMs: 1000, faults: [fault(1000)] };
  const { diagnoses } = await gatherMeanwhile(one, sources(at), new AbortController().signal);
  expect(diagnoses[0]?.at).toBe(told);
  expect(questions).toEqual(moments);
});

it('keeps what it had when it is aborted', async () => {
  const abort = new AbortController();
  const at = (): Promise<PastAnswer> => {
    abort.abort();
    return Promise.reject(abort.signal.reason as Error);
  };
  const gathered = await gatherMeanwhile(asked, sources(at), abort.signal);
  expect(gathered.frame).toBe(frame);
  expect(gathered.diagnoses).toEqual([undefined, undefined, undefined]);
});

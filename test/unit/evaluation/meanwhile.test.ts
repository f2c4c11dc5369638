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
const asked = { fromMs: 0, toMs: 1000, moments: [500, 700, 500] };

it('asks for the diagnosis of a moment once, however many faults share it', async () => {
  const questions: number[] = [];
  const at = (ms: number): Promise<PastAnswer> => {
    questions.push(ms);
    return Promise.resolve({ diagnosis: { at: ms }, unknown: [], problems: [] } as unknown as PastAnswer);
  };
  const { diagnoses } = await gatherMeanwhile(asked, sources(at), new AbortController().signal);
  expect(questions).toEqual([500, 700]);
  expect(diagnoses).toEqual([{ at: 500 }, { at: 700 }, { at: 500 }]);
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

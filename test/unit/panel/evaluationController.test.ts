import { beforeEach, describe, expect, it } from 'vitest';
import type { Diagnosis } from '../../../src/core/diagnosis/types';
import { AppError } from '../../../src/core/base/errors';
import type { ExperimentSpan } from '../../../src/core/experiments/spans';
import type { PastAnswer } from '../../../src/core/evaluation/pastDiagnosis';
import { scoreboard } from '../../../src/core/evaluation/scoreboard';
import { judgingTimes } from '../../../src/core/evaluation/times';
import type { EvaluationHostMessage } from '../../../src/shared/truthMessages';
import { EvaluationController, type EvaluatedSession } from '../../../src/ui/panel/evaluationController';
import { settle, silentLog } from '../../support';
import { looks, s, span } from '../evaluation/build';

const diagnosis = (at: number): Diagnosis => ({
  from: at - 60_000,
  at,
  healthy: true,
  unjudged: [],
  lost: [],
  ranking: [],
  nodes: [],
  clusterRank: 0,
  graph: { nodes: [], weights: new Float64Array() },
  info: { answeredBy: 'cpu', model: 'm', reason: undefined },
  insufficient: undefined,
});

let posted: EvaluationHostMessage[];
let ran: unknown[][];
let problems: PastAnswer['problems'];
let asked: { at: number; signal: AbortSignal; answer: (value: Diagnosis) => void; fail: (error: Error) => void }[];
let tell: () => void;
let spans: ReturnType<typeof span>[];
let side: EvaluationController;
let gone: string[];
let acted: readonly ExperimentSpan[];

beforeEach(() => {
  problems = [];
  acted = [];
  gone = ['new-1'];
  posted = [];
  ran = [];
  asked = [];
  spans = [span('a', 'cpu_stress', ['n1'], 100)];
  const told = looks(0, 300, (at) => (at > 130 ? ['n1 cpu_stress!'] : []));
  const session = {
    evaluator: {
      get board() {
        return scoreboard({ spans, looks: told, times: judgingTimes(15_000), nowMs: s(300) });
      },
      subscribe: (listener: () => void) => {
        tell = listener;
        return { dispose: () => undefined };
      },
    },
    past: {
      at: (at: number, signal: AbortSignal) =>
        new Promise<PastAnswer>((resolve, fail) =>
          asked.push({ at, signal, answer: (of) => resolve({ diagnosis: of, unknown: gone, problems }), fail }),
        ),
    },
  } as unknown as EvaluatedSession;
  side = new EvaluationController({
    log: silentLog,
    post: (message) => posted.push(message),
    run: (...args) => ran.push(args),
    spans: () => acted,
  });
  side.follow(session);
});

describe('the score', () => {
  it('is sent at once, and again only when it changed', () => {
    tell();
    expect(posted).toHaveLength(1);
    expect(posted[0]).toMatchObject({
      type: 'truth',
      board: { judged: 1, verdicts: [{ key: 'a', state: 'seen', seenAfterMs: 35_000, acting: true }] },
    });
    spans = [span('a', 'cpu_stress', ['n1'], 100, 290)];
    tell();
    expect(posted).toHaveLength(2);
  });
});

describe('a moment of the past', () => {
  const past = (): EvaluationHostMessage[] => posted.filter(({ type }) => type === 'past');

  it('is answered; of several only the newest', async () => {
    side.handle({ type: 'diagnoseAt', atMs: 1 });
    side.handle({ type: 'diagnoseAt', atMs: 2 });
    expect(asked.map(({ signal }) => signal.aborted)).toEqual([true, false]);
    asked[1]?.answer(diagnosis(2));
    asked[0]?.answer(diagnosis(1));
    await settle();
    expect(past()).toMatchObject([
      { atMs: 1, state: 'loading' },
      { atMs: 2, state: 'loading' },
      { atMs: 2, state: 'done', diagnosis: { at: 2, graph: { nodes: [], edges: [] } }, unknown: ['new-1'] },
    ]);
  });

  it('is unknown where Prometheus answered in part', async () => {
    gone = [];
    problems = [{ metric: 'cpu.used', node: 'n1', message: 'x:9090 did not answer.', incomplete: true }];
    side.handle({ type: 'diagnoseAt', atMs: 2 });
    asked[0]?.answer({ ...diagnosis(s(100)), nodes: [{ node: 'n1', rank: 0, influence: 1, anomalous: false }] });
    await settle();
    expect(past().at(-1)).toMatchObject({ known: { state: 'unknown', reason: 'x:9090 did not answer.' } });
  });

  it('is unknown where a pod of now was not there, and not known yet right after an injection', async () => {
    side.handle({ type: 'diagnoseAt', atMs: 2 });
    asked[0]?.answer(diagnosis(s(100)));
    await settle();
    expect(past().at(-1)).toMatchObject({
      known: { state: 'unknown', reason: 'No samples from new-1 in this window.' },
    });
    gone = [];
    acted = [span('a', 'cpu_stress', ['n1'], 90, 290)];
    side.handle({ type: 'diagnoseAt', atMs: 3 });
    const judged = [{ node: 'n1', rank: 0, influence: 1, anomalous: false }];
    asked[1]?.answer({ ...diagnosis(s(100)), nodes: judged });
    await settle();
    expect(past().at(-1)).toMatchObject({
      known: { state: 'collecting', reason: 'CPU stress has just started: the window does not show it yet.' },
    });
  });

  it('that cannot be had says why and what to do', async () => {
    side.handle({ type: 'diagnoseAt', atMs: 1 });
    asked[0]?.fail(new AppError('unreachable', 'Prometheus does not answer.', { hint: 'Look at its pod.' }));
    await settle();
    expect(past().at(-1)).toMatchObject({
      state: 'failed',
      message: 'Prometheus does not answer.',
      hint: 'Look at its pod.',
    });
  });

  it('is dropped when the slider is back at now, and when the page is hidden', async () => {
    side.handle({ type: 'diagnoseAt', atMs: 1 });
    side.handle({ type: 'diagnoseLive' });
    side.handle({ type: 'diagnoseAt', atMs: 2 });
    side.stop();
    for (const one of asked) one.answer(diagnosis(one.at));
    await settle();
    expect(past().filter((one) => one.type === 'past' && one.state !== 'loading')).toEqual([]);
    expect(asked.every(({ signal }) => signal.aborted)).toBe(true);
  });
});

it('a report is asked for by the experiment’s key', () => {
  side.handle({ type: 'saveReport', key: 'a' });
  expect(ran).toEqual([['distdiag.saveExperimentReport', 'a']]);
});

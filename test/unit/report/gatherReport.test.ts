import { expect, it } from 'vitest';
import { scoreboard } from '../../../src/core/evaluation/scoreboard';
import { judgingTimes } from '../../../src/core/evaluation/times';
import { gatherReport, type ReportSources, type ReportWords } from '../../../src/core/report/gatherReport';
import { inEnglish } from '../../../src/core/report/reportTexts';
import { ManualClock, silentLog } from '../../support';
import { looks, s, span } from '../evaluation/build';

const one = span('cpu-1', 'cpu_stress', ['n1'], 600, 700);
const board = scoreboard({
  spans: [one],
  looks: looks(0, 900, () => []),
  times: judgingTimes(15_000),
  nowMs: s(900),
});
const timestamps = Float64Array.from({ length: 90 }, (_, i) => s(10 * i));
const sources = {
  evaluator: {
    board,
    complete: () => Promise.resolve(),
    verdictOf: () => board.verdicts[0],
    experimentOf: () => undefined,
  },
  past: {
    frame: () =>
      Promise.resolve({
        timestamps,
        stepMs: 10_000,
        nodes: ['n1', 'n2'],
        series: ['n1', 'n2'].map((node) => ({ metric: 'db.rollbacks', node, values: timestamps.map(() => 4) })),
        problems: [],
      }),
    at: () => Promise.reject(new Error('not asked for here')),
  },
  scorer: { analyse: () => Promise.reject(new Error('not asked for here')) },
  experiments: { events: () => Promise.resolve([]) },
  clock: new ManualClock(s(900)),
  log: silentLog,
  toYaml: String,
} as unknown as ReportSources;

it('the report of an experiment charts what its test has judged, in the words of its reader', async () => {
  const source = { metric: 'db.rollbacks', of: 'others', aggregate: 'sum' } as const;
  const outcome = { name: 'calm', state: 'failed', expected: '', seen: '', high: 3 } as const;
  const words: ReportWords = {
    say: inEnglish,
    language: 'en',
    nameOf: String,
    metricName: String,
    reasonOf: () => '',
    versions: [],
    cluster: 'demo',
    nodes: ['n1', 'n2'],
    zoneMinutes: 0,
    testedBy: {
      test: {
        name: 'busy',
        verdict: 'failed',
        outcomes: [outcome],
        targets: new Set(['n1']),
        judged: new Map([['calm', { timestamps, values: timestamps.map(() => 4), stepMs: 10_000 }]]),
        phases: { before: { fromMs: s(500), toMs: s(600) }, faultFromMs: s(600), faultToMs: s(700), endMs: s(800) },
        expectations: [
          { kind: 'metric', name: 'calm', source, bound: { max: 3 }, during: 'fault', forMs: 0, abort: false },
        ],
      },
      textOf: (text) => `<${String(text)}>`,
    },
  };
  const written = await gatherReport('cpu-1', sources, words, new AbortController().signal);
  const { pictures } = written.markdown('files');
  // A metric that is usually left out has charts because something is expected of it.
  expect(pictures.map(({ file }) => file)).toEqual(['db-rollbacks-sum-others.svg', 'db-rollbacks.svg']);
  expect(pictures[0]?.svg).toContain('&#60;db.rollbacks (sum of other nodes)&#62;');
  expect(pictures[0]?.svg).toMatch(/<title>calm: ≤ 3\/s from [\d:]+ to [\d:]+<\/title>/);
  expect(pictures[1]?.svg).not.toContain('calm');
  const { testedBy: _, ...untested } = words;
  const without = await gatherReport('cpu-1', sources, untested, new AbortController().signal);
  expect(without.markdown('files').pictures).toEqual([]);
});

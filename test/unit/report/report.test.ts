import { describe, expect, it } from 'vitest';
import { NODE_COLOURS, nodeLooks } from '../../../src/core/base/nodeLook';
import type { Diagnosis } from '../../../src/core/diagnosis/types';
import { experimentReport as reportOf } from '../../../src/core/report/experimentReport';
import { markdownDocument } from '../../../src/core/report/document/markdownDocument';
import { inEnglish } from '../../../src/core/report/reportTexts';
import type { ReportInput } from '../../../src/core/report/reportInput';
import { reportCharts } from '../../../src/core/report/charts/drawings';
import { reportClock } from '../../../src/core/report/reportClock';
import { reportManifest } from '../../../src/core/report/reportManifest';
import { svgChart } from '../../../src/core/report/charts/svgChart';
import { minuteTicks, niceTicks } from '../../../src/core/report/charts/ticks';
import type { Outcome } from '../../../src/core/resilience/outcome';
import type { TestRun } from '../../../src/core/resilience/runs/testRun';
import { coverageOf } from '../../../src/core/testCoverage/coverage';
import { scoreboard } from '../../../src/core/evaluation/scoreboard';
import { judgingTimes } from '../../../src/core/evaluation/times';
import { chaosObject, experiment } from '../experiments/experiments';
import { looks, s, span } from '../evaluation/build';

const one = span('cpu-1', 'cpu_stress', ['n1'], 100, 400);
const board = scoreboard({
  spans: [one],
  looks: looks(0, 900, (at) =>
    at === 120 ? ['n2 disk_stress!', 'n1 cpu_stress!'] : at > 120 && at <= 435 ? ['n1 cpu_stress!'] : [],
  ),
  times: judgingTimes(15_000),
  nowMs: s(900),
});
const input = (change: Partial<ReportInput> = {}): ReportInput => ({
  verdict: board.verdicts[0] as ReportInput['verdict'],
  board,
  experiment: undefined,
  extended: [],
  manifest: 'kind: StressChaos\n',
  events: [{ at: s(99), type: 'Normal', reason: 'Started', message: 'Experiment | has started' }],
  diagnosis: {
    at: s(135),
    ranking: [{ node: 'n1', type: 'cpu_stress', probability: 0.9, importance: 1, named: true, reasons: [] }],
  } as unknown as Diagnosis,
  meanwhile: [],
  impact: undefined,
  charts: [],
  versions: [['DistDiag', '0.1.0']],
  cluster: 'demo',
  writtenAt: s(900),
  clock: reportClock(0),
  say: inEnglish,
  language: 'en',
  metricName: (metric) => metric,
  nameOf: (type) => type,
  reasonOf: () => '',
  ...change,
});

const experimentReport = (given: ReportInput): string =>
  markdownDocument(reportOf(given), ({ name }) => `cpu 1-files/${name}.svg`);

const timestamps = Float64Array.from({ length: 5 }, (_, i) => s(60 * i));
const values = Float64Array.of(1, 2, 3, 4, 5);
const drawn: Parameters<typeof reportCharts>[0] = {
  frame: {
    timestamps,
    stepMs: 60_000,
    nodes: ['n1'],
    series: [
      { metric: 'cpu.used', node: 'n1', values },
      { metric: 'db.queueTime', node: 'n1', values },
      { metric: 'db.commits', node: 'n1', values: new Float64Array(5).fill(NaN) },
    ],
    problems: [],
  },
  ranks: { timestamps, nodes: [{ node: 'n1', ranks: values }], cluster: values, gaps: [], pending: false },
  fromMs: s(60),
  toMs: s(180),
  nodes: ['n1'],
  spans: [{ title: 'x', nodes: ['n1'], fromMs: s(60), toMs: s(120) }],
  first: ['db.queueTime'],
  metricName: (metric) => metric,
  say: inEnglish,
  clock: reportClock(0),
};

describe('the report', () => {
  it('tells the verdict, the scores, the timeline in order, the charts and the manifest', () => {
    const text = experimentReport(input());
    for (const part of [
      '# Experiment report: cpu\\_stress – n1',
      '- **diagnosed correctly**',
      '- Detected after 20s',
      '- Top diagnosis after 35s',
      '- Recovery detected after 50s',
      '- False diagnoses meanwhile: disk\\_stress (n2) 90%',
      '- Diagnosed by model 1 (cpu)',
      '| cpu\\_stress (n1) | 90% | – |',
      '| AC@1 | 100% | 100% (over 1 case) |',
      '| Median time to detect | 20s | 20s |',
      '```yaml\nkind: StressChaos\n```',
      'Experiment \\| has started',
    ])
      expect(text).toContain(part);
    const order = ['has started', 'diagnosed: cpu', 'top diagnosis: cpu', 'diagnosis cleared'].map((part) =>
      text.indexOf(part),
    );
    expect(order).toEqual([...order].sort((a, b) => a - b));
  });

  it('waits for nothing: it says how long the end was watched', () => {
    const judged = (until: number) =>
      scoreboard({
        spans: [one],
        looks: looks(0, until, (at) => (at > 120 ? ['n1 cpu_stress!'] : [])),
        ...{ times: judgingTimes(15_000), nowMs: s(until) },
      }).verdicts[0] as ReportInput['verdict'];
    const text = experimentReport(input({ verdict: judged(415) }));
    expect(text).toContain('- Recovery not detected (watched for 5s)');
    expect(experimentReport(input({ verdict: judged(300) }))).toContain('- Recovery not watched');
    const waiting = { ...judged(415), state: 'waiting', seen: undefined, first: undefined } as const;
    expect(experimentReport(input({ verdict: waiting }))).toContain('- **not diagnosed while it was watched**');
    const running = { ...waiting, span: { ...one, toMs: undefined } };
    expect(experimentReport(input({ verdict: running }))).toContain('- **not diagnosed yet**');
  });

  it('says what is not there', () => {
    const text = experimentReport(input({ manifest: undefined, charts: [], diagnosis: undefined, events: [] }));
    expect(text).toContain('The object and its manifest were deleted.');
    expect(text).toContain('The metrics of that time are no longer available.');
  });

  it('tells what was tried on the database, with the newest verdict', () => {
    const nodes = ['n1', 'n|2'].map((pod) => ({ pod, zone: undefined }));
    const run: TestRun = {
      id: 'r',
      where: '',
      context: '',
      scenario: 'busy',
      verdict: 'failed',
      reason: undefined,
      phases: { before: { fromMs: 0, toMs: 0 }, faultFromMs: s(100), faultToMs: undefined, endMs: undefined },
      steps: [{ fault: 'cpu_stress', pods: ['n1'], parameters: { workers: 4 } }],
      outcomes: [],
    };
    const coverage = coverageOf({ entries: [], runs: [run], nodes });
    const text = experimentReport(input({ tested: { coverage, textOf: String } }));
    expect(text).toContain(`1 of ${coverage.all} pairs of fault and target tried.`);
    expect(text).toContain('| Fault | n1 | n\\|2 |');
    expect(text).toMatch(/\| cpu\\_stress \| ✗ failed \(Severe, [^)|]+\) \| – \|/);
    expect(experimentReport(input())).not.toContain('Appendix: coverage');
  });

  it('tells what became of the resilience test that injected it', () => {
    const outcomes: Outcome[] = [
      { name: 'calm', state: 'failed', expected: 'cpu.used ≤ 1.6 cores', seen: 'Worst: 2 cores.' },
      { name: 'back', state: 'passed', expected: 'within 2m', seen: 'Back after 3s.', recoveryMs: 3000 },
    ];
    const test = { name: 'bears | it', verdict: 'failed', outcomes } as const;
    const text = experimentReport(input({ testedBy: { test, textOf: String } }));
    expect(text.indexOf('## Resilience test')).toBeLessThan(text.indexOf('## Impact'));
    expect(text).toContain('- **Test**: bears \\| it\n- **Result**: **✗ failed**');
    expect(text).toContain('| calm | ✗ failed | cpu.used ≤ 1.6 cores | Worst: 2 cores. | – |');
    expect(text).toContain('| back | ✓ passed | within 2m | Back after 3s. | 3s |');
    expect(experimentReport(input())).not.toContain('Resilience test');
    expect(reportOf(input({ testedBy: { test, textOf: String } })).blocks[0]).toMatchObject({ tone: 'bad' });
    expect(reportOf(input()).blocks[0]).toMatchObject({ type: 'summary', tone: undefined });
  });

  it('lets nothing that it quotes end its own form', () => {
    const text = experimentReport(input({ manifest: 'a: "```"', cluster: '<b>[x](y)|' }));
    expect(text).toContain('````yaml\na: "```"\n````');
    expect(text).toContain('\\<b\\>\\[x\\](y)\\|');
  });
});

describe('the summary of a report', () => {
  const paragraph = (change: Partial<ReportInput> = {}): string => experimentReport(input(change)).split('\n')[2] ?? '';

  it('stands first: what ran where for how long, and what became of it', () => {
    expect(paragraph()).toBe(
      'cpu\\_stress ran on n1 for 5m. Diagnosis: diagnosed correctly, after 35s. Recovery was detected 50s after the end.',
    );
  });

  it('counts the seconds between the times that it shows', () => {
    const verdict = { ...input().verdict, span: { ...one, fromMs: s(100) + 100, toMs: s(106) + 900 } };
    expect(paragraph({ verdict })).toContain('for 6s');
    expect(experimentReport(input({ verdict }))).toMatch(/to \S+ \(6s\)/);
  });

  it('does not say when it was detected where it was diagnosed before it was injected', () => {
    const verdict = { ...input().verdict, carriedOver: true };
    const text = experimentReport(input({ verdict }));
    expect(paragraph({ verdict })).toContain('Diagnosis: already diagnosed before injection.');
    expect(text).not.toMatch(/Detected after|Top diagnosis after|diagnosed correctly|top diagnosis:/);
    expect(text).toContain('| Median time to detect | – | 20s |');
  });

  it('says what an extension continues, and tells of both', () => {
    const old = experiment({ name: 'cpu-1', records: [{ pod: 'n1', appliedAfterMs: 500 }] });
    const now = experiment({ name: 'cpu-2', records: [{ pod: 'n1', appliedAfterMs: 90_000 }] });
    const verdict = { ...input().verdict, span: { ...span('cpu-2', 'cpu_stress', ['n1'], 100, 400), earlier: [one] } };
    const text = experimentReport(input({ verdict, experiment: now, extended: [old] }));
    expect(text.split('\n')[2]).toContain('It was extended: it continues `cpu-1`.');
    expect(text).toContain('- **Continues**: `cpu-1`');
    expect(text).toContain('extended by cpu-2');
    expect(text.match(/n1: Apply Succeeded|Apply Succeeded: n1/g)?.length).toBeGreaterThanOrEqual(2);
  });

  it('has no row of dashes', () => {
    const bare = scoreboard({ spans: [one], looks: [], times: judgingTimes(15_000), nowMs: s(900) });
    const text = experimentReport(input({ board: bare, verdict: bare.verdicts[0] as ReportInput['verdict'] }));
    expect(text).toContain('No metrics could be measured.');
    expect(text).not.toMatch(/\| –[^|]* \| –/);
  });
});

describe('the impact in a report', () => {
  const known = { knownMs: s(700), showsMs: 60_000, hasBaseline: true };
  const rows = [{ metric: 'cpu.used', node: 'n1', baseline: 1, worst: 2, worstAt: s(200), recoveredAfterMs: 54_000 }];

  it('is told in the summary and in a table', () => {
    const text = experimentReport(input({ impact: { rows, ...known, leftOut: [] } }));
    expect(text.split('\n')[2]).toContain('All affected metrics recovered within 54s after the end.');
    expect(text).toMatch(/\| cpu.used \| n1 \| 1 cores \| 2 cores \(×2.0\) \| [\d:]+ \| 54s \|/);
    expect(text).not.toContain('Not counted');
  });

  it('says what ran at the same time, and whose nodes are not counted', () => {
    const other = span('delay', 'network_delay', ['n2'], 200, 300);
    const text = experimentReport(input({ meanwhile: [other], impact: { rows, ...known, leftOut: ['n2'] } }));
    expect(text).toContain('- **Ran at the same time**: network\\_delay (n2)');
    expect(text).toContain('Not counted, because other experiments hit them at that time: n2.');
  });
});

describe('the times of a report', () => {
  it('are of one zone, which it names, with the begin in UTC once', () => {
    const charts = reportCharts({ ...drawn, clock: reportClock(-150) });
    const text = experimentReport(input({ clock: reportClock(-150), charts }));
    expect(text).toContain('![cpu.used](cpu%201-files/cpu-used.svg)');
    const begin = new Date(s(100)).toISOString().slice(0, 19).replace('T', ' ');
    expect(text).toContain(`- **Times**: UTC-02:30; started at ${begin} UTC`);
    expect(text).toContain('| Time (UTC-02:30) | Event |');
    expect(text).toContain('times are UTC-02:30.');
    const local = new Date(s(100) - 150 * 60_000).toISOString().slice(0, 19).replace('T', ' ');
    expect(text).toContain(`- **Ran**: ${local} to `);
    expect(text.split(begin)).toHaveLength(2);
    expect(experimentReport(input())).toContain('- **Times**: UTC\n');
  });

  it('have the day where it is another one', () => {
    const clock = reportClock(330);
    const at = Date.parse('2026-05-03T18:20:00Z');
    expect(clock.zone).toBe('UTC+05:30');
    expect(clock.timeOn(at, at - 60_000)).toBe('23:50:00');
    expect(clock.timeOn(at + 3_600_000, at)).toBe('2026-05-04 00:50:00');
    expect(clock.ticks(at, at + 4 * 60_000).map(clock.minute)).toEqual(['23:50', '23:51', '23:52', '23:53', '23:54']);
  });
});

describe('the plan and the timeline of a report', () => {
  const pods = ['n1', 'n2', 'n3', 'n4', 'n5', 'n6'];
  const many = experiment({
    records: pods.map((pod, i) => ({
      pod,
      appliedAfterMs: 1000 + 10 * i,
      ...(pod === 'n6' ? { failure: 'no daemon' } : {}),
    })),
  });
  const event = (reason: string, message: string, count = 1): ReportInput['events'][number] => ({
    at: many.createdAt + 500,
    type: 'Normal',
    reason,
    message,
    count,
  });
  const events = [
    event('FinalizerInited', 'Finalizer has been inited'),
    event('Updated', 'Successfully update records of resource', 7),
    event('Updated', 'Successfully update finalizer of resource'),
    event('FinalizerInited', 'Finalizer has been removed'),
    event('Started', 'Experiment has started'),
  ];

  it('tell how long it was to act', () => {
    expect(experimentReport(input({ experiment: many }))).toContain('- **Planned duration**: 3m');
    expect(experimentReport(input({ experiment: { ...many, durationMs: undefined } }))).toContain(
      'until it is stopped',
    );
    const once = experiment({ kind: 'PodChaos', spec: { action: 'pod-kill' } });
    expect(experimentReport(input({ experiment: once }))).toContain('none: it happens once');
    expect(experimentReport(input())).toContain('unknown');
  });

  it('have what happened to several targets in one line, and every event below, folded', () => {
    const [main = '', all = ''] = experimentReport(input({ experiment: many, events })).split('<details>');
    const lines = main.slice(main.indexOf('## Timeline')).split('\n');
    expect(lines.filter((line) => line.includes('Apply Succeeded'))).toHaveLength(1);
    expect(lines.find((line) => line.includes('Apply Succeeded'))).toContain('n1, n2, n3, n4, + 2');
    expect(main).toContain('n6 – no daemon');
    expect(main).toContain('Started: Experiment has started');
    expect(main).not.toContain('Updated');
    expect(all).not.toMatch(/finalizer/i);
    for (const part of ['Updated: Successfully update records of resource (×7)', 'n5: Apply Succeeded', '</details>'])
      expect(all).toContain(part);
  });

  it('are not folded where nothing was left out', () => {
    expect(experimentReport(input())).not.toContain('<details>');
  });
});

it('a manifest is what was asked for, without what the server wrote', () => {
  const object = chaosObject({ name: 'a' });
  object.metadata.annotations = { 'kubectl.kubernetes.io/last-applied-configuration': '{}', mine: 'yes' };
  Object.assign(object.metadata, { managedFields: [{}], resourceVersion: '5' });
  const manifest = reportManifest(object);
  expect(Object.keys(manifest)).toEqual(['apiVersion', 'kind', 'metadata', 'spec']);
  expect(manifest['metadata']).toMatchObject({ name: 'a', annotations: { mine: 'yes' } });
  expect(JSON.stringify(manifest)).not.toMatch(/managedFields|resourceVersion|last-applied/);
});

describe('a chart', () => {
  it('draws gaps as gaps, its spans, and no text as markup', () => {
    const svg = svgChart({
      title: 'A <b> & "c"',
      timestamps,
      lines: [{ name: '<n1>', values: [0, 1, NaN, 3, 4] }],
      description: 'A <b>',
      looks: nodeLooks(['<n1>']),
      focus: new Set(),
      peersTitle: '',
      spans: [{ title: 'x', fromMs: s(60), toMs: s(9999) }],
      write: String,
      clock: reportClock(-60),
    });
    expect(svg).not.toMatch(/<b>|<n1>/);
    const path = /<path d="(M[^"]+)" fill="none"/.exec(svg)?.[1] ?? '';
    expect(path.match(/M/g)).toHaveLength(2);
    expect(path).not.toContain('NaN');
    expect(svg).toContain('>00:47<'); // an hour behind UTC
    expect(svg).toMatch(/<rect x="235\.0" y="54" width="471\.0"/); // from a quarter to the end of the plot
  });

  it('gives a node the colour that it has among all nodes, whichever of them it shows', () => {
    const nodes = ['n1', 'n2', 'n3'];
    const svg = svgChart({
      title: 'x',
      timestamps,
      lines: [{ name: 'n3', values: [0, 1, 2, 3, 4] }],
      description: '',
      looks: nodeLooks(nodes),
      focus: new Set(),
      peersTitle: '',
      spans: [],
      write: String,
      clock: reportClock(0),
    });
    const colour = NODE_COLOURS[nodeLooks(nodes).get('n3')?.colour as number]?.onWhite;
    expect(svg.match(/stroke="(#\w{6})"/g)?.filter((one) => one === `stroke="${colour}"`)).toHaveLength(2);
  });

  it('has round ticks that hold its values', () => {
    expect(niceTicks(0, 1)).toEqual([0, 0.5, 1]);
    expect(niceTicks(0, 97)).toEqual([0, 50, 100]);
    expect(niceTicks(3, 3)[0]).toBeLessThan(3);
    expect(niceTicks(0, 0).at(-1)).toBeGreaterThan(0);
    expect(minuteTicks(0, 15 * 60_000)).toEqual([0, 5, 10, 15].map((m) => m * 60_000));
  });

  it('is made of the ranks, of what speaks for the diagnosis, and of the usual metrics that have samples', () => {
    const charts = reportCharts(drawn);
    expect(charts.map(({ name }) => name)).toEqual(['score', 'db-queueTime', 'cpu-used']);
  });
});

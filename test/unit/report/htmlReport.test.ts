import { describe, expect, it } from 'vitest';
import { NODE_COLOURS, nodeLooks } from '../../../src/core/base/nodeLook';
import { DARK, LIGHT } from '../../../src/core/report/document/htmlStyle';
import { htmlDocument } from '../../../src/core/report/document/htmlDocument';
import type { Block } from '../../../src/core/report/document/reportDocument';
import { reportCharts } from '../../../src/core/report/charts/drawings';
import type { ExperimentVerdict } from '../../../src/core/evaluation/verdict';
import { verdictLines } from '../../../src/core/report/verdictText';
import { reportClock } from '../../../src/core/report/reportClock';
import { inEnglish } from '../../../src/core/report/reportTexts';
import { diagnosedFaults, diagnosedMoments } from '../../../src/core/evaluation/diagnosedFaults';
import type { DiagnosisSample } from '../../../src/core/evaluation/sample';
import type { Diagnosis } from '../../../src/core/diagnosis/types';
import type { MetricId } from '../../../src/core/metrics/catalogue';
import type { MetricFrame } from '../../../src/core/metrics/series';
import type { MetricExpectation } from '../../../src/core/scenario/expectation';
import { testRunHtml, type ReportedTest } from '../../../src/core/report/testRunReport';

const EVIL = `</title></style><script>alert(1)</script><img src=x onerror="alert('2')">&amp; \u202e`;
const timestamps = Float64Array.from({ length: 60 }, (_, i) => i * 10_000);
const frameOf = (nodes: readonly string[]) => ({
  timestamps,
  stepMs: 10_000,
  nodes,
  series: nodes.map((node, n) => ({
    metric: 'cpu.used',
    node,
    values: timestamps.map((at) => (n === 0 && at >= 300_000 && at < 400_000 ? 3 : 1 + n / 100)),
  })),
  problems: [],
});
const chartsOf = (nodes: readonly string[], hit = nodes.slice(0, 1)) =>
  reportCharts({
    frame: frameOf(nodes),
    nodes,
    ranks: undefined,
    fromMs: 0,
    toMs: 600_000,
    spans: [{ title: EVIL, nodes: hit, fromMs: 300_000, toMs: 400_000 }],
    first: [],
    metricName: (metric) => metric,
    clock: reportClock(0),
    say: inEnglish,
  });
const page = (...blocks: Block[]): string => htmlDocument({ language: 'zh-CN', title: EVIL, blocks });
/** One block of each kind, with a hostile text wherever one fits. */
const everything = (): string =>
  page(
    { type: 'heading', text: EVIL, id: EVIL },
    {
      type: 'summary',
      text: [EVIL, { code: EVIL }, { strong: EVIL }, { text: EVIL, tone: 'bad' }, { text: EVIL, to: EVIL }],
    },
    { type: 'paragraph', text: EVIL },
    { type: 'list', items: [EVIL] },
    { type: 'facts', rows: [[EVIL, EVIL]] },
    { type: 'table', head: [EVIL, EVIL], rows: [[EVIL, EVIL]], figures: [1] },
    { type: 'details', summary: EVIL, blocks: [{ type: 'code', language: 'yaml', text: EVIL }] },
    { type: 'charts', charts: chartsOf([EVIL, 'n2']) },
  );

describe('a report as HTML', () => {
  it('takes hostile names as text wherever they stand', () => {
    const html = everything();
    expect(html).not.toMatch(/<script|<img|<\/title><\/style>|\son\w+="/i);
    expect(html).not.toContain('\u202e');
    expect(html.match(/&#60;script&#62;/g)?.length).toBeGreaterThanOrEqual(15);
    expect(html.match(/<style>/g)).toHaveLength(1);
  });

  it('holds all that it shows: no script, no address but the names of its formats', () => {
    const html = everything();
    expect(html).toContain(`http-equiv="Content-Security-Policy" content="default-src 'none'`);
    const addresses = [...html.matchAll(/https?:\/\/[^"'\s<]+/g)].map(([address]) => address);
    expect(new Set(addresses)).toEqual(new Set(['http://www.w3.org/2000/svg']));
    expect(html.replace(/"[^"]*"/g, '""')).not.toMatch(/url\(|@import|<(?:link|iframe|img|object|embed)|<[^>]*\ssrc=/);
    const links = [...html.matchAll(/\shref="([^"]*)"/g)].map(([, to = '']) => to);
    expect(links.length).toBeGreaterThan(0);
    expect(links.filter((to) => !to.startsWith('#'))).toEqual([]);
  });

  it('breaks long ids in tables behind their marks, and no other word', () => {
    const query = 'sum(rate(container_cpu_usage_seconds_total{namespace="ob"}[1m]))';
    const html = page({
      type: 'table',
      head: ['a', 'b'],
      rows: [[query, `inconclusive ${'x'.repeat(30)} obcluster-1-zone1-a17`]],
    });
    const [, name = '', cell = ''] = /<th scope="row">(.*?)<\/th><td>(.*?)<\/td>/.exec(html) ?? [];
    const pieces = ['sum(rate(container_cpu_', 'usage_seconds_total{', 'namespace=&#34;ob&#34;}[1m]))'];
    expect(name.split('<wbr>')).toEqual(pieces);
    expect(cell).toBe(`inconclusive ${'x'.repeat(24)}<wbr>${'x'.repeat(6)} obcluster-1-zone1-a17`);
    expect(html).not.toMatch(/t[dh][^{}]*\{[^}]*overflow-wrap/);
  });

  it('can be read by a screen reader: language, one main heading, headed tables, charts in words', () => {
    const html = everything();
    expect(html).toContain('<html lang="zh-CN">');
    expect(html.match(/<h1>/g)).toHaveLength(1);
    expect(html).toMatch(/<th scope="col">/);
    expect(html).toMatch(/<tr><th scope="row">/);
    const charts = html.match(/<figure><svg [^>]*>/g) ?? [];
    expect(charts).toHaveLength(1);
    expect(charts[0]).toMatch(/role="img" aria-label="Line chart of cpu.used: .* from 1 cores to 3 cores; n2 from/);
  });

  it('has both colour schemes, and the light one on paper', () => {
    const html = everything();
    const [light, dark] = [NODE_COLOURS[1].onWhite, NODE_COLOURS[1].onDark];
    expect(html).toMatch(new RegExp(`:root\\{[^}]*--node-1:${light}`));
    expect(html).toMatch(
      new RegExp(`@media screen and \\(prefers-color-scheme:dark\\)\\{:root\\{[^}]*--node-1:${dark}`),
    );
    // What is drawn in the page takes its colours from there.
    const [, drawn = ''] = /<figure>(.*?)<\/figure>/s.exec(html) ?? [];
    expect(drawn).not.toMatch(/(?:fill|stroke)="#/);
  });

  it.each([
    ['light', LIGHT],
    ['dark', DARK],
  ])('has enough contrast for each result: %s', (_, scheme) => {
    const part = (colour: string, at: number): number => {
      const share = parseInt(colour.slice(at, at + 2), 16) / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    };
    const luminance = (colour: string): number =>
      0.2126 * part(colour, 1) + 0.7152 * part(colour, 3) + 0.0722 * part(colour, 5);
    const contrast = (one: string, other: string): number => {
      const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
      return (light + 0.05) / (dark + 0.05);
    };
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21);
    for (const colour of [scheme.text, scheme.muted, scheme.good, scheme.broken, scheme.doubt])
      for (const behind of [scheme.surface, scheme.raised])
        expect(contrast(colour, behind)).toBeGreaterThanOrEqual(4.5);
  });

  it('draws few nodes as lines, and of many those that were hit, over a band of the others', () => {
    const lines = (html: string): number => html.match(/<path d="M[^"]*" fill="none" stroke-width="1.6"/g)?.length ?? 0;
    expect(lines(page({ type: 'charts', charts: chartsOf(['a', 'b', 'c']) }))).toBe(3);
    const names = Array.from({ length: 30 }, (_, i) => `ob-${i}`);
    const many = page({ type: 'charts', charts: chartsOf(names, ['ob-7']) });
    expect(lines(many)).toBe(1);
    expect(many).toContain(`stroke="var(--node-${nodeLooks(names).get('ob-7')?.colour})"`);
    expect(many).toContain('fill-opacity="0.22"');
    expect(many.match(/<ul class="legend">.*<\/ul>/)?.[0]).toMatch(/ob-7<\/li><li>.*Other nodes/);
  });
});

describe('the report of a run of tests', () => {
  const fault = { nodes: ['n1'], fromMs: 300_000, toMs: 400_000 };
  const moments = diagnosedMoments([{ ...fault, fault: 'cpu_stress' }], 500_000);
  const looks = moments.map((at): DiagnosisSample => {
    const pair = (node: string, named: boolean) => ({ node, type: 'cpu_stress', probability: 0.9, named });
    const ranking = [pair('n1', at >= 330_000 && at < 440_000), pair('n2', at === 350_000)];
    return { at, answered: true, nodes: ['n1', 'n2'], types: ['cpu_stress'], ranking, answeredBy: 'model 1 (cpu)' };
  });
  const [verdict] = diagnosedFaults([{ ...fault, fault: 'cpu_stress' }], looks, { stepMs: 10_000, nowMs: 600_000 });
  const diagnosis = {
    at: 330_000,
    ranking: [
      {
        ...{ node: 'n1', type: 'cpu_stress', probability: 0.9, importance: 1, named: true },
        reasons: [{ metric: 'cpu.used', value: 3, baseline: 1, direction: 'up', deviation: 9, weight: 1 }],
      },
    ],
  } as unknown as Diagnosis;
  const words = { title: 'CPU stress', summary: `CPU 2 workers at 80% ${EVIL}`, durationMs: 100_000 };
  const test: ReportedTest = {
    file: 'a.yaml',
    name: EVIL,
    verdict: 'failed',
    reason: undefined,
    outcomes: [
      { name: 'commits stay', state: 'failed', expected: '≥ 412', seen: 'Worst: 12.', recoveryMs: 54_000 },
      { name: 'diagnosed', state: 'passed', expected: 'named', seen: 'Named after 24s.' },
    ],
    startedAt: 250_000,
    seconds: 350,
    left: [],
    faults: [{ ...fault, ...words, ...(verdict ? { verdict } : {}), diagnosis }],
    frame: frameOf(['n1', 'n2']),
  };
  const run = { tests: [test], cluster: 'demo', writtenAt: 600_000, versions: [['DistDiag', '1']] as const };

  it('tells result, expectations, timeline, impact and charts', () => {
    const html = testRunHtml(run);
    for (const part of [
      '0 of 1 test passed on demo. Not passed: ',
      '1 of 2',
      '54s',
      'injected: CPU stress (n1)',
      'diagnosed correctly',
      'Detected after 30s',
      'Recovery detected after 40s',
      'False diagnoses meanwhile: CPU stress (n2) 90%',
      'Diagnosed by model 1 (cpu)',
      '3 cores, baseline 1 cores',
      'top diagnosis: CPU stress (n1)',
      'false diagnosis: CPU stress (n2)',
      'diagnosis cleared',
      '3 cores (×3.0)',
      '<figure><svg',
    ])
      expect(html).toContain(part);
    expect(html).not.toMatch(/<script|<img/);
  });

  it('is told as the report of an experiment tells it: the same verdict, in the same words', () => {
    const part = { verdict: verdict as ExperimentVerdict, diagnosis, say: inEnglish, clock: reportClock(0) };
    const words = { nameOf: () => 'CPU stress', reasonOf: () => '' };
    const html = testRunHtml(run);
    for (const line of verdictLines({ ...part, ...words })) {
      const text = typeof line === 'object' && 'strong' in line ? line.strong : String(line);
      expect(html).toContain(text);
    }
  });

  it('tells what was injected: how strong, and how long of what was planned', () => {
    const injected = (change: Partial<NonNullable<ReportedTest['faults']>[number]>): string => {
      const faults = [{ ...fault, ...words, summary: 'CPU 2 workers at 80%', ...change }];
      return /<dt>Injected<\/dt><dd>(.*?)<\/dd>/.exec(testRunHtml({ ...run, tests: [{ ...test, faults }] }))?.[1] ?? '';
    };
    expect(injected({})).toBe('CPU stress on n1 for 1m40s (CPU 2 workers at 80%)');
    expect(injected({ toMs: 306_000 })).toBe('CPU stress on n1 for 6s of 1m40s planned (CPU 2 workers at 80%)');
    expect(injected({ toMs: undefined })).toContain('for 1m40s (');
    expect(injected({ title: 'Pod kill', summary: 'pod kill', durationMs: 0 })).toBe('Pod kill on n1 (pod kill)');
  });

  it('shows each result with its sign and its colour, and the worst one at the top', () => {
    const html = (...verdicts: ReportedTest['verdict'][]): string =>
      testRunHtml({ ...run, tests: verdicts.map((one) => ({ ...test, verdict: one })) });
    const all = html('passed', 'failed', 'aborted', 'inconclusive', 'error');
    const cells = ['good">✓ passed', 'bad">✗ failed', 'bad">■ aborted', 'doubt">? inconclusive', 'bad">! error'];
    for (const cell of cells) {
      expect(all).toContain(`<td><span class="${cell}</span></td>`);
      expect(all).toContain(`<dd><strong class="${cell}</strong></dd>`);
    }
    // A sign stays beside its word.
    expect(all).toMatch(/\.good,\.bad,\.doubt\{white-space:nowrap\}/);
    const banner = (page: string) => /<p class="summary ?(\w*)">/.exec(page)?.[1];
    expect(banner(all)).toBe('bad');
    expect(banner(html('passed', 'inconclusive'))).toBe('doubt');
    expect(banner(html('passed', 'passed'))).toBe('good');
    const left = { ...test, verdict: 'passed', left: ['StressChaos db/x'] } as const;
    expect(banner(testRunHtml({ ...run, tests: [left] }))).toBe('bad');
  });

  it('leads from its table to each test, also where names are the same or no ids', () => {
    const html = testRunHtml({ ...run, tests: [test, test] });
    const links = [...html.matchAll(/<a href="#([^"]*)">/g)].map(([, id]) => id);
    const ids = [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(links).toEqual(['test-1', 'test-2']);
    expect(ids).toEqual(links);
  });

  it('looks at the diagnosis from before the first fault on, and at a long test more seldom', () => {
    expect([moments[0], moments.at(-1), moments.length]).toEqual([270_000, 500_000, 24]);
    const long = diagnosedMoments([{ ...fault, fault: 'cpu_stress' }], 24 * 3_600_000);
    expect(long.length).toBeLessThanOrEqual(361);
    expect(diagnosedMoments([], 5)).toEqual([]);
  });

  it('draws first what something is expected of, with its bounds', () => {
    const { series, ...rest } = test.frame as MetricFrame;
    const memory = series.map((one) => ({ ...one, metric: 'memory.rss' as const, values: one.values.map(() => 1) }));
    const frame = { ...rest, series: [...series, ...memory] };
    const phases = {
      before: { fromMs: 200_000, toMs: 300_000 },
      ...{ faultFromMs: 300_000, faultToMs: 400_000, endMs: 500_000 },
    };
    const charts = (metrics: readonly MetricId[]): string[] => {
      const expectations = metrics.map((metric): MetricExpectation => ({
        ...{ kind: 'metric', name: 'calm', source: { metric, of: 'database', aggregate: 'mean' } },
        ...{ bound: { max: 1 }, during: 'fault', forMs: 0, abort: false },
      }));
      const outcomes = metrics.map(() => ({ name: 'calm', state: 'passed', expected: '', seen: '', high: 1 }) as const);
      const samples = { timestamps: frame.timestamps, values: frame.timestamps.map(() => 1), stepMs: frame.stepMs };
      const expected = { expectations, phases, targets: new Set(['n1']), judged: new Map([['calm', samples]]) };
      const html = testRunHtml({ ...run, tests: [{ ...test, frame, outcomes, expected }] });
      return [...html.matchAll(/aria-label="Line chart of ([^"]*)"/g)].map(([, text = '']) => text);
    };
    expect(charts([])[0]).toMatch(/^CPU used:/);
    const [judged, nodes] = charts(['memory.rss']);
    expect(judged).toBe(
      'Resident memory (mean of all nodes): Resident memory from 1 B to 1 B. Expected: calm: ≤ 1 B from 00:05:00 to 00:06:40 (✓ passed)',
    );
    expect(nodes).toMatch(/^Resident memory: n1/);
  });

  it('says what could not be had for it', () => {
    const html = testRunHtml({ ...run, tests: [{ ...test, lacks: ['metrics', 'diagnosis'] }] });
    expect(html).toMatch(/Missing<.*metrics and diagnosis: could not be read from Prometheus\./s);
    expect(testRunHtml({ ...run, tests: [{ ...test, lacks: [] }] })).not.toContain('Missing');
  });

  it('says first what may still be running, and does without metrics', () => {
    const { frame: _, faults: __, ...bare } = test;
    const html = testRunHtml({ ...run, tests: [{ ...bare, verdict: 'aborted', left: ['StressChaos db/x: timeout'] }] });
    expect(html).toContain(
      '<p class="summary bad"><strong>Could not be stopped and may still be running: StressChaos db/x',
    );
    expect(html).not.toContain('<figure>');
  });
});

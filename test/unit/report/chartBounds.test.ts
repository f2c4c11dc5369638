import { describe, expect, it } from 'vitest';
import { reportCharts, type ReportChart } from '../../../src/core/report/charts/drawings';
import { chartLegend } from '../../../src/core/report/charts/chartLegend';
import { nearBounds } from '../../../src/core/report/charts/boundLines';
import { IN_PAGE } from '../../../src/core/report/charts/chartPaint';
import { svgChart } from '../../../src/core/report/charts/svgChart';
import { htmlDocument } from '../../../src/core/report/document/htmlDocument';
import { reportClock } from '../../../src/core/report/reportClock';
import { inEnglish } from '../../../src/core/report/reportTexts';
import { metricBounds, type MetricBound } from '../../../src/core/testResults/metricBounds';
import type { Phases } from '../../../src/core/resilience/judge';
import type { Outcome } from '../../../src/core/resilience/outcome';
import type { Aggregation, MetricExpectation, Scope } from '../../../src/core/scenario/expectation';

const timestamps = Float64Array.from({ length: 61 }, (_, i) => i * 10_000);
const NODES = ['n1', 'n2', 'n3'];
const from = (aggregate: Aggregation, of: Scope = 'database') => ({ metric: 'db.commits', of, aggregate }) as const;
const isActing = (at: number): boolean => at >= 300_000 && at < 400_000;
const bound = (change: Partial<MetricBound> = {}): MetricBound => ({
  name: 'throughput',
  state: 'passed',
  source: from('sum'),
  nodes: NODES,
  samples: { timestamps, values: timestamps.map((at) => (isActing(at) ? 252.5 : 303)), stepMs: 10_000 },
  low: 250,
  fromMs: 300_000,
  toMs: 400_000,
  ...change,
});
/** The highest of all nodes must not be above this. */
const atMost = (high: number): MetricBound => {
  const { low: _, ...rest } = bound({ source: from('max') });
  return { ...rest, high };
};
/** Three nodes of 100, 101 and 102 commits per second; the first one drops to half from 300 s to 400 s. */
const drawn = (bounds: readonly MetricBound[], nodes: readonly string[] = NODES): ReportChart[] =>
  reportCharts({
    frame: {
      timestamps,
      stepMs: 10_000,
      nodes,
      series: nodes.map((node, n) => ({
        metric: 'db.commits',
        node,
        values: timestamps.map((at) => (100 + n) * (n === 0 && isActing(at) ? 0.5 : 1)),
      })),
      problems: [],
    },
    nodes,
    ranks: undefined,
    fromMs: 0,
    toMs: 600_000,
    spans: [{ title: 'CPU stress', nodes: ['n1'], fromMs: 300_000, toMs: 400_000 }],
    first: ['db.commits'],
    bounds,
    metricName: () => 'Commits',
    clock: reportClock(0),
    say: inEnglish,
  });
const titles = (bounds: readonly MetricBound[], nodes?: readonly string[]): string[] =>
  drawn(bounds, nodes).map(({ title }) => title);
/** The bound lines in a drawing: from, height and end. */
const dashed = (svg: string): { left: number; at: number; right: number }[] =>
  [...svg.matchAll(/<path d="M([\d.]+) ([\d.]+)H([\d.]+)"[^>]*stroke-dasharray="6 4"><title>/g)].map(
    ([, left, at, right]) => ({ left: Number(left), at: Number(at), right: Number(right) }),
  );
/** What is written beside the plot, and how high. */
const labels = (svg: string): { text: string; at: number }[] =>
  [...svg.matchAll(/<text x="\d+" y="([\d.]+)" fill="[^"]+">([↑↓ ]*[≥≤][^<]*)</g)].map(([, at, text = '']) => ({
    text,
    at: Number(at),
  }));
const picture = (chart: ReportChart | undefined): string => (chart ? svgChart(chart.drawing, IN_PAGE) : '');

describe('the bounds of a test in the charts of a report', () => {
  it('of a sum are drawn over the sum, before the chart of the nodes, and not over single nodes', () => {
    const [sum, nodes] = drawn([bound()]);
    expect(sum?.title).toBe('Commits (sum of all nodes)');
    expect(sum?.name).toBe('db-commits-sum-database');
    expect(sum?.drawing.lines.map(({ values }) => [values[0], values[31]])).toEqual([[303, 252.5]]);
    expect(dashed(picture(sum))).toHaveLength(1);
    expect(nodes?.title).toBe('Commits');
    expect(dashed(picture(nodes))).toHaveLength(0);
  });

  it('stand over single nodes only where each of these has to keep them', () => {
    const alone = ['Commits'];
    expect(titles([bound({ source: from('min') })])).toEqual(alone);
    expect(titles([atMost(120)])).toEqual(alone);
    expect(titles([bound({ nodes: ['n1'] })], ['n1'])).toEqual(alone);
    const ofOne = (name: string): string[] => [`Commits (${name})`, 'Commits'];
    expect(titles([bound({ source: from('mean') })])).toEqual(ofOne('mean of all nodes'));
    // That the lowest is not too high, or the highest not too low, one node keeps for all of them.
    expect(titles([bound({ source: from('min'), high: 300 })])).toEqual(ofOne('lowest of all nodes'));
    expect(titles([bound({ source: from('max') })])).toEqual(ofOne('highest of all nodes'));
    expect(titles([bound({ source: from('min', 'others'), nodes: ['n2', 'n3'] })])).toEqual(
      ofOne('lowest of other nodes'),
    );
    expect(titles([bound({ source: from('sum', 'targets'), nodes: ['n1'] })])).toEqual(ofOne('sum of targets'));
  });

  it('are drawn over what was judged, whichever pods it came from and although it has gaps', () => {
    // Of a pod that was killed and has come back under a new name.
    const later = Float64Array.from([290_000, 310_000, 320_000]);
    const samples = { timestamps: later, values: Float64Array.from([303, 202, 280]), stepMs: 10_000 };
    const [sum] = drawn([bound({ samples, state: 'failed' })], ['n1', 'n2', 'n4']);
    const [values] = sum?.drawing.lines.map((line) => Array.from(line.values)) ?? [];
    expect(values?.slice(28, 34)).toEqual([NaN, 303, NaN, 202, 280, NaN]);
    expect(dashed(picture(sum))).toHaveLength(1);
    // A sample alone between gaps is no line, but seen.
    expect(picture(sum)).toMatch(/d="M[\d.]+ [\d.]+m-1 0h2M[\d.]+ [\d.]+L[\d.]+ [\d.]+"/);
    expect(titles([bound({ samples: undefined })])).toEqual(['Commits']);
  });

  it('of a query have a chart of their own', () => {
    const source = { query: 'sum(up) by (x)' };
    const [query, ...others] = drawn([bound({ source }), bound({ source, name: 'guard', low: 100 })]);
    expect([query?.name, query?.title]).toEqual(['query-1', 'sum(up) by (x)']);
    expect(query?.drawing.lines[0]?.values[0]).toBe(303);
    expect(labels(picture(query)).map(({ text }) => text)).toEqual(['≥ 250', '≥ 100']);
    expect(others.map(({ drawing }) => drawing.bounds)).toEqual([[]]);
  });

  it('of one value share its chart; other metrics and other times have none', () => {
    const two = drawn([bound(), bound({ name: 'guard', low: 100 })]);
    expect(two.map(({ drawing }) => drawing.bounds?.map(({ name }) => name))).toEqual([['throughput', 'guard'], []]);
    const others = [
      bound({ source: { metric: 'cpu.used', of: 'database', aggregate: 'sum' } }),
      bound({ fromMs: 700_000, toMs: 800_000 }),
    ];
    expect(drawn(others).map(({ title, drawing }) => [title, drawing.bounds])).toEqual([['Commits', []]]);
  });

  it('reach over the time in which they apply, as far as the chart shows it', () => {
    const [sum] = drawn([bound(), bound({ low: 240, fromMs: -500_000, toMs: 900_000 })]);
    const [short, whole] = dashed(picture(sum));
    const { left = 0, right = 0 } = whole ?? {};
    expect((short?.left ?? 0) - left).toBeCloseTo((right - left) / 2, 0);
    expect((short?.right ?? 0) - left).toBeCloseTo((right - left) * (2 / 3), 0);
    expect(left).toBeLessThan(100);
    expect(right).toBeLessThan(700);
  });

  it('have a label beside the plot, where no curve is, and none covers another', () => {
    const [sum] = drawn([250, 251, 252].map((low) => bound({ low })));
    const svg = picture(sum);
    expect(labels(svg).map(({ text }) => text)).toEqual(['≥ 252/s', '≥ 251/s', '≥ 250/s']);
    const [first = 0, second = 0, third = 0] = labels(svg).map(({ at }) => at);
    expect(Math.min(second - first, third - second)).toBeGreaterThanOrEqual(11);
    const beside = Number(/<text x="(\d+)" y="[\d.]+" fill="[^"]+">≥/.exec(svg)?.[1]);
    const points = [...svg.matchAll(/<path d="(M[^"]+)" fill="none" stroke-width="1.6"/g)]
      .flatMap(([, path = '']) => path.split(/[ML]/).filter(Boolean))
      .map((point) => Number(point.split(' ')[0]));
    expect(Math.max(...points)).toBeLessThan(beside);
  });

  it('leave the times of all charts of a report below each other', () => {
    const [sum, nodes] = drawn([bound()]).map(
      ({ drawing }) => /H(\d+)" stroke="var\(--grid\)"/.exec(svgChart(drawing, IN_PAGE))?.[1],
    );
    expect(sum).toBe(nodes);
    const [without] = drawn([]).map(
      ({ drawing }) => /H(\d+)" stroke="var\(--grid\)"/.exec(svgChart(drawing, IN_PAGE))?.[1],
    );
    expect(Number(without)).toBe(706);
  });

  it('move the axis where they are near; far away only the label says where they are', () => {
    const of = (high: number): string => picture(drawn([atMost(high)])[0]);
    const highest = (svg: string): number =>
      Math.max(...[...svg.matchAll(/text-anchor="end">([\d.]+)\/s</g)].map(([, tick]) => Number(tick)));
    expect(highest(of(101))).toBe(150);
    expect(highest(of(180))).toBe(200);
    expect(dashed(of(180))).toHaveLength(1);
    expect(labels(of(180))[0]?.text).toBe('≤ 180/s');
    expect(highest(of(10_000))).toBe(150);
    expect(dashed(of(10_000))).toHaveLength(0);
    expect(labels(of(10_000))[0]?.text).toBe('↑ ≤ 10000/s');
    // Lines at 0 all the time, such as errors, have no shape to lose.
    expect(nearBounds(drawn([atMost(10_000)])[0]?.drawing.bounds ?? [], 0)).toEqual([10_000]);
    const below = picture(drawn([bound({ source: from('min'), low: -10_000 })])[0]);
    expect(labels(below)[0]?.text).toBe('↓ ≥ -10000/s');
  });

  it('are named with their state above the plot and for a screen reader', () => {
    const name = 'throughput <b>';
    const svg = picture(drawn([bound({ name, state: 'failed', high: 400 })])[0]);
    const said = 'throughput &#60;b&#62;: ≥ 250/s, ≤ 400/s from 00:05:00 to 00:06:40';
    expect(svg).toContain(`>✗ ${said}</text>`);
    expect(svg).toMatch(
      /aria-label="Line chart of Commits \(sum of all nodes\): Commits from 253\/s to 303\/s\. Expected: /,
    );
    expect(svg).toContain(`Expected: ${said} (✗ failed)"`);
    expect(svg).not.toContain('<b>');
    expect(picture(drawn([])[0])).not.toContain('Expected');
  });

  it('cut a long name, not its values', () => {
    const name = '长'.repeat(200);
    const svg = picture(drawn([bound({ name })])[0]);
    expect(svg).toMatch(/>✓ 长{20,45}…: ≥ 250\/s from 00:05:00 to 00:06:40<\/text>/);
    expect(svg).toContain(`Expected: ${name}: ≥ 250/s`);
  });

  it('stand out in both schemes where they are broken', () => {
    const charts = drawn([bound({ state: 'failed' })]);
    const html = htmlDocument({ language: 'en', title: 'x', blocks: [{ type: 'charts', charts }] });
    expect(html).toMatch(/stroke="var\(--broken\)" stroke-width="2" stroke-dasharray="6 4"/);
    const colours = [...html.matchAll(/--broken:(#\w{6})/g)].map(([, colour]) => colour);
    expect(new Set(colours).size).toBe(2);
    expect(charts.map(({ drawing }) => svgChart(drawing))[0]).toMatch(/stroke="#\w{6}" stroke-width="2"/);
  });

  it('leave the legend to the nodes, which the chart of a sum has none of', () => {
    expect(chartLegend(drawn([bound()]).map(({ drawing }) => drawing))).toMatch(/n1<\/li>.*n2<\/li>.*n3<\/li><\/ul>$/);
  });
});

it('bounds are those of the nodes that an expectation means, in its time, once they are known', () => {
  const expectation = (name: string, of: Scope, during: MetricExpectation['during']): MetricExpectation => ({
    ...{ kind: 'metric', name, source: from('sum', of), bound: {}, during, forMs: 0, abort: false },
  });
  const phases = { before: { fromMs: 0, toMs: 100 }, faultFromMs: 100, faultToMs: 200, endMs: undefined };
  const expectations = [
    expectation('a', 'targets', 'fault'),
    expectation('b', 'others', 'before'),
    expectation('c', 'database', 'recovery'),
    expectation('no bound', 'database', 'always'),
  ];
  const outcomes = expectations.map(({ name }, i) => ({
    ...({ name, state: 'passed', expected: '', seen: '' } as const),
    ...(i === 3 ? {} : { low: i }),
  }));
  const test = { expectations, outcomes, phases, judged: new Map(), targets: new Set(['n2']) };
  expect(metricBounds(test, NODES, 250).map(({ nodes, fromMs, toMs, low }) => [nodes, fromMs, toMs, low])).toEqual([
    [['n2'], 100, 200, 0],
    [['n1', 'n3'], 0, 100, 1],
    [NODES, 200, 250, 2],
  ]);
});

it('the bounds of a recovery begin when it was back, or had to be', () => {
  const phases = { before: { fromMs: 0, toMs: 100 }, faultFromMs: 100, faultToMs: 200, endMs: 300 };
  const bounds = (outcome: Partial<Outcome>, change: Partial<Phases> = {}): unknown[] =>
    metricBounds(
      {
        expectations: [{ kind: 'recovery', name: 'back', source: from('sum'), to: 0.1, withinMs: 60 }],
        outcomes: [{ name: 'back', state: 'passed', expected: '', seen: '', baseline: 50, ...outcome }],
        phases: { ...phases, ...change },
        judged: new Map(),
        targets: new Set<string>(),
      },
      NODES,
      250,
    ).map(({ fromMs, toMs, low, high }) => [fromMs, toMs, low, high]);
  expect(bounds({ recoveryMs: 20 })).toEqual([[220, 300, 45, 55]]);
  expect(bounds({ state: 'failed', recoveryMs: 80 })).toEqual([[260, 300, 45, 55]]);
  expect(bounds({ state: 'failed' })).toEqual([[260, 300, 45, 55]]);
  expect(bounds({ recoveryMs: 20 }, { endMs: undefined })).toEqual([[220, 250, 45, 55]]);
  expect(bounds({ state: 'pending' }, { endMs: undefined })).toEqual([]);
  expect(bounds({ state: 'pending' }, { faultToMs: undefined })).toEqual([]);
});

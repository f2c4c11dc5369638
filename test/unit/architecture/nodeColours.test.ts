import { describe, expect, it } from 'vitest';
import { NODE_COLOURS } from '../../../src/core/base/nodeLook';
import type { DatabasePod } from '../../../src/core/cluster/databasePod';
import type { MetricFrame } from '../../../src/core/metrics/series';
import { shownLooks, type MonitorState } from '../../../src/core/monitoring/monitorState';
import { reportCharts } from '../../../src/core/report/charts/drawings';
import { reportClock } from '../../../src/core/report/reportClock';
import { inEnglish } from '../../../src/core/report/reportTexts';
import { svgChart } from '../../../src/core/report/charts/svgChart';
import { toSnapshot } from '../../../src/ui/panel/snapshot';
import { nodeItem } from '../../../src/ui/tree/nodeItem';
import { type ThemeIcon } from '../editor/vscode';
import { coloursOf, emptyView, shared } from '../../../src/webview/nodes/sharedView';
import { lineLook, type Theme } from '../../../src/webview/theme';

const pods = ['ob-10', 'ob-2', 'ob-1'];
// One more than now: it was replaced while the frame's window ran. It must not take anybody's colour.
const frame: MetricFrame = {
  timestamps: Float64Array.of(0, 60_000, 120_000),
  stepMs: 60_000,
  nodes: ['ob-0-gone', ...pods],
  series: ['ob-0-gone', ...pods].map((node) => ({ metric: 'cpu.used', node, values: Float64Array.of(1, 2, 3) })),
  problems: [],
};
const targets = pods.map((pod) => ({ namespace: 'db', pod, zone: 'z', ready: true }) as unknown as DatabasePod);
const state = {
  targets,
  frame,
  spans: [],
  problems: [],
  health: { state: 'idle' },
  live: true,
  windowMs: 120_000,
  stepMs: 60_000,
} as unknown as MonitorState;
/** A theme whose colours are their own names. */
const theme = {
  lines: NODE_COLOURS.map(({ theme: name }) => name),
  text: 'text',
  highContrast: false,
} as unknown as Theme;
const options = { hidden: new Set(''), pinned: new Set(''), experiments: true, all: false, tables: false, log: false };

const inPanel = (node: string): string => {
  const { view } = shared(toSnapshot(state, 0), options, emptyView(theme));
  return lineLook(theme, view.looks.get(node) as never).colour;
};
const inGraph = (node: string): string | undefined => coloursOf(toSnapshot(state, 0), theme).get(node);
const inTree = (node: string): string | undefined => {
  const target = targets.find(({ pod }) => pod === node) as DatabasePod;
  const { iconPath } = nodeItem(
    { type: 'node', target },
    { diagnosis: undefined, known: undefined, looks: shownLooks(state) },
  );
  return (iconPath as unknown as ThemeIcon).color?.id;
};
const inReport = (node: string): string | undefined => {
  const [chart] = reportCharts({
    frame: { ...frame, series: frame.series.filter((one) => one.node === node) },
    nodes: pods,
    ranks: undefined,
    fromMs: 0,
    toMs: 120_000,
    spans: [],
    first: [],
    metricName: (metric) => metric,
    clock: reportClock(0),
    say: inEnglish,
  });
  const stroke = /fill="none" stroke-width="1.6" stroke="([^"]+)"/.exec(chart ? svgChart(chart.drawing) : '')?.[1];
  return NODE_COLOURS.find(({ onWhite }) => onWhite === stroke)?.theme;
};

describe('a node has the same colour', () => {
  it.each([
    ['ob-1', 'charts.blue'],
    ['ob-2', NODE_COLOURS[1].theme],
    ['ob-10', NODE_COLOURS[2].theme],
  ])('in panel, graph, tree and report: %s', (node, colour) => {
    expect([inPanel(node), inGraph(node), inTree(node), inReport(node)]).toEqual([colour, colour, colour, colour]);
  });

  it('while a node that is gone has one of its own', () => {
    expect([inPanel('ob-0-gone'), inGraph('ob-0-gone'), inReport('ob-0-gone')]).toEqual(
      Array(3).fill(NODE_COLOURS[3].theme),
    );
  });

  it('also where a stretch of the past is shown, whose pods are others', () => {
    const past = { ...state, targets: [...targets, { ...targets[0], pod: 'ob-0-gone' } as DatabasePod] };
    const snapshot = toSnapshot(past, 0, true, [], targets);
    expect(coloursOf(snapshot, theme).get('ob-1')).toBe('charts.blue');
  });
});

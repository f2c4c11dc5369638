import { parseHostMessage, parseViewMessage, type PanelSnapshot } from '../../src/shared/protocol';
import { readState, toSaved } from '../../src/webview/viewState';
import { like } from './inputs';
import { target } from './run';

const png = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, ...new Array<number>(60).fill(0)]);
const VIEW = [
  { type: 'ready' },
  { type: 'setLive', live: true },
  { type: 'revealExperiment', key: 'StressChaos/oceanbase/one/u-1' },
  { type: 'setRange', windowMs: 1_800_000 },
  { type: 'setStretch', fromMs: 1_767_225_600_000, toMs: 1_767_227_400_000 },
  { type: 'setPixels', pixels: 800 },
  { type: 'copyQuery', chart: 'cpu.used' },
  { type: 'metricNames', id: 1, text: 'up' },
  { type: 'saveChart', chart: 'own:1', query: 'rate(up[1m])', title: 'Up', unit: 'perSecond' },
  { type: 'exportData', format: 'csv', chart: 'cpu.used' },
  { type: 'exportImage', name: 'cpu.used', bytes: png },
  { type: 'diagnoseAt', atMs: 1_767_225_600_000 },
  { type: 'saveReport', key: 'k' },
];

/** A new picture of three columns. */
const snapshot = (): PanelSnapshot => ({
  type: 'snapshot',
  health: { state: 'live', updatedAt: 1 },
  windowMs: 45_000,
  stepMs: 15_000,
  live: true,
  nowMs: 1,
  fixed: false,
  fromMs: 0,
  toMs: 45_000,
  timestamps: Float64Array.of(0, 15_000, 30_000),
  nodes: ['ob-1'],
  series: [{ metric: 'cpu.used', node: 'ob-1', values: Float64Array.of(1, NaN, 3) }],
  ranks: { nodes: [{ node: 'ob-1', values: Float64Array.of(0, 0.5, 1) }], cluster: Float64Array.of(0, 0.5, 1) },
  spans: [],
  diagnosis: undefined,
  rankGaps: [],
  old: [],
  known: { state: 'normal', reason: undefined, since: 1, readyInMs: undefined },
  source: undefined,
  problems: [],
});
/** Readers of what the page says to the editor, the editor to the page, and the page to itself. */
export const PANEL = [
  target('viewMessage', like(...VIEW), (given) => void parseViewMessage(given)),
  target(
    'hostMessage',
    like(
      { type: 'init', version: 2 },
      { type: 'past', atMs: 1, state: 'done', diagnosis: { pairs: [] } },
      { type: 'truth', board: { verdicts: [] } },
      snapshot(),
    ),
    (given) => void parseHostMessage(given),
  ),
  target(
    'viewState',
    like({ hidden: ['ob-1'], all: true, tables: false, log: true, windowMs: 1, stretch: { fromMs: 0, toMs: 60_000 } }),
    (given) => {
      readState(JSON.parse(JSON.stringify(toSaved(readState(given)))));
    },
  ),
];

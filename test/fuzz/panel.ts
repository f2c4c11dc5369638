import fc from 'fast-check';
import { parseHostMessage, parseViewMessage, type PanelAppend, type PanelSnapshot } from '../../src/shared/protocol';
import { applyAppend, appendOf } from '../../src/shared/append';
import { readState, toSaved } from '../../src/webview/viewState';
import { anyJson, like } from './inputs';
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
  { type: 'drawn', id: 1, pictures: [png] },
];

/** A new picture of three columns. */
const snapshot = (): PanelSnapshot => ({
  type: 'snapshot',
  seq: 1,
  health: { state: 'live', updatedAt: 1 },
  windowMs: 45_000,
  stepMs: 15_000,
  live: true,
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
const later: PanelSnapshot = { ...snapshot(), seq: 2, timestamps: Float64Array.of(15_000, 30_000, 45_000) };
const APPEND = appendOf(snapshot(), {
  ...later,
  series: [{ metric: 'cpu.used', node: 'ob-1', values: Float64Array.of(NaN, 3, 4) }],
}) as PanelAppend;

const place = fc.oneof(fc.integer({ min: -4, max: 5 }), fc.constantFrom(0.5, NaN, 2 ** 40, -(2 ** 40)), anyJson);
const column = fc.oneof(
  fc.integer({ min: 0, max: 4 }).map((length) => new Float64Array(length)),
  anyJson,
);
/** A change of a picture whose numbers do not belong together. */
const append = fc
  .record(
    {
      dropped: place,
      at: place,
      rankAt: place,
      values: column,
      rankValues: column,
      timestamps: column,
      seq: fc.constantFrom(2, 2, 3),
    },
    { requiredKeys: [] },
  )
  .map((given) => ({ ...APPEND, ...given }));

/** Readers of what the page says to the editor, the editor to the page, and the page to itself. */
export const PANEL = [
  target('viewMessage', like(...VIEW), (given) => void parseViewMessage(given)),
  target(
    'hostMessage',
    fc.oneof(
      like(
        { type: 'init', version: 2 },
        { type: 'past', atMs: 1, state: 'done', diagnosis: { pairs: [] } },
        { type: 'truth', board: { verdicts: [] } },
        APPEND,
        snapshot(),
      ),
      append,
    ),
    (given) => {
      const message = parseHostMessage(given);
      if (message?.type === 'append') applyAppend(snapshot(), message);
      if (message?.type === 'append') applyAppend({ ...snapshot(), series: [], ranks: undefined }, message);
    },
  ),
  target(
    'viewState',
    like({ hidden: ['ob-1'], all: true, tables: false, log: true, windowMs: 1, stretch: { fromMs: 0, toMs: 60_000 } }),
    (given) => {
      readState(JSON.parse(JSON.stringify(toSaved(readState(given)))));
    },
  ),
];

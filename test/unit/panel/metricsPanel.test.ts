import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Diagnosis } from '../../../src/core/diagnosis/types';
import type { Monitor } from '../../../src/core/monitoring/monitor';
import type { MonitorState } from '../../../src/core/monitoring/monitorState';
import type { HostMessage, PanelSnapshot } from '../../../src/shared/protocol';
import type { MetricsPanelController, PanelSession } from '../../../src/ui/panel/metricsPanel';
import { ManualClock, settle, silentLog } from '../../support';
import { Uri, window } from '../editor/vscode';

const editor = { panel: undefined as unknown };
Object.assign(window, {
  registerWebviewPanelSerializer: () => ({ dispose: () => {} }),
  createWebviewPanel: () => editor.panel,
});
vi.mock('../../../src/ui/panel/html', () => ({ panelHtml: () => '' }));

const NOW = 1_800_000_000_000;
const HOUR = 3_600_000;

let tell: { message: (message: object) => void; view: () => void; closed: () => void };
let panel: { visible: boolean };
let posted: HostMessage[];
let session: PanelSession;
let changeSession: () => void;
let controller: MetricsPanelController;
/** The editor's clock. */
let clock: ManualClock;

/** A cluster whose time is some milliseconds ahead of the editor's. */
function cluster(name: string, aheadMs = 0): PanelSession & { monitor: Monitor } {
  const own = { now: () => clock.now() + aheadMs };
  const pod = `${name}-pod`;
  const diagnosis = {
    from: own.now() - 15_000,
    at: own.now(),
    healthy: true,
    ranking: [],
    nodes: [],
    unjudged: [],
    lost: [],
    graph: { nodes: [], weights: new Float64Array() },
    info: { answeredBy: 'distance', model: undefined, reason: undefined },
  } as unknown as Diagnosis;
  const timestamps = Float64Array.of(own.now() - 15_000, own.now());
  let state: MonitorState = {
    health: { state: 'live', updatedAt: own.now() },
    source: undefined,
    targets: [],
    frame: { timestamps, stepMs: 15_000, nodes: [pod], series: [], problems: [] },
    ranks: undefined,
    diagnosis,
    problems: [],
    spans: [],
    windowMs: HOUR / 2,
    stepMs: 15_000,
    freshMs: 60_000,
    live: true,
  };
  const monitor = {
    get state() {
      return state;
    },
    configured: { windowMs: HOUR / 2, stepMs: 15_000 },
    setLive: (live: boolean) => void (state = { ...state, live }),
    setRange: () => undefined,
    subscribe: (listener: (state: MonitorState) => void) => {
      listener(state);
      return { dispose: () => undefined };
    },
    past: vi.fn(() => Promise.resolve(state)),
  };
  const evaluator = {
    board: { verdicts: [], cases: 0, precision: undefined, types: [] },
    subscribe: () => ({ dispose: () => undefined }),
  };
  return { monitor, clock: own, queries: {}, past: {}, evaluator } as unknown as PanelSession;
}

beforeEach(async () => {
  clock = new ManualClock(NOW);
  posted = [];
  tell = { message: () => {}, view: () => {}, closed: () => {} };
  panel = { visible: true };
  editor.panel = Object.assign(panel, {
    webview: {
      onDidReceiveMessage: (listener: typeof tell.message) => void (tell.message = listener),
      postMessage: (message: HostMessage) => Promise.resolve(posted.push(message)),
    },
    onDidChangeViewState: (listener: typeof tell.view) => void (tell.view = listener),
    onDidDispose: (listener: typeof tell.closed) => void (tell.closed = listener),
  });
  session = cluster('a');
  const { MetricsPanelController: Controller } = await import('../../../src/ui/panel/metricsPanel');
  controller = new Controller({
    extensionUri: Uri.file('/') as never,
    clock,
    log: silentLog,
    memory: { get: () => undefined } as never,
    session: () => Promise.resolve(session),
    onDidChangeSession: ((listener: () => void) => {
      changeSession = listener;
      return { dispose: () => undefined };
    }) as never,
    run: () => undefined,
    history: { entries: [], load: () => Promise.resolve(), onDidChange: () => ({ dispose: () => undefined }) },
    testRuns: { of: () => Promise.resolve([]), onDidChange: () => ({ dispose: () => undefined }) },
  });
});

/** Opens the panel, whose page is ready at once. */
async function open(): Promise<void> {
  controller.show();
  tell.message({ type: 'ready' });
  await settle();
}

const types = (): string[] => posted.map(({ type }) => type);
const picture = (): PanelSnapshot => posted.findLast(({ type }) => type === 'snapshot') as PanelSnapshot;

describe('the panel', () => {
  it.each(['shown', 'hidden'])('that is %s leaves the past of a cluster with the cluster', async (how) => {
    await open();
    tell.message({ type: 'setStretch', fromMs: NOW - 2 * HOUR, toMs: NOW - HOUR });
    await settle();
    expect(picture()).toMatchObject({ fixed: true });
    if (how === 'hidden') {
      panel.visible = false;
      tell.view();
    }
    posted = [];
    session = cluster('b');
    changeSession();
    await settle();
    if (how === 'hidden') {
      expect(types()).not.toContain('now');
      panel.visible = true;
      tell.message({ type: 'ready' });
      await settle();
    }
    expect(types().indexOf('now')).toBeGreaterThanOrEqual(0);
    expect(types().indexOf('now')).toBeLessThan(types().indexOf('snapshot'));
    expect(posted.filter(({ type }) => type === 'snapshot')).toMatchObject([
      { nodes: ['b-pod'], fixed: false, live: true },
    ]);
    expect(session.monitor.past).not.toHaveBeenCalled();
  });

  it('does not leave the past that its page remembers when the first cluster is connected', async () => {
    changeSession();
    await open();
    expect(types()).not.toContain('now');
  });

  it.each([-300_000, 300_000])('goes by the cluster’s clock, %s ms ahead of the editor’s', async (aheadMs) => {
    session = cluster('a', aheadMs);
    await open();
    expect(picture()).toMatchObject({ known: { state: 'normal' }, nowMs: NOW + aheadMs });
    clock.advance(61_000); // nothing was refreshed
    tell.message({ type: 'ready' });
    await settle();
    expect(picture()).toMatchObject({ known: { state: 'unknown' } });
    tell.message({ type: 'setStretch', fromMs: NOW + aheadMs - HOUR, toMs: NOW + aheadMs });
    await settle();
    expect(picture()).toMatchObject({ fixed: true, toMs: NOW + aheadMs });
  });

  it.each([
    ['paused', { type: 'setLive', live: false }],
    ['in the past', { type: 'setStretch', fromMs: NOW - 2 * HOUR, toMs: NOW - HOUR }],
  ])('that is closed while it is hidden and %s lets the others go on', async (_, message) => {
    await open();
    tell.message(message);
    panel.visible = false;
    tell.view();
    await settle();
    expect(session.monitor.state.live).toBe(false); // shown again, it is as it was
    tell.closed();
    expect(session.monitor.state.live).toBe(true);
  });
});

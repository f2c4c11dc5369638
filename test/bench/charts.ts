import { existsSync, readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import path from 'node:path';
import { buildSync } from 'esbuild';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { launchBrowser } from '../../scripts/host/browser.mjs';
import { METRICS } from '../../src/core/metrics/catalogue';
import { Random } from '../../src/core/base/random';
import type { Library, LibraryTimes } from './chartLibraries';

const CHARTS = 12;
const POINTS = 240;
const STEP_MS = 5000;
/** An hour at a refresh every five seconds. */
const REFRESHES = 720;

const round = (value: number): number => Number(value.toFixed(1));
const middle = (list: number[]): number => round([...list].sort((a, b) => a - b)[list.length >> 1] as number);

/** Walks of random values, one for each metric of each node; so long that a window can move over them. */
function walks(nodes: number, length: number): number[][] {
  const random = new Random(7);
  return Array.from({ length: nodes * CHARTS }, () => {
    let value = 100;
    return Array.from({ length }, () => (value = Math.max(1, value + random.normal())));
  });
}

/** In the page: what stands for the editor. */
const STUB = `
window.sent = [];
window.acquireVsCodeApi = () => ({
  postMessage: (message) => window.sent.push(message.type),
  getState: () => ({ all: true }),
  setState: () => undefined,
});`;

/** Times of one piece of work, milliseconds. */
interface Times {
  /** On a processor, of the page's thread with painting and all; by the clock of its callbacks where the system does not tell. */
  threadMs: number;
  /** Of its callbacks by the clock, whatever else the machine did meanwhile. */
  mainMs: number;
  longestMs: number;
  /** Until all that is seen is drawn. */
  drawnMs: number;
}

/** How long a page's thread was on a processor so far, milliseconds; NaN where the system does not tell. */
async function threadClock(browser: Browser): Promise<() => number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  // The youngest: that of the page that was opened last.
  const id = Math.max(...processInfo.filter(({ type }) => type === 'renderer').map((one) => one.id));
  const file = `/proc/${id}/task/${id}/schedstat`;
  return () => (existsSync(file) ? Number(readFileSync(file, 'utf8').split(' ')[0]) / 1e6 : NaN);
}

/** Does something in the page (code of a function) and times it, with every callback of a frame and of an observer that follows. */
async function timed(page: Page, work: string, threadMs: () => number): Promise<Times> {
  await page.evaluate((code) => Object.assign(window, { prepared: (0, eval)(code)() as unknown }), work);
  const before = threadMs();
  const times = await page.evaluate(async () => {
    const { prepared } = window as unknown as { prepared: () => void };
    const began = performance.now();
    let busy = 0;
    let longest = 0;
    const measure = (run: () => void): void => {
      const from = performance.now();
      run();
      const took = performance.now() - from;
      busy += took;
      longest = Math.max(longest, took);
    };
    const original = window.requestAnimationFrame;
    let pending = 0;
    window.requestAnimationFrame = (callback) => {
      pending += 1;
      return original.call(window, (at) => {
        pending -= 1;
        measure(() => callback(at));
      });
    };
    measure(prepared);
    if (!document.querySelector('section[data-metric]')) throw new Error("The page does not take the bench's snapshot");
    const frame = (): Promise<void> => new Promise((resolve) => original.call(window, () => resolve()));
    const missing = (): boolean => {
      const charts = document.querySelectorAll('section[data-metric]').length;
      return charts === 0 || document.querySelectorAll('section[data-metric] canvas').length < charts;
    };
    do await frame();
    while (pending > 0 || missing()); // charts are made once an observer has told that they are on the screen
    const drawnMs = performance.now() - began;
    await frame(); // observers that came late
    while (pending > 0) await frame();
    window.requestAnimationFrame = original;
    return { mainMs: busy, longestMs: longest, drawnMs };
  });
  const thread = threadMs() - before;
  return { ...times, threadMs: Number.isNaN(thread) ? times.mainMs : thread };
}

async function heapMiB(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage');
  const { metrics } = await session.send('Performance.getMetrics');
  return (metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? NaN) / 2 ** 20;
}

/** Code that makes a snapshot in the page, as it comes out of the editor's message: it is not sent through the test's own pipe. */
const snapshotAt = (moved: number): string => `
  const { walks, parts, nodes } = window.given;
  const buffer = new ArrayBuffer(8 * walks.length * ${POINTS});
  const series = walks.map(([metric, node, walk], i) => {
    const values = new Float64Array(buffer, 8 * i * ${POINTS}, ${POINTS});
    for (let j = 0; j < ${POINTS}; j++) values[j] = walk[(${moved} + j) % walk.length];
    return { metric, node, values };
  });
  const timestamps = Float64Array.from({ length: ${POINTS} }, (_, i) => parts.startMs + (${moved} + i) * ${STEP_MS});
  const data = { ...parts, type: 'snapshot', series, timestamps, nodes, ranks: undefined,
    fromMs: timestamps[0], toMs: timestamps.at(-1), nowMs: timestamps.at(-1) };`;
const send = (moved: number): string => `() => {${snapshotAt(moved)}
  return () => window.dispatchEvent(new MessageEvent('message', { data }));
}`;
const movePointer = (x: number, y: number): string => `() => {
  const plot = document.querySelector('section[data-metric] .plot');
  const { left, top, width, height } = plot.getBoundingClientRect();
  const init = { bubbles: true, clientX: left + width * ${x}, clientY: top + height * ${y} };
  return () => plot.dispatchEvent(new PointerEvent('pointermove', init));
}`;

async function openPanel(page: Page, root: string, count: number): Promise<void> {
  await page.setContent(
    '<!DOCTYPE html><html lang="en"><body class="vscode-dark"><main id="app"></main></body></html>',
  );
  for (const style of ['panel.css', 'layout.css', 'charts.css'])
    await page.addStyleTag({ content: readFileSync(path.join(root, 'media', style), 'utf8') });
  await page.addScriptTag({ content: STUB });
  const metrics = METRICS.slice(0, CHARTS).map(({ id }) => id);
  const nodes = Array.from({ length: count }, (_, i) => `node-${i}`);
  const named = walks(count, POINTS + 60).map((walk, i) => [metrics[Math.floor(i / count)], nodes[i % count], walk]);
  const startMs = 1.8e12;
  const span = { key: 'a', label: 'cpu_stress', title: 'CPU stress', ours: true, nodes: ['node-1'], phase: '' };
  const parts = {
    health: { state: 'live', updatedAt: startMs },
    windowMs: POINTS * STEP_MS,
    stepMs: STEP_MS,
    startMs,
    live: true,
    fixed: false,
    spans: [{ ...span, fromMs: startMs + 200_000, toMs: startMs + 800_000 }],
    known: { state: 'anomalous', since: startMs },
    rankGaps: [],
    old: [],
    problems: [],
    diagnosis: {
      from: startMs,
      at: startMs,
      healthy: false,
      pairs: [],
      answeredBy: '',
      graph: {
        nodes: nodes.map((node, i) => ({ node, rank: i === 1 ? 1 : 0, influence: 1, anomalous: i === 1 })),
        edges: [],
      },
    },
  };
  await page.evaluate((given) => Object.assign(window, { given }), { walks: named, nodes, parts });
  await page.addScriptTag({ content: readFileSync(path.join(root, 'dist/webview.js'), 'utf8') });
}

/** The panel with so many nodes. */
async function benchPanel(browser: Browser, root: string, nodes: number): Promise<Record<string, unknown>> {
  // All charts are on the screen, so that all are drawn.
  const page = await browser.newPage({ viewport: { width: 1600, height: 1500 } });
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  let clock = (): number => NaN;
  const first: Times[] = [];
  for (let run = 0; run < 5; run++) {
    await openPanel(page, root, nodes);
    clock = await threadClock(browser);
    first.push(await timed(page, send(0), clock));
  }
  const updates: Times[] = [];
  for (let i = 1; i <= 25; i++) updates.push(await timed(page, send(i), clock));
  const moves: Times[] = [];
  for (let i = 0; i < 60; i++) moves.push(await timed(page, movePointer(0.2 + i / 100, 0.2 + (i % 7) / 10), clock));
  const before = await heapMiB(session);
  const heaps: number[] = [];
  for (let i = 26; i < 26 + REFRESHES; i++) {
    await page.evaluate((code) => ((0, eval)(code)() as () => void)(), send(i));
    if ((i - 26) % 180 === 179) heaps.push(round(await heapMiB(session)));
  }
  const canvases = await page.locator('section[data-metric] canvas').count();
  await page.close();
  return {
    nodes,
    loadAverage: round(loadavg()[0] ?? NaN),
    charts: canvases,
    points: POINTS,
    messageKiB: round((8 * nodes * CHARTS * POINTS) / 1024),
    firstMs: middle(first.map(({ threadMs }) => threadMs)),
    firstByTheClockMs: middle(first.map(({ mainMs }) => mainMs)),
    firstPictureMs: middle(first.map(({ drawnMs }) => drawnMs)),
    updateMs: middle(updates.map(({ threadMs }) => threadMs)),
    quickestUpdateMs: round(Math.min(...updates.map(({ threadMs }) => threadMs))),
    updateByTheClockMs: middle(updates.map(({ mainMs }) => mainMs)),
    updateLongestTaskMs: middle(updates.map(({ longestMs }) => longestMs)),
    crosshairMs: middle(moves.map(({ threadMs }) => threadMs)),
    crosshairLongestTaskMs: middle(moves.map(({ longestMs }) => longestMs)),
    heapMiB: { before: round(before), every15Minutes: heaps, refreshes: REFRESHES },
  };
}

/** A library drawing every line, in a page of its own. */
async function benchLibrary(
  browser: Browser,
  root: string,
  library: Library,
  nodes: number,
): Promise<Record<string, number>> {
  const page = await browser.newPage({ viewport: { width: 1600, height: 1500 } });
  const code = buildSync({
    entryPoints: [path.join(root, 'test/bench/chartLibraries.ts')],
    bundle: true,
    minify: true,
    format: 'iife',
    write: false,
  }).outputFiles[0]?.text;
  await page.setContent('<body></body>');
  await page.addScriptTag({ content: code ?? '' });
  const clock = await threadClock(browser);
  const call = async (name: 'drawFirst' | 'drawAgain'): Promise<LibraryTimes & { threadMs: number }> => {
    const before = clock();
    const times = await page.evaluate(
      ([key, ...given]) =>
        (window as unknown as Record<string, (...given: unknown[]) => Promise<LibraryTimes>>)[key]?.(...given) as never,
      [name, library, { charts: CHARTS, nodes, points: POINTS }] as const,
    );
    return { ...(times as LibraryTimes), threadMs: clock() - before };
  };
  const first: (LibraryTimes & { threadMs: number })[] = [];
  const again: (LibraryTimes & { threadMs: number })[] = [];
  for (let run = 0; run < 5; run++) {
    first.push(await call('drawFirst'));
    for (let i = 0; i < 5; i++) again.push(await call('drawAgain'));
  }
  await page.close();
  return {
    firstMs: middle(first.map(({ threadMs }) => threadMs)),
    firstByTheClockMs: middle(first.map(({ callsMs }) => callsMs)),
    firstPictureMs: middle(first.map(({ pictureMs }) => pictureMs)),
    updateMs: middle(again.map(({ threadMs }) => threadMs)),
    quickestUpdateMs: round(Math.min(...again.map(({ threadMs }) => threadMs))),
    updateByTheClockMs: middle(again.map(({ callsMs }) => callsMs)),
  };
}

/** The panel's page in a real Chromium with 3 and with 100 nodes in 12 charts of 240 points, and bare libraries beside it. */
export async function benchCharts(root: string): Promise<Record<string, unknown>> {
  const browser = await launchBrowser().catch((error: Error) => error);
  if (browser instanceof Error) return { skipped: browser.message };
  try {
    const result: Record<string, unknown> = {};
    for (const nodes of [3, 100]) {
      const bare: Record<string, unknown> = {};
      for (const library of ['uPlot', 'chartJs', 'chartJsWithoutAxes'] as const)
        bare[library] = await benchLibrary(browser, root, library, nodes);
      result[`of${nodes}Nodes`] = { ...(await benchPanel(browser, root, nodes)), ...bare };
    }
    return result;
  } finally {
    await browser.close();
  }
}

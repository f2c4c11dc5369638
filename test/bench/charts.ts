import { readFileSync } from 'node:fs';
import path from 'node:path';
import { buildSync } from 'esbuild';
import type { CDPSession, Page } from 'playwright-core';
import { launchBrowser } from '../../scripts/host/browser.mjs';
import { METRICS } from '../../src/core/metrics/catalogue';
import { Random } from '../../src/core/base/random';

const NODES = 100;
const CHARTS = 12;
const POINTS = 240;
const STEP_MS = 5000;
/** An hour at a refresh every five seconds. */
const REFRESHES = 720;

const round = (value: number): number => Number(value.toFixed(1));
const middle = (list: number[]): number => round([...list].sort((a, b) => a - b)[list.length >> 1] as number);

/** Walks of random values, one for each metric of each node; so long that a window can move over them. */
function walks(length: number): number[][] {
  const random = new Random(7);
  return Array.from({ length: NODES * CHARTS }, () => {
    let value = 100;
    return Array.from({ length }, () => (value = Math.max(1, value + random.normal())));
  });
}

/** In the page: what stands for the editor, and a way to send as the host does. */
const STUB = `
window.sent = [];
window.acquireVsCodeApi = () => ({
  postMessage: (message) => window.sent.push(message.type),
  getState: () => ({ all: true }),
  setState: () => undefined,
});`;

/** What the page does with one message: milliseconds of the main thread, and until all that is seen is drawn. */
async function send(page: Page, message: string): Promise<{ mainMs: number; longestMs: number; drawnMs: number }> {
  return page.evaluate(async (build) => {
    const data: unknown = (0, eval)(build)();
    const began = performance.now();
    let busy = 0;
    let longest = 0;
    // Every callback of a frame and the handling of the message itself are timed where they run.
    const timed = (work: () => void): void => {
      const from = performance.now();
      work();
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
        timed(() => callback(at));
      });
    };
    timed(() => window.dispatchEvent(new MessageEvent('message', { data })));
    const frame = (): Promise<void> => new Promise((resolve) => original.call(window, () => resolve()));
    do await frame();
    while (pending > 0);
    await frame(); // what was drawn is on the screen
    window.requestAnimationFrame = original;
    return { mainMs: busy, longestMs: longest, drawnMs: performance.now() - began };
  }, message);
}

async function heapMiB(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage');
  const { metrics } = await session.send('Performance.getMetrics');
  return (metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? NaN) / 2 ** 20;
}

/** A whole picture (`at` = 0) or the one that follows by a step, as code that makes it in the page: it is not sent through the test's own pipe. */
const whole = (seq: number, moved: number): string => `() => {
  const { walks, parts } = window.given;
  const buffer = new ArrayBuffer(8 * walks.length * ${POINTS});
  const series = walks.map(([metric, node, walk], i) => {
    const values = new Float64Array(buffer, 8 * i * ${POINTS}, ${POINTS});
    values.set(walk.slice(${moved}, ${moved + POINTS}));
    return { metric, node, values };
  });
  const timestamps = Float64Array.from({ length: ${POINTS} }, (_, i) => parts.startMs + (${moved} + i) * ${STEP_MS});
  return { ...parts, type: 'snapshot', seq: ${seq}, series, timestamps, nodes: window.given.nodes, ranks: undefined,
    fromMs: timestamps[0], toMs: timestamps.at(-1) };
}`;
const appended = (seq: number, moved: number): string => `() => {
  const { walks, parts } = window.given;
  const values = Float64Array.from(walks, ([, , walk]) => walk[(${moved} + ${POINTS} - 1) % walk.length]);
  const toMs = parts.startMs + (${moved} + ${POINTS} - 1) * ${STEP_MS};
  return { ...parts, type: 'append', seq: ${seq}, dropped: 1, at: ${POINTS - 1}, timestamps: Float64Array.of(toMs), values,
    rankAt: ${POINTS}, rankValues: new Float64Array(), fromMs: toMs - ${(POINTS - 1) * STEP_MS}, toMs };
}`;

async function openPanel(page: Page, root: string): Promise<void> {
  await page.setContent(
    '<!DOCTYPE html><html lang="en"><body class="vscode-dark"><main id="app"></main></body></html>',
  );
  await page.addStyleTag({ content: readFileSync(path.join(root, 'media/panel.css'), 'utf8') });
  await page.addScriptTag({ content: STUB });
  const metrics = METRICS.slice(0, CHARTS).map(({ id }) => id);
  const nodes = Array.from({ length: NODES }, (_, i) => `node-${i}`);
  const named = walks(POINTS + 60).map((walk, i) => [metrics[Math.floor(i / NODES)], nodes[i % NODES], walk]);
  const parts = {
    health: { state: 'live', updatedAt: 1.8e12 },
    windowMs: POINTS * STEP_MS,
    stepMs: STEP_MS,
    startMs: 1.8e12,
    live: true,
    fixed: false,
    spans: [],
    problems: [],
  };
  await page.evaluate((given) => Object.assign(window, { given }), { walks: named, nodes, parts });
  await page.addScriptTag({ content: readFileSync(path.join(root, 'dist/webview.js'), 'utf8') });
}

/** The panel's page in a real Chromium with 100 nodes in 12 charts of 240 points, and libraries beside it. */
export async function benchCharts(root: string): Promise<Record<string, unknown>> {
  const browser = await launchBrowser().catch((error: Error) => error);
  if (browser instanceof Error) return { skipped: browser.message };
  try {
    // All charts are on the screen, so that all are drawn.
    const page = await browser.newPage({ viewport: { width: 1600, height: 1400 } });
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable');
    const first: Awaited<ReturnType<typeof send>>[] = [];
    for (let run = 0; run < 5; run++) {
      await openPanel(page, root);
      first.push(await send(page, whole(1, 0)));
    }
    const drawn = await page.locator('section[data-metric] canvas').count();
    const updates: Awaited<ReturnType<typeof send>>[] = [];
    for (let i = 1; i <= 25; i++) updates.push(await send(page, appended(i + 1, i)));
    const before = await heapMiB(session);
    const heaps: number[] = [];
    for (let i = 26; i < 26 + REFRESHES; i++) {
      const code = appended(i + 1, i);
      await page.evaluate((build) => {
        const data: unknown = (0, eval)(build)();
        window.dispatchEvent(new MessageEvent('message', { data }));
      }, code);
      if ((i - 26) % 180 === 179) heaps.push(round(await heapMiB(session)));
    }
    const asked = await page.evaluate(() => (window as unknown as { sent: string[] }).sent);
    const code = buildSync({
      entryPoints: [path.join(root, 'test/bench/chartLibraries.ts')],
      bundle: true,
      format: 'iife',
      write: false,
    }).outputFiles[0]?.text;
    await page.setContent('<body></body>');
    await page.addScriptTag({ content: code ?? '' });
    const library = async (name: string): Promise<Record<string, number>> => {
      const times: Record<string, number>[] = [];
      for (let run = 0; run < 5; run++)
        times.push(
          await page.evaluate(
            ([which, given]) =>
              (window as unknown as { libraries: Record<string, (given: unknown) => Promise<Record<string, number>>> })
                .libraries[which as string]!(given),
            [name, { charts: CHARTS, nodes: NODES, points: POINTS }] as const,
          ),
        );
      const keys = Object.keys(times[0] ?? {});
      return Object.fromEntries(keys.map((key) => [key, middle(times.map((one) => one[key] as number))]));
    };
    const uPlot = await library('uPlot');
    const chartJs = await library('chartJs');
    const firstPictureMs = middle(first.map(({ drawnMs }) => drawnMs));
    return {
      nodes: NODES,
      charts: drawn,
      points: POINTS,
      firstMs: middle(first.map(({ mainMs }) => mainMs)),
      firstPictureMs,
      updateMs: middle(updates.map(({ mainMs }) => mainMs)),
      updateLongestTaskMs: middle(updates.map(({ longestMs }) => longestMs)),
      updatePictureMs: middle(updates.map(({ drawnMs }) => drawnMs)),
      heapMiB: { before: round(before), every15Minutes: heaps, refreshes: REFRESHES },
      messagesLost: asked.filter((type) => type === 'ready').length - 1,
      libraries: { uPlot, chartJs },
      firstPictureToUPlot: round(firstPictureMs / (uPlot['firstPictureMs'] as number)),
    };
  } finally {
    await browser.close();
  }
}

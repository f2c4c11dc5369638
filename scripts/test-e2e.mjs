// npm run test:e2e: the main job on the real workbench, with pictures of tree and panel in each theme.
// `-- testing`: the resilience tests in the Testing view instead, ten minutes; a step that fails does not end the others.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { applyYamlSteps, chaosYamlSteps, writeChaosYaml } from '../test/e2e/chaosYaml.mjs';
import { chartSteps, seriousFindings } from '../test/e2e/charts.mjs';
import { coverageSteps } from '../test/e2e/coverage.mjs';
import { hiddenSteps } from '../test/e2e/hidden.mjs';
import { countQueries } from '../test/e2e/prometheusCounter.mjs';
import { reloadSteps } from '../test/e2e/reload.mjs';
import { scenarioSteps, writeScenario } from '../test/e2e/scenario.mjs';
import { testingSteps, writeTests } from '../test/e2e/testing.mjs';
import { truthSteps } from '../test/e2e/truth.mjs';
import {
  chooseFromMenu,
  chooseRange,
  panelFrame,
  openViews,
  pick,
  runCommand,
  setTheme,
  runningRows,
  treeRows,
} from '../test/e2e/workbench.mjs';
import { launchBrowser } from './host/browser.mjs';
import { startCodeServer } from './host/codeServer.mjs';
import { startDemo } from './host/demoServer.mjs';
import { root } from './host/node24.mjs';

/** Shorter than a user's, so that no step waits long for news. */
const REFRESH_SECONDS = 5;
const output = path.join(root, 'test/e2e/output');
mkdirSync(output, { recursive: true });
const directory = mkdtempSync(path.join(tmpdir(), 'distdiag-e2e-'));
const workspace = path.join(directory, 'workspace');
mkdirSync(workspace);
writeFileSync(path.join(workspace, 'notes.md'), '# Notes\n');
writeChaosYaml(workspace);
writeScenario(workspace);
writeTests(workspace);
mkdirSync(path.join(directory, 'data', 'User'), { recursive: true });
writeFileSync(
  path.join(directory, 'data', 'User', 'settings.json'),
  JSON.stringify({
    'workbench.startupEditor': 'none',
    'workbench.colorTheme': 'Default Dark Modern',
    'distdiag.metrics.refreshSeconds': REFRESH_SECONDS,
    'workbench.secondarySideBar.defaultVisibility': 'hidden',
    'chat.disableAIFeatures': true,
  }),
);

const only = process.argv[2];
if (only !== undefined && only !== 'testing') throw new TypeError(`"${only}" is no part of its own: testing`);
const steps = [];
let page;
let failed = 0;
const run = async (name, work) => {
  const started = Date.now();
  try {
    await work();
  } catch (error) {
    if (only === undefined) throw error;
    failed += 1;
    console.error(`  failed ${name}: ${error.stack ?? error}`);
    await shot(`failure-${failed}`).catch(() => undefined);
    return;
  }
  steps.push(name);
  console.log(`  ok ${name} (${Date.now() - started} ms)`);
};
/** The parts build upon each other, but for the Testing view's. */
const step = only === undefined ? run : () => undefined;
const shot = (name) => page.screenshot({ path: path.join(output, `${name}.png`) });
const until = async (what, limitMs, probe) => {
  const end = Date.now() + limitMs;
  while (!(await probe())) {
    if (Date.now() > end) throw new Error(`not within ${limitMs / 1000} s: ${what}`);
    await page.waitForTimeout(500);
  }
};

const demo = await startDemo();
const prometheus = await countQueries(demo.facts.prometheusUrl);
let server;
let browser;
const logLines = [];
try {
  server = await startCodeServer({
    directory,
    env: { KUBECONFIG: demo.facts.kubeconfig, PROMETHEUS_URL: prometheus.url },
  });
  browser = await launchBrowser();
  page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.setDefaultTimeout(30_000);
  page.on('console', (message) => logLines.push(message.text()));
  await page.goto(server.url(workspace, [['extensionDevelopmentPath', server.remote(root)]]));
  await run('the workbench opens the views', async () => {
    await openViews(page);
    await page.getByText('No experiment is running.').waitFor();
    await shot('tree-empty-dark');
  });
  await step('injects CPU stress from the palette in five steps', async () => {
    await runCommand(page, 'DistDiag: Inject Anomaly');
    await pick(page, 'CPU stress');
    await pick(page, 'obcluster-1-zone2');
    await page.keyboard.press('Enter');
    await pick(page, 'Default severity');
    await pick(page, '10m');
    await page
      .locator('.quick-input-widget:visible .monaco-list-row')
      .filter({ hasText: 'Inject into 1 of 3 nodes' })
      .waitFor();
    await page.waitForTimeout(600); // the editor fades its lists in
    await shot('inject-preview-dark');
    await pick(page, 'Inject into 1 of 3 nodes');
  });
  await step('the row goes to running', async () => {
    await runningRows(page, 'CPU stress').waitFor();
  });
  await step('the panel charts every node and shades the experiment', async () => {
    await runCommand(page, 'DistDiag: Open Metrics Panel');
    await panelFrame(page).locator('section[data-metric="cpu.used"] canvas').waitFor();
    await until('the canvas is drawn', 30_000, () =>
      panelFrame(page)
        .locator('section[data-metric="cpu.used"] canvas')
        .evaluate((canvas) => {
          const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
          return data.some((value) => value !== 0);
        }),
    );
  });
  await step('refresh asks again without taking the picture away', async () => {
    const cards = panelFrame(page).locator('section[data-metric]');
    const before = await cards.count();
    await runCommand(page, 'DistDiag: Refresh Experiments');
    for (let i = 0; i < 15; i += 1) {
      if ((await cards.count()) < before) throw new Error('the charts went away');
      if (!(await treeRows(page).first().isVisible())) throw new Error('the row went away');
      await page.waitForTimeout(200);
    }
  });
  await step('the diagnosis names that node and that type first', async () => {
    const first = panelFrame(page).locator('ol.pairs > li.named').first();
    await first
      .filter({ hasText: 'CPU stress' })
      .filter({ hasText: 'obcluster-1-zone2' })
      .waitFor({ timeout: 180_000 });
    const reasons = await first.locator('.reasons').innerText();
    if (!/Metric.*Baseline/s.test(reasons) || !/CPU used.* cores.* cores.*×/s.test(reasons))
      throw new Error(`no evidence in figures: ${reasons}`);
    const line = panelFrame(page).locator('.verdict-line');
    await line.filter({ hasText: /CPU stress.*obcluster-1-zone2.*\d%.*since \d\d:\d\d:\d\d/ }).waitFor();
    await panelFrame(page).locator('.scoreboard').scrollIntoViewIfNeeded();
    if (!(await line.locator('#verdict').isVisible())) throw new Error('the verdict left the page');
    const { y } = await line.boundingBox();
    if (y < 0 || y > 200) throw new Error(`the verdict is out of sight: ${y}`);
  });
  await truthSteps({ page, step, until, shot, workspace, output });
  await step('pictures in dark, light and both high contrasts, where axe-core finds nothing serious', async () => {
    await treeRows(page).filter({ hasText: 'CPU stress' }).locator('.monaco-tl-twistie').click();
    await chooseRange(page, 'Last 15 min');
    await page.waitForTimeout(45_000); // let the fault fill the charts' end
    await shot('panel-dark');
    const findings = (await seriousFindings(page)).map((one) => `dark: ${one}`);
    for (const [file, theme] of [
      ['light', 'Light Modern'],
      ['high-contrast', 'Dark High Contrast'],
      ['high-contrast-light', 'Light High Contrast'],
    ]) {
      await setTheme(page, theme);
      await page.waitForTimeout(1500);
      await shot(`panel-${file}`);
      findings.push(...(await seriousFindings(page)).map((one) => `${file}: ${one}`));
    }
    await setTheme(page, 'Dark Modern');
    await page.waitForTimeout(1000);
    await page.setViewportSize({ width: 820, height: 900 }); // beside something else
    await until('nothing is cut off', 10_000, () =>
      panelFrame(page)
        .locator('body')
        .evaluate(({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth),
    );
    await page.waitForTimeout(500);
    await shot('panel-narrow-dark');
    findings.push(...(await seriousFindings(page)).map((one) => `narrow: ${one}`));
    await page.setViewportSize({ width: 1440, height: 900 });
    if (findings.length > 0) throw new Error(findings.join('\n'));
  });
  await chartSteps({ page, step, shot, workspace });
  await hiddenSteps({ page, step, until, prometheus, refreshMs: REFRESH_SECONDS * 1000 });
  await step('shows the YAML read-only', async () => {
    await treeRows(page).filter({ hasText: 'CPU stress' }).first().hover();
    await treeRows(page)
      .filter({ hasText: 'CPU stress' })
      .first()
      .locator('[aria-label="Show Experiment YAML"]')
      .click();
    await page.locator('.monaco-editor').getByText('stressors').first().waitFor();
  });
  await step('warns of a majority with what runs already, and wants the context’s name', async () => {
    await runCommand(page, 'DistDiag: Inject Anomaly');
    await pick(page, 'Network loss');
    await pick(page, 'obcluster-1-zone1');
    await page.keyboard.press('Enter');
    await pick(page, 'Severe');
    await pick(page, '10m');
    const rows = page.locator('.quick-input-widget:visible .monaco-list-row');
    await rows.filter({ hasText: 'Including running experiments, 2 of the 3 database pods are affected' }).waitFor();
    await page.waitForTimeout(600); // the editor fades its lists in
    await shot('inject-majority-dark');
    await pick(page, 'Inject into 1 of 3 nodes');
    const dialog = page.locator('.monaco-dialog-box');
    await dialog.getByText('the database may lose its majority and stop').waitFor();
    await shot('inject-majority-question-dark');
    await dialog.getByRole('button', { name: 'Inject…' }).click();
    const input = page.locator('.quick-input-widget:visible input[type="text"]').first();
    await input.waitFor({ state: 'visible' });
    await input.fill('another-context');
    await page.locator('.quick-input-widget').getByText('The name does not match.').waitFor();
    await shot('inject-majority-name-dark');
    await input.fill('distdiag-demo');
    await page.keyboard.press('Enter');
    await runningRows(page, 'Network loss').waitFor();
    await shot('tree-two-kinds-dark');
  });
  await step('stops everything after one confirmation', async () => {
    await runCommand(page, 'DistDiag: Stop All My Experiments');
    await page.locator('.monaco-dialog-box').getByRole('button', { name: 'Stop All' }).click();
    await page.getByText('No experiment is running.').waitFor({ timeout: 60_000 });
  });
  await step('two selected rows are stopped together, and the events of one are told to their end', async () => {
    for (const [type, title] of [
      ['CPU Stress', 'CPU stress'],
      ['Network Delay', 'Network delay'],
    ]) {
      await runCommand(page, `DistDiag: Inject ${type}`);
      await pick(page, 'obcluster-1-zone1');
      await runningRows(page, title).waitFor();
    }
    const row = treeRows(page).filter({ hasText: 'CPU stress' }).first();
    await chooseFromMenu(page, row, 'Show Experiment Events');
    const events = page.locator('.editor-instance .view-lines');
    await events.getByText('Apply').first().waitFor();
    await row.click();
    await treeRows(page)
      .filter({ hasText: 'Network delay' })
      .first()
      .click({ modifiers: ['ControlOrMeta'] });
    await row.hover();
    await row.locator('[aria-label="Stop Experiment"]').click();
    await page.getByText('No experiment is running.').waitFor({ timeout: 60_000 });
    await events.getByText('Recover').first().waitFor();
  });
  await scenarioSteps({ page, step, shot });
  await applyYamlSteps({ page, step, shot });
  await step('the history keeps how they ended', async () => {
    await page.mouse.move(900, 400); // away from the rows: their tooltips cover lists
    await page.locator('.pane-header').filter({ hasText: 'History' }).first().click();
    const past = page
      .locator('.pane')
      .filter({ has: page.locator('.pane-header', { hasText: 'History' }) })
      .locator('.monaco-list-row');
    for (const title of ['Network delay', 'CPU stress'])
      await past.filter({ hasText: title }).filter({ hasText: 'Recovered' }).first().waitFor();
    await shot('history-dark');
  });
  await coverageSteps({ page, step, shot });
  await reloadSteps({ page, step, until, shot });
  if (only === 'testing') await testingSteps({ page, step: run, until, shot, prometheus });
  await run('the log is free of errors', async () => {
    const text = server.output() + logLines.join('\n');
    const ours = text
      .split('\n')
      .filter(
        (line) => /distdiag/i.test(line) && /\b(error|uncaught|unhandled)\b/i.test(line) && !/favicon|vsda/.test(line),
      );
    const logs = readdirSync(path.join(directory, 'data'), { recursive: true }).filter((file) =>
      /DistDiag\.log$/.test(file),
    );
    if (logs.length === 0) throw new Error('the extension wrote no log');
    for (const file of logs)
      ours.push(
        ...readFileSync(path.join(directory, 'data', file), 'utf8')
          .split('\n')
          .filter((line) => line.includes('[error]')),
      );
    if (ours.length > 0) throw new Error(ours.slice(0, 5).join('\n'));
  });
  await chaosYamlSteps({ page, step, shot });
} catch (error) {
  failed += 1;
  console.error(error.stack ?? error);
  await page?.screenshot({ path: path.join(output, 'failure.png') }).catch(() => undefined);
  // Where nobody can open the picture, its words tell what stood there.
  const words = await page
    ?.locator('body')
    .innerText()
    .catch(() => '');
  console.error(`what the page says:\n${(words ?? '').replace(/\n\s*\n+/g, '\n').slice(0, 4000)}`);
} finally {
  await browser?.close();
  await server?.stop();
  await prometheus.stop();
  await demo.stop();
  rmSync(directory, { recursive: true, force: true });
}
console.log(`${steps.length} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);

// npm run test:e2e: the main job on the real workbench, with pictures of tree and panel in each theme.
// `-- testing`: the resilience tests in the Testing view instead.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { applyYamlSteps, chaosYamlSteps, writeChaosYaml } from '../test/e2e/chaosYaml.mjs';
import { chartSteps, seriousFindings } from '../test/e2e/charts.mjs';
import { coverageSteps } from '../test/e2e/coverage.mjs';
import { hiddenSteps } from '../test/e2e/hidden.mjs';
import { onWorkbench, output, REFRESH_SECONDS } from '../test/e2e/onWorkbench.mjs';
import { countQueries } from '../test/e2e/prometheusCounter.mjs';
import { reloadSteps } from '../test/e2e/reload.mjs';
import { scenarioSteps, writeScenario } from '../test/e2e/scenario.mjs';
import { testingBench, testingSteps } from '../test/e2e/testing.mjs';
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
import { startDemo } from './host/demoServer.mjs';

const mainBench = {
  write: (workspace) => {
    writeFileSync(path.join(workspace, 'notes.md'), '# Notes\n');
    writeChaosYaml(workspace);
    writeScenario(workspace);
  },
  start: async () => {
    const demo = await startDemo();
    const prometheus = await countQueries(demo.facts.prometheusUrl);
    const stop = () => Promise.all([prometheus.stop(), demo.stop()]);
    return { env: { KUBECONFIG: demo.facts.kubeconfig, PROMETHEUS_URL: prometheus.url }, prometheus, stop };
  },
};

async function mainSteps({ page, step, until, shot, workspace, prometheus, logIsClean }) {
  await step('the workbench opens the views', async () => {
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
  await step('the log is free of errors', logIsClean);
  await chaosYamlSteps({ page, step, shot });
}

const JOBS = { main: [mainBench, mainSteps], testing: [testingBench, testingSteps] };
const only = process.argv[2] ?? 'main';
if (!Object.hasOwn(JOBS, only)) throw new TypeError(`"${only}" is no part of its own: ${Object.keys(JOBS).join(', ')}`);
const { passed, failed } = await onWorkbench(...JOBS[only]);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);

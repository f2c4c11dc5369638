import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { startClusters } from './clusters.mjs';
import { mcpSteps } from './mcp.mjs';
import { countQueries } from './prometheusCounter.mjs';
import {
  chooseFromMenu,
  openFile,
  openViews,
  panelFrame,
  pick,
  runCommand,
  runningRows,
  setTheme,
  treeRows,
} from './workbench.mjs';

/** A fault on one node with what is expected of it. */
const test = (name, duration, expectations) => `apiVersion: distdiag.io/v1
kind: Scenario
name: ${name}
steps:
  - name: busy
    anomaly: cpu_stress
    targets: { index: 1 }
    duration: ${duration}
expect:
${expectations.map((one) => `  - ${one}\n`).join('')}`;

const TESTS = {
  'a-long': test('a long load', '10m', ['{ name: no restart, restarts: { max: 0 } }']),
  'b-bears': test('bears a busy node', '20s', [
    '{ name: others stay calm, metric: cpu.used, of: others, at-most: 300%, for: 20s }',
    '{ name: no restart, restarts: { max: 0 } }',
    '{ name: no OOM kill, oomKills: { max: 0 } }',
    '{ name: no warning, events: { max: 0 } }',
    '{ name: back to normal, recovers: { metric: cpu.used, of: targets, to: 40%, within: 3m } }',
  ]),
  'c-quiet': test('stays quiet', '30s', [
    '{ name: no restart, restarts: { max: 0 } }',
    '{ name: CPU as usual, metric: cpu.used, of: targets, at-most: 120% }',
  ]),
  'd-guarded': test('is guarded', '10m', [
    '{ name: guard, metric: cpu.used, of: targets, at-most: 120%, abort: true }',
  ]),
  'e-blind': test('cannot be seen', '45s', ['{ name: CPU, metric: cpu.used, of: targets, max: 1000 }']),
};
const NAMES = ['a long load', 'bears a busy node', 'cannot be seen', 'is guarded', 'stays quiet'];
/** The first is protected. */
const CLUSTERS = ['production', 'staging-1', 'staging-2', 'staging-3', 'staging-4'];
/** The database of the demo cluster: a simulated one, or `seekdb`. */
const engine = process.argv[3];
/** No test on simulated databases takes a third of it; a machine may be busy, and real ones have to settle. */
const TEST_MS = engine ? 600_000 : 180_000;

export const testingBench = {
  picture: 'testing-',
  settings: {
    'distdiag.protectedContexts': ['production'],
    'distdiag.metrics.stepSeconds': 5,
    // The list of MCP servers goes with the rest of it.
    'chat.disableAIFeatures': false,
  },
  write: (workspace) => writeFileSync(path.join(workspace, 'notes.md'), '# Notes\n'),
  start: async (directory) => {
    const clusters = await startClusters(directory, CLUSTERS, engine);
    const prometheus = await countQueries(clusters.prometheusOf(CLUSTERS[0]));
    const stop = () => Promise.all([prometheus.stop(), clusters.stop()]);
    return { env: { KUBECONFIG: clusters.kubeconfig, PROMETHEUS_URL: prometheus.url }, clusters, prometheus, stop };
  },
};

/** Resilience tests in the Testing view: every verdict, and where each leads; then the server for agents. */
export async function testingSteps({ page, step, until, shot, workspace, clusters, prometheus, logIsClean }) {
  const rows = page.locator('.test-explorer .monaco-list-row');
  const row = (name) => rows.filter({ hasText: name }).first();
  const isIn = (name, state) => row(name).locator(`.codicon-testing-${state}-icon`).first();
  const showTesting = async () => {
    const title = page.locator('.part.sidebar .title-label').filter({ hasText: 'Testing' });
    if (!(await title.isVisible()))
      await page.locator('.activitybar [aria-label^="Testing"]').first().click({ force: true }); // its badge lies over it
    await title.waitFor();
  };
  const dialog = page.locator('.monaco-dialog-box');
  const input = page.locator('.quick-input-widget:visible input[type="text"]').first();
  /** What runs, as the extension's icon counts it. */
  const badge = page.locator('.activitybar .action-item:has([aria-label^="DistDiag"]) .badge-content');
  const injected = () => badge.filter({ hasText: '1' }).waitFor({ timeout: TEST_MS });
  const aside = () => page.mouse.move(700, 890); // a tooltip would cover what is to be seen
  /** Neither for the cluster nor for the views. */
  const nothingRuns = async (cluster) => {
    await until('the cluster is empty', 60_000, async () => (await clusters.experimentsOn(cluster)).length === 0);
    await badge.waitFor({ state: 'hidden' });
    await openViews(page);
    await runningRows(page, 'busy').first().waitFor({ state: 'hidden' });
  };
  const useCluster = async (name) => {
    prometheus.setTarget(clusters.prometheusOf(name));
    for (let attempt = 1; ; attempt++) {
      await runCommand(page, 'DistDiag: Select Cluster');
      try {
        return await pick(page, name, 5000);
      } catch (error) {
        if (attempt === 3) throw error; // a page that is still loading takes the focus, and the list closes
      }
    }
  };
  const runTest = async (name) => {
    await chooseFromMenu(page, row(name), 'Run Test');
    await dialog.getByText(`Run the resilience test "${name}"?`).waitFor({ timeout: 60_000 });
  };
  const confirm = async (cluster) => {
    await dialog.getByRole('button', { name: engine ? 'Run…' : 'Run', exact: true }).click();
    if (!engine) return;
    // All contexts lead to one server, which is protected.
    await input.fill(cluster);
    await page.keyboard.press('Enter');
  };

  await step('a workspace without a test says how to make one, and shows one that is added', async () => {
    await openViews(page);
    await page.getByText('No experiment is running.').waitFor();
    await showTesting();
    await page.getByText('New Resilience Test…').first().waitFor({ timeout: 60_000 });
    await aside();
    await shot('testing-empty-dark');
    for (const [file, text] of Object.entries(TESTS))
      writeFileSync(path.join(workspace, `${file}.scenario.yaml`), text);
    for (const name of NAMES) await row(name).waitFor({ timeout: 60_000 });
    await row('bears a busy node').click();
    await page.keyboard.press('ArrowRight');
    await row('others stay calm').waitFor();
    await row('no warning').waitFor();
    await aside();
    await shot('testing-view-dark');
  });
  await mcpSteps({ page, step, until, shot, aside });
  await step('a continuous run is refused in words', async () => {
    await runCommand(page, 'Test: Start Continuous Run');
    await runCommand(page, 'Notifications: Show Notifications');
    await page.locator('.notifications-center').getByText('do not run continuously').waitFor();
    await shot('testing-continuous-dark');
    // No test is shown as watched.
    await page
      .locator('.test-explorer .codicon-testing-turn-continuous-run-off')
      .first()
      .waitFor({ state: 'detached' });
    await runCommand(page, 'Notifications: Clear All Notifications');
  });
  await step('a dry run says what would be hit and whether the database is steady, and injects nothing', async () => {
    await chooseFromMenu(page, row('stays quiet'), 'Execute Using Profile');
    await pick(page, 'Dry Run');
    await isIn('stays quiet', 'skipped').waitFor({ timeout: TEST_MS });
    await runCommand(page, 'Test: Show Output');
    await page.locator('.test-output-peek-message-container').getByText('Nothing was injected').first().waitFor();
    await aside();
    await shot('testing-dry-run-dark');
  });
  await step('one question covers all tests of a run, and a protected context wants its name', async () => {
    await runCommand(page, 'Test: Run All Tests');
    await dialog.getByText('Run 5 resilience tests one after another?').waitFor({ timeout: 60_000 });
    await page.waitForTimeout(600); // the editor fades it in
    await shot('testing-question-dark');
    await dialog.getByRole('button', { name: 'Run…' }).click();
    await input.waitFor();
    await input.fill('staging-1');
    await page.locator('.quick-input-widget').getByText('The name does not match.').waitFor();
    await shot('testing-question-name-dark');
  });
  await step('nothing is injected where it is refused', async () => {
    await page.keyboard.press('Escape');
    for (const name of NAMES) await isIn(name, 'skipped').waitFor();
    await aside();
    await shot('testing-refused-dark');
    await nothingRuns('production');
    await showTesting();
  });
  await step('a run that is cancelled ends everything of it, and begins no other test', async () => {
    await runCommand(page, 'Test: Run All Tests');
    await dialog.getByRole('button', { name: 'Run…' }).click();
    await input.fill('production');
    await page.keyboard.press('Enter');
    await injected();
    await shot('testing-running-dark');
    await page.locator('[aria-label^="Cancel Test Run"]').first().click();
    await isIn('a long load', 'skipped').waitFor({ timeout: 60_000 });
    for (const name of NAMES) await isIn(name, 'skipped').waitFor();
    await aside();
    await shot('testing-cancelled-dark');
    await nothingRuns('production');
    await treeRows(page).filter({ hasText: 'a long load' }).filter({ hasText: 'Stopped' }).waitFor();
    await shot('testing-cancelled-tree-dark');
    await showTesting();
  });
  await step('a test fails', async () => {
    await openFile(page, 'c-quiet.scenario.yaml'); // where its messages will stand
    await useCluster('staging-1');
    await runTest('stays quiet');
    await page.waitForTimeout(600);
    await shot('testing-question-one-dark');
    await confirm('staging-1');
    await isIn('stays quiet', 'failed').waitFor({ timeout: TEST_MS });
    await aside();
    await shot('testing-failed-dark');
  });
  const failedLines = page.locator('.editor-instance .testing-run-glyph.codicon-testing-failed-icon');
  await step('the message stands at the line of the expectation, with what was expected and seen', async () => {
    // Its line, and the scenario's first.
    await until('both lines are marked', 30_000, async () => (await failedLines.count()) === 2);
    await page
      .locator('.test-error-content-widget')
      .filter({ hasText: /Worst: \d.* cores?, beyond the limit/ })
      .waitFor();
    await row('stays quiet').locator('.monaco-tl-twistie').click();
    await row('CPU as usual').waitFor();
    await aside();
    await shot('testing-message-dark');
    await page.locator('.editor-instance .view-line').filter({ hasText: 'at-most' }).click();
    await runCommand(page, 'Test: Peek Output');
    await page.locator('.test-output-peek').getByText('Worst').first().waitFor();
    await page.waitForTimeout(1500);
    await shot('testing-peek-dark');
    await setTheme(page, 'Light Modern');
    await page.waitForTimeout(1000);
    await shot('testing-peek-light');
    await setTheme(page, 'Dark Modern');
    await page.keyboard.press('Escape');
  });
  await step('the message leads to the panel at that time, where the threshold and the verdict stand', async () => {
    await chooseFromMenu(page, row('CPU as usual'), 'Show in Metrics Panel');
    const card = panelFrame(page).locator('section[data-metric="cpu.used"]');
    await card.locator('canvas').waitFor({ timeout: 60_000 });
    await until('the threshold is told', 30_000, async () =>
      /CPU as usual: ≤ .* \(broken\)/.test((await card.locator('.plot').getAttribute('aria-label')) ?? ''),
    );
    await panelFrame(page).locator('.lane').filter({ hasText: '✗' }).first().waitFor();
    await page.waitForTimeout(2500);
    await shot('testing-panel-dark');
  });
  await step('the report of the test is saved', async () => {
    await chooseFromMenu(page, row('stays quiet'), 'Save Test Report');
    await pick(page, 'Markdown');
    await input.waitFor({ timeout: 60_000 });
    await until('a name is proposed', 20_000, async () => (await input.inputValue()).endsWith('.md'));
    await page.keyboard.press('Enter');
    await page.getByRole('tab', { name: /^Preview / }).waitFor();
    const words = () =>
      Promise.all(
        page.frames().map((frame) =>
          frame
            .locator('body')
            .innerText()
            .catch(() => ''),
        ),
      );
    await until('the preview is drawn', 60_000, async () =>
      (await words()).some((text) => /Experiment report[^]*Resilience test[^]*stays quiet[^]*failed/.test(text)),
    );
    await aside();
    await page.waitForTimeout(1000);
    await shot('testing-report-dark');
  });
  await step('a test passes', async () => {
    await useCluster('staging-2');
    await runTest('bears a busy node');
    await confirm('staging-2');
    await isIn('bears a busy node', 'passed').waitFor({ timeout: TEST_MS });
    await aside();
    await shot('testing-passed-dark');
  });
  await step('a guard ends a test at once', async () => {
    await useCluster('staging-3');
    await runTest('is guarded');
    await confirm('staging-3');
    await isIn('is guarded', 'failed').waitFor({ timeout: TEST_MS });
    await aside();
    await shot('testing-aborted-dark');
    await nothingRuns('staging-3');
    await showTesting();
  });
  await step('a test is inconclusive where Prometheus is gone', async () => {
    await useCluster('staging-4');
    await runTest('cannot be seen');
    await confirm('staging-4');
    await injected();
    prometheus.setCut(true);
    await isIn('cannot be seen', 'error').waitFor({ timeout: TEST_MS });
    await aside();
    await shot('testing-inconclusive-dark');
    prometheus.setCut(false);
    await badge.waitFor({ state: 'hidden' });
  });
  await step('the log is free of errors', logIsClean);
}

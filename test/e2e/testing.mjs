import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { chooseFromMenu, openFile, openViews, panelFrame, pick, runCommand, runningRows } from './workbench.mjs';

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
  'a-bears': test('bears a busy node', '40s', [
    '{ name: others stay calm, metric: cpu.used, of: others, at-most: 300%, for: 20s }',
    '{ name: no restart, restarts: { max: 0 } }',
    '{ name: no OOM kill, oomKills: { max: 0 } }',
    '{ name: no warning, events: { max: 0 } }',
    '{ name: back to normal, recovers: { metric: cpu.used, of: targets, to: 40%, within: 3m } }',
  ]),
  'b-quiet': test('stays quiet', '60s', [
    '{ name: no restart, restarts: { max: 0 } }',
    '{ name: CPU as usual, metric: cpu.used, of: targets, at-most: 120% }',
  ]),
  'c-guarded': test('is guarded', '10m', [
    '{ name: guard, metric: cpu.used, of: targets, at-most: 120%, abort: true }',
  ]),
  'd-blind': test('cannot be seen', '60s', ['{ name: CPU, metric: cpu.used, of: targets, max: 1000 }']),
};
const NAMES = ['bears a busy node', 'stays quiet', 'is guarded', 'cannot be seen'];
/** The steady state takes two minutes after each fault. */
const TEST_MS = 360_000;

/** Writes the files into the workspace, before the editor starts. */
export function writeTests(workspace) {
  for (const [file, text] of Object.entries(TESTS)) writeFileSync(path.join(workspace, `${file}.scenario.yaml`), text);
}

/** Resilience tests in the Testing view: every verdict, and where each leads. */
export async function testingSteps({ page, step, until, shot, prometheus }) {
  const rows = page.locator('.test-explorer .monaco-list-row');
  const row = (name) => rows.filter({ hasText: name }).first();
  const isIn = (name, state) => row(name).locator(`.codicon-testing-${state}-icon, .codicon-testing-${state}`).first();
  const openTesting = async () => {
    // A click would close the view that is open; a badge covers the icon while tests run.
    const icon = page.locator('.activitybar [aria-label^="Testing"]').first();
    if (!(await row('stays quiet').isVisible())) await icon.click({ force: true });
    await row('stays quiet').waitFor({ timeout: 60_000 });
  };
  await step('the Testing view lists the scenarios that expect something, with their expectations', async () => {
    await openTesting();
    for (const name of NAMES) await row(name).waitFor({ timeout: 60_000 });
    await row('bears a busy node').click();
    await page.keyboard.press('ArrowRight');
    await row('others stay calm').waitFor();
    await row('no warning').waitFor();
    await page.mouse.move(900, 600);
    await shot('testing-view-dark');
  });
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
    await isIn('stays quiet', 'skipped').waitFor({ timeout: TEST_MS }); // a fault may just have ended
    await runCommand(page, 'Test: Show Output');
    await page.waitForTimeout(2500);
    await shot('testing-dry-run-dark');
  });
  await step('one question covers all tests of a run', async () => {
    await runCommand(page, 'Test: Run All Tests');
    const dialog = page.locator('.monaco-dialog-box');
    await dialog.getByText('Run 4 resilience tests one after another?').waitFor({ timeout: 60_000 });
    await page.waitForTimeout(600);
    await shot('testing-question-dark');
    await dialog.getByRole('button', { name: 'Run' }).click();
  });
  // In the order in which they run, whatever that is; Prometheus is gone while one of them injects.
  const running = (name) => isIn(name, 'running').or(row(name).locator('.codicon-loading')).first().isVisible();
  const ENDS = {
    'bears a busy node': 'passed',
    'stays quiet': 'failed',
    'is guarded': 'failed',
    'cannot be seen': 'error',
  };
  for (let left = [...NAMES]; left.length > 0;) {
    let name;
    await until('a test runs', TEST_MS, async () => {
      for (const one of left) if (await running(one)) name = one;
      return name !== undefined;
    });
    left = left.filter((one) => one !== name);
    prometheus.setCut(false);
    await step(`the test "${name}" ends as ${ENDS[name]}`, async () => {
      if (name === 'cannot be seen') {
        await openViews(page);
        await runningRows(page, name).first().waitFor({ timeout: TEST_MS });
        await shot('testing-experiments-dark');
        prometheus.setCut(true);
        await openTesting();
      }
      await isIn(name, ENDS[name]).waitFor({ timeout: TEST_MS });
      prometheus.setCut(false);
      await page.mouse.move(900, 500); // its tooltip would cover the rows
      await page.waitForTimeout(1000);
      await shot(`testing-${ENDS[name]}-${name.replaceAll(' ', '-')}-dark`);
    });
  }
  await step('nothing of them is left running', async () => {
    await openViews(page);
    await until('nothing runs', 60_000, async () => (await runningRows(page, 'busy').count()) === 0);
    await openTesting();
  });
  const failedLines = page.locator('.editor-instance .testing-run-glyph.codicon-testing-failed-icon');
  await step('the message stands at the line of the expectation, with what was expected and seen', async () => {
    await openFile(page, 'b-quiet.scenario.yaml');
    // Its line, and the scenario's first.
    await until('both lines are marked', 30_000, async () => (await failedLines.count()) === 2);
    await row('stays quiet').locator('.monaco-tl-twistie').click();
    await row('CPU as usual').waitFor();
    await shot('testing-message-dark');
    await runCommand(page, 'Test: Go to Next Test Failure');
    await page.locator('.test-output-peek').first().waitFor();
    await page.waitForTimeout(1500);
    await shot('testing-peek-dark');
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
    const input = page.locator('.quick-input-widget:visible input[type="text"]').first();
    await input.waitFor({ timeout: 60_000 });
    await until('a name is proposed', 20_000, async () => (await input.inputValue()).endsWith('.md'));
    await page.keyboard.press('Enter');
    await page.getByRole('tab', { name: /^Preview / }).waitFor();
    await page.waitForTimeout(6000); // the preview's own extension is activated first
    await shot('testing-report-dark');
  });
}

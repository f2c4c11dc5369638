import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { openFile, pick, runCommand, runningRows, treeRows } from './workbench.mjs';

/** A scenario on one pod, with a word that is misspelt: the second step begins later, the third much later. */
const SCENARIO = `apiVersion: distdiag.io/v1
kind: Scenario
name: lossy, then busy
description: What the other nodes show of it.
steps:
  - name: lossy
    anomaly: network_los
    targets: { index: 1 }
    parameters: { percent: 20 }
    duration: 10m
  - name: busy
    anomaly: cpu_stress
    targets: { index: 1 }
    offset: 20m
    duration: 5m
  - name: asleep
    anomaly: pod_failure
    targets: { index: 1 }
    offset: 30m
    duration: 2m
`;

/** Writes the file into the workspace, before the editor starts. */
export function writeScenario(workspace) {
  writeFileSync(path.join(workspace, 'lossy.scenario.yaml'), SCENARIO);
}

/** A scenario from its file to its stop. */
export async function scenarioSteps({ page, step, shot }) {
  const errors = page.locator('.squiggly-error');
  await step('a scenario’s mistake is marked, and gone when its quick fix is taken', async () => {
    await openFile(page, 'lossy.scenario.yaml');
    await errors.first().waitFor();
    await page.locator('.view-line').getByText('network_los').hover();
    await page.locator('.monaco-hover:visible').getByText('Did you mean network_loss?').waitFor();
    await page.waitForTimeout(600); // the editor fades it in
    await shot('scenario-mistake-dark');
    await page.keyboard.press('Escape');
    await runCommand(page, 'Go to Line/Column');
    const input = page.locator('.quick-input-widget input[type="text"]').first();
    await input.fill(':7:25');
    await page.keyboard.press('Enter');
    await page.getByText('Ln 7, Col 25').waitFor();
    const fix = page.locator('.action-widget:visible').getByText('Change it to "network_loss"');
    for (let attempt = 1; ; attempt++) {
      await page.keyboard.press('Control+.');
      try {
        await fix.click({ timeout: 5000 });
        break;
      } catch (error) {
        if (attempt === 3) throw error; // a tooltip that comes late closes the menu
      }
    }
    await page.locator('.view-line').getByText('network_loss').waitFor();
    await errors.first().waitFor({ state: 'detached' });
    await page.keyboard.press('Control+S');
  });
  await step('the preview shows every step before anything is sent', async () => {
    await runCommand(page, 'DistDiag: Start Scenario');
    await pick(page, 'lossy.scenario.yaml');
    const rows = page.locator('.quick-input-widget:visible .monaco-list-row');
    await rows.filter({ hasText: 'Start 3 steps, 32m in total' }).filter({ hasText: '1 of 3 nodes' }).waitFor();
    await rows.filter({ hasText: '+20m' }).filter({ hasText: 'CPU stress' }).filter({ hasText: 'zone2' }).waitFor();
    await page.mouse.move(900, 700); // its tooltip would cover the row
    await page.waitForTimeout(600); // the editor fades its lists in
    await shot('scenario-preview-dark');
    await pick(page, 'Start 3 steps');
    const dialog = page.locator('.monaco-dialog-box');
    await dialog.getByText('Start the scenario "lossy, then busy"?').waitFor();
    await dialog.getByText('1 of 3 database pods').waitFor();
    await shot('scenario-question-dark');
    await dialog.getByRole('button', { name: 'Start' }).click();
  });
  await step('the scenario is one row with its steps', async () => {
    const row = runningRows(page, 'lossy, then busy');
    await row.waitFor();
    await runningRows(page, 'Network loss').waitFor();
    for (const name of ['busy', 'asleep'])
      await treeRows(page).filter({ hasText: name }).filter({ hasText: 'Waiting' }).first().waitFor();
    await page.mouse.move(900, 600);
    await shot('scenario-tree-dark');
  });
  await step('stopped, nothing of it runs or will begin', async () => {
    const row = runningRows(page, 'lossy, then busy').first();
    await row.hover();
    await row.locator('[aria-label="Stop Scenario"]').click();
    await page.getByText('No experiment is running.').waitFor({ timeout: 60_000 });
    if ((await treeRows(page).count()) > 0) throw new Error('a row is left');
  });
}

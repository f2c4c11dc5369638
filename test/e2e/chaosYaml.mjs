import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { runCommand, treeRows } from './workbench.mjs';

/** A Chaos Mesh file with one trap in it. */
const LOSS = `apiVersion: chaos-mesh.org/v1alpha1
kind: NetworkChaos
metadata:
  name: lossy
  namespace: oceanbase
spec:
  selector:
    pods:
      oceanbase: [POD]
  mode: all
  action: loss
  loss:
    loss: "80%"
  direction: to
  duration: 5m
`;

/** The demo cluster's second pod. */
const POD = 'obcluster-1-zone2-a79';

/** Writes the file into the workspace, before the editor starts. */
export function writeChaosYaml(workspace) {
  writeFileSync(path.join(workspace, 'lossy.chaos.yaml'), LOSS.replace('POD', POD));
}

/** Chaos Mesh's YAML in the editor: findings, a fix, lenses, dry run, apply, stop. */
export async function chaosYamlSteps({ page, step, shot }) {
  const lens = (text) => page.locator('.codelens-decoration > *').filter({ hasText: text }).first();
  /** Waits for a message, also where it has hidden itself already, and puts it away. */
  const told = async (text) => {
    const message = page.getByText(text).first();
    for (let tries = 0; tries < 20 && !(await message.isVisible()); tries += 1) {
      await page.waitForTimeout(500);
      if (!(await message.isVisible())) await runCommand(page, 'Notifications: Show Notifications');
    }
    await message.waitFor();
    await runCommand(page, 'Notifications: Clear All Notifications');
  };
  await step('a Chaos Mesh file shows its traps and its state', async () => {
    await page.keyboard.press('Control+P');
    const input = page.locator('.quick-input-widget input[type="text"]').first();
    await input.waitFor({ state: 'visible' });
    await input.fill('lossy.chaos.yaml');
    await page.locator('.quick-input-list .monaco-list-row').filter({ hasText: 'lossy.chaos.yaml' }).first().click();
    await lens('Not in').waitFor();
    await page.locator('.squiggly-error').first().waitFor();
    await shot('chaos-yaml-trap');
  });
  await step('what is wrong is not applied', async () => {
    await lens('Apply').click();
    await page.getByText('Ln 13, Col 16 (5 selected)').waitFor();
    await told('Line 13: "80%" is not a number');
  });
  await step('the quick fix mends it', async () => {
    await page.keyboard.press('Control+.');
    const fix = page.locator('.action-widget .monaco-list-row').filter({ hasText: 'Write "80"' }).first();
    await fix.waitFor();
    await shot('chaos-yaml-fix');
    await page.keyboard.press('Enter');
    await page.locator('.squiggly-error').first().waitFor({ state: 'detached' });
  });
  await step('a dry run asks the server and creates nothing', async () => {
    await lens('Dry Run').click();
    await told('The server would accept lossy');
  });
  await step('is applied from its lens after a look at what is hit, and the lens follows it', async () => {
    await lens('Apply').click();
    await page.locator('.monaco-dialog-box').getByRole('button', { name: 'Apply' }).click();
    await lens('1 of 1 injected').waitFor({ timeout: 60_000 });
    await treeRows(page).filter({ hasText: 'Running' }).first().waitFor();
    await shot('chaos-yaml-running');
  });
  await step('applied again it is offered under a new name', async () => {
    await lens('Apply').click();
    const dialog = page.locator('.monaco-dialog-box');
    await dialog.filter({ hasText: 'in the cluster already' }).waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
  });
  await step('is stopped from its lens', async () => {
    await lens('Stop').click();
    await lens('Not in').waitFor({ timeout: 60_000 });
  });
  await step('a template opens as a document without findings', async () => {
    await runCommand(page, 'DistDiag: New Experiment from Template');
    await page.locator('.quick-input-list .monaco-list-row').filter({ hasText: 'I/O latency' }).first().click();
    await lens('Not in').waitFor();
    await shot('chaos-yaml-template');
  });
}

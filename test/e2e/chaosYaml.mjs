import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { openFile, runningRows, treeRows } from './workbench.mjs';

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

/** One without. */
const SLOW = `apiVersion: chaos-mesh.org/v1alpha1
kind: NetworkChaos
metadata:
  name: slow
  namespace: oceanbase
spec:
  selector:
    pods:
      oceanbase: [POD]
  mode: all
  action: delay
  delay:
    latency: 20ms
  direction: to
  duration: 10m
`;

/** One that is started again and again. */
const OFTEN = `apiVersion: chaos-mesh.org/v1alpha1
kind: Schedule
metadata:
  name: often
  namespace: oceanbase
spec:
  schedule: "@every 15s"
  type: StressChaos
  historyLimit: 2
  stressChaos:
    selector:
      pods:
        oceanbase: [POD]
    mode: all
    stressors:
      cpu:
        workers: 1
        load: 20
    duration: 10m
`;

/** The demo cluster's second pod. */
const POD = 'obcluster-1-zone2-a79';

/** Writes the files into the workspace, before the editor starts. */
export function writeChaosYaml(workspace) {
  for (const [name, text] of Object.entries({ lossy: LOSS, slow: SLOW, often: OFTEN }))
    writeFileSync(path.join(workspace, `${name}.chaos.yaml`), text.replace('POD', POD));
}

const lens = (page, text) => page.locator('.codelens-decoration > *').filter({ hasText: text }).first();

/** Chaos Mesh's YAML applied from the editor, and stopped there. */
export async function applyYamlSteps({ page, step, shot }) {
  const dialog = page.locator('.monaco-dialog-box');
  await step('an experiment is applied by its lens, after what it hits was shown', async () => {
    await openFile(page, 'slow.chaos.yaml');
    await lens(page, 'Not in').waitFor();
    await lens(page, 'Apply').click();
    await dialog.getByText('Apply slow?').waitFor();
    for (const text of [POD, '1 of 3 database pods (33%)', 'distdiag-demo']) await dialog.getByText(text).waitFor();
    await shot('chaos-yaml-question');
    await dialog.getByRole('button', { name: 'Apply' }).click();
    await runningRows(page, 'Network delay').waitFor();
    await lens(page, '1 of 1 injected').waitFor();
    await shot('chaos-yaml-running');
  });
  await step('and stopped by its lens', async () => {
    await lens(page, 'Stop').click();
    await lens(page, 'Not in').waitFor();
    await page.getByText('No experiment is running.').waitFor({ timeout: 60_000 });
  });
  await step('a schedule is applied by the title bar’s button, with its next run and what it would hit', async () => {
    await openFile(page, 'often.chaos.yaml');
    await lens(page, 'Not in').waitFor();
    await page.locator('.editor-actions [aria-label^="Apply"]').first().click();
    await dialog.getByText('Apply Schedule often?').waitFor();
    for (const text of [POD, '(@every 15s), next in']) await dialog.getByText(text).waitFor();
    await shot('schedule-question');
    await dialog.getByRole('button', { name: 'Apply' }).click();
    await treeRows(page).filter({ hasText: 'often' }).filter({ hasText: 'Schedule' }).first().waitFor();
    await runningRows(page, 'CPU stress').waitFor({ timeout: 60_000 });
    await lens(page, 'Running').waitFor();
    await shot('schedule-running');
  });
  await step('a schedule is stopped by its lens, and with it what it has started', async () => {
    await lens(page, 'Stop').click();
    await dialog.getByText('Stop Schedule often?').waitFor();
    await dialog.getByRole('button', { name: 'Stop' }).click();
    await lens(page, 'Not in').waitFor();
    await page.getByText('No experiment is running.').waitFor({ timeout: 60_000 });
  });
}

/** Chaos Mesh's YAML in the editor: findings and lenses, and that nothing wrong is applied. */
export async function chaosYamlSteps({ page, step, shot }) {
  await step('a Chaos Mesh file shows its traps and its state', async () => {
    await openFile(page, 'lossy.chaos.yaml');
    await lens(page, 'Not in').waitFor();
    await page.locator('.squiggly-error').first().waitFor();
    await shot('chaos-yaml-trap');
  });
  await step('what is wrong is not applied, but shown', async () => {
    await lens(page, 'Apply').click();
    await page.getByText('Ln 13, Col 16 (5 selected)').waitFor();
  });
}

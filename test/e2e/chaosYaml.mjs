import { writeFileSync } from 'node:fs';
import path from 'node:path';

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

/** Chaos Mesh's YAML in the editor: findings and lenses, and that nothing wrong is applied. */
export async function chaosYamlSteps({ page, step, shot }) {
  const lens = (text) => page.locator('.codelens-decoration > *').filter({ hasText: text }).first();
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
  await step('what is wrong is not applied, but shown', async () => {
    await lens('Apply').click();
    await page.getByText('Ln 13, Col 16 (5 selected)').waitFor();
  });
}

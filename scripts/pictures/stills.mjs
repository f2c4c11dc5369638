import path from 'node:path';
import { openFile, pick, runCommand, setTheme } from '../../test/e2e/workbench.mjs';
import { root } from '../host/node24.mjs';
import { moveAway, pictureFile } from './movie.mjs';
import { writeStill } from './png.mjs';

/** What is opened for the picture of YAML: a fault with a slip, of which the editor offers the right word. */
export const WORKSPACE_FILES = {
  'slow-zone.chaos.yaml': `apiVersion: chaos-mesh.org/v1alpha1
kind: NetworkChaos
metadata:
  name: slow-zone
  namespace: oceanbase
spec:
  action: delay
  mode: all
  selector:
    pods:
      oceanbase: [obcluster-1-zone2-a79]
  delay:
    latency: 100ms
    jiter: 10ms
  direction: to
  duration: 5m
`,
};

const THEMES = [
  ['dark', 'Dark Modern'],
  ['light', 'Light Modern'],
  ['hc', 'Dark High Contrast'],
  ['hcLight', 'Light High Contrast'],
];

/** The walkthrough's pictures of the panel, one for each kind of theme. */
export async function panelInThemes({ page }) {
  for (const [name, theme] of THEMES) {
    if (name !== 'dark') await setTheme(page, theme);
    await moveAway(page);
    await page.waitForTimeout(2500);
    const frame = await page.locator('iframe.webview.ready').boundingBox();
    const clip = { x: frame.x, y: frame.y, width: Math.min(frame.width, 930), height: Math.min(frame.height, 600) };
    writeStill(path.join(root, `media/walkthrough/panel-${name}.png`), await page.screenshot({ clip }));
  }
  await setTheme(page, 'Dark Modern');
}

/** The history in the sidebar, and the preview of a report beside it. */
export async function historyAndReport({ page, titleOf }) {
  for (const view of ['Experiments', 'Nodes'])
    await page.locator('.pane-header').filter({ hasText: view }).first().click();
  const history = page.locator('.pane-header').filter({ hasText: 'History' }).first();
  if ((await history.getAttribute('aria-expanded')) !== 'true') await history.click();
  await runCommand(page, titleOf('saveExperimentReport'));
  await pick(page, 'CPU stress');
  await pick(page, 'Markdown');
  const input = page.locator('.quick-input-widget:visible input[type="text"]').first();
  await page.waitForFunction(
    `[...document.querySelectorAll('.quick-input-widget input')].some(({ value }) => value.endsWith('.md'))`,
  );
  await input.press('Enter');
  await page.getByRole('tab', { name: /^Preview / }).waitFor();
  await moveAway(page);
  await page.waitForTimeout(4000); // the preview loads its pictures
  writeStill(pictureFile('history.png'), await page.screenshot({ clip: { x: 48, y: 35, width: 1232, height: 560 } }));
  await runCommand(page, 'View: Close All Editors');
}

/** A fault as YAML, with its finding and its quick fix, and its state above it. */
export async function scenarioAndYaml({ page }) {
  await openFile(page, 'slow-zone.chaos.yaml');
  await page.locator('.codelens-decoration > *').first().waitFor();
  await page.locator('.squiggly-error, .squiggly-warning').first().waitFor();
  await page.locator('.view-line').getByText('jiter').hover();
  await page.locator('.monaco-hover:visible').waitFor();
  await page.waitForTimeout(800);
  const editor = await page.locator('.editor-instance').first().boundingBox();
  const clip = { x: editor.x, y: editor.y, width: Math.min(editor.width, 760), height: 440 };
  writeStill(pictureFile('yaml.png'), await page.screenshot({ clip }));
  await page.keyboard.press('Escape');
}

/** The page of the REST API. */
export async function automate({ page, browser, titleOf, restPort }) {
  await runCommand(page, titleOf('startRestApi'));
  const docs = await browser.newPage({ viewport: { width: 900, height: 520 } });
  for (let tries = 0; ; tries += 1)
    try {
      await docs.goto(`http://127.0.0.1:${restPort}/docs`);
      break;
    } catch (error) {
      if (tries === 20) throw error;
      await page.waitForTimeout(1000);
    }
  await docs.waitForTimeout(1000);
  writeStill(pictureFile('automate.png'), await docs.screenshot());
}

import path from 'node:path';
import { panelFrame, pick, runCommand, treeRows } from '../../test/e2e/workbench.mjs';
import { root } from '../host/node24.mjs';
import { writeMovie, writeStill } from './png.mjs';

/** Where the README's pictures are. */
export const pictureFile = (name) => path.join(root, 'media/readme', name);

/** A tooltip would cover what is shown. */
export const moveAway = (page) => page.mouse.move(640, 752);

/** Inject, chart, named, stopped; stills on the way. `whileItRuns` takes more, which the moving picture leaves out. */
export async function movie(stage, whileItRuns) {
  const { page, titleOf } = stage;
  const frames = [];
  const frame = async (ms) => frames.push({ screenshot: await page.screenshot(), ms });
  const settle = (ms = 700) => page.waitForTimeout(ms); // the editor fades its lists in
  const quickPick = page.locator('.quick-input-widget:visible');
  const rows = quickPick.locator('.monaco-list-row');
  const panel = panelFrame(page);

  await runCommand(page, titleOf('openMetricsPanel'));
  await panel.locator('section[data-metric="cpu.used"] canvas').waitFor();
  await panel.locator('#verdict.healthy').waitFor({ timeout: 120_000 });
  await moveAway(page);
  await settle(1500);
  await frame(1800);

  await runCommand(page, titleOf('injectAnomaly'));
  await rows.filter({ hasText: 'CPU stress' }).first().waitFor();
  await settle();
  await frame(1200);
  await pick(page, 'CPU stress');
  await pick(page, 'obcluster-1-zone2');
  await settle();
  await frame(1000);
  await page.keyboard.press('Enter');
  await rows.filter({ hasText: 'Severe' }).first().waitFor();
  await settle();
  await frame(1000);
  await pick(page, 'Severe');
  await pick(page, '10m');
  const inject = rows.filter({ hasText: /Inject into/ }).first();
  await inject.waitFor();
  await moveAway(page);
  await settle();
  await frame(2500);
  writeStill(pictureFile('inject.png'), await quickPick.screenshot());
  await inject.click();
  await treeRows(page).filter({ hasText: 'CPU stress' }).filter({ hasText: 'Running' }).waitFor();
  await moveAway(page);
  await frame(1000);

  const named = panel.locator('ol.pairs > li.named').filter({ hasText: 'CPU stress' }).filter({ hasText: 'zone2' });
  while (!(await named.isVisible())) {
    await settle(5000);
    await frame(500);
    if (frames.length > 40) throw new Error('the anomaly was not named within two and a half minutes');
  }
  await settle(15_000); // the charts and the reasons show all of it by then
  await frame(3500);
  await settle(40_000);
  await panelStills(page, named);
  await whileItRuns(stage);

  await moveAway(page);
  await settle(1500);
  await frame(600);
  await runCommand(page, titleOf('stopAllAnomalies'));
  const dialog = page.locator('.monaco-dialog-box');
  await dialog.waitFor();
  await settle();
  await frame(1800);
  await dialog.getByRole('button', { name: /^Stop/ }).click();
  await dialog.waitFor({ state: 'hidden' });
  await panel.locator('#verdict.healthy').waitFor({ timeout: 180_000 });
  await moveAway(page);
  await settle(10_000);
  await frame(3000);
  const bytes = writeMovie(pictureFile('tour.png'), frames);
  console.log(`media/readme/tour.png: ${frames.length} frames, ${(bytes / 2 ** 20).toFixed(2)} MiB`);
}

/** The charts with the shaded experiment beside the tree, and the diagnosis alone. */
async function panelStills(page, named) {
  const aside = await panelFrame(page).locator('aside').first().boundingBox();
  const { y, height } = await named.boundingBox();
  const end = Math.min(y + height + 12, 730);
  writeStill(pictureFile('watch.png'), await page.screenshot({ clip: { x: 48, y: 35, width: 1232, height: 690 } }));
  writeStill(
    pictureFile('diagnose.png'),
    await page.screenshot({ clip: { x: aside.x - 8, y: aside.y, width: aside.width + 16, height: end - aside.y } }),
  );
}

// The truth beside the diagnosis on the real workbench: score, graph, moments of the past, report.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { panelFrame, pick, runCommand, runningRows } from './workbench.mjs';

/** While CPU stress acts in zone 2 and is diagnosed. */
export async function truthSteps({ page, step, until, shot, workspace, output }) {
  await step('the score tells how soon the experiment was seen, in the panel and in its row', async () => {
    const board = panelFrame(page).locator('details.scoreboard');
    await board.locator('summary').first().click();
    await board
      .locator('tbody tr')
      .filter({ hasText: 'obcluster-1-zone2' })
      .filter({ hasText: /after \d+ s/ })
      .waitFor();
    const told = await runningRows(page, 'CPU stress').getAttribute('aria-label');
    if (!/detected after \d+ s · diagnosed correctly/.test(told)) throw new Error(`the row does not tell it: ${told}`);
  });
  await step('what the figures mean is reached by the keyboard', async () => {
    const meanings = panelFrame(page).locator('details.meanings');
    await meanings.locator('summary').focus();
    await page.keyboard.press('Enter');
    await meanings.getByText('How often the first entry of the diagnosis is what was running').waitFor();
    await shot('panel-meanings-dark');
    await page.keyboard.press('Enter');
  });
  await step('the anomaly graph has every node, and arrow keys go from one to the next', async () => {
    await panelFrame(page).locator('details.graph > summary').click(); // folded for so few
    const nodes = panelFrame(page).locator('.graph-drawing g.node');
    await until('three nodes', 10_000, async () => (await nodes.count()) === 3);
    await nodes.first().focus();
    await page.keyboard.press('ArrowRight');
    const words = await panelFrame(page).locator('.graph-words').innerText();
    if (!/zone2.*: anomaly score \d+%, influence/.test(words))
      throw new Error(`the focused node is not told: ${words}`);
  });
  await step('the slider diagnoses a moment before the experiment, and comes back to now', async () => {
    const slider = panelFrame(page).getByLabel('Moment of the diagnosis');
    const verdict = panelFrame(page).locator('#verdict');
    await slider.focus();
    await page.keyboard.press('Home');
    // Nothing, or hardly anything, is known of before.
    await verdict.filter({ hasText: /Not enough data|Unknown|No anomaly detected/ }).waitFor({ timeout: 20_000 });
    const ends = await panelFrame(page).locator('.past-ends span').allInnerTexts();
    if (ends.length !== 2 || !ends.every((end) => /^\d\d:\d\d$/.test(end))) throw new Error(`its ends: ${ends}`);
    const [low, high] = await slider.evaluate(({ min, max }) => [Number(min), Number(max)]);
    await slider.fill(String(Math.round((low + high) / 2)));
    await verdict.filter({ hasText: 'No anomaly detected' }).waitFor({ timeout: 20_000 });
    const told = await slider.getAttribute('aria-valuetext');
    if (!/^\d\d:\d\d:\d\d$/.test(told)) throw new Error(`the moment is not told: ${told}`);
    const live = panelFrame(page).getByRole('button', { name: 'Live', exact: true });
    if ((await live.getAttribute('aria-pressed')) !== 'false') throw new Error('the past is called live');
    await shot('panel-past-dark');
    await panelFrame(page).getByRole('button', { name: 'Back to live' }).click();
    await verdict.filter({ hasText: 'found' }).waitFor({ timeout: 20_000 });
  });
  await step('a click on a reason puts the focus on its chart', async () => {
    await panelFrame(page).locator('ol.pairs > li.named .reasons button').first().click();
    await panelFrame(page).locator('section.focused').waitFor();
  });
  await step('saves a report with its pictures beside it', async () => {
    // A case counts once the fault has acted through a whole window.
    await panelFrame(page)
      .getByText(/AC@1 \d+%/)
      .first()
      .waitFor({ state: 'attached', timeout: 90_000 });
    await panelFrame(page).getByRole('button', { name: 'Save report…' }).first().click();
    await pick(page, 'Markdown');
    const input = page.locator('.quick-input-widget:visible input[type="text"]').first();
    await input.waitFor({ timeout: 60_000 });
    await until('a name is proposed', 20_000, async () => (await input.inputValue()).endsWith('.md'));
    await page.keyboard.press('Enter');
    let report;
    await until('the report is there', 30_000, () => {
      report = readdirSync(workspace).find((file) => file.endsWith('.md') && file !== 'notes.md');
      return report !== undefined && readFileSync(path.join(workspace, report), 'utf8').includes('## Versions');
    });
    const text = readFileSync(path.join(workspace, report), 'utf8');
    for (const part of ['diagnosed correctly', 'kind: StressChaos', '| AC@1 |', 'Apply Succeeded'])
      if (!text.includes(part)) throw new Error(`the report has no "${part}"`);
    const pictures = [...text.matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)].map(([, file]) => decodeURI(file));
    if (pictures.length < 4) throw new Error(`only ${pictures.length} charts`);
    for (const file of pictures) {
      const bytes = readFileSync(path.join(workspace, file));
      if (bytes.length < 1000) throw new Error(`${file} has ${bytes.length} bytes`);
    }
    console.log(`     ${report}: ${pictures.length} charts, ${path.extname(pictures[0])}`);
    mkdirSync(path.join(output, 'report'), { recursive: true });
    for (const file of [report, ...pictures])
      writeFileSync(path.join(output, 'report', path.basename(file)), readFileSync(path.join(workspace, file)));
    await page.getByRole('tab', { name: /^Preview / }).waitFor();
    await page.waitForTimeout(2000); // the preview takes the focus once it is drawn
    await shot('report-dark');
    await runCommand(page, 'View: Close Editor');
    await page.getByRole('tab', { name: /^Preview / }).waitFor({ state: 'detached' });
    await panelFrame(page).locator('section[data-metric="cpu.used"] canvas').waitFor();
  });
}

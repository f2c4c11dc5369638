// The panel's charts on the real workbench: what a user does with pointer and keyboard.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import { panelFrame, runCommand } from './workbench.mjs';

/** A panel loads no script of others: the source is put into its page. */
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe-core finds in the panel that is serious or worse, in words. */
export async function seriousFindings(page) {
  return panelFrame(page)
    .locator('body')
    .evaluate(async (body, source) => {
      const page = body.ownerDocument;
      // The panel runs no script but its own: this one borrows its nonce.
      const script = page.createElement('script');
      script.nonce = page.querySelector('script[nonce]').nonce;
      script.text = source;
      body.append(script);
      script.remove();
      const { violations } = await globalThis.axe.run(page, { resultTypes: ['violations'] });
      return violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(
          ({ id, nodes }) =>
            `${id}: ${nodes
              .map(({ html }) => html.slice(0, 160))
              .slice(0, 5)
              .join(' | ')}`,
        );
    }, axeSource);
}

const PLOT = 'section[data-metric="cpu.used"] .plot';

/** Waits until a probe is true. */
async function until(page, what, probe, limitMs = 30_000) {
  const end = Date.now() + limitMs;
  while (!(await probe())) {
    if (Date.now() > end) throw new Error(`not within ${limitMs / 1000} s: ${what}`);
    await page.waitForTimeout(200);
  }
}

/** The steps, each with its name; `step` runs and counts one. */
export async function chartSteps({ page, step, shot, workspace }) {
  const panel = panelFrame(page);
  const plot = panel.locator(PLOT);
  const status = panel.locator('.status');
  const button = (name) => panel.getByRole('button', { name, exact: true });

  await step('a crosshair goes through all charts, with the values of the one under the pointer', async () => {
    await plot.scrollIntoViewIfNeeded();
    const { x, y, width } = await plot.boundingBox();
    await page.mouse.move(x + width * 0.7, y + 60);
    await panel.locator('section[data-metric="cpu.used"] .chart-tooltip .reading').nth(2).waitFor();
    await panel.locator('section[data-metric="memory.used"] .crosshair').waitFor();
    if (await panel.locator('section[data-metric="memory.used"] .chart-tooltip').isVisible())
      throw new Error('two tooltips at once');
    await shot('charts-crosshair-dark');
  });

  await step('dragging zooms into a stretch that is not refreshed, Reset zoom goes back', async () => {
    const { x, y, width } = await plot.boundingBox();
    await page.mouse.move(x + width * 0.5, y + 60);
    await page.mouse.down();
    await page.mouse.move(x + width * 0.8, y + 60, { steps: 4 });
    await page.mouse.up();
    await status.filter({ hasText: 'Fixed range – auto-refresh off' }).waitFor();
    const from = await panel.getByLabel('From', { exact: true }).inputValue();
    await page.waitForTimeout(6000); // longer than a refresh
    if ((await panel.getByLabel('From', { exact: true }).inputValue()) !== from)
      throw new Error('the stretch moved on');
    await panel.locator('.slider-time').filter({ hasText: 'End of range' }).waitFor();
    if (!/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(from)) throw new Error(`not on a 24 h clock: ${from}`);
    await shot('charts-zoomed-dark');
    await button('Reset zoom').click();
    await status.filter({ hasText: 'Updated' }).waitFor();
  });

  await step(
    'Diagnose now comes back to the newest data from a stretch, by the button and by the palette',
    async () => {
      for (const diagnose of [() => button('Diagnose now').click(), () => runCommand(page, 'DistDiag: Diagnose Now')]) {
        await plot.focus();
        await page.keyboard.press('+');
        await status.filter({ hasText: 'Fixed range' }).waitFor();
        await diagnose();
        await status.filter({ hasText: 'Updated' }).waitFor();
        await button('Reset zoom').waitFor({ state: 'hidden' });
      }
      // The page remembers no stretch any more: it would show it again where it is drawn anew.
      await runCommand(page, 'File: New Untitled Text File');
      await runCommand(page, 'DistDiag: Open Metrics Panel');
      await status.filter({ hasText: 'Updated' }).waitFor();
      await plot.scrollIntoViewIfNeeded();
    },
  );

  await step('Shift and a drag move the stretch', async () => {
    const { x, y, width } = await plot.boundingBox();
    await page.keyboard.down('Shift');
    await page.mouse.move(x + width * 0.4, y + 60);
    await page.mouse.down();
    await page.mouse.move(x + width * 0.8, y + 60, { steps: 4 });
    await page.mouse.up();
    await page.keyboard.up('Shift');
    await status.filter({ hasText: 'Fixed range' }).waitFor();
    await plot.dblclick();
    await status.filter({ hasText: 'Updated' }).waitFor();
  });

  await step('an absolute range is refused with a reason, then shown', async () => {
    await panel.getByLabel('Time range').selectOption('fixed');
    const [from, to] = [panel.getByLabel('From', { exact: true }), panel.getByLabel('To', { exact: true })];
    const end = await to.inputValue();
    const at = (minutes) => {
      const local = new Date(`${end}Z`).getTime() + minutes * 60_000; // as local times, only their distance counts
      return new Date(local).toISOString().slice(0, 19);
    };
    await from.fill(end);
    await button('Show').click();
    await panel.getByText('The end must be at least a minute after the start.').waitFor();
    await from.fill(at(-12));
    await to.fill(at(-2));
    await button('Show').click();
    await status.filter({ hasText: 'Fixed range' }).waitFor();
    await until(page, 'ten minutes at their finest step', async () =>
      (await panel.locator('.source').innerText()).includes('step 5 s'),
    );
    await panel.getByLabel('Time range').selectOption(String(15 * 60_000));
    await status.filter({ hasText: 'Updated' }).waitFor();
  });

  await step('the legend hides a node in all charts, and shows one alone', async () => {
    const nodes = panel.locator('.legend button');
    const [first, second] = [await nodes.nth(0).innerText(), await nodes.nth(1).innerText()];
    const label = () => plot.getAttribute('aria-label');
    await nodes.nth(0).click();
    if ((await nodes.nth(0).getAttribute('aria-pressed')) !== 'false') throw new Error('still pressed');
    if ((await label()).includes(first)) throw new Error('the hidden node is still told');
    await nodes.nth(0).click();
    await nodes.nth(1).click({ modifiers: ['Alt'] });
    if ((await label()).includes(first) || !(await label()).includes(second))
      throw new Error(`not alone: ${await label()}`);
    await nodes.nth(1).focus();
    await page.keyboard.press('Alt+Enter');
    if (!(await label()).includes(first)) throw new Error('not all again');
  });

  await step('arrows move the crosshair, and its values are spoken', async () => {
    await plot.focus();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    await panel
      .locator('.charts [aria-live]')
      .filter({ hasText: /^CPU used, \d\d:\d\d:\d\d: .* cores/ })
      .waitFor({ state: 'attached' });
    await page.keyboard.press('ArrowDown');
    await panel.locator('section[data-metric="memory.used"] .plot:focus').waitFor();
    await page.keyboard.press('Shift+Tab');
    const focused = await panel.locator(':focus').getAttribute('aria-label');
    if (focused !== 'Actions for Memory used') throw new Error(`Shift+Tab went to ${focused}`);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Escape');
  });

  await step('every chart has a table, with the time of the crosshair', async () => {
    await button('Tables').click();
    const rows = panel.locator('section[data-metric="cpu.used"] tbody tr');
    await rows.nth(2).waitFor();
    const [charts, tables] = [panel.locator('section[data-metric]'), panel.locator('section[data-metric] table')];
    if ((await charts.count()) !== (await tables.count())) throw new Error('a chart without a table');
    await plot.focus();
    await page.keyboard.press('ArrowLeft');
    await panel.locator('section[data-metric="memory.used"] th', { hasText: /^\d\d:\d\d:\d\d$/ }).waitFor();
    await page.keyboard.press('Escape');
    await button('Tables').click();
  });

  await step('all metrics stand by group, on a log scale too', async () => {
    await button('All metrics').click();
    for (const group of ['CPU', 'Memory', 'Network', 'Disk', 'Workload'])
      await panel.getByRole('heading', { name: group, exact: true }).waitFor();
    await button('Log scale').click();
    await page.waitForTimeout(300);
    await shot('charts-all-log-dark');
    await button('Log scale').click();
    await button('All metrics').click();
  });

  await step('a chart of one’s own is completed, drawn, named, and removed', async () => {
    await button('Add chart…').click();
    await page.keyboard.type('sum by (pod) (rate(container_cpu_usage_s');
    await panel.getByRole('option', { name: 'container_cpu_usage_seconds_total' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.keyboard.type('{container="observer"}[1m]))');
    await page.keyboard.press('Enter');
    const own = panel.locator('section[data-metric^="own:"]');
    await own.filter({ hasText: 'sum by (pod)' }).waitFor();
    await until(page, 'its lines', async () =>
      / obcluster|: obcluster/.test(await own.locator('.plot').getAttribute('aria-label')),
    );
    await button('Add chart…').click();
    await page.keyboard.type('sum by (');
    await page.keyboard.press('Enter');
    await panel.locator('.own-form .problem').filter({ hasText: 'parse error' }).waitFor();
    const query = panel.getByLabel('PromQL of a chart of your own');
    if ((await query.inputValue()) !== 'sum by (') throw new Error('what was typed is gone');
    if ((await own.count()) !== 1) throw new Error('there is a chart of a query that is refused');
    await shot('charts-own-dark');
    await query.fill('');
    await own.locator('.menu-button').click();
    await panel.getByRole('menuitem', { name: 'Edit chart…' }).click();
    await panel.getByLabel('Name of the chart').fill('CPU by pod');
    await panel.getByLabel('Unit').selectOption('cores');
    await button('Save chart').click();
    await own.filter({ hasText: /CPU by pod.*cores/s }).waitFor();
    await shot('charts-own-named-dark');
    await own.locator('.menu-button').click();
    await panel.getByRole('menuitem', { name: 'Remove chart' }).click();
    await until(page, 'it is gone', async () => (await own.count()) === 0);
  });

  await step('a query is copied', async () => {
    await panel.locator('section[data-metric="cpu.used"] .menu-button').click();
    await panel.getByRole('menuitem', { name: 'Copy query' }).click();
    await page.getByText('The query is on the clipboard.').waitFor();
  });

  const save = async (open, ending) => {
    const files = () => readdirSync(workspace).filter((file) => file.endsWith(ending));
    const before = new Set(files());
    await open();
    const input = page.locator('.quick-input-widget:visible input[type="text"]').first();
    await input.waitFor();
    await until(page, 'a name is offered', async () => (await input.inputValue()).endsWith(ending));
    await page.keyboard.press('Enter');
    await until(page, `a file ${ending}`, () => files().some((file) => !before.has(file)));
    const file = path.join(
      workspace,
      files().find((one) => !before.has(one)),
    );
    await until(page, 'it is written', () => existsSync(file) && readFileSync(file).length > 0);
    return readFileSync(file);
  };
  const fromMenu = (chart, item) => async () => {
    const root = chart ? panel.locator(`section[data-metric="${chart}"]`) : panel.locator('.toolbar');
    await root.locator('.menu-button').click();
    await panel.getByRole('menuitem', { name: item }).click();
  };

  await step('a chart is saved as PNG and CSV, all of them as PNG and JSON', async () => {
    const csv = String(await save(fromMenu('cpu.used', 'Save as CSV'), '.csv'));
    const [head, row] = csv.split('\r\n');
    if (!/^time,cpu\.used \[cores\] obcluster/.test(head) || !/^\d{4}-.*Z,[\d.]/.test(row))
      throw new Error(`${head}\n${row}`);
    const json = JSON.parse(String(await save(fromMenu(undefined, 'Data as JSON'), '.json')));
    if (json.charts.length < 10) throw new Error(`only ${json.charts.length} charts`);
    const sizes = [];
    for (const [chart, item] of [
      ['cpu.used', 'Save as PNG'],
      [undefined, 'Picture of all charts (PNG)'],
    ]) {
      const png = await save(fromMenu(chart, item), '.png');
      if (png.subarray(1, 4).toString() !== 'PNG') throw new Error('no PNG');
      sizes.push(png.readUInt32BE(16));
    }
    if (!(sizes[0] > 1000 && sizes[1] > 2000)) throw new Error(`sizes ${sizes}`);
  });

  await step('what was chosen is there again when the panel comes back', async () => {
    await panel.locator('.legend button').nth(2).click();
    await button('Log scale').click();
    const board = panel.locator('details.scoreboard');
    const wasOpen = (await board.getAttribute('open')) !== null;
    await board.locator('summary').first().click();
    await runCommand(page, 'File: New Untitled Text File');
    await runCommand(page, 'DistDiag: Open Metrics Panel');
    await panel.locator('.legend button').nth(2).waitFor();
    if (((await board.getAttribute('open')) !== null) === wasOpen) throw new Error('the score is as it was before');
    await board.locator('summary').first().click();
    if ((await panel.locator('.legend button').nth(2).getAttribute('aria-pressed')) !== 'false')
      throw new Error('the hidden node is shown');
    if ((await button('Log scale').getAttribute('aria-pressed')) !== 'true') throw new Error('no log scale');
    await panel.locator('.legend button').nth(2).click();
    await button('Log scale').click();
  });
}

// The window is loaded anew: what was shown is there again.
import { panelFrame } from './workbench.mjs';

/** After experiments have ended, with the panel among the open editors. */
export async function reloadSteps({ page, step, until, shot }) {
  await step('after a reload experiments that have ended are on the charts again', async () => {
    await page.getByRole('tab', { name: 'DistDiag Metrics' }).click();
    await panelFrame(page).locator('.toolbar').waitFor();
    await page.reload();
    // Which editor was in front may not have been kept yet.
    await page.getByRole('tab', { name: 'DistDiag Metrics' }).click({ timeout: 60_000 });
    const panel = panelFrame(page);
    await panel.locator('.truth li').filter({ hasText: 'ended' }).first().waitFor({ timeout: 60_000 });
    await panel.locator('section[data-metric="rank"] canvas').waitFor();
    await until('a span is drawn', 30_000, async () => (await panel.locator('.lanes.lead .lane .bar').count()) > 0);
    await shot('panel-reloaded-dark');
  });
}

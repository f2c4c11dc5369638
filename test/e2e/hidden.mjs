// What is not seen asks nothing: counted at the Prometheus, while a fault acts.
import { panelFrame, runCommand } from './workbench.mjs';

/** A chart of the user's own: nobody but the panel asks for it. */
const OWN = 'sum by (pod) (rate(container_cpu_usage_seconds_total{container="observer"}[3m]))';

/** The steps; `prometheus` counts, and a refresh is due every `refreshMs`. */
export async function hiddenSteps({ page, step, until, prometheus, refreshMs }) {
  const panel = panelFrame(page);
  const ofPanel = () => prometheus.asked.filter((query) => query === OWN).length;
  const all = () => prometheus.asked.length;
  const hidePanel = async () => {
    await runCommand(page, 'File: New Untitled Text File');
    await panel.locator('.toolbar').waitFor({ state: 'detached' });
    await until('what was under way is answered', 10_000, prometheus.idle);
  };
  /** How much a counter grows over three refreshes: only time can show that nothing comes. */
  const grown = async (counter) => {
    const before = counter();
    await page.waitForTimeout(3 * refreshMs + 1000);
    return counter() - before;
  };

  await step('while the panel is hidden its charts ask nothing, and the node view goes on', async () => {
    await panel.getByRole('button', { name: 'More actions', exact: true }).click();
    await panel.getByRole('menuitem', { name: 'Add chart…' }).click();
    await page.keyboard.type(OWN);
    await page.keyboard.press('Escape'); // the offers
    await page.keyboard.press('Enter');
    await panel.locator('section[data-metric^="own:"]').waitFor();
    const seen = ofPanel();
    await until('its chart is asked for again', 4 * refreshMs, () => ofPanel() > seen);
    await hidePanel();
    const before = all();
    const asked = await grown(ofPanel);
    if (asked > 0) throw new Error(`${asked} queries of a panel that nobody sees`);
    if (all() - before < 2) throw new Error('the node view stopped too: nothing was shown by this');
  });
  await step('with the node view hidden too, nothing is asked at all, though a fault acts', async () => {
    await runCommand(page, 'View: Toggle Primary Side Bar Visibility');
    await page.locator('.pane-header').filter({ hasText: 'Nodes' }).waitFor({ state: 'hidden' });
    await until('what was under way is answered', 10_000, prometheus.idle);
    const asked = await grown(all);
    if (asked > 0) throw new Error(`${asked} queries: ${prometheus.asked.slice(-asked).join('\n')}`);
    await runCommand(page, 'DistDiag: Open Metrics Panel');
    const before = ofPanel();
    await until('the panel asks again when it is seen', 4 * refreshMs, () => ofPanel() > before);
    await panel.locator('section[data-metric^="own:"] .menu-button').click();
    await panel.getByRole('menuitem', { name: 'Remove chart' }).click();
    await runCommand(page, 'View: Toggle Primary Side Bar Visibility');
    await page.locator('.pane-header').filter({ hasText: 'Nodes' }).waitFor();
  });
}

// What was tried and what never, below the panel's charts on the real workbench.
import { seriousFindings } from './charts.mjs';
import { panelFrame, runCommand } from './workbench.mjs';

/** After CPU stress has acted on a node and ended. */
export async function coverageSteps({ page, step, shot }) {
  const coverage = () => panelFrame(page).locator('details.coverage');
  const row = (title) => coverage().locator('tbody tr').filter({ hasText: title });
  await step('the coverage tells what was tried on which node, and what never', async () => {
    await runCommand(page, 'DistDiag: Open Metrics Panel');
    await coverage().locator('summary').click();
    await row('CPU stress').getByText('Tried').first().waitFor();
    await row('Clock skew').getByRole('button').nth(2).waitFor();
    await coverage().scrollIntoViewIfNeeded();
    await shot('panel-coverage-dark');
    const findings = await seriousFindings(page);
    if (findings.length > 0) throw new Error(findings.join('\n'));
  });
  await step('a cell that was never tried becomes a new scenario by the keyboard', async () => {
    await row('Clock skew').getByRole('button').first().focus();
    await page.keyboard.press('Enter');
    await page.locator('.tab.active').filter({ hasText: '.scenario.yaml' }).waitFor();
    await page.locator('.monaco-editor').getByText('clock_skew').first().waitFor();
    await shot('new-test-dark');
    await runCommand(page, 'View: Revert and Close Editor');
  });
}

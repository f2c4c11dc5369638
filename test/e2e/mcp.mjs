import { pick, runCommand } from './workbench.mjs';

/** The server for agents, as the editor lists it, starts it and asks it for its tools. */
export async function mcpSteps({ page, step, until, shot, aside }) {
  const rows = page.locator('.quick-input-widget:visible .monaco-list-row');
  const list = () => runCommand(page, 'MCP: List Servers');
  const choose = async (action) => {
    await list();
    await pick(page, 'DistDiag');
    await pick(page, action);
  };
  /** Its row in the list, which is closed again. */
  const state = async () => {
    await list();
    const row = rows.filter({ hasText: 'DistDiag' }).first();
    await row.waitFor();
    const text = await row.innerText();
    await page.keyboard.press('Escape');
    return text;
  };
  await step('the editor lists the MCP server, which says that it reads only', async () => {
    await list();
    await rows.filter({ hasText: 'DistDiag' }).filter({ hasText: 'DistDiag (read only)' }).first().waitFor();
    await page.waitForTimeout(600); // the editor fades its lists in
    await shot('testing-mcp-dark');
    await page.keyboard.press('Escape');
  });
  await step('the editor starts it and finds its tools', async () => {
    await choose('Start Server');
    await until('it runs', 60_000, async () => (await state()).includes('Running'));
    await choose('Show Output');
    await page.locator('.output-view, .panel').getByText('Discovered').first().waitFor({ timeout: 60_000 });
    await aside();
    await page.waitForTimeout(600);
    await shot('testing-mcp-output-dark');
    await choose('Stop Server');
  });
}

// The real workbench, driven from the outside as a user would.

/** Opens the command palette and runs a command by its title. */
export async function runCommand(page, title) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await runOnce(page, title);
    } catch (error) {
      // A page that has just been drawn takes the focus, and the palette closes: a user would open it again.
      if (attempt === 3 || (await page.locator('.quick-input-widget').isVisible())) throw error;
    }
  }
}

async function runOnce(page, title) {
  const timeout = 10_000;
  await page.keyboard.press('F1');
  const input = page.locator('.quick-input-widget input[type="text"]').first();
  await input.waitFor({ state: 'visible', timeout });
  await input.fill(`>${title}`, { timeout });
  const row = page.locator('.quick-input-list .monaco-list-row').filter({ hasText: title }).first();
  await row.waitFor({ state: 'visible', timeout });
  await settled(page, row);
  await row.click({ timeout });
}

/** Opens a file of the workspace by its name. */
export async function openFile(page, name) {
  await page.keyboard.press('Control+P');
  const input = page.locator('.quick-input-widget input[type="text"]').first();
  await input.waitFor({ state: 'visible' });
  await input.fill(name);
  const row = page.locator('.quick-input-list .monaco-list-row').filter({ hasText: name }).first();
  await row.waitFor({ state: 'visible' });
  await settled(page, row);
  await row.click();
  await page.locator('.tabs-container .tab.active').filter({ hasText: name }).waitFor();
}

/** Picks a row of the quick pick that is open. */
export async function pick(page, text, timeout = 30_000) {
  const row = page.locator('.quick-input-widget:visible .monaco-list-row').filter({ hasText: text }).first();
  await row.waitFor({ state: 'visible', timeout });
  await settled(page, row, timeout);
  await row.click({ timeout });
}

/** Chooses from a row's context menu. */
export async function chooseFromMenu(page, row, label) {
  await row.click({ button: 'right' });
  const menu = page.locator('.context-view .monaco-menu');
  const action = menu.locator('.action-label').filter({ hasText: label });
  await action.waitFor();
  for (let attempt = 1; ; attempt++) {
    await page.waitForTimeout(300); // the editor's menus ignore a button that is let go within 100 ms of their opening
    try {
      await action.click({ timeout: 3000 });
      return await menu.waitFor({ state: 'hidden', timeout: 3000 });
    } catch (error) {
      if (!(await menu.isVisible())) return; // a busy editor takes a click late
      if (attempt === 3) throw error;
    }
  }
}

/** Waits until a row stays where it is: a list that was just shown lays its rows out anew, and uses them for others. */
async function settled(page, row, timeout = 30_000) {
  for (let before; ;) {
    const now = JSON.stringify([await row.boundingBox({ timeout }), await row.innerText({ timeout })]);
    if (now === before) return;
    before = now;
    await page.waitForTimeout(150);
  }
}

/** Shows the extension's views. */
export async function openViews(page) {
  const item = page.locator('.activitybar [aria-label^="DistDiag"]').first();
  await item.waitFor({ state: 'visible', timeout: 60_000 });
  if (
    !(await page
      .locator('.pane-header[aria-label^="Experiments"]')
      .isVisible()
      .catch(() => false))
  )
    await item.click({ force: true }); // its badge lies over it while something runs
  await page.locator('.pane-header').filter({ hasText: 'Experiments' }).first().waitFor({ state: 'visible' });
}

/** Rows of the experiments' tree. */
export const treeRows = (page) =>
  page
    .locator('.pane')
    .filter({ has: page.locator('.pane-header', { hasText: 'Experiments' }) })
    .locator('.monaco-list-row');

/** Rows of what runs: their icon says so, and their label for a screen reader. */
export const runningRows = (page, title) =>
  treeRows(page).filter({ hasText: title }).and(page.locator('[aria-label*="Running"]'));

/** Chooses one of the panel's quick ranges, such as `Last 15 min`. */
export async function chooseRange(page, label) {
  const panel = panelFrame(page);
  await panel.getByRole('button', { name: /^Time range/ }).click();
  await panel.getByRole('dialog', { name: 'Time range' }).getByRole('button', { name: label, exact: true }).click();
}

/** The panel's own page inside its two frames. */
export const panelFrame = (page) => page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');

/** Sets the colour theme by its name in the list. */
export async function setTheme(page, name) {
  await runCommand(page, 'Preferences: Color Theme');
  const input = page.locator('.quick-input-widget input[type="text"]').first();
  await input.fill(name);
  await page.locator('.quick-input-list .monaco-list-row').filter({ hasText: name }).first().click();
  await page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
}

// The window is loaded anew: what was shown is there again.
import { panelFrame } from './workbench.mjs';

/** After experiments have ended, with the panel among the open editors. */
export async function reloadSteps({ page, step, until, shot }) {
  await step('after a reload the spans of experiments that have ended are shaded again', async () => {
    await page.getByRole('tab', { name: 'DistDiag Metrics' }).click();
    await panelFrame(page).locator('.toolbar').waitFor();
    await page.reload();
    // Which editor was in front may not have been kept yet.
    await page.getByRole('tab', { name: 'DistDiag Metrics' }).click({ timeout: 60_000 });
    const panel = panelFrame(page);
    await panel.locator('.truth li').filter({ hasText: 'ended' }).first().waitFor({ timeout: 60_000 });
    const canvas = panel.locator('section[data-metric="rank"] canvas');
    await canvas.waitFor();
    // A span begins with a line of the warning's colour, which nothing else in the chart has.
    await until('a span is drawn', 30_000, () =>
      canvas.evaluate((element) => {
        const { ownerDocument: own } = element;
        const [red, green, blue] = own.defaultView
          .getComputedStyle(own.documentElement)
          .getPropertyValue('--vscode-editorWarning-foreground')
          .trim()
          .match(/[0-9a-f]{2}/gi)
          .map((part) => parseInt(part, 16));
        const { data } = element.getContext('2d').getImageData(0, 0, element.width, element.height);
        let found = 0;
        for (let i = 0; i < data.length; i += 4)
          if (data[i] === red && data[i + 1] === green && data[i + 2] === blue && data[i + 3] > 40) found += 1;
        return found > 50;
      }),
    );
    await shot('panel-reloaded-dark');
  });
}

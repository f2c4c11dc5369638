import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { launchBrowser } from '../../scripts/host/browser.mjs';
import { startCodeServer } from '../../scripts/host/codeServer.mjs';
import { root } from '../../scripts/host/node24.mjs';

/** Where the pictures are. */
export const output = path.join(root, 'test/e2e/output');
/** Shorter than a user's, so that no step waits long for news. */
export const REFRESH_SECONDS = 5;
const SETTINGS = {
  'workbench.startupEditor': 'none',
  'workbench.colorTheme': 'Default Dark Modern',
  'distdiag.metrics.refreshSeconds': REFRESH_SECONDS,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
};

/**
 * Opens the workbench on a new folder and does steps on it, which build upon each other: the first that fails ends them.
 * `write` fills the folder and `start`, with a folder for what it needs, resolves with what the extension connects to:
 * its environment, `stop`, and what the steps need of it. Resolves with how many steps passed and failed.
 */
export async function onWorkbench({ picture = '', settings = {}, write, start }, work) {
  mkdirSync(output, { recursive: true });
  const directory = mkdtempSync(path.join(tmpdir(), 'distdiag-e2e-'));
  const workspace = path.join(directory, 'workspace');
  mkdirSync(workspace);
  write(workspace);
  mkdirSync(path.join(directory, 'data', 'User'), { recursive: true });
  writeFileSync(path.join(directory, 'data', 'User', 'settings.json'), JSON.stringify({ ...SETTINGS, ...settings }));
  let page;
  let passed = 0;
  let failed = 0;
  const step = async (name, does) => {
    const started = Date.now();
    await does();
    passed += 1;
    console.log(`  ok ${name} (${Date.now() - started} ms)`);
  };
  const shot = (name) => page.screenshot({ path: path.join(output, `${name}.png`) });
  const until = async (what, limitMs, probe) => {
    const end = Date.now() + limitMs;
    while (!(await probe())) {
      if (Date.now() > end) throw new Error(`not within ${limitMs / 1000} s: ${what}`);
      await page.waitForTimeout(500);
    }
  };
  const lines = [];
  let world;
  let server;
  let browser;
  try {
    world = await start(directory);
    server = await startCodeServer({ directory, env: world.env });
    browser = await launchBrowser();
    page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.setDefaultTimeout(30_000);
    page.on('console', (message) => lines.push(message.text()));
    await page.goto(server.url(workspace, [['extensionDevelopmentPath', server.remote(root)]]));
    const logIsClean = () => checkLog([...server.output().split('\n'), ...lines], path.join(directory, 'data'));
    await work({ page, step, until, shot, workspace, logIsClean, ...world });
  } catch (error) {
    failed += 1;
    console.error(error.stack ?? error);
    await page?.screenshot({ path: path.join(output, `${picture}failure.png`) }).catch(() => undefined);
    // Where nobody can open the picture, its words tell what stood there.
    const words = await page
      ?.locator('body')
      .innerText()
      .catch(() => '');
    console.error(`what the page says:\n${(words ?? '').replace(/\n\s*\n+/g, '\n').slice(0, 4000)}`);
  } finally {
    await browser?.close();
    await server?.stop();
    await world?.stop();
    rmSync(directory, { recursive: true, force: true });
  }
  return { passed, failed };
}

/** Throws where the extension reported an error: to the editor's logs, or to its own. */
async function checkLog(lines, data) {
  const ours = lines.filter(
    (line) => /distdiag/i.test(line) && /\b(error|uncaught|unhandled)\b/i.test(line) && !/favicon|vsda/.test(line),
  );
  const logs = readdirSync(data, { recursive: true }).filter((file) => /DistDiag\.log$/.test(file));
  if (logs.length === 0) throw new Error('the extension wrote no log');
  for (const file of logs) {
    const text = readFileSync(path.join(data, file), 'utf8');
    ours.push(...text.split('\n').filter((line) => line.includes('[error]')));
  }
  if (ours.length > 0) throw new Error(ours.slice(0, 5).join('\n'));
}

// npm run pictures: the pictures of the README and the walkthrough, from the real workbench on the demo cluster.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { launchBrowser } from './host/browser.mjs';
import { startCodeServer } from './host/codeServer.mjs';
import { startDemo } from './host/demoServer.mjs';
import { root } from './host/node24.mjs';
import { freePort } from './host/processes.mjs';
import { movie } from './pictures/movie.mjs';
import { automate, historyAndReport, panelInThemes, scenarioAndYaml, WORKSPACE_FILES } from './pictures/stills.mjs';
import { openViews } from '../test/e2e/workbench.mjs';

/** Small enough that its text can be read in a page of a marketplace. */
const VIEWPORT = { width: 1280, height: 760 };

const directory = mkdtempSync(path.join(tmpdir(), 'distdiag-pictures-'));
const workspace = path.join(directory, 'workspace');
const user = path.join(directory, 'data', 'User');
const machine = path.join(directory, 'data', 'Machine');
for (const folder of [workspace, user, machine, path.join(root, 'media/readme')])
  mkdirSync(folder, { recursive: true });
for (const [name, text] of Object.entries(WORKSPACE_FILES)) writeFileSync(path.join(workspace, name), text);
const restPort = await freePort();
// This one is of the machine on which the extension host runs.
writeFileSync(path.join(machine, 'settings.json'), JSON.stringify({ 'distdiag.restApi.port': restPort }));
writeFileSync(
  path.join(user, 'settings.json'),
  JSON.stringify({
    'workbench.startupEditor': 'none',
    'workbench.colorTheme': 'Default Dark Modern',
    'workbench.secondarySideBar.defaultVisibility': 'hidden',
    'workbench.layoutControl.enabled': false,
    'chat.disableAIFeatures': true,
    'editor.minimap.enabled': false,
    'distdiag.metrics.refreshSeconds': 5,
    'distdiag.metrics.windowMinutes': 15,
  }),
);

/** Runs commands by their id, whatever their title says. */
const { contributes } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
const texts = JSON.parse(readFileSync(path.join(root, 'package.nls.json'), 'utf8'));
const titleOf = (id) => {
  const { title } = contributes.commands.find(({ command }) => command === `distdiag.${id}`);
  return `DistDiag: ${texts[title.replaceAll('%', '')] ?? title}`;
};

const demo = await startDemo();
let server;
let browser;
try {
  const { kubeconfig, prometheusUrl } = demo.facts;
  server = await startCodeServer({ directory, env: { KUBECONFIG: kubeconfig, PROMETHEUS_URL: prometheusUrl } });
  browser = await launchBrowser();
  const page = await browser.newPage({ viewport: VIEWPORT });
  page.setDefaultTimeout(60_000);
  await page.goto(server.url(workspace, [['extensionDevelopmentPath', server.remote(root)]]));
  await openViews(page);
  const stage = { page, browser, workspace, titleOf, restPort };
  await movie(stage, panelInThemes);
  await historyAndReport(stage);
  await scenarioAndYaml(stage);
  await automate(stage);
} finally {
  await browser?.close();
  await server?.stop();
  await demo.stop();
  rmSync(directory, { recursive: true, force: true });
}

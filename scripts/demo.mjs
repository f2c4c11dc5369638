// npm run demo: the embedded cluster with the extension opened on it. `-- --serve`: the cluster alone. `-- --tour`: the
// main job in the terminal. `--engine seekdb`: on real databases instead of the simulator.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startCodeServer } from './host/codeServer.mjs';
import { demoProgram, engineOf, startDemo, whyNoDemo, withoutEngine } from './host/demoServer.mjs';
import { root } from './host/node24.mjs';
import { has } from './host/packages.mjs';
import { run } from './host/processes.mjs';
import { tourOnBed } from './real/bedTour.mjs';

const args = process.argv.slice(2);

const GUIDE = `# DistDiag demo

1. Choose **DistDiag** in the activity bar (the triangle of nodes).
2. Click **Inject Anomaly…**: CPU stress, a node, default strength, 3m.
3. Click **Open Metrics Panel**: within a minute the diagnosis names the node and the anomaly.
4. **Stop All Anomalies** in the view’s title ends it; the diagnosis says so a minute later.
`;

/** Nothing of a first start may stand between a newcomer and the extension. */
const SETTINGS = {
  'workbench.startupEditor': 'readme',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.ignoreRecommendations': true,
  'distdiag.metrics.refreshSeconds': 5,
};

/** A folder for one demo: a workspace to open, and user data that no editor has used before. */
function makeFolder() {
  const directory = mkdtempSync(path.join(tmpdir(), 'distdiag-demo-'));
  const workspace = path.join(directory, 'workspace');
  const user = path.join(directory, 'data', 'User');
  for (const folder of [workspace, user]) mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(workspace, 'README.md'), GUIDE);
  writeFileSync(path.join(user, 'settings.json'), JSON.stringify(SETTINGS));
  return { directory, workspace };
}

/** A user-data folder of its own: a window that is already open would not take the environment over. */
async function openInstalled(directory, workspace, env) {
  const data = path.join(directory, 'data');
  const code = await run(
    'code',
    ['--new-window', '--user-data-dir', data, `--extensionDevelopmentPath=${root}`, workspace],
    { env: { ...process.env, ...env } },
  );
  if (code !== 0) throw new Error(`VS Code could not be opened: "code" ended with code ${code}.`);
  console.log('\nVS Code is open on it: choose DistDiag in its activity bar.');
}

async function openInBrowser(directory, workspace, env) {
  const server = await startCodeServer({ directory, env, driver: false });
  console.log(
    [
      '',
      'VS Code runs for your browser. Open this address on this machine:',
      '',
      `  ${server.url(workspace)}`,
      '',
      `(From another machine, forward port ${server.port} first.) Then choose DistDiag in the activity bar.`,
    ].join('\n'),
  );
  return server;
}

async function open() {
  // Heard from the first moment on, so that an early Ctrl-C too leaves neither a process nor a folder behind.
  let over = false;
  const interrupted = new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
      process.on(signal, () => {
        over = true;
        resolve();
      });
  });
  const { directory, workspace } = makeFolder();
  let demo;
  let server;
  try {
    demo = await startDemo(args);
    const { kubeconfig, prometheusUrl } = demo.facts;
    console.log(`The demo cluster runs: kubeconfig ${kubeconfig}, Prometheus ${prometheusUrl}`);
    const env = { KUBECONFIG: kubeconfig, PROMETHEUS_URL: prometheusUrl };
    if (over) return;
    if (has('code')) await openInstalled(directory, workspace, env);
    else server = await openInBrowser(directory, workspace, env);
    console.log('Press Ctrl-C here to stop everything.');
    await interrupted;
  } catch (error) {
    // The children of a terminal hear Ctrl-C as well: that they ended then is no failure.
    if (!over) throw error;
  } finally {
    await server?.stop();
    await demo?.stop();
    rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** The main job in the terminal; resolves with the exit code. */
async function tour() {
  if (engineOf(args) === 'simulator')
    return run(process.execPath, ['--no-deprecation', path.join(root, 'dist/cli/tour.js'), ...withoutEngine(args)]);
  const { failed } = await tourOnBed();
  return failed === 0 ? 0 : 1;
}

const missing = whyNoDemo(args);
if (missing) {
  console.error(missing);
  process.exitCode = 2;
} else if (args.includes('--serve')) process.exitCode = await run(process.execPath, demoProgram(args));
else if (args.includes('--tour')) process.exitCode = await tour();
else
  await open().catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });

// npm run demo: the embedded cluster with the extension opened on it. `-- --serve`: the cluster alone. `-- --tour`: the
// main job in the terminal. `--engine seekdb`: on real databases instead of the simulator.
import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startCodeServer } from './host/codeServer.mjs';
import {
  demoProgram,
  endLines,
  endText,
  engineOf,
  keepDemo,
  startError,
  whyNoDemo,
  withoutEngine,
} from './host/demoServer.mjs';
import { interruption, runWithParent } from './host/foreground.mjs';
import { sweepAtEnd } from './host/guarded.mjs';
import { root } from './host/node24.mjs';
import { has } from './host/packages.mjs';
import { run } from './host/processes.mjs';
import { step } from './host/progress.mjs';
import { tourOnBed } from './real/bedTour.mjs';

const args = process.argv.slice(2);

const GUIDE = `# DistDiag demo

The DistDiag view, its metrics panel and a walkthrough open by themselves.

1. Click **Inject anomaly…** in the panel: CPU stress, a node, default strength, 3m.
2. Within a minute the line above the charts names the node and the anomaly.
3. **Stop all…** ends it; the line says so a minute later.
`;

/** Nothing of a first start may stand between a newcomer and the extension. */
const SETTINGS = {
  'workbench.startupEditor': 'none',
  'workbench.view.alwaysShowHeaderActions': true,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.ignoreRecommendations': true,
  'distdiag.metrics.refreshSeconds': 5,
};

/**
 * A folder for one demo: a workspace to open, user data that no editor has used before, and the cluster's own. It goes
 * when this process does, were it killed.
 */
function makeFolder() {
  const directory = path.join(tmpdir(), `distdiag-demo-${randomUUID()}`);
  const logFile = `${directory}.log`;
  sweepAtEnd(directory, logFile);
  const workspace = path.join(directory, 'workspace');
  const user = path.join(directory, 'data', 'User');
  for (const folder of [workspace, user]) mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(path.join(workspace, 'README.md'), GUIDE);
  writeFileSync(path.join(user, 'settings.json'), JSON.stringify(SETTINGS));
  return { directory, workspace, logFile };
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
  console.log('\nVS Code is open on it, with the metrics panel and a walkthrough.');
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
      `(From another machine, forward port ${server.port} first.) The metrics panel and a walkthrough open by themselves.`,
    ].join('\n'),
  );
  return server;
}

/** What the terminal says when the cluster ends by itself. */
const newsTo = (giveUp) => ({
  restarting: (end, turn, most) => {
    const ran = Math.round(end.ranMs / 1000);
    const lines = [`The demo cluster ended after ${ran} s (${endText(end)}).`, ...endLines(end)];
    console.error(`\n${lines.join('\n')}\nIt is started again (${turn} of ${most} times)…`);
  },
  restarted: () =>
    console.error(
      'It answers again at the same addresses: the editor connects by itself. What was injected no longer exists.',
    ),
  gaveUp: (end) =>
    giveUp(new Error([`\nThe demo cluster ended (${endText(end)}): this is the end.`, ...endLines(end)].join('\n'))),
});

async function open() {
  // Heard from the first moment on, so that an early Ctrl-C too leaves neither a process nor a folder behind.
  const interrupted = interruption();
  let giveUp;
  const failed = new Promise((_, reject) => (giveUp = reject));
  const { directory, workspace, logFile } = makeFolder();
  const keeper = keepDemo(args, {
    directory: path.join(directory, 'cluster'),
    logFile,
    news: newsTo(giveUp),
  });
  let server;
  const work = async () => {
    const { kubeconfig, prometheusUrl } = await step('Starting the demo cluster and half an hour of its past', () =>
      keeper.start(),
    ).catch((error) => Promise.reject(startError(error)));
    console.log(`The demo cluster runs: kubeconfig ${kubeconfig}, Prometheus ${prometheusUrl}`);
    const env = { KUBECONFIG: kubeconfig, PROMETHEUS_URL: prometheusUrl, DISTDIAG_DEMO_WINDOW: '1' };
    if (has('code')) await openInstalled(directory, workspace, env);
    else server = await openInBrowser(directory, workspace, env);
    console.log('Press Ctrl-C here to stop everything.');
    await interrupted;
  };
  try {
    // What is still under way when the demo is to end ends with this process.
    await Promise.race([work(), interrupted, failed]);
  } finally {
    await server?.stop();
    await keeper.stop();
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
} else if (args.includes('--serve')) process.exitCode = await runWithParent(demoProgram(args), interruption());
else if (args.includes('--tour')) process.exitCode = await tour();
else
  process.exit(
    await open().then(
      () => 0,
      (error) => {
        console.error(error.message);
        return 1;
      },
    ),
  );

// npm run demo: the embedded cluster with the extension opened on it. `-- --serve`: the cluster alone. `-- --tour`: the main job in the terminal.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startCodeServer } from './host/codeServer.mjs';
import { startDemo } from './host/demoServer.mjs';
import { root } from './host/node24.mjs';
import { has } from './host/packages.mjs';
import { run } from './host/processes.mjs';

const args = process.argv.slice(2);

async function open() {
  const demo = await startDemo(args);
  const directory = mkdtempSync(path.join(tmpdir(), 'distdiag-demo-'));
  const workspace = path.join(directory, 'workspace');
  mkdirSync(workspace);
  writeFileSync(
    path.join(workspace, 'README.md'),
    [
      '# DistDiag demo',
      '',
      '1. Choose **DistDiag** in the activity bar (the triangle of nodes).',
      '2. Click **Inject Anomaly…**: CPU stress, a node, default strength, 3m.',
      '3. Click **Open Metrics Panel**: within a minute the diagnosis names the node and the anomaly.',
      '4. **Stop All Anomalies** in the view\u2019s title ends it; the diagnosis says so a minute later.',
      '',
    ].join('\n'),
  );
  const user = path.join(directory, 'data', 'User');
  mkdirSync(user, { recursive: true });
  const settings = {
    'workbench.startupEditor': 'readme',
    'workbench.secondarySideBar.defaultVisibility': 'hidden',
    'chat.disableAIFeatures': true,
    'distdiag.metrics.refreshSeconds': 5,
  };
  writeFileSync(path.join(user, 'settings.json'), JSON.stringify(settings));
  const env = { KUBECONFIG: demo.facts.kubeconfig, PROMETHEUS_URL: demo.facts.prometheusUrl };
  console.log(`The demo cluster runs: kubeconfig ${demo.facts.kubeconfig}, Prometheus ${demo.facts.prometheusUrl}`);
  let server;
  const end = new Promise((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  try {
    if (has('code')) {
      // A user-data folder of its own: a window that is already open would not take the environment over.
      await run(
        'code',
        [
          '--new-window',
          '--user-data-dir',
          path.join(directory, 'data'),
          `--extensionDevelopmentPath=${root}`,
          workspace,
        ],
        { env: { ...process.env, ...env } },
      );
      console.log('VS Code is open on it. Press Ctrl-C here to stop the cluster.');
    } else {
      server = await startCodeServer({ directory, env });
      const address = server.url(workspace, [['extensionDevelopmentPath', server.remote(root)]]);
      console.log(
        `\nOpen this address in a browser:\n\n  ${address}\n\nThen choose DistDiag in the activity bar. Press Ctrl-C here to stop everything.`,
      );
    }
    await end;
  } finally {
    await server?.stop();
    await demo.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

if (args.includes('--serve'))
  process.exitCode = await run(process.execPath, [path.join(root, 'dist/demo.js'), ...args]);
else if (args.includes('--tour'))
  process.exitCode = await run(process.execPath, ['--no-deprecation', path.join(root, 'dist/cli/tour.js'), ...args]);
else await open();

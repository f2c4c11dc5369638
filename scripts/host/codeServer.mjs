import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { cacheDirectory } from './cache.mjs';
import { guarded } from './guarded.mjs';
import { withLock } from './lock.mjs';
import { node24, root } from './node24.mjs';
import { installPackages } from './packages.mjs';
import { freePort, startServer } from './processes.mjs';
import { failure, runLogged, step } from './progress.mjs';

const VERSION = '4.139.1'; // carries VS Code 1.139.1
const BUILD_PACKAGES = ['libkrb5-dev', 'libsecret-1-dev', 'libxkbfile-dev', 'build-essential', 'python3'];

const folder = path.join(cacheDirectory, `code-server-${VERSION}`);
const serverMain = path.join(folder, 'node_modules/code-server/lib/vscode/out/server-main.js');
const stamp = path.join(folder, '.complete');

/** Installs code-server once for this user; two runs at the same time wait for each other. */
async function installCodeServer() {
  if (!existsSync(stamp))
    await withLock(`${folder}.lock`, '> waiting for another script that installs code-server', async () => {
      if (!existsSync(stamp)) await compile();
    });
  return serverMain;
}

async function compile() {
  const missing = installPackages(BUILD_PACKAGES);
  if (missing.length > 0)
    throw new Error(
      `code-server has to be compiled and needs ${missing.join(' ')}: install them (apt-get install), then try again.`,
    );
  const log = path.join(cacheDirectory, 'code-server-install.log');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), '{"private":true}\n');
  const home = node24();
  const env = {
    ...outsideNpm(process.env),
    PATH: `${home}/bin:${process.env.PATH}`,
    npm_config_nodedir: home,
    npm_config_unsafe_perm: 'true',
    npm_config_loglevel: 'error',
  };
  await runLogged(
    `npm install code-server@${VERSION}, once for this user: fetches and compiles, some minutes`,
    [
      'npm',
      ['install', `code-server@${VERSION}`, '--foreground-scripts', '--no-audit', '--no-fund'],
      { cwd: folder, env },
    ],
    log,
  );
  if (!existsSync(serverMain)) throw new Error(failure('code-server was not installed whole', log));
  writeFileSync(stamp, '');
}

/**
 * The environment without what a surrounding `npm run` added: its `npm_config_user_agent` names the Node that started
 * it, and code-server's installer refuses every other than 24 by that name.
 */
function outsideNpm(env) {
  const added =
    /^npm_(lifecycle|package)_|^npm_(command|execpath|node_execpath)$|^npm_config_(user_agent|local_prefix)$/;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !added.test(name)));
}

/**
 * Puts the extension from source among the installed ones: a link, since the URL names a folder to develop only to a
 * workbench with the test driver. The folder must have the name that the editor gives to an installed version.
 */
function linkExtension(extensions) {
  const { publisher, name, version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  mkdirSync(extensions, { recursive: true });
  symlinkSync(root, path.join(extensions, `${publisher}.${name}-${version}`), 'dir');
}

/**
 * Starts the browser-based VS Code on loopback with fresh user data. With `driver` (what tests need) the workbench
 * takes `extensionDevelopmentPath` and `extensionTestsPath` from its URL but shows no notification; without, it is as
 * people use it, with the extension installed. `vsix` is a package that is installed before.
 */
export async function startCodeServer({ directory, env = {}, driver = true, vsix }) {
  const main = await installCodeServer();
  const port = await freePort();
  const data = path.join(directory, 'data');
  mkdirSync(path.join(data, 'User'), { recursive: true });
  const extensions = path.join(directory, 'extensions');
  const folders = ['--user-data-dir', data, '--server-data-dir', data, '--extensions-dir', extensions];
  if (vsix) execFileSync(path.join(node24(), 'bin/node'), [main, '--install-extension', vsix, ...folders]);
  else if (!driver) linkExtension(extensions);
  const args = [
    main,
    '--host',
    '127.0.0.1',
    '--port',
    String(port),
    '--without-connection-token',
    '--accept-server-license-terms',
    ...(driver ? ['--enable-smoke-test-driver'] : []),
    '--disable-telemetry',
    '--disable-workspace-trust',
    ...folders,
  ];
  const pipes = { env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'pipe'] };
  const server = startServer(...guarded(path.join(node24(), 'bin/node'), args, pipes), (line) =>
    /Extension host agent listening/.test(line) ? true : undefined,
  );
  try {
    await step('Starting VS Code for the browser', () => server.ready);
  } catch (error) {
    await server.stop();
    throw error;
  }
  const url = (workspace, payload) => {
    const query = payload ? `&payload=${encodeURIComponent(JSON.stringify(payload))}` : '';
    return `http://127.0.0.1:${port}/?folder=${encodeURIComponent(workspace)}${query}`;
  };
  return {
    port,
    url,
    remote: (file) => `vscode-remote://127.0.0.1:${port}${file}`,
    stop: server.stop,
    output: server.output,
  };
}

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { launchBrowser } from './browser.mjs';
import { cacheDirectory } from './cache.mjs';
import { startCodeServer } from './codeServer.mjs';
import { root } from './node24.mjs';
import { has, installPackages } from './packages.mjs';

const LIMIT_MS = 12 * 60_000;

/** The newest VS Code; by DISTDIAG_VSCODE=minimum the oldest that package.json allows, or any that it names. */
function wantedVersion() {
  const wanted = process.env.DISTDIAG_VSCODE || 'stable';
  if (wanted !== 'minimum') return wanted;
  return JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')).engines.vscode.replace(/^\D+/, '');
}

/** VS Code by download where that works; undefined elsewhere. */
async function downloadedVsCode() {
  if (process.env.DISTDIAG_HOST === 'code-server') return undefined;
  try {
    const { downloadAndUnzipVSCode } = await import('@vscode/test-electron');
    const quiet = { report: () => undefined, error: () => undefined };
    return await Promise.race([
      downloadAndUnzipVSCode({
        version: wantedVersion(),
        cachePath: path.join(cacheDirectory, 'vscode'),
        reporter: quiet,
        timeout: 15_000,
      }),
      new Promise((_, reject) => setTimeout(() => reject(new Error('no answer')), 180_000).unref()),
    ]);
  } catch (error) {
    console.log(
      `VS Code cannot be downloaded here (${error.message?.split('\n')[0] ?? error}): the browser-based VS Code stands in.`,
    );
    return undefined;
  }
}

/** The suite on the sources, as they are developed. */
const SOURCES = { development: root, tests: path.join(root, 'out/suite/index.js') };

/** The suite beside the package as users install it. */
const INSTALLED = {
  development: path.join(root, 'test/installed/driver'),
  tests: path.join(root, 'out/installed/index.js'),
};

/**
 * Runs a suite inside a real extension host; returns its counts, or what else it writes. With `vsix` that package is
 * installed and tested; `tests` is another program than the suite of the sources.
 */
export async function runSuite(env, { vsix, tests, limitMs = LIMIT_MS } = {}) {
  const directory = mkdtempSync(path.join(tmpdir(), 'distdiag-suite-'));
  const workspace = path.join(directory, 'workspace');
  mkdirSync(workspace);
  const report = path.join(directory, 'report.json');
  const extensions = path.join(directory, 'extensions');
  const suiteEnv = { ...env, DISTDIAG_SUITE_REPORT: report, DISTDIAG_EXTENSIONS: extensions };
  const program = vsix ? INSTALLED : { ...SOURCES, ...(tests && { tests }) };
  const suite = { ...program, limitMs, directory, extensions, workspace, vsix, env: suiteEnv };
  try {
    const electron = await downloadedVsCode();
    if (electron) await runInElectron(electron, suite);
    else await runInCodeServer(suite);
    if (!existsSync(report)) throw new Error('the suite wrote no report');
    return JSON.parse(readFileSync(report, 'utf8'));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function runInElectron(executable, { development, tests, extensions, directory, workspace, vsix, env }) {
  console.log(`host: VS Code (${executable})`);
  const { resolveCliPathFromVSCodeExecutablePath, runTests } = await import('@vscode/test-electron');
  if (process.platform === 'linux' && !process.env.DISPLAY && !has('xvfb-run')) installPackages(['xvfb']);
  const folders = ['--extensions-dir', extensions, '--user-data-dir', path.join(directory, 'data')];
  if (vsix) {
    execFileSync(resolveCliPathFromVSCodeExecutablePath(executable), ['--install-extension', vsix, ...folders], {
      stdio: 'inherit',
      shell: process.platform === 'win32',
    });
  }
  await runTests({
    vscodeExecutablePath: executable,
    extensionDevelopmentPath: development,
    extensionTestsPath: tests,
    launchArgs: [workspace, '--disable-workspace-trust', ...folders],
    extensionTestsEnv: env,
  }).catch(() => undefined);
}

async function runInCodeServer({ development, tests, limitMs, directory, workspace, vsix, env }) {
  const server = await startCodeServer({ directory, env, vsix });
  console.log('host: code-server (VS Code in the browser, the real extension host)');
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    const ended = new Promise((resolve) => page.exposeFunction('codeAutomationExit', resolve));
    await page.exposeFunction('codeAutomationLog', (type, args) => {
      const text = args.map((arg) => (typeof arg === 'string' ? arg : JSON.stringify(arg))).join(' ');
      // The workbench's own features talk here too.
      if (!/^\[[A-Z]\w+\]/.test(text)) console.log(text);
    });
    const payload = [
      ['extensionDevelopmentPath', server.remote(development)],
      ['extensionTestsPath', server.remote(tests)],
    ];
    await page.goto(server.url(workspace, payload));
    let timer;
    const late = new Promise(
      (_, reject) =>
        (timer = setTimeout(
          () =>
            reject(new Error(`the suite did not end in ${limitMs / 60_000} minutes\n${server.output().slice(-3000)}`)),
          limitMs,
        )),
    );
    await Promise.race([ended, late]);
    clearTimeout(timer);
  } finally {
    await browser.close();
    await server.stop();
  }
}

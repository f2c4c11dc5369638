// Runs on any Node from 20 with nothing installed: brings node_modules and dist up to date. Called by every script's `pre`.
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { withLock } from './host/lock.mjs';
import { runLogged } from './host/progress.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
process.chdir(root);

const lock = createHash('sha256').update(readFileSync('package-lock.json')).digest('hex');
const stamp = 'node_modules/.distdiag-lock';
/** Packages that are linked are another clone's: installing here would take them from it. */
const linked = () => lstatSync('node_modules', { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
const installed = () => linked() || (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock);

const newest = (entry) => {
  if (!existsSync(entry)) return 0;
  const info = statSync(entry);
  return info.isDirectory()
    ? Math.max(0, ...readdirSync(entry).map((name) => newest(path.join(entry, name))))
    : info.mtimeMs;
};
const built = () =>
  existsSync('dist/.built') &&
  statSync('dist/.built').mtimeMs >=
    Math.max(...['src', 'scripts', 'test/vscode', 'esbuild.js', 'package-lock.json'].map(newest));

/** What npm has fetched, of what the lock names for every machine; npm itself says nothing where no terminal is. */
function fetched(log) {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
  const all = Object.entries(packages).filter(([name, { optional }]) => name !== '' && !optional).length;
  return `${(log.match(/http fetch GET 200 \S+\.tgz/g) ?? []).length} packages fetched of about ${all}`;
}

async function install() {
  const npm = process.env.npm_execpath;
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=http'];
  const command = npm ? [process.execPath, [npm, ...args]] : ['npm', args, { shell: process.platform === 'win32' }];
  await runLogged('npm ci (dependencies are missing or changed)', command, '.cache/npm-ci.log', fetched);
  writeFileSync(stamp, lock);
}

async function build() {
  // esbuild is a program of its own: any Node can start it.
  const command = [process.execPath, ['esbuild.js', '--production']];
  await runLogged('node esbuild.js (sources are newer than dist)', command, '.cache/build.log');
  writeFileSync('dist/.built', '');
}

// Both begin by removing what is there: two scripts that are started together would pull it from under each other.
if (!installed() || !built())
  await withLock('.cache/bootstrap.lock', '> waiting for another script that installs or builds here', async () => {
    if (!installed()) await install();
    if (!built()) await build();
  }).catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });

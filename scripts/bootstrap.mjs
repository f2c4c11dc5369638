// Runs on any Node from 20 with nothing installed: brings node_modules and dist up to date. Called by every script's `pre`.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { withLock } from './host/lock.mjs';

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

function install() {
  console.log('> npm ci (dependencies are missing or changed)');
  const npm = process.env.npm_execpath;
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  if (npm) execFileSync(process.execPath, [npm, ...args], { stdio: 'inherit' });
  else execFileSync('npm', args, { stdio: 'inherit', shell: process.platform === 'win32' });
  writeFileSync(stamp, lock);
}

function build() {
  console.log('> node esbuild.js (sources are newer than dist)');
  // esbuild is a program of its own: any Node can start it.
  execFileSync(process.execPath, ['esbuild.js', '--production'], { stdio: 'inherit' });
  writeFileSync('dist/.built', '');
}

// Both begin by removing what is there: two scripts that are started together would pull it from under each other.
if (!installed() || !built())
  await withLock('.cache/bootstrap.lock', '> waiting for another script that installs or builds here', () => {
    if (!installed()) install();
    if (!built()) build();
  });

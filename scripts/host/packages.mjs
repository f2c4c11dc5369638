import { execFileSync, spawnSync } from 'node:child_process';
import path from 'node:path';
import { cacheDirectory } from './cache.mjs';

/** From the project's folder, where npm starts every script: this module is also bundled with some of them. */
const RUN_LOGGED = path.resolve('scripts/host/runLogged.mjs');
let updated = false;

/** True when a program is on the PATH. */
export function has(program) {
  return spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
}

/** Installs Debian packages where that is allowed; returns what is still missing. */
export function installPackages(packages) {
  const missing = packages.filter((name) => spawnSync('dpkg', ['-s', name], { stdio: 'ignore' }).status !== 0);
  if (missing.length === 0) return [];
  if (process.getuid?.() !== 0 || !has('apt-get')) return missing;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const aptGet = (title, ...args) =>
    execFileSync(process.execPath, [RUN_LOGGED, title, path.join(cacheDirectory, 'apt-get.log'), 'apt-get', ...args], {
      stdio: 'inherit',
      env,
    });
  if (!updated) aptGet('apt-get update', 'update');
  updated = true;
  aptGet(`apt-get install ${missing.join(' ')}`, 'install', '-y', '--no-install-recommends', ...missing);
  return [];
}

/** A Chromium to drive; installed where that is allowed. */
export function findChromium() {
  const names = [process.env.CHROMIUM, 'chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'].filter(
    Boolean,
  );
  const find = () => names.find((name) => has(name));
  if (!find()) installPackages(['chromium', 'fonts-dejavu-core']);
  const found = find();
  if (!found)
    throw new Error(
      'No Chromium was found. Install one (Debian: apt-get install chromium), or name it in the variable CHROMIUM.',
    );
  return execFileSync('sh', ['-c', `command -v ${found}`])
    .toString()
    .trim();
}

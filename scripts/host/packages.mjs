import { execFileSync, spawnSync } from 'node:child_process';

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
  console.log(`> apt-get install ${missing.join(' ')}`);
  if (!updated) execFileSync('apt-get', ['update', '-qq'], { stdio: 'inherit', env });
  updated = true;
  execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env,
  });
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

// npm run package:npm: the command line as a package for npm, distdiag-VERSION.tgz, without the editor's part and with no
// dependencies. `--from FOLDER` takes another build, `--to FOLDER` puts it elsewhere.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './host/node24.mjs';
import { reachable } from './host/outputs.mjs';

const { values } = parseArgs({
  options: { from: { type: 'string', default: root }, to: { type: 'string', default: root } },
});
const { from, to } = values;

/** What is packed, by its place in the build's folder. */
function packed() {
  const { outputs } = JSON.parse(readFileSync(path.join(from, 'dist/extension.meta.json'), 'utf8'));
  const wasm = readdirSync(path.join(from, 'dist')).filter((file) => file.endsWith('.wasm'));
  return [
    'dist/cli/distdiag.js',
    'dist/scorer.js',
    ...reachable(outputs, 'dist/distdiag.mjs', true),
    ...wasm.map((file) => `dist/${file}`),
    'models/anomaly-detector',
    'package.nls.json',
  ];
}

const { name, version, license, bin, engines, description, contributes } = JSON.parse(
  readFileSync(path.join(from, 'package.json'), 'utf8'),
);
const folder = mkdtempSync(path.join(tmpdir(), 'distdiag-npm-'));
try {
  for (const file of packed())
    cpSync(path.join(from, file), path.join(folder, file), { recursive: true, dereference: true });
  for (const file of ['LICENSE', 'THIRD_PARTY_NOTICES.txt']) cpSync(path.join(root, file), path.join(folder, file));
  // The tools for agents are read from it.
  const { languageModelTools } = contributes;
  const own = {
    name,
    version,
    description,
    license,
    bin,
    engines: { node: engines.node },
    contributes: { languageModelTools },
  };
  writeFileSync(path.join(folder, 'package.json'), `${JSON.stringify(own, null, 2)}\n`);
  const options = { cwd: folder, shell: process.platform === 'win32', stdio: ['ignore', 'pipe', 'inherit'] };
  const file = execFileSync('npm', ['pack', '--silent', '--pack-destination', path.resolve(to)], options).toString();
  console.log(path.join(path.resolve(to), file.trim()));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

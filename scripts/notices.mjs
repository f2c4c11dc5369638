// Writes THIRD_PARTY_NOTICES.txt: every package whose code is in a bundle that is shipped, with its licence's text.
// `--check` fails where the file differs, or where a licence is one that must not be shipped.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const file = path.join(root, 'THIRD_PARTY_NOTICES.txt');
/** What may be shipped under this project's licence. */
const ALLOWED = new Set([
  'MIT',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'BlueOak-1.0.0',
  'Unlicense',
  'MIT AND BSD-3-Clause',
  'Python-2.0',
]);
const MIT = readFileSync(path.join(root, 'node_modules/ws/LICENSE'), 'utf8').trim();
const SHIPPED_BESIDE = ['@tensorflow/tfjs-backend-wasm']; // its WebAssembly files are copied

/** `node_modules/@scope/name/lib/x.js` → `node_modules/@scope/name`, also where packages lie within packages. */
function folderOf(input) {
  const inside = input.slice(input.indexOf('node_modules/'));
  return /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(inside)?.[1];
}

function packagesOf() {
  const inputs = Object.values(JSON.parse(readFileSync(path.join(root, 'dist/inputs.json'), 'utf8'))).flat();
  const folders = new Set(inputs.filter((input) => input.includes('node_modules/')).map(folderOf));
  for (const name of SHIPPED_BESIDE) folders.add(`node_modules/${name}`);
  const found = new Map();
  for (const folder of folders) {
    const own = JSON.parse(readFileSync(path.join(root, folder, 'package.json'), 'utf8'));
    const { name, version, license } = own;
    const licence = typeof license === 'string' ? license.replace(/^\((.*)\)$/, '$1') : (license?.type ?? 'unknown');
    found.set(`${name} ${version}`, { licence, text: textOf(path.join(root, folder), licence, own) });
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** The licence's text: the package's own file, else the standard one with the author's name. */
function textOf(folder, licence, { author }) {
  const name = readdirSync(folder).find((one) => /^(licen[cs]e|copying)/i.test(one));
  if (name) return readFileSync(path.join(folder, name), 'utf8').trim();
  const who = typeof author === 'string' ? author : (author?.name ?? 'the authors');
  if (licence === 'MIT') return MIT.replace(/^(Copyright .*\n)+/m, `Copyright (c) ${who}\n`);
  return `Copyright ${who}. The text of Apache-2.0 is in the file LICENSE beside this one; ${licence} is this package's licence.`;
}

const packages = packagesOf();
const refused = packages.filter(
  ([, { licence }]) => !licence.split(' OR ').some((one) => one.split(' AND ').every((part) => ALLOWED.has(part))),
);
for (const [name, { licence }] of refused)
  console.error(`${name}: ${licence} is not among the licences that may be shipped`);
const text = [
  'DistDiag contains code of these packages, each under its own licence.',
  'The schemas of Chaos Mesh in media/schemas and in the demo cluster are of the Chaos Mesh project (Apache-2.0).',
  ...packages.map(([name, { licence, text: own }]) => `${'-'.repeat(80)}\n${name}\n${licence}\n\n${own}`),
  '',
]
  .join('\n\n')
  .replaceAll('\r\n', '\n');

if (process.argv.includes('--check')) {
  const same = existsSync(file) && readFileSync(file, 'utf8') === text;
  if (!same) console.error('THIRD_PARTY_NOTICES.txt is not what is shipped: run npm run notices');
  process.exit(same && refused.length === 0 ? 0 : 1);
}
writeFileSync(file, text);
console.log(`${packages.length} packages`);
process.exit(refused.length > 0 ? 1 : 0);

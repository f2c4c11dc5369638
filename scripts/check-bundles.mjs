// The bundle that activation loads must stay small and free of heavy libraries, and none may load what is not shipped.
import { readdirSync, readFileSync } from 'node:fs';
import { transformSync } from 'esbuild';
import { foreignModules } from './host/foreignModules.mjs';

const file = 'dist/extension.js';
const MOST_KIB = 64;
const text = readFileSync(file, 'utf8');
// As it is shipped: a bundle that was built for work on it is minified first, its own names too.
const size = Buffer.byteLength(transformSync(text, { minify: true, legalComments: 'none', format: 'cjs' }).code);
const problems = [];
if (size > MOST_KIB * 1024) problems.push(`${file} has ${size} bytes, more than ${MOST_KIB} KiB`);
// Each look at the editor's API for a file of the source, and each copy of it, would cost what the rest of loading costs.
const asked = text.match(/require\("vscode"\)/g)?.length ?? 0;
if (asked !== 1) problems.push(`${file} asks for the editor's API ${asked} times, not once`);
for (const [name, sign] of [
  ['the catalogue of faults', 'cpu_stress'],
  ['TensorFlow', 'tfjs-backend'],
  ['TensorFlow', 'modelTopology'],
  ['the Kubernetes client', 'KUBERNETES_SERVICE_HOST'],
  ['chart.js', 'datasetElementType'],
  ['axios', 'AxiosError'],
  ['the YAML parser', 'yaml.org,2002'],
]) {
  if (text.includes(sign)) problems.push(`${file} contains ${name}`);
}
const bundles = readdirSync('dist').filter((name) => name.endsWith('.js'));
for (const name of bundles)
  for (const asked of foreignModules(readFileSync(`dist/${name}`, 'utf8'), bundles))
    problems.push(`dist/${name} would load ${asked} from wherever Node finds it`);
for (const problem of problems) console.error(problem);
console.log(`${file}: ${(size / 1024).toFixed(0)} KiB`);
process.exit(problems.length > 0 ? 1 : 0);

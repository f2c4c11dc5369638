// The bundle that activation loads must stay small and free of heavy libraries.
import { readFileSync } from 'node:fs';
import { transformSync } from 'esbuild';

const file = 'dist/extension.js';
const text = readFileSync(file, 'utf8');
// As it is shipped: a bundle that was built for work on it is minified first, its own names too.
const size = Buffer.byteLength(transformSync(text, { minify: true, legalComments: 'none', format: 'cjs' }).code);
const problems = [];
if (size > 150 * 1024) problems.push(`${file} has ${size} bytes, more than 150 KiB`);
for (const [name, sign] of [
  ['TensorFlow', 'tfjs-backend'],
  ['TensorFlow', 'modelTopology'],
  ['the Kubernetes client', 'KUBERNETES_SERVICE_HOST'],
  ['chart.js', 'datasetElementType'],
  ['axios', 'AxiosError'],
  ['the YAML parser', 'yaml.org,2002'],
]) {
  if (text.includes(sign)) problems.push(`${file} contains ${name}`);
}
for (const problem of problems) console.error(problem);
console.log(`${file}: ${(size / 1024).toFixed(0)} KiB`);
process.exit(problems.length > 0 ? 1 : 0);

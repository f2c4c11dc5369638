// What activation loads must stay small and free of heavy libraries, and no bundle may load what is not shipped.
import { readFileSync } from 'node:fs';
import { bundleFiles, foreignModules } from './host/foreignModules.mjs';
import { reachable } from './host/outputs.mjs';

const file = 'dist/extension.mjs';
const MOST_KIB = 500;
const { outputs } = JSON.parse(readFileSync('dist/extension.meta.json', 'utf8'));
const atActivation = reachable(outputs, file);
const kib = atActivation.reduce((sum, name) => sum + outputs[name].bytes, 0) / 1024;
const problems = [];
if (kib > MOST_KIB) problems.push(`activation loads ${kib.toFixed(0)} KiB, more than ${MOST_KIB}`);
const sources = atActivation.flatMap((name) => Object.keys(outputs[name].inputs));
for (const library of ['@tensorflow', '@kubernetes', 'axios', 'chart.js', 'yaml'])
  if (sources.some((source) => source.startsWith(`node_modules/${library}/`)))
    problems.push(`activation loads ${library}`);
const program = reachable(outputs, 'dist/distdiag.mjs', true);
if (program.length < 2) problems.push('dist/distdiag.mjs is not built');
for (const name of program)
  if (outputs[name].imports.some(({ path }) => path === 'vscode'))
    problems.push(`the command line loads vscode by ${name}, which is in the editor only`);
const bundles = bundleFiles('dist');
for (const name of bundles)
  for (const asked of foreignModules(readFileSync(`dist/${name}`, 'utf8'), bundles, name))
    problems.push(`dist/${name} would load ${asked} from wherever Node finds it`);
for (const problem of problems) console.error(problem);
console.log(`activation loads ${kib.toFixed(0)} KiB`);
process.exit(problems.length > 0 ? 1 : 0);

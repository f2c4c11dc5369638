// npm test: all that must hold, fast layers first. Prints how many tests ran in each.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { root } from './host/node24.mjs';

process.chdir(root);
const directory = mkdtempSync(path.join(tmpdir(), 'distdiag-test-'));
const bin = (name) => path.join(root, 'node_modules/.bin', name);

/** Runs a program, shows its output, line by line with a name before it where one is given, and resolves with code and text. */
function run(command, args, name) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        text += chunk;
        if (name === undefined) process.stdout.write(chunk);
      });
      if (name !== undefined) createInterface({ input: stream }).on('line', (line) => console.log(`${name} | ${line}`));
    }
    child.once('error', (error) => resolve({ code: 1, text: `${text}\n${error.message}` }));
    child.once('exit', (code) => resolve({ code: code ?? 1, text }));
  });
}

/** Most characters that are said of one failed test. */
const MOST_SAID = 4000;

/** What failed, said once more at the end of the output. */
const failures = [];

/** A layer that passes or fails as one. */
const check = async (command, args) =>
  (await run(command, args)).code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };

/** A layer that ends with `N passed, N failed`; one with a part runs beside others. */
const counted = async (script, part, name) => {
  const { code, text } = await run(process.execPath, part === undefined ? [script] : [script, part], name);
  const [, passed, failed] = [...text.matchAll(/^(\d+) passed, (\d+) failed/gm)].at(-1) ?? [];
  if (code !== 0) failures.push(`${name ?? script}, at its end:\n${text.trimEnd().split('\n').slice(-30).join('\n')}`);
  if (passed === undefined) return { passed: 0, failed: 1 };
  return { passed: Number(passed), failed: Math.max(Number(failed), code === 0 ? 0 : 1) };
};

const vitest = async (project) => {
  const report = path.join(directory, `${project}.json`);
  const { code } = await run(bin('vitest'), [
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ]);
  try {
    const { numPassedTests, numFailedTests, numPendingTests, testResults } = JSON.parse(readFileSync(report, 'utf8'));
    for (const { name, message, assertionResults } of testResults) {
      const failed = assertionResults
        .filter(({ status }) => status === 'failed')
        .map(({ fullName, failureMessages }) => `${fullName}\n${failureMessages.join('\n').slice(0, MOST_SAID)}`);
      if (failed.length > 0 || message) failures.push(`${path.relative(root, name)}: ${failed.join('\n') || message}`);
    }
    return { passed: numPassedTests, failed: Math.max(numFailedTests, code === 0 ? 0 : 1), skipped: numPendingTests };
  } catch {
    return { passed: 0, failed: 1 };
  }
};

const tour = async () => {
  const { code, text } = await run(process.execPath, ['--no-deprecation', 'dist/cli/tour.js']);
  const [, passed = '0', all = '4'] = /^(\d+) of (\d+) anomalies diagnosed right/m.exec(text) ?? [];
  return { passed: Number(passed), failed: Math.max(Number(all) - Number(passed), code === 0 ? 0 : 1) };
};

const layers = [
  ['lint', () => check(bin('eslint'), ['.'])],
  ...['src/core', 'src/webview', 'src', '.'].map((part) => [`types of ${part}`, () => check(bin('tsc'), ['-p', part])]),
  ['format', () => check(bin('prettier'), ['--check', '--log-level=warn', '.'])],
  ['unused', () => check(bin('knip'), ['--no-progress'])],
  ['bundles', () => check(process.execPath, ['scripts/check-bundles.mjs'])],
  ['notices', () => check(process.execPath, ['scripts/notices.mjs', '--check'])],
  ['unit', () => vitest('unit')],
  ['contract', () => vitest('contract')],
  ['tour', tour],
  ['vscode', () => counted('scripts/test-vscode.mjs')],
  ['vsix', () => counted('scripts/test-vsix.mjs')],
  // Side by side, since both wait for most of their time.
  [
    ['e2e', () => counted('scripts/test-e2e.mjs', 'main', 'e2e')],
    ['e2e testing', () => counted('scripts/test-e2e.mjs', 'testing', 'e2e testing')],
  ],
  ['readme', () => counted('scripts/test-readme.mjs')],
];

const rows = [];
const measured = async ([name, work]) => {
  const started = Date.now();
  return { layer: name, skipped: 0, ...(await work()), seconds: Math.round((Date.now() - started) / 1000) };
};
for (const layer of layers) {
  const beside = Array.isArray(layer[0]) ? layer : [layer];
  console.log(`\n=== ${beside.map(([name]) => name).join(', beside it ')}`);
  rows.push(...(await Promise.all(beside.map(measured))));
}
rmSync(directory, { recursive: true, force: true });
console.log('');
console.table(rows);
for (const failure of failures) console.log(`failed: ${failure}`);
const sum = (key) => rows.reduce((total, row) => total + row[key], 0);
console.log(
  `${sum('passed')} passed, ${sum('failed')} failed${sum('skipped') > 0 ? `, ${sum('skipped')} skipped` : ''}`,
);
process.exit(sum('failed') > 0 ? 1 : 0);

// npm test's layer "readme": every command in the blocks of README and CONTRIBUTING is run as it stands there, or by CI as a whole.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { root } from './host/node24.mjs';

process.chdir(root);
const directory = mkdtempSync(path.join(tmpdir(), 'distdiag-readme-'));
const at = (name) => path.join(directory, name);
const { name, version } = JSON.parse(readFileSync('package.json', 'utf8'));
const LIMIT_MS = 300_000;

/** Runs with one fault, the other, both and none, three of each; numbers without chance. */
function writeRuns() {
  const kinds = [['cpu_stress'], ['memory_stress'], ['cpu_stress', 'memory_stress'], []];
  const idOf = (k) => `small/${k % 4}#${k >> 2}`;
  const wave = (i, k) => 20 + 3 * Math.sin(i * 0.7 + k) + 2 * Math.sin(i * 1.9 + 3 * k);
  const column = (k, ill) => Array.from({ length: 120 }, (_, i) => wave(i, k) + (ill && i >= 90 ? 60 : 0));
  const runs = Array.from({ length: 12 }, (_, k) => {
    const types = kinds[k % 4];
    return {
      id: idOf(k),
      types,
      rows: 120,
      abnormal: types.length > 0 ? [90, 120] : [0, 0],
      metrics: {
        'cpu.used': column(k, types.includes('cpu_stress')),
        'memory.used': column(k + 1, types.includes('memory_stress')),
        'net.receive': column(k + 2, false),
      },
    };
  });
  const set = { source: 'readme', types: ['cpu_stress', 'memory_stress'], runs };
  writeFileSync(at('RUNS.json.gz'), gzipSync(JSON.stringify(set)));
  const node = (k) => ({ name: `n${k}`, run: idOf(k), baseline: [0, 80], window: [90, 120] });
  writeFileSync(at('CASES.json'), JSON.stringify([{ id: 'one', scenario: 'readme', nodes: [0, 3, 7].map(node) }]));
}

/** What is in files, as one word. */
const digest = (...files) => {
  const hash = createHash('sha256');
  for (const file of files) hash.update(readFileSync(file));
  return hash.digest('hex');
};
const schemas = () => readdirSync('media/schemas').map((file) => path.join('media/schemas', file));
const answered = () => Object.keys(JSON.parse(readFileSync(at('ANSWERS.json'), 'utf8'))).join() === 'one';
const isJson = (text) => typeof JSON.parse(text.slice(text.indexOf('\n{'))) === 'object';
const vsix = `${name}-${version}.vsix`;

/**
 * How each command is tried. `with`: arguments that make a long one short. `until`: it runs until it is interrupted,
 * which it is when this is printed. `proof`: that it did its work. `ci`: CI runs it as a whole.
 */
const WAYS = {
  'npm run demo': { until: /http:\/\/127\.0\.0\.1:\d+\/|VS Code is open on it/ },
  'npm test': { ci: true },
  'npm run test:real': { ci: true },
  // A bed takes root and minutes, and `npm run test:real` has one: here it is only heard to refuse the names in the line.
  'npm run bed': { until: /^npm run bed -- --engine seekdb\|galera/m },
  'npm run train': {
    with: [
      '--runs',
      '3',
      '--engines',
      '200',
      '--epochs',
      '2',
      '--tests',
      '1',
      '--data',
      at('none'),
      '--out',
      at('model'),
    ],
    proof: () => existsSync(at('model/model.json')),
  },
  'npm run validate': {
    with: ['--folds', '2', '--settings', '{"epochs":2,"networks":1}'],
    proof: (text) => isJson(text),
  },
  'npm run diagnose': { with: [], proof: answered },
  'npm run bench': { with: ['--only', 'scale'], proof: isJson },
  'npm run l10n': { same: () => digest('l10n/bundle.l10n.json') },
  'npm run schemas': { same: () => digest(...schemas()) },
  'npm run package': { proof: () => existsSync(vsix) },
};

/** The commands of the pages' blocks: without its comments and what may be left out, files in the place of names. */
function commands() {
  const text = ['README.md', 'CONTRIBUTING.md'].map((page) => readFileSync(page, 'utf8')).join('\n');
  const blocks = text.matchAll(/^```[a-z]*\n([\s\S]*?)^```$/gm);
  const lines = [...blocks]
    .flatMap(([, block]) => block.split('\n'))
    .filter((line) => /^(npm|npx|node) /.test(line))
    .map((line) =>
      line
        .replace(/\s+#.*$/, '')
        .replace(/\[[^\]]*\]/g, '')
        .replace(/\b[A-Z]+\.json(\.gz)?/g, at)
        .trim(),
    );
  return [...new Set(lines)];
}

/** Runs a command; resolves with what it printed when it has ended well. */
function run(words, until) {
  const npm = process.env.npm_execpath;
  const [command, args] = npm ? [process.execPath, [npm, ...words.slice(1)]] : ['npm', words.slice(1)];
  return new Promise((resolve, reject) => {
    // A group of its own, that an interrupt reaches as it does in a terminal.
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    let text = '';
    let told = '';
    let wanted = false;
    const end = (signal) => {
      try {
        process.kill(-child.pid, signal);
      } catch {
        // it has ended
      }
    };
    const timer = setTimeout(() => {
      end('SIGKILL');
      reject(new Error(`it did not end in ${LIMIT_MS / 1000} s\n${text.slice(-2000)}`));
    }, LIMIT_MS);
    const hear = (chunk) => {
      text += chunk;
      if (!until?.test(text) || wanted) return;
      wanted = true;
      end('SIGINT');
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', (chunk) => {
      told += chunk;
      if (until) hear(chunk);
    });
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(timer);
      if (until ? wanted : code === 0) resolve(`\n${text}`);
      else reject(new Error(`it ended with code ${code}\n${text.slice(-1000)}${told.slice(-1000)}`));
    });
  });
}

async function attempt(command) {
  const [key, way] = Object.entries(WAYS).find(([one]) => command === one || command.startsWith(`${one} `)) ?? [];
  if (!way) throw new Error('scripts/test-readme.mjs does not know how to try it');
  if (way.ci) {
    if (!readFileSync('.ci/run', 'utf8').includes(`echo '> ${key}'`)) throw new Error('.ci/run does not run it');
    return;
  }
  const before = way.same?.();
  const more = way.with?.length ? [...(command.includes(' -- ') ? [] : ['--']), ...way.with] : [];
  const text = await run([...command.split(/\s+/), ...more], way.until);
  if (way.proof && !way.proof(text)) throw new Error(`it did not do its work\n${text.slice(-2000)}`);
  if (before !== way.same?.()) throw new Error('what it writes was not up to date');
}

const kept = existsSync(vsix);
let failed = 0;
writeRuns();
const all = commands();
for (const command of all) {
  const began = Date.now();
  try {
    await attempt(command);
    console.log(`  ok ${command.replaceAll(`${directory}${path.sep}`, '')} (${Date.now() - began} ms)`);
  } catch (error) {
    failed += 1;
    console.log(`  FAILED ${command}\n${error.message}`);
  }
}
rmSync(directory, { recursive: true, force: true });
if (!kept) rmSync(vsix, { force: true });
console.log(`${all.length - failed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runGuarded } from '../host/guarded.mjs';
import { root } from '../host/node24.mjs';
import { whyNoPrometheus } from '../host/prometheus.mjs';
import { buildPrometheus, buildVictoriaMetrics, whyNoGo } from './build.mjs';

const RIGHT = 'test/contract/rightValues.test.ts';
const AGREEMENT = ['promqlAgreement', 'profilesAgreement'].map((name) => `test/contract/${name}.test.ts`);
/** What each engine is asked: VictoriaMetrics has rates of its own, and agrees with Prometheus about what is right only. */
const ENGINES = [
  { build: buildPrometheus, files: [RIGHT, ...AGREEMENT] },
  { build: buildVictoriaMetrics, files: [RIGHT] },
];

/** Asks engines other than Debian's Prometheus, which `npm test` asks; returns how many tests passed, failed and were left out. */
export async function queriesOnEngines() {
  // Samples are written by Debian's promtool.
  const reason = whyNoGo() ?? whyNoPrometheus();
  if (reason) {
    console.log(`No other engine can be asked here (${reason}): skipped.`);
    return { skipped: 1 };
  }
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const { build, files } of ENGINES) {
    const program = await build();
    const directory = mkdtempSync(path.join(tmpdir(), 'distdiag-report-'));
    const report = path.join(directory, 'report.json');
    const reporters = ['--reporter=dot', '--reporter=json', `--outputFile.json=${report}`];
    console.log(`The queries asked of ${path.basename(program)}`);
    const code = await runGuarded(
      path.join(root, 'node_modules/.bin/vitest'),
      ['run', '--project', 'contract', ...reporters, ...files],
      { cwd: root, env: { ...process.env, DISTDIAG_ENGINE: program } },
    );
    const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(report, 'utf8'));
    rmSync(directory, { recursive: true, force: true });
    counts.passed += numPassedTests;
    counts.failed += Math.max(numFailedTests, code === 0 ? 0 : 1);
    counts.skipped += numPendingTests;
  }
  return counts;
}

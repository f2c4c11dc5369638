import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root } from '../host/node24.mjs';
import { runOnNode } from './node/node.mjs';
import { nodePrograms, whyNoNode } from './node/programs.mjs';

const engine = process.env.DISTDIAG_NODE_ENGINE ?? 'galera';

/** Runs the tests that need a Kubernetes node; returns how many passed, failed and were left out. */
export async function testsOnNode() {
  const reason = whyNoNode(engine);
  if (reason) {
    console.log(`${reason} Skipped.`);
    return { skipped: 1 };
  }
  const programs = await nodePrograms(engine);
  if (!programs) return { skipped: 1 };
  const directory = mkdtempSync(path.join(tmpdir(), 'distdiag-report-'));
  const report = path.join(directory, 'report.json');
  try {
    const vitest = [process.execPath, path.join(root, 'node_modules/vitest/vitest.mjs'), 'run'];
    const options = ['--config', 'test/real/node/vitest.config.mts', '--reporter=verbose', '--reporter=json'];
    const code = await runOnNode(programs, engine, [[...vitest, ...options, `--outputFile.json=${report}`]]);
    const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(report, 'utf8'));
    return { passed: numPassedTests, failed: Math.max(numFailedTests, code === 0 ? 0 : 1), skipped: numPendingTests };
  } catch (error) {
    console.error(error);
    return { failed: 1 };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/**
 * The tour on a node: what the diagnosis says of each anomaly there, by all metrics where the engine's are known to the
 * extension, and by cAdvisor's alone. `args` go to the tour.
 */
export async function tourOnNode(args) {
  const reason = whyNoNode(engine);
  const programs = reason ? undefined : await nodePrograms(engine);
  if (!programs) {
    if (reason) console.log(`${reason} Skipped.`);
    return { skipped: 1 };
  }
  const tour =
    'exec "$0" --no-deprecation dist/cli/tour.js --kubeconfig "$DISTDIAG_REAL_KUBECONFIG" --prometheus "$DISTDIAG_NODE_PROMETHEUS" "$@"';
  const profiles = engine === 'seekdb' ? ['auto', 'container'] : ['container'];
  const tours = profiles.map((profile) => ['sh', '-c', tour, process.execPath, '--profile', profile, ...args]);
  const code = await runOnNode(programs, engine, tours);
  return code === 0 ? { passed: profiles.length } : { failed: 1 };
}

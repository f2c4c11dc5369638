import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runGuarded } from '../host/guarded.mjs';
import { root } from '../host/node24.mjs';
import { buildYamlReader, whyNoGo } from './build.mjs';
import { startRealCluster } from './cluster.mjs';

/**
 * Runs the contract suite against a real API server, or those of its files whose names have one of these words; returns
 * how many tests passed, failed and were left out.
 */
export async function contractOnRealServers(files = []) {
  const reason = whyNoGo();
  if (reason) {
    console.log(`No real API server can be had here (${reason}): skipped.`);
    return { skipped: 1 };
  }
  const directory = mkdtempSync(path.join(tmpdir(), 'distdiag-report-'));
  const report = path.join(directory, 'report.json');
  const yamlReader = await buildYamlReader();
  const cluster = await startRealCluster();
  // Interrupted, the servers go too.
  const interrupted = () => cluster.stop().then(() => process.exit(130));
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, interrupted);
  try {
    console.log(`Real API server at ${cluster.facts.kubernetesUrl}, started in ${cluster.seconds.toFixed(1)} s`);
    const code = await runGuarded(
      path.join(root, 'node_modules/.bin/vitest'),
      [
        'run',
        ...files,
        '--config',
        'test/real/vitest.config.mts',
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${report}`,
      ],
      {
        cwd: root,
        env: {
          ...process.env,
          DISTDIAG_REAL_YAML: yamlReader,
          DISTDIAG_REAL_KUBECONFIG: cluster.facts.kubeconfig,
          DISTDIAG_REAL_ETCD: cluster.facts.etcdUrl,
          DISTDIAG_REAL_CONTROL: cluster.facts.controlUrl,
          DISTDIAG_REAL_CHAOS_MESH: cluster.facts.chaosMesh ? 'yes' : '',
        },
      },
    );
    const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(report, 'utf8'));
    return { passed: numPassedTests, failed: Math.max(numFailedTests, code === 0 ? 0 : 1), skipped: numPendingTests };
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, interrupted);
    await cluster.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

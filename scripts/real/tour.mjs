import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startDemo } from '../host/demoServer.mjs';
import { runGuarded, sweepAtEnd } from '../host/guarded.mjs';
import { root } from '../host/node24.mjs';
import { startPrometheus, whyNoPrometheus } from '../host/prometheus.mjs';

/** The tour with a real Prometheus that scrapes the embedded cluster. */
export async function tourWithPrometheus() {
  const missing = whyNoPrometheus();
  if (missing) {
    console.log(`${missing} Skipped.`);
    return { skipped: 1 };
  }
  const directory = mkdtempSync(path.join(tmpdir(), 'distdiag-prometheus-'));
  sweepAtEnd(directory);
  const demo = await startDemo();
  let prometheus;
  try {
    prometheus = await startPrometheus({
      directory,
      jobs: { oceanbase: [`${demo.facts.prometheusUrl}/metrics`] },
      scrapeSeconds: 2,
    });
    const { url } = prometheus;
    // A baseline needs a few minutes of real scrapes: nothing can give a real server a past.
    const minutes = Number(process.env.DISTDIAG_REAL_BASELINE_MINUTES ?? 3);
    console.log(`Real Prometheus at ${url} scrapes the demo cluster; gathering a baseline of ${minutes} minutes …`);
    await new Promise((resolve) => setTimeout(resolve, minutes * 60_000));
    const tour = path.join(root, 'dist/cli/tour.js');
    const code = await runGuarded(
      process.execPath,
      ['--no-deprecation', tour, '--kubeconfig', demo.facts.kubeconfig, '--prometheus', url],
      { cwd: root },
    );
    return code === 0 ? { passed: 1 } : { failed: 1 };
  } finally {
    await prometheus?.stop();
    await demo.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

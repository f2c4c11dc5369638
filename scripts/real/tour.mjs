import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startDemo } from '../host/demoServer.mjs';
import { root } from '../host/node24.mjs';
import { has, installPackages } from '../host/packages.mjs';
import { freePort, run, startServer, waitForHttp } from '../host/processes.mjs';

/** The tour with a real Prometheus that scrapes the embedded cluster. */
export async function tourWithPrometheus() {
  if (!has('prometheus')) installPackages(['prometheus']);
  if (!has('prometheus')) {
    console.log('No real Prometheus can be had here (Debian: apt-get install prometheus): skipped.');
    return { skipped: 1 };
  }
  const directory = mkdtempSync(path.join(tmpdir(), 'distdiag-prometheus-'));
  const demo = await startDemo();
  let prometheus;
  try {
    const port = await freePort();
    const target = new URL(demo.facts.prometheusUrl).host;
    const config = path.join(directory, 'prometheus.yml');
    writeFileSync(
      config,
      `global:\n  scrape_interval: 2s\nscrape_configs:\n  - job_name: oceanbase\n    honor_labels: true\n    static_configs:\n      - targets: ['${target}']\n`,
    );
    const url = `http://127.0.0.1:${port}`;
    prometheus = startServer(
      'prometheus',
      [
        `--config.file=${config}`,
        `--storage.tsdb.path=${path.join(directory, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
      ],
      {},
      (line) => (/Server is ready to receive web requests/.test(line) ? true : undefined),
    );
    await prometheus.ready;
    await waitForHttp(`${url}/-/ready`);
    // A baseline needs a few minutes of real scrapes: nothing can give a real server a past.
    const minutes = Number(process.env.DISTDIAG_REAL_BASELINE_MINUTES ?? 3);
    console.log(`Real Prometheus at ${url} scrapes the demo cluster; gathering a baseline of ${minutes} minutes …`);
    await new Promise((resolve) => setTimeout(resolve, minutes * 60_000));
    const tour = path.join(root, 'dist/cli/tour.js');
    const code = await run(
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

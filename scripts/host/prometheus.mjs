import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { startGuarded } from './guarded.mjs';
import { has, installPackages } from './packages.mjs';
import { freePort, waitForHttp } from './processes.mjs';

/** Why no real Prometheus can be had here, in one line; undefined when it is there or was installed now. */
export function whyNoPrometheus() {
  if (!has('prometheus')) installPackages(['prometheus']);
  return has('prometheus') ? undefined : 'No real Prometheus can be had here (Debian: apt-get install prometheus).';
}

/**
 * Starts a real Prometheus on loopback that scrapes the pages of each job, whose own labels it keeps, and by `scrapes`,
 * which are parts of its own configuration; its files are in `directory`.
 */
export async function startPrometheus({ directory, jobs, scrapes = [], scrapeSeconds }) {
  const address = `127.0.0.1:${await freePort()}`;
  const config = path.join(directory, 'prometheus.yml');
  const target = (page) => {
    const { host, pathname } = new URL(page);
    return { targets: [host], labels: { __metrics_path__: pathname } };
  };
  // What is JSON is YAML.
  writeFileSync(
    config,
    JSON.stringify({
      global: { scrape_interval: `${scrapeSeconds}s`, scrape_timeout: `${scrapeSeconds}s` },
      scrape_configs: [
        ...Object.entries(jobs).map(([job_name, pages]) => ({
          job_name,
          honor_labels: true,
          static_configs: pages.map(target),
        })),
        ...scrapes,
      ],
    }),
  );
  const server = startGuarded(
    'prometheus',
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${path.join(directory, 'prometheus')}`,
      `--web.listen-address=${address}`,
    ],
    {},
    (line) => (/Server is ready to receive web requests/.test(line) ? true : undefined),
  );
  const url = `http://${address}`;
  try {
    await server.ready;
    await waitForHttp(`${url}/-/ready`);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return { url, stop: server.stop };
}

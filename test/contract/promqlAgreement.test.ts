import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startDemoCluster, type DemoCluster } from '../../src/demo/cluster';

const present = ['prometheus', 'promtool'].every((tool) => spawnSync(tool, ['--version']).status === 0);
if (!present) console.log('prometheus and promtool are not on this machine: the comparison with them is left out');

const QUERIES = `up
sum by (pod) (rate(container_cpu_usage_seconds_total[1m]))
irate(container_cpu_usage_seconds_total[1m])
increase(container_cpu_usage_seconds_total[2m30s])
delta(container_memory_rss[2m])
rate(container_cpu_usage_seconds_total[13s])
rate(container_cpu_usage_seconds_total[4s])
rate(container_cpu_usage_seconds_total[1m] offset 2m)
quantile_over_time(0.9, container_memory_rss[2m])
stddev_over_time(container_memory_rss[2m])
avg by (stat_id) (ob_sysstat)
topk(2, container_memory_rss)
quantile(0.5, container_memory_rss)
container_memory_rss / on(pod) group_left container_spec_memory_limit_bytes
container_memory_rss > on(pod) container_spec_memory_limit_bytes
5e9 < bool container_memory_rss
container_memory_rss or up
container_memory_rss and on(pod) container_memory_usage_bytes
-container_memory_rss ^ 2
clamp(ob_active_session_num, 2, 1)
round(container_memory_rss / 7, 0.5)
SUM(container_memory_rss)
sum(rate(ob_sysstat{svr_ip="10.244.1.10",stat_id="60001"}[20s])) / sum(rate(ob_sysstat{svr_ip="10.244.1.10",stat_id="60000"}[20s])) / 1e6
ob_active_session_num{obzone=~"[[:alpha:]]+1"}
ob_active_session_num{obzone=~"(?i)ZONE[12]"}
ob_active_session_num{obzone=~"zone(?=1)1"}
{svr_ip=~".*"}
{__name__=~"ob_a.*",svr_ip="10.244.1.10"} * 2
rate({__name__=~"container_fs_.*"}[1m])
up{__name__="up"}
sum(container_memory_rss) offset 1m
up * on(job) group_left(job) up
up and on(job) group_left up
time(1)
vector()
vector(1,2)
up[1m1h]
up[0s]
1_000
1 > 2
sum(up, up)
container_memory_rss / on () container_spec_memory_limit_bytes
nope + nope
sum(nope)`.split('\n');

interface Answer {
  status: string;
  data: {
    resultType: string;
    result: { metric: Record<string, string>; values?: [number, string][]; value?: [number, string] }[];
  };
}

describe.skipIf(!present)('PromQL, asked of the demo and of a real Prometheus with the same samples', () => {
  let directory: string;
  let cluster: DemoCluster;
  let server: ChildProcess;
  let real: string;
  let now: number;

  const ask = async (base: string, call: string, parameters: Record<string, string>): Promise<Answer> =>
    (await (
      await fetch(`${base}/api/v1/${call}`, { method: 'POST', body: new URLSearchParams(parameters) })
    ).json()) as Answer;

  beforeAll(async () => {
    directory = mkdtempSync(path.join(tmpdir(), 'distdiag-promql-'));
    cluster = await startDemoCluster({ directory, seed: 3, historyMinutes: 12 });
    now = Math.floor(Date.now() / 1000) - 10;
    const { data } = await ask(cluster.prometheusUrl, 'query', { query: '{__name__=~".+"}[1h]', time: String(now) });
    const families = new Map<string, string[]>();
    for (const { metric, values = [] } of data.result) {
      const { __name__: name = '', ...labels } = metric;
      const text = Object.entries(labels).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
      const lines = families.get(name) ?? [`# TYPE ${name} unknown`];
      for (const [at, value] of values) lines.push(`${name}{${text.join(',')}} ${value} ${at}`);
      families.set(name, lines);
    }
    const samples = path.join(directory, 'samples.txt');
    writeFileSync(samples, `${[...families.values()].flat().join('\n')}\n# EOF\n`);
    const storage = path.join(directory, 'tsdb');
    execFileSync('promtool', ['tsdb', 'create-blocks-from', 'openmetrics', samples, storage], { stdio: 'pipe' });
    const config = path.join(directory, 'prometheus.yml');
    writeFileSync(config, 'global: {}\n');
    const free = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => free.once('listening', resolve));
    const address = `127.0.0.1:${(free.address() as AddressInfo).port}`;
    await new Promise((resolve) => free.close(resolve));
    const flags = [`--config.file=${config}`, `--storage.tsdb.path=${storage}`, `--web.listen-address=${address}`];
    server = spawn('prometheus', [...flags, '--storage.tsdb.retention.time=100y'], { stdio: 'ignore' });
    real = `http://${address}`;
    await vi.waitFor(async () => expect((await fetch(`${real}/-/ready`)).ok).toBe(true), 20_000);
  }, 60_000);
  afterAll(async () => {
    server.kill();
    await cluster.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  /** What matters of an answer: the series in one order, values to nine digits, or that it is refused. */
  const essence = ({ status, data }: Answer): unknown => {
    if (status !== 'success' || !Array.isArray(data.result) || data.resultType === 'scalar') return status;
    const series = data.result.map(({ metric, values, value }) => ({
      labels: JSON.stringify(Object.entries(metric).sort()),
      points: (values ?? (value ? [value] : [])).map(([at, text]) => [at, Number(text).toPrecision(9)]),
    }));
    return series.sort((a, b) => (a.labels < b.labels ? -1 : 1));
  };

  it.each(QUERIES)('%s', async (query) => {
    for (const [call, parameters] of [
      ['query', { query, time: String(now - 61.3) }],
      ['query_range', { query, start: String(now - 600), end: String(now - 20), step: '17' }],
    ] as const) {
      const [ours, theirs] = await Promise.all([
        ask(cluster.prometheusUrl, call, parameters),
        ask(real, call, parameters),
      ]);
      expect(essence(ours)).toEqual(essence(theirs));
    }
  });
});

import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDemoCluster, type DemoCluster } from '../../src/demo/cluster';
import { temporaryFolder } from '../temporary';

const hasPromtool = spawnSync('promtool', ['--version']).status === 0;
if (!hasPromtool) console.log('promtool is not installed: its tests are skipped');

const directory = temporaryFolder('prom');
let cluster: DemoCluster;

beforeAll(async () => {
  cluster = await startDemoCluster({ directory, seed: 2 });
});
afterAll(async () => {
  await cluster.stop();
});

const get = async (
  pathname: string,
): Promise<{ status: number; body: { status: string; data: never; error: string; errorType: string } }> => {
  const response = await fetch(`${cluster.prometheusUrl}${pathname}`);
  return { status: response.status, body: (await response.json()) as never };
};

describe('the Prometheus API', () => {
  it('has thirty minutes of history from the first moment', async () => {
    const end = Math.floor(cluster.clock.now() / 1000);
    const { body } = await get(
      `/api/v1/query_range?query=sum(rate(container_cpu_usage_seconds_total[1m]))&start=${end - 1700}&end=${end}&step=15`,
    );
    const { resultType, result } = body.data as { resultType: string; result: { values: [number, string][] }[] };
    expect(resultType).toBe('matrix');
    expect(result[0]?.values.length).toBeGreaterThan(105);
    expect(Number(result[0]?.values[0]?.[1])).toBeGreaterThan(1);
  });

  it('takes a form as well as a query string', async () => {
    const response = await fetch(`${cluster.prometheusUrl}/api/v1/query`, {
      method: 'POST',
      body: new URLSearchParams({ query: 'up' }),
    });
    expect(await response.json()).toMatchObject({
      status: 'success',
      data: { resultType: 'vector', result: [{ value: [expect.any(Number), '1'] }] },
    });
  });

  it('lists names, labels, series, metadata and its version', async () => {
    expect((await get('/api/v1/label/__name__/values')).body.data).toContain('ob_sysstat');
    expect((await get('/api/v1/labels')).body.data).toContain('svr_ip');
    expect((await get('/api/v1/series?match[]=container_memory_rss')).body.data).toHaveLength(3);
    expect((await get('/api/v1/metadata')).body.data).toHaveProperty('container_memory_rss');
    expect((await get('/api/v1/status/buildinfo')).body.data).toHaveProperty('version');
  });

  it('says bad_data for what it cannot do, never a wrong number', async () => {
    expect(await get('/api/v1/query?query=rate(up)')).toMatchObject({
      status: 400,
      body: { status: 'error', errorType: 'bad_data' },
    });
    expect((await get('/api/v1/query_range?query=up&start=0&end=90000&step=1')).body.error).toMatch(/11,000/);
    expect((await get('/api/v1/nothing')).status).toBe(404);
  });

  it.each([
    'query?query=up&time=2024-01-01',
    'query?query=up&time=Nov 24',
    'query_range?query=up&start=1&end=2&step=0',
    'query_range?query=up&start=1&end=2&step=-1',
    'query_range?query=up&start=1&end=2&step=0.0001',
    'query_range?query=up&start=3&end=2&step=1',
    'query_range?query=up&start=0&end=20000&step=1',
    'series',
    'series?match[]={}',
    'series?match[]=up&start=x',
    'series?match[]=rate(up[5m])',
    'label/a-b/values',
    'metadata?limit=x',
  ])('refuses %s', async (call) => {
    const { status, body } = await get(`/api/v1/${call}`);
    expect([status, body.status, body.errorType]).toEqual([400, 'error', 'bad_data']);
  });

  it('reads times as Prometheus writes and reads them', async () => {
    const now = Math.floor(cluster.clock.now() / 1000) - 10;
    for (const time of [now, `${now}.5`, now.toExponential(), new Date(now * 1000).toISOString()]) {
      const { body } = await get(`/api/v1/query?query=up&time=${encodeURIComponent(time)}`);
      expect((body.data as { result: unknown[] }).result).toHaveLength(1);
    }
  });

  it('lists the series that lived in the time that is asked for', async () => {
    expect((await get('/api/v1/series?match[]=up&start=1&end=2')).body.data).toEqual([]);
    const now = Math.floor(cluster.clock.now() / 1000);
    expect((await get(`/api/v1/series?match[]=up&start=${now - 60}&end=${now}`)).body.data).toHaveLength(1);
  });

  it('describes one metric, or as many as are wanted', async () => {
    expect((await get('/api/v1/metadata?metric=container_memory_rss')).body.data).toEqual({
      container_memory_rss: [{ type: 'gauge', help: 'Size of RSS in bytes.', unit: '' }],
    });
    expect(Object.keys((await get('/api/v1/metadata?limit=2')).body.data)).toHaveLength(2);
  });

  it('takes no other method, and no endless form', async () => {
    expect((await fetch(`${cluster.prometheusUrl}/api/v1/query?query=up`, { method: 'DELETE' })).status).toBe(405);
    const body = new URLSearchParams({ query: '1 + '.repeat(2e6) });
    expect((await fetch(`${cluster.prometheusUrl}/api/v1/query`, { method: 'POST', body })).status).toBe(413);
  });

  it('exposes counters that only grow', async () => {
    const read = async (): Promise<Map<string, number>> => {
      const text = await (await fetch(`${cluster.prometheusUrl}/metrics`)).text();
      return new Map(
        text
          .split('\n')
          .filter((line) => line.includes('_total{'))
          .map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
      );
    };
    const first = await read();
    for (const [series, value] of await read())
      expect(value, series).toBeGreaterThanOrEqual(first.get(series) as number);
  });
});

describe.skipIf(!hasPromtool)('promtool', () => {
  it('reads a range and finds the exposition sound', async () => {
    const end = new Date(cluster.clock.now()).toISOString();
    const start = new Date(cluster.clock.now() - 600_000).toISOString();
    // Not synchronously: the server answers from this process.
    const { stdout: output } = await promisify(execFile)('promtool', [
      'query',
      'range',
      `--start=${start}`,
      `--end=${end}`,
      '--step=15s',
      cluster.prometheusUrl,
      'sum by (pod) (container_memory_rss)',
    ]);
    expect(output.match(/pod="/g)).toHaveLength(3);
    const text = await (await fetch(`${cluster.prometheusUrl}/metrics`)).text();
    const lint = spawnSync('promtool', ['check', 'metrics'], { input: text });
    expect([lint.status, lint.stderr.toString()]).toEqual([0, '']);
  });
});

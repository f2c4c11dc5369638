import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildDataset } from '../../bed/dataset';
import { readSamples, SamplesWriter, type Header } from '../../bed/samples';
import type { PlannedAnomaly, Slot } from '../../bed/schedule';
import { temporaryFolder } from '../../temporary';

const SECOND = 1000;
const BEGIN = Date.UTC(2026, 0, 1);
const header: Header = {
  format: 'distdiag-bed-samples/1',
  engine: 'seekdb',
  title: 'a test',
  seed: 3,
  nodes: [1, 2, 3].map((n) => ({
    name: `pod-${n}`,
    namespace: 'ns',
    container: 'observer',
    ip: `10.0.0.${n}`,
    memoryLimit: 1,
  })),
};
const stress: PlannedAnomaly = {
  node: 1,
  type: 'cpu_stress',
  effect: { fault: { type: 'cpu', workers: 1, load: 50 } },
};
const slot = (number: number, anomalies: readonly PlannedAnomaly[]): Slot & { number: number } => ({
  ...{ number, anomalies, scenario: anomalies.length > 0 ? 'A' : 'H', noise: 0, gapSeconds: 60, seconds: 60 },
});
/** When the two slots' anomalies act, seconds after the begin. */
const ACTS = { 1: [100, 160], 2: [220, 280] } as const;
const END = 330;
/** Node 3's exporter of the engine does not answer then. */
const silent = (second: number): boolean => second >= 120 && second < 140;

/** Half a core on every node, a whole one more on node 2 while it is stressed; 10 statements a second of 2 ms each. */
function samplesOf(node: number, second: number): { container: object[]; engine: object[] } {
  const stressed = node === 1 ? Math.min(Math.max(second - ACTS[1][0], 0), 60) : 0;
  const { name: pod, namespace, container, ip: svr_ip } = header.nodes[node] as Header['nodes'][number];
  const stat = (id: string, value: number): object => ({ name: 'ob_sysstat', labels: { svr_ip, stat_id: id }, value });
  return {
    container: [
      {
        name: 'container_cpu_usage_seconds_total',
        labels: { namespace, pod, container },
        value: 0.5 * second + stressed,
      },
      { name: 'container_memory_rss', labels: { namespace, pod, container }, value: 1e9 + node },
    ],
    engine: [
      ...['40000', '40002', '40004', '40006', '40008'].map((id) => stat(id, 2 * second)),
      ...['40001', '40003', '40005', '40007', '40009'].map((id) => stat(id, 2 * second * 2000)),
      { name: 'ob_active_session_num', labels: { svr_ip }, value: 1 + node },
      { name: 'bed_event_waits_total', labels: { svr_ip, event_id: '1' }, value: second },
    ],
  };
}

const directory = temporaryFolder('bed-test');
let file: string;

beforeAll(async () => {
  file = path.join(directory, 'samples.jsonl.gz');
  const writer = new SamplesWriter(file, header);
  const level = { cpuLimit: 2, clients: [4, 4, 8], thinkSeconds: 0.3 };
  const at = (second: number): number => BEGIN + second * SECOND;
  for (let second = 0; second <= END; second += 5) {
    if (second === 0) writer.happening({ event: 'level', t: at(second), level });
    if (second === ACTS[1][0]) writer.happening({ event: 'start', t: at(second), slot: slot(1, [stress]) });
    if (second === ACTS[1][1]) writer.happening({ event: 'stop', t: at(second), number: 1 });
    if (second === ACTS[2][0]) writer.happening({ event: 'start', t: at(second), slot: slot(2, []) });
    if (second === ACTS[2][1]) writer.happening({ event: 'stop', t: at(second), number: 2 });
    writer.happening({ event: 'host', t: at(second), busy: 0.25 });
    for (const node of [0, 1, 2])
      for (const source of ['container', 'engine'] as const) {
        const failed = node === 2 && source === 'engine' && silent(second);
        const samples = failed ? undefined : (samplesOf(node, second)[source] as never);
        writer.scrape({ t: at(second) + 10 * node, node, source, samples });
      }
  }
  await writer.close();
});
interface Built {
  source: string;
  units: Record<string, string>;
  types: string[];
  runs: {
    id: string;
    types: string[];
    rows: number;
    abnormal: [number, number];
    fault: [number, number];
    hostBusy: number[];
    metrics: Record<string, (number | null)[]>;
  }[];
}

describe('a recording', () => {
  interface Dataset {
    runs: Built;
    cases: ReturnType<typeof buildDataset>['cases'];
  }
  const built = new Map<number, Dataset>();
  const build = (windowMs = 20_000): Dataset => {
    const dataset = built.get(windowMs) ?? (buildDataset(readSamples(file), windowMs) as Dataset);
    built.set(windowMs, dataset);
    return dataset;
  };
  const run = (name: string): Built['runs'][number] => {
    const found = build().runs.runs.find(({ id }) => id === name);
    if (!found)
      throw new Error(
        `no run ${name}: ${build()
          .runs.runs.map(({ id }) => id)
          .join(', ')}`,
      );
    return found;
  };

  it('is read as it was written, also where values stood still', () => {
    const { scrapes } = readSamples(file);
    const last = scrapes.findLast(({ node, source }) => node === 2 && source === 'engine');
    expect(last?.samples).toEqual(samplesOf(2, END).engine);
    const memory = scrapes.findLast(({ node, source }) => node === 1 && source === 'container')?.samples;
    expect(memory).toEqual(samplesOf(1, END).container);
  });

  it('can be read when its end is missing', () => {
    const whole = readFileSync(file);
    const cut = path.join(directory, 'cut.gz');
    writeFileSync(cut, whole.subarray(0, whole.length - 200));
    const { header: head, scrapes } = readSamples(cut);
    expect(head).toEqual(header);
    expect(scrapes.length).toBeGreaterThan(100);
    expect(scrapes).toEqual(readSamples(file).scrapes.slice(0, scrapes.length));
  });

  it('becomes one run a node and slot, with the metrics as the profiles ask for them', () => {
    const { runs } = build();
    expect(runs.runs.map(({ id }) => id)).toEqual([
      ...[1, 2, 3].map((n) => `seekdb-3-001/cpu_stress@node2/node${n}`),
      ...[1, 2, 3].map((n) => `seekdb-3-002/quiet/node${n}`),
    ]);
    expect(runs.units).toMatchObject({ 'cpu.used': 'cores', 'db.queries': 'per second', 'memory.rss': 'bytes' });
    const anomalous = run('seekdb-3-001/cpu_stress@node2/node2');
    const [from, to] = anomalous.fault;
    expect(anomalous.abnormal).toEqual(anomalous.fault);
    expect(to - from).toBe(12);
    const cpu = anomalous.metrics['cpu.used'] ?? [];
    expect(cpu.slice(0, from - 1)).toEqual(Array(from - 1).fill(0.5));
    // A rate of 20 s is all of the fault from its fifth row on.
    expect(cpu.slice(from + 4, to)).toEqual(Array(to - from - 4).fill(1.5));
    expect(anomalous.metrics['db.queries']?.[0]).toBe(10);
    expect(anomalous.metrics['db.queryLatency']?.[0]).toBe(0.002);
    expect(anomalous.metrics['memory.rss']?.[0]).toBe(1e9);
    expect(anomalous.hostBusy).toEqual([0.25, 0.25]);
    expect(run('seekdb-3-001/cpu_stress@node2/node1')).toMatchObject({
      types: [],
      abnormal: [0, 0],
      fault: anomalous.fault,
    });
  });

  it('has no value where an exporter was silent', () => {
    const { fault, metrics } = run('seekdb-3-001/cpu_stress@node2/node3');
    const sessions = metrics['db.activeSessions'] ?? [];
    // 120 s to 139 s are rows 4 to 7 of the anomaly.
    const known = sessions.slice(fault[0], fault[1]).map((value) => value !== null);
    expect(known).toEqual([true, true, true, false, false, false, false, true, true, true, true, true]);
  });

  it('becomes cases with a baseline and windows that do not overlap', () => {
    const { cases } = build();
    const own = cases.filter(({ id }) => id.startsWith('seekdb-3-001'));
    expect(own.map(({ id }) => id.replace(/^.*-/, ''))).toEqual(['first', 'last', 'gap']);
    const [first, last, gap] = own;
    expect(first).toMatchObject({ scenario: 'A', truth: [['node2', 'cpu_stress']] });
    expect(gap).toMatchObject({ scenario: 'H', truth: [] });
    for (const one of own)
      for (const { baseline, window, run: id } of one.nodes) {
        expect(baseline[1]).toBeLessThanOrEqual(window[0]);
        expect(window[1]).toBeLessThanOrEqual(run(id).rows);
      }
    expect(first?.nodes[0]?.window[1]).toBeLessThanOrEqual(last?.nodes[0]?.window[0] ?? 0);
    expect(cases.filter(({ id }) => id.startsWith('seekdb-3-002')).map(({ scenario }) => scenario)).toEqual(
      expect.arrayContaining(['H', 'H']),
    );
  });

  it('begins a slot only when nothing of the one before is in a rate any more', () => {
    const rows = (windowMs: number): number =>
      build(windowMs).runs.runs.find(({ id }) => id === 'seekdb-3-002/quiet/node2')?.fault[0] ?? 0;
    expect(rows(10_000) - rows(20_000)).toBe(2);
    expect(rows(60_000)).toBe(rows(20_000));
    expect(run('seekdb-3-002/quiet/node2').metrics['cpu.used']?.every((value) => value === 0.5)).toBe(true);
  });
});

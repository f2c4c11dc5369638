import { describe, expect, it } from 'vitest';
import { FaultBoard, type Fault } from '../../../../src/demo/faults';
import { DatabaseSimulator } from '../../../../src/demo/simulator/simulator';
import { demoTopology } from '../../../../src/demo/topology';

const START = Date.UTC(2026, 0, 5, 12);
const topology = demoTopology(3);
const victim = topology.pods[0]?.name as string;

function simulate(fault: Fault | undefined, seed = 3): { before: Map<string, number>; during: Map<string, number> } {
  const board = new FaultBoard();
  const simulator = new DatabaseSimulator({ topology, seed, startMs: START, board });
  const read = (): Map<string, number> =>
    new Map(
      simulator
        .samples()
        .map(({ name, labels, value }) => [
          `${name}|${labels['pod'] ?? labels['svr_ip']}|${labels['stat_id'] ?? ''}`,
          value,
        ]),
    );
  const between = (from: Map<string, number>, to: Map<string, number>): Map<string, number> =>
    new Map([...to].map(([key, value]) => [key, value - (from.get(key) ?? 0)]));
  simulator.advanceTo(START + 120_000);
  const a = read();
  simulator.advanceTo(START + 240_000);
  const b = read();
  if (fault) board.apply({ id: 'f', pod: victim, fault });
  simulator.advanceTo(START + 360_000);
  return { before: between(a, b), during: between(b, read()) };
}

/** How many times as much a counter grew under the fault, on the victim and on another node. */
function growth(fault: Fault, key: (pod: string, ip: string) => string): [number, number] {
  const { before, during } = simulate(fault);
  const [first, second] = topology.pods
    .slice(0, 2)
    .map(({ name, ip }) => (during.get(key(name, ip)) ?? NaN) / (before.get(key(name, ip)) ?? NaN)) as [number, number];
  return [first, second];
}

const cpu = (pod: string): string => `container_cpu_usage_seconds_total|${pod}|`;
const statistic =
  (id: number) =>
  (_pod: string, ip: string): string =>
    `ob_sysstat|${ip}|${id}`;

describe('the simulated database', () => {
  it('is the same for the same seed, and another for another', () => {
    expect([...simulate(undefined).during]).toEqual([...simulate(undefined).during]);
    expect([...simulate(undefined, 4).during]).not.toEqual([...simulate(undefined).during]);
  });

  it('only lets counters grow', () => {
    for (const [key, value] of simulate(undefined).during)
      if (key.includes('_total|')) expect(value, key).toBeGreaterThanOrEqual(0);
  });

  it('is quiet without a fault', () => {
    const { before, during } = simulate(undefined);
    for (const { name } of topology.pods)
      expect((during.get(cpu(name)) as number) / (before.get(cpu(name)) as number)).toBeCloseTo(1, 0);
  });

  it('takes one core for one worker, on the victim only', () => {
    const { before, during } = simulate({ type: 'cpu', workers: 1, load: 100 });
    expect(((during.get(cpu(victim)) as number) - (before.get(cpu(victim)) as number)) / 120).toBeGreaterThan(0.6);
    const other = topology.pods[1]?.name as string;
    expect((during.get(cpu(other)) as number) / (before.get(cpu(other)) as number)).toBeLessThan(1.1);
  });

  it('holds the bytes of a memory stressor', () => {
    const { during } = simulate({ type: 'memory', bytes: 256e6 });
    expect(during.get(`container_memory_rss|${victim}|`)).toBeGreaterThan(240e6);
  });

  it('slows the commits of the node whose packets are late, and the others a little', () => {
    const fault: Fault = { type: 'networkDelay', latencyMs: 100, jitterMs: 0, direction: 'to', peers: [] };
    const [victimCommits, otherCommits] = growth(fault, statistic(30007));
    expect(victimCommits).toBeLessThan(0.5);
    expect(otherCommits).toBeGreaterThan(0.7);
    expect(otherCommits).toBeLessThan(0.98);
  });

  it('lengthens reads and writes of a slow data volume, not of the redo log', () => {
    const fault: Fault = { type: 'ioLatency', delayMs: 100, percent: 100, volumePath: '/home/admin/data-file' };
    expect(growth(fault, statistic(60004))[0]).toBeGreaterThan(10);
    const [time] = growth(fault, statistic(30000));
    const [count] = growth(fault, statistic(30001));
    expect(time / count).toBeCloseTo(1, 1);
  });

  it('cuts a node off, and it commits less than the rest, which keep their majority', () => {
    const peers = topology.pods.slice(1).map(({ name }) => name);
    const [cut, rest] = growth({ type: 'networkPartition', direction: 'both', peers }, statistic(30007));
    expect(cut).toBeLessThan(0.3);
    expect(rest).toBeGreaterThan(4 * cut);
  });

  it('sends more with duplicates, and less work is done with wrong bytes', () => {
    const sent = (pod: string): string => `container_network_transmit_bytes_total|${pod}|`;
    const twice: Fault = { type: 'networkDuplicate', percent: 50, direction: 'to', peers: [] };
    expect(growth(twice, sent)[0]).toBeGreaterThan(1.4);
    expect(growth(twice, sent)[0]).toBeLessThan(1.7);
    const wrong: Fault = { type: 'ioMistake', percent: 100, volumePath: '/home/admin/data-file' };
    expect(growth(wrong, statistic(30007))[0]).toBeLessThan(0.95);
  });

  it('measures late packets where a clock is ahead, and fails where it is far off', () => {
    const skewed: Fault = { type: 'clock', offsetMs: 60_000 };
    expect(growth(skewed, statistic(10005))[0]).toBeGreaterThan(100);
    expect(growth(skewed, statistic(30007))[0]).toBeLessThan(0.8);
    const [small] = growth({ type: 'clock', offsetMs: 500 }, statistic(30007));
    expect(small).toBeGreaterThan(0.95);
  });

  it('hides obagent’s metrics, not the container’s, where its server is cut', () => {
    const seen = (fault: Fault): string[] => {
      const board = new FaultBoard();
      const simulator = new DatabaseSimulator({ topology, seed: 1, startMs: START, board });
      board.apply({ id: 'h', pod: victim, fault });
      simulator.advanceTo(START + 2000);
      const { ip } = topology.pods[0] as { ip: string };
      const own = simulator.samples().filter(({ labels }) => labels['pod'] === victim || labels['svr_ip'] === ip);
      return [...new Set(own.map(({ name }) => name.split('_')[0] as string))].sort();
    };
    expect(seen({ type: 'http', port: 8088, path: '*', delayMs: Infinity })).toEqual(['container', 'kube']);
    expect(seen({ type: 'http', port: 8088, path: '/metrics/*', delayMs: 30_000 })).toEqual(['container', 'kube']);
    for (const other of [
      { port: 8088, path: '*', delayMs: 1000 },
      { port: 80, path: '*', delayMs: Infinity },
      { port: 8088, path: '/api/*', delayMs: Infinity },
    ])
      expect(seen({ type: 'http', ...other })).toContain('ob');
  });

  it('restarts its counters after a kill', () => {
    const board = new FaultBoard();
    const simulator = new DatabaseSimulator({ topology, seed: 1, startMs: START, board });
    simulator.advanceTo(START + 60_000);
    board.apply({ id: 'k', pod: victim, fault: { type: 'podKill' } });
    simulator.advanceTo(START + 62_000);
    const node = simulator.node(victim);
    expect(node?.restarts).toBe(1);
    expect(node?.counters.get('cpu')).toBeLessThan(10);
  });
});

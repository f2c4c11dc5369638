import { describe, expect, it } from 'vitest';
import { FaultBoard } from '../../../../src/demo/faults';
import { DatabaseSimulator } from '../../../../src/demo/simulator/simulator';
import { varyCluster } from '../../../../src/demo/simulator/variety';
import { CAUSES, type Cause } from './measureEffects';

const START = Date.UTC(2026, 0, 5, 3);
const SEEDS = Array.from({ length: 40 }, (_, seed) => seed);

/** Rates and means of the busiest node over a minute, before a cause and with it. */
function minutes(seed: number, cause: Cause, nodes = 3): { before: Figures; during: Figures; others: Figures } {
  const { topology, server } = varyCluster(nodes, seed);
  const board = new FaultBoard();
  const simulator = new DatabaseSimulator({ topology, seed, startMs: START, board, server });
  let now = START;
  const minute = (): Figures[] => {
    const before = simulator.nodes.map(({ counters }) => new Map(counters));
    simulator.advanceTo((now += 60_000));
    return simulator.nodes.map(({ counters, gauges }, i) => {
      const rate = (name: string): number => ((counters.get(name) ?? 0) - (before[i]?.get(name) ?? 0)) / 60;
      return {
        commits: rate('commits'),
        logTime: rate('logTime') / rate('logWrites') / 1e6,
        readTime: rate('readTime') / rate('reads') / 1e6,
        cpu: rate('cpu'),
        lockWait: rate('lockWait') / 1e6,
        sent: rate('sent'),
        resident: gauges.get('rss') ?? NaN,
      };
    });
  };
  simulator.advanceTo((now += 120_000));
  const quiet = minute();
  const busiest = quiet.reduce((best, { commits }, i) => (commits > (quiet[best]?.commits ?? 0) ? i : best), 0);
  const pod = topology.pods[busiest]?.name ?? '';
  if (cause.fault) board.apply({ id: 'cause', pod, fault: cause.fault });
  if (cause.load) simulator.load.set(pod, cause.load);
  simulator.advanceTo((now += 10_000));
  const during = minute();
  return {
    before: quiet[busiest] as Figures,
    during: during[busiest] as Figures,
    others: quiet[(busiest + 1) % nodes] as Figures,
  };
}

interface Figures {
  commits: number;
  logTime: number;
  readTime: number;
  cpu: number;
  lockWait: number;
  sent: number;
  resident: number;
}

describe('varied clusters', () => {
  const quiet = SEEDS.map((seed) => ({
    limit: varyCluster(3, seed).topology.pods[0]?.cpuLimit ?? 0,
    ...minutes(seed, {}),
  }));
  const spread = (values: number[]): [number, number] => [Math.min(...values), Math.max(...values)];

  it.each([
    ['CPU limits', () => quiet.map(({ limit }) => limit), 0.2, 8, 10],
    ['commits of the busiest node', () => quiet.map(({ before }) => before.commits), 3, 3000, 50],
    ['log latencies', () => quiet.map(({ before }) => before.logTime), 0.0001, 0.08, 30],
    ['read latencies', () => quiet.map(({ before }) => before.readTime), 0.0001, 0.08, 30],
    ['bytes in memory', () => quiet.map(({ before }) => before.resident), 4e8, 4e10, 10],
  ])('differ in their %s as real ones do', (_, values, least, most, times) => {
    const [low, high] = spread(values());
    expect(low).toBeGreaterThanOrEqual(least);
    expect(high).toBeLessThanOrEqual(most);
    expect(high / low).toBeGreaterThan(times);
  });

  it('stay within their CPU limits, with something in reserve', () => {
    for (const { limit, before } of quiet) expect(before.cpu / limit).toBeLessThan(0.75);
  });

  it('have nodes that do alike, and some with one that does nearly all', () => {
    const [least, most] = spread(quiet.map(({ before, others }) => before.commits / others.commits));
    expect(least).toBeLessThan(1.3);
    expect(most).toBeGreaterThan(4);
  });

  it('are the same for the same seed', () => {
    expect(minutes(7, {})).toEqual(minutes(7, {}));
    expect(varyCluster(5, 8)).not.toEqual(varyCluster(5, 9));
  });

  const share = (cause: string, holds: (one: ReturnType<typeof minutes>) => boolean): number =>
    SEEDS.slice(0, 12).filter((seed) => holds(minutes(seed, CAUSES[cause] ?? {}))).length / 12;

  it.each<[string, (one: ReturnType<typeof minutes>) => boolean]>([
    ['cpu_stress', ({ before, during }) => during.cpu > 1.1 * before.cpu],
    ['memory_stress', ({ before, during }) => during.resident - before.resident > 2e8],
    ['network_delay', ({ before, during }) => during.commits < 0.8 * before.commits && during.sent < 0.8 * before.sent],
    ['disk_stress', ({ before, during }) => during.readTime > 2 * before.readTime],
    ['workload_spike', ({ before, during }) => during.commits > 1.2 * before.commits],
    ['lock_contention', ({ before, during }) => during.lockWait > 2 * before.lockWait],
  ])('show %s, whatever their size', (cause, holds) => {
    expect(share(cause, holds)).toBeGreaterThanOrEqual(0.9);
  });
});

describe('memory', () => {
  it('grows by some per cent between two compactions, and no more', () => {
    const growth = SEEDS.slice(0, 4).map((seed) => {
      const { topology, server } = varyCluster(3, seed);
      const simulator = new DatabaseSimulator({ topology, seed, startMs: START, board: new FaultBoard(), server });
      const seen = Array.from({ length: 40 }, (_, minute) => {
        simulator.advanceTo(START + minute * 60_000);
        return simulator.nodes[0]?.gauges.get('rss') ?? NaN;
      }).slice(1);
      return Math.max(...seen) / Math.min(...seen) - 1;
    });
    expect(Math.max(...growth)).toBeGreaterThan(0.02);
    expect(Math.max(...growth)).toBeLessThan(0.06);
  });
});

import { beforeAll, describe, expect, it } from 'vitest';
import { defaultParameters, FAULT_TYPES, type FaultType } from '../../../../src/core/faults/catalogue';
import { toManifest } from '../../../../src/core/injection/manifest';
import type { InjectionPlan } from '../../../../src/core/injection/plan';
import { faultsOf } from '../../../../src/demo/chaos/faultsOf';
import { DEMO_SERVER } from '../../../../src/demo/simulator/server';
import { demoTopology } from '../../../../src/demo/topology';
import { target } from '../../cluster/targets';
import { measureEffects } from './measureEffects';

/**
 * `up`, `down`: by this factor at least, as a natural logarithm. `still`: by less than is noticed. `gone`: no sample.
 * `peers:` before a metric: at the other nodes.
 */
type Expectation = readonly [metric: string, change: 'still' | 'gone'] | readonly [string, 'up' | 'down', number];
interface Row {
  parameters?: InjectionPlan['parameters'];
  effect: readonly Expectation[];
  /** Faults that these metrics do not tell apart from it. */
  alike?: readonly FaultType[];
}

const STILL = 0.15;
const UNAFFECTED: readonly Expectation[] = [
  ['cpu.used', 'still'],
  ['memory.used', 'still'],
  ['network.sendBytes', 'still'],
  ['network.rpcDelay', 'still'],
  ['disk.readOps', 'still'],
  ['disk.readLatency', 'still'],
  ['disk.logLatency', 'still'],
  ['db.commits', 'still'],
  ['db.rollbacks', 'still'],
  ['db.connections', 'still'],
  ['db.queryLatency', 'still'],
];
/** Clients wait for acknowledgements, and a leader waits for a majority of its replicas. */
const SLOW_PACKETS: readonly Expectation[] = [
  ['disk.logLatency', 'up', 1],
  ['db.updateLatency', 'up', 1],
  ['db.commits', 'down', 0.4],
  ['network.sendBytes', 'down', 0.3],
  ['cpu.used', 'down', 0.2],
];
/** A restarted server reads into empty caches. */
const RESTARTED: readonly Expectation[] = [
  ['memory.memstore', 'down', 1],
  ['disk.readOps', 'up', 0.5],
  ['db.commits', 'still'],
];
/** obagent is not reached; cAdvisor, which measures the container, is. */
const UNSCRAPED: readonly Expectation[] = [
  ['db.connections', 'gone'],
  ['memory.memstore', 'gone'],
  ['cpu.used', 'still'],
  ['network.sendBytes', 'still'],
];

/** What docs and catalogue say of each fault, in the metrics of the node that it hits. */
const ROWS: Readonly<Record<FaultType, Row>> = {
  cpu_stress: {
    effect: [
      ['cpu.used', 'up', 0.3],
      ['cpu.throttled', 'up', 0.5],
      ['db.queryLatency', 'up', 0.3],
      ['memory.used', 'still'],
      ['peers:cpu.used', 'still'],
    ],
  },
  memory_stress: {
    effect: [
      ['memory.rss', 'up', 0.1],
      ['memory.used', 'up', 0.1],
      ['cpu.used', 'still'],
      ['db.queryLatency', 'still'],
      ['peers:memory.rss', 'still'],
    ],
  },
  network_delay: {
    effect: [...SLOW_PACKETS, ['peers:network.rpcDelay', 'up', 1]],
    alike: ['network_loss', 'network_corrupt', 'network_partition'],
  },
  disk_stress: {
    effect: [
      ['disk.readLatency', 'up', 2],
      ['db.ioWaitTime', 'up', 2],
      ['db.queryLatency', 'up', 1],
      ['disk.logLatency', 'still'], // the redo log is on another volume
      ['peers:disk.readLatency', 'still'],
    ],
  },
  pod_kill: { effect: RESTARTED, alike: ['container_kill'] },
  container_kill: { effect: RESTARTED, alike: ['pod_kill'] },
  pod_failure: {
    effect: [
      ['cpu.used', 'down', 2],
      ['memory.used', 'down', 2],
      ['network.sendBytes', 'down', 2],
      ['db.connections', 'gone'],
    ],
  },
  network_loss: { effect: SLOW_PACKETS, alike: ['network_corrupt', 'network_delay', 'network_partition'] },
  network_corrupt: { effect: SLOW_PACKETS, alike: ['network_loss', 'network_delay', 'network_partition'] },
  network_duplicate: {
    effect: [
      ['network.sendBytes', 'up', 0.18],
      ['network.receiveBytes', 'still'],
      ['db.commits', 'still'],
    ],
  },
  network_bandwidth: {
    effect: [
      ['db.commits', 'down', 0.4],
      ['network.sendBytes', 'down', 0.3],
      ['db.queueTime', 'up', 1],
      ['db.queryLatency', 'up', 0.5],
    ],
  },
  network_partition: {
    effect: [
      ['network.rpcIn', 'down', 2],
      ['db.commits', 'down', 1],
      ['disk.logLatency', 'up', 2],
    ],
  },
  io_fault: {
    effect: [
      ['db.rollbacks', 'up', 1],
      ['disk.readLatency', 'still'],
      ['network.rpcDelay', 'still'],
    ],
    alike: ['io_mistake'],
  },
  io_mistake: {
    parameters: { percent: 50 },
    effect: [
      ['db.rollbacks', 'up', 1],
      ['disk.readLatency', 'still'],
      ['network.rpcDelay', 'still'],
    ],
    alike: ['io_fault'],
  },
  clock_skew: {
    effect: [
      ['network.rpcDelay', 'up', 2],
      ['db.rollbacks', 'up', 1],
      ['cpu.used', 'still'],
    ],
  },
  // Names are looked up when a server starts, not while it runs.
  dns_error: { effect: UNAFFECTED },
  http_abort: { effect: UNSCRAPED, alike: ['http_delay'] },
  http_delay: { parameters: { delay: '30s' }, effect: UNSCRAPED, alike: ['http_abort'] },
};

const topology = demoTopology(3);
const [victim = '', ...peers] = topology.pods.map(({ name }) => name);

/** The change of each metric under a fault as a user injects it; NaN = no sample. */
function changesUnder(type: FaultType): ReadonlyMap<string, number> {
  const object = toManifest({
    type,
    targets: [target({ pod: victim })],
    peers: peers.map((pod) => target({ pod })),
    parameters: { ...defaultParameters(type), ...ROWS[type].parameters },
    durationMs: 600_000,
    chaosNamespace: topology.namespace,
    container: 'observer',
    createdBy: 'test',
  });
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: victim } };
  const [fault] = faultsOf(object as Parameters<typeof faultsOf>[0], pod, type === 'network_partition' ? peers : []);
  if (!fault) throw new Error(`${type} is no fault`);
  const changes = new Map<string, number>();
  for (const { metric, sick, change } of measureEffects(DEMO_SERVER, { fault }, 1, topology))
    changes.set(sick ? metric : `peers:${metric}`, change);
  return changes;
}

function isAsExpected(changes: ReadonlyMap<string, number>, [metric, kind, least = 0]: Expectation): boolean {
  const change = changes.get(metric) ?? NaN;
  if (kind === 'gone') return Number.isNaN(change);
  if (kind === 'still') return Math.abs(change) < STILL;
  return (kind === 'up' ? change : -change) >= least;
}

const measured = new Map<FaultType, ReadonlyMap<string, number>>();
beforeAll(() => {
  for (const type of FAULT_TYPES) measured.set(type, changesUnder(type));
}, 120_000);
const of = (type: FaultType): ReadonlyMap<string, number> => measured.get(type) as ReadonlyMap<string, number>;

describe.each(FAULT_TYPES)('the demo under %s', (type) => {
  const { effect, alike = [] } = ROWS[type];

  for (const expectation of effect)
    it(expectation.join(' '), () => {
      const change = of(type).get(expectation[0]);
      expect(isAsExpected(of(type), expectation), `changed by ${change?.toFixed(2)}`).toBe(true);
    });

  it('is not the demo under another fault', () => {
    const others = FAULT_TYPES.filter((other) => other !== type && !alike.includes(other));
    expect(others.filter((other) => effect.every((one) => isAsExpected(of(other), one)))).toEqual([]);
  });
});

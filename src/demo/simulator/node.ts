import type { Fault } from '../faults';
import type { Random } from '../../core/base/random';
import type { DemoPod } from '../topology';
import type { Flow } from './transactions';

const NOTHING: Flow = {
  own: 0,
  remote: 0,
  commits: 0,
  open: 0,
  transactionTime: 0,
  statements: { select: [0, 0], insert: [0, 0], replace: [0, 0], update: [0, 0], delete: [0, 0] },
  other: [0, 0],
  requests: 0,
  queueTime: 0,
  reads: 0,
  lockWait: 0,
  running: 0,
  working: 0,
};

/** Everything that one simulated server counts. Counters only grow; a restart sets them to 0. */
export class NodeState {
  readonly pod: DemoPod;
  /** Slow noise of load, CPU, memory, disk (AR(1), standard deviation about 1). */
  noise = { load: 0, cpu: 0, memory: 0, disk: 0, network: 0 };
  counters = new Map<string, number>();
  restarts = 0;
  /** Gauges of the last step. */
  gauges = new Map<string, number>();
  /** Rows in memstore, bytes: a saw-tooth between compactions. */
  memstore: number;
  up = true;
  /** Whether its own metrics can be read; the container's always can. */
  scraped = true;
  /** Whether the root service runs on it. */
  rootService = false;
  /** Seconds since the last restart, for warming caches. */
  warm = 1e6;
  extraMemory = 0;
  /** The last second's work. */
  flow: Flow = NOTHING;
  diskOps = 0;
  bytesPerTransaction = 0;
  /** Cores that it used, transactions a second that its CPU would allow, and how much longer CPU work and I/O take. */
  cpu = { used: 0, most: Infinity, stretch: 1, ioStretch: 1 };

  constructor(pod: DemoPod, memstore: number) {
    this.pod = pod;
    this.memstore = memstore;
  }

  /** Goes on by a second. */
  wander(random: Random): void {
    for (const key of ['load', 'cpu', 'memory', 'disk', 'network'] as const)
      this.noise[key] = 0.97 * this.noise[key] + 0.24 * random.normal();
  }

  /** A factor about 1: slow noise of that size, and half of it anew at each look. */
  jitter(key: keyof NodeState['noise'], size: number, random: Random): number {
    return Math.max(0, 1 + size * this.noise[key] + size * 0.5 * random.normal());
  }

  add(counter: string, amount: number): void {
    this.counters.set(counter, (this.counters.get(counter) ?? 0) + Math.max(0, amount));
  }

  restart(): void {
    this.counters.clear();
    this.restarts += 1;
    this.warm = 0;
    this.memstore = 0;
  }
}

/** The faults on a node, added up by kind. */
export interface FaultSum {
  cores: number;
  memory: number;
  dataDelay: number;
  logDelay: number;
  ioErrors: number;
  /** Share of packets that are sent twice. */
  duplicates: number;
  /** Seconds that the clock is ahead. */
  skew: number;
  /** obagent's metrics cannot be read. */
  unscraped: boolean;
  bandwidth: number;
  failed: boolean;
}

/** Adds up what acts on a pod; seconds, bytes, cores, shares. */
export function sumFaults(faults: readonly Fault[]): FaultSum {
  const sum: FaultSum = {
    cores: 0,
    memory: 0,
    dataDelay: 0,
    logDelay: 0,
    ioErrors: 0,
    duplicates: 0,
    skew: 0,
    unscraped: false,
    bandwidth: Infinity,
    failed: false,
  };
  for (const fault of faults) {
    if (fault.type === 'cpu') sum.cores += fault.workers * (fault.load / 100);
    else if (fault.type === 'memory') sum.memory += fault.bytes;
    else if (fault.type === 'ioLatency') {
      const delay = (fault.delayMs / 1000) * (fault.percent / 100);
      if (fault.volumePath.includes('data-log')) sum.logDelay += delay;
      else sum.dataDelay += delay;
    } else if (fault.type === 'ioFault') sum.ioErrors = Math.min(1, sum.ioErrors + fault.percent / 100);
    // A wrong byte is found by its checksum, and most are read again.
    else if (fault.type === 'ioMistake') sum.ioErrors = Math.min(1, sum.ioErrors + fault.percent / 400);
    else if (fault.type === 'networkDuplicate') sum.duplicates += fault.percent / 100;
    else if (fault.type === 'clock') sum.skew += fault.offsetMs / 1000;
    else if (fault.type === 'http') sum.unscraped ||= hidesMetrics(fault);
    else if (fault.type === 'networkBandwidth') sum.bandwidth = Math.min(sum.bandwidth, fault.bytesPerSecond);
    else if (fault.type === 'podFailure') sum.failed = true;
  }
  return sum;
}

/** obagent serves its metrics here; a scrape gives up after ten seconds. */
const AGENT_PORT = 8088;
const AGENT_PATH = '/metrics/ob/basic';
const SCRAPE_TIMEOUT_MS = 10_000;

function hidesMetrics({ port, path, delayMs }: Extract<Fault, { type: 'http' }>): boolean {
  const pattern = path
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return port === AGENT_PORT && delayMs >= SCRAPE_TIMEOUT_MS && new RegExp(`^${pattern}$`).test(AGENT_PATH);
}

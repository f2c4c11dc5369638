import type { Clock } from '../src/core/base/clock';
import type { Disposable } from '../src/core/base/disposable';
import type { Log } from '../src/core/base/log';

/** The database pods of the embedded cluster. */
export const DEMO_QUERY = { namespace: 'oceanbase', labelSelector: 'ref-obcluster', container: 'observer' };

/** What Chaos Mesh's YAML is checked with on the embedded cluster. */
export const DEMO_RULES = { ...DEMO_QUERY, volumePath: '/home/admin/data-file', duration: '3m' };

/** A log that nobody reads. */
export const silentLog: Log = {
  trace: () => undefined,
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** What work takes of this process's own time on a processor, milliseconds: the same however busy the machine is. */
export function processorMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** A clock that moves only when told. */
export class ManualClock implements Clock {
  #now: number;
  readonly #timers = new Set<{ at: number; callback: () => void }>();

  constructor(now = Date.parse('2026-01-01T00:00:00Z')) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, callback: () => void): Disposable {
    const timer = { at: this.#now + ms, callback };
    this.#timers.add(timer);
    return { dispose: () => void this.#timers.delete(timer) };
  }

  /** Moves on, calling what falls due in its order; what the callbacks plan counts too. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const due = [...this.#timers].filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.#timers.delete(due);
      this.#now = Math.max(this.#now, due.at);
      due.callback();
    }
    this.#now = end;
  }

  /** How many callbacks wait. */
  get pending(): number {
    return this.#timers.size;
  }
}

/** Lets everything that is ready run, promises and I/O callbacks alike. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
}

import { createMetricSource, directEndpoint, type MetricSourceOptions } from '../../../src/adapters/prometheus/index';
import type { MetricFrame } from '../../../src/core/metrics/series';
import type { MetricSource } from '../../../src/core/metrics/source';
import type { DatabasePod } from '../../../src/core/cluster/databasePod';
import { startPrometheus, type PrometheusServer } from '../../../src/demo/prometheus/server';
import { ManualClock, silentLog } from '../../support';

const NOW = Date.parse('2026-01-01T00:00:00Z');
const SCRAPE = 15_000;
const MINUTE = 60_000;

/** Samples of one series: from and to, in minutes before now, and a value or how it grows with the seconds. */
export interface Stretch {
  from?: number;
  to?: number;
  value: number | ((seconds: number) => number);
}

/** The embedded Prometheus with the samples that a test gives it, and a source of metrics that asks it. */
export class StoredPrometheus {
  readonly clock = new ManualClock(NOW);
  #server: PrometheusServer | undefined;

  get url(): string {
    return this.#server?.url ?? '';
  }

  async start(): Promise<void> {
    const nothing = { advanceTo: () => undefined, samples: () => [], exposition: () => '' };
    // Nothing is scraped: the store has what is put into it alone.
    this.#server = await startPrometheus({ simulator: nothing, clock: this.clock, historyMs: 0, scrapeMs: 1e12 });
  }

  async stop(): Promise<void> {
    await this.#server?.stop();
  }

  put(name: string, labels: Record<string, string>, { from = 30, to = 0, value }: Stretch): void {
    for (let at = NOW - from * MINUTE; at <= NOW - to * MINUTE; at += SCRAPE)
      this.#server?.store.append(name, labels, at, typeof value === 'number' ? value : value((at - NOW) / 1000 + 3600));
  }

  source(change: Partial<MetricSourceOptions> = {}): ReturnType<typeof createMetricSource> {
    return createMetricSource({
      resolve: () => Promise.resolve(directEndpoint(this.url)),
      clock: this.clock,
      profile: 'auto',
      container: 'observer',
      log: silentLog,
      ...change,
    });
  }
}

/** The last minutes of some metrics. */
export const fetchLast = (
  source: MetricSource,
  targets: readonly DatabasePod[],
  metrics: readonly string[],
  minutes = 20,
): Promise<MetricFrame> =>
  source.fetch({ targets, fromMs: NOW - minutes * MINUTE, toMs: NOW, stepMs: SCRAPE, metrics });

/** A metric's value so many minutes ago; NaN where there is none. */
export function valueAt(frame: MetricFrame, metric: string, minutesAgo = 0, node = frame.nodes[0]): number {
  const index = frame.timestamps.indexOf(NOW - minutesAgo * MINUTE);
  return frame.series.find((one) => one.metric === metric && one.node === node)?.values[index] ?? NaN;
}

import type { Clock } from '../../core/base/clock';
import type { DemoDatabase } from '../database';
import type { FaultBoard } from '../faults';
import { startPrometheus } from '../prometheus/server';
import { demoTopology } from '../topology';
import { DatabaseSimulator } from './simulator';

/** Size, past and pace of a simulated database; its faults are those on the board. */
export interface SimulatedDatabaseOptions {
  board: FaultBoard;
  clock: Clock;
  nodes?: number;
  seed?: number;
  historyMinutes?: number;
  prometheusPort?: number;
  scrapeMs?: number;
}

const WARM_UP_MS = 60_000;

/** Simulates a database with a past, and starts the embedded Prometheus that scrapes it. */
export async function startSimulatedDatabase(options: SimulatedDatabaseOptions): Promise<DemoDatabase> {
  const { board, clock, nodes = 3, seed = 1, historyMinutes = 30, prometheusPort = 0, scrapeMs = 5000 } = options;
  const topology = demoTopology(nodes);
  const historyMs = historyMinutes * 60_000;
  const sinceMs = clock.now() - historyMs - WARM_UP_MS;
  const simulator = new DatabaseSimulator({ topology, seed, startMs: sinceMs, board });
  const { url, stop } = await startPrometheus({ simulator, clock, historyMs, scrapeMs, port: prometheusPort });
  return { topology, prometheusUrl: url, sinceMs, stop };
}

import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { CHAOS_OPTIONS, controlsOf, numberOf } from '../../../src/demo/chaosOptions';
import { startDemoCluster, type DemoCluster } from '../../../src/demo/cluster';
import { PROCESS_OPTIONS, runAsProcess } from '../../../src/demo/process';
import { startBed } from '../bed';
import type { Surroundings } from '../main';
import { bedDatabase, topologyOf } from './database';

const OPTIONS = {
  serve: { type: 'boolean', default: false },
  engine: { type: 'string', default: 'seekdb' },
  seed: { type: 'string', default: '1' },
  ...CHAOS_OPTIONS,
  ...PROCESS_OPTIONS,
} satisfies ParseArgsOptionsConfig;

/** What the script brings along: functions of scripts/bed/programs.mjs and scripts/host/prometheus.mjs. */
interface ServeSurroundings extends Surroundings {
  whyNoPrometheus(): string | undefined;
  startPrometheus(options: {
    directory: string;
    jobs: Readonly<Record<string, readonly string[]>>;
    scrapeSeconds: number;
  }): Promise<{ url: string; stop(): Promise<void> }>;
}

/** OceanBase's operator sets its Prometheus up so. */
const SCRAPE_SECONDS = 5;

/** The demo cluster on a bed of real databases, as a process; resolves with its exit code. */
export async function main(args: readonly string[], around: ServeSurroundings): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  const { engine } = values;
  const seed = numberOf('seed', values.seed, 0, 2 ** 32 - 1);
  if (engine !== 'seekdb') throw new Error(`--engine takes seekdb here, not ${JSON.stringify(engine)}`);
  const missing = around.whyNoBed(engine) ?? around.whyNoPrometheus();
  if (missing !== undefined) {
    console.error(missing);
    return 2;
  }
  const programs = await around.bedPrograms(engine);

  const start = async (directory: string, signal: AbortSignal): Promise<DemoCluster> => {
    const sinceMs = Date.now();
    const say = (line: string): void => console.error(line);
    const bed = await startBed({ engine, programs, seed, say, signal });
    try {
      const controls = controlsOf(values, topologyOf(bed).pods);
      const jobs = {
        cadvisor: bed.nodes.map(({ metricsUrls }) => metricsUrls.container),
        obagent: bed.nodes.map(({ metricsUrls }) => metricsUrls.engine),
      };
      const prometheus = await around.startPrometheus({ directory, jobs, scrapeSeconds: SCRAPE_SECONDS });
      const database = bedDatabase({ bed, prometheus, sinceMs, say });
      return await startDemoCluster({ directory, database, seed, controls });
    } catch (error) {
      await bed.stop();
      throw error;
    }
  };
  await runAsProcess(values, start);
  return 0;
}

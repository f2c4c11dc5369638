import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { startBed } from './bed';
import { writeDataset } from './dataset';
import { ENGINES } from './engines';
import { record } from './recorder';
import { runSchedule } from './run';
import { SamplesWriter } from './samples';
import type { Bed, BedPrograms, EngineName } from './types';

/** What the script brings along. */
export interface Surroundings {
  whyNoBed(engine: EngineName): string | undefined;
  bedPrograms(engine: EngineName): Promise<BedPrograms>;
}

const USAGE = `npm run bed -- --engine seekdb|galera --minutes N --out FOLDER [--seed S] [--window 10|20|60]
npm run bed -- --build FOLDER [--window 10|20|60]`;

/** The command line; returns the exit code. */
export async function main(args: readonly string[], around: Surroundings): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      engine: { type: 'string' },
      minutes: { type: 'string' },
      out: { type: 'string' },
      seed: { type: 'string', default: '1' },
      /** Range of the rates, seconds. */
      window: { type: 'string', default: '20' },
      build: { type: 'string' },
    },
  });
  const { engine, out, build } = values;
  const [minutes, seed, window] = [values.minutes, values.seed, values.window].map(Number) as [number, number, number];
  if (![10, 20, 60].includes(window)) return refuse(USAGE);
  if (build !== undefined) {
    console.log(writeDataset(build, window * 1000));
    return 0;
  }
  if ((engine !== 'seekdb' && engine !== 'galera') || !out || !(minutes > 0) || !Number.isInteger(seed))
    return refuse(USAGE);
  const reason = around.whyNoBed(engine);
  if (reason) return refuse(reason);
  await recordBed({ engine, out, minutes, seed }, around);
  console.log(writeDataset(out, window * 1000));
  return 0;
}

function refuse(why: string): number {
  console.error(why);
  return 2;
}

interface Order {
  engine: EngineName;
  out: string;
  minutes: number;
  seed: number;
}

/** Starts a bed, records a schedule on it until the time is over or a signal comes, and takes it down. */
async function recordBed({ engine, out, minutes, seed }: Order, around: Surroundings): Promise<void> {
  const over = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => over.abort());
  const say = (line: string): void => console.log(`${new Date().toISOString().slice(11, 19)} ${line}`);
  const programs = await around.bedPrograms(engine);
  mkdirSync(out, { recursive: true });
  const bed: Bed = await startBed({ engine, programs, seed, say, signal: over.signal });
  const nodes = bed.nodes.map(({ name, namespace, container, ip, memoryLimit }) => ({
    ...{ name, namespace, container, ip, memoryLimit },
  }));
  const { title } = ENGINES[engine];
  const writer = new SamplesWriter(path.join(out, 'samples.jsonl.gz'), {
    ...{ format: 'distdiag-bed-samples/1', engine, title, seed, nodes },
  });
  const recording = record(bed.nodes, writer, over.signal);
  try {
    await runSchedule(bed, seed, Date.now() + minutes * 60_000, writer, over.signal, say);
    say('the schedule is over');
  } catch (error) {
    if (!over.signal.aborted) throw error;
    say('interrupted');
  } finally {
    over.abort();
    await recording;
    await writer.close();
    await bed.stop();
  }
}

import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { startBed } from './bed';
import { writeDataset } from './dataset';
import { ENGINES } from './engines';
import { record } from './recorder';
import { runSchedule } from './run';
import { SamplesWriter, type Header } from './samples';
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
  const whole = await recordBed({ engine, out, minutes, seed }, around);
  console.log(writeDataset(out, window * 1000));
  return whole ? 0 : 1;
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

/**
 * Starts a bed, records a schedule on it until the time is over or a signal comes, and takes it down. False when an
 * error ended it early, which is said: what was recorded until then is as good.
 */
async function recordBed({ engine, out, minutes, seed }: Order, around: Surroundings): Promise<boolean> {
  const over = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => over.abort());
  const say = (line: string): void => console.log(`${new Date().toISOString().slice(11, 19)} ${line}`);
  const programs = await around.bedPrograms(engine);
  mkdirSync(out, { recursive: true });
  const bed = await startBed({ engine, programs, seed, say, signal: over.signal });
  const writer = new SamplesWriter(path.join(out, 'samples.jsonl.gz'), headerOf(bed, seed));
  const recording = record(bed.nodes, writer, over.signal);
  let whole = true;
  try {
    await runSchedule(bed, seed, Date.now() + minutes * 60_000, writer, over.signal, say);
    say('the schedule is over');
  } catch (error) {
    whole = over.signal.aborted;
    say(whole ? 'interrupted' : `an error ended it: ${(error as Error).message}`);
  } finally {
    over.abort();
    await recording;
    await writer.close();
    await bed.stop();
  }
  return whole;
}

function headerOf(bed: Bed, seed: number): Header {
  const nodes = bed.nodes.map(({ name, namespace, container, ip, memoryLimit }) => ({
    ...{ name, namespace, container, ip, memoryLimit },
  }));
  return { format: 'distdiag-bed-samples/1', engine: bed.engine, title: ENGINES[bed.engine].title, seed, nodes };
}

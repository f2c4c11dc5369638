import { setTimeout as sleep } from 'node:timers/promises';
import type { SamplesWriter } from './samples';
import { planBlock, type Level, type PlannedAnomaly, type Slot } from './schedule';
import type { Bed } from './types';

type End = () => Promise<void>;

/** After a change of the level, before its first slot, seconds. */
const LEVEL_SETTLES = 20;
/** After the last slot, until its end is in the samples, seconds. */
const LAST_SAMPLES = 10;

/** Runs block after block of a schedule until the time is over or the signal comes; anomalies in force are ended. */
export async function runSchedule(
  bed: Bed,
  seed: number,
  untilMs: number,
  writer: SamplesWriter,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<void> {
  const wait = (seconds: number): Promise<void> => sleep(seconds * 1000, undefined, { signal });
  let number = 0;
  for (let turn = 0; ; turn++) {
    const { level, slots } = planBlock(bed.engine, seed, turn);
    await setLevel(bed, level);
    writer.happening({ event: 'level', t: Date.now(), level });
    say(`level: ${level.cpuLimit} cores, ${level.clients.join(', ')} clients, think time ${level.thinkSeconds} s`);
    await wait(LEVEL_SETTLES);
    for (const slot of slots) {
      if (Date.now() + (slot.gapSeconds + slot.seconds) * 1000 > untilMs) return wait(LAST_SAMPLES);
      for (const node of await bed.repair()) say(`server ${node + 1} had ended: it was started again`);
      await wait(slot.gapSeconds);
      number += 1;
      say(`slot ${number}: ${nameOf(slot)}`);
      const ends: End[] = [];
      try {
        const t = Date.now();
        for (const anomaly of slot.anomalies) ends.push(await begin(bed, level, anomaly));
        if (slot.noise > 0) ends.push(await bed.makeNoise(slot.noise));
        writer.happening({ event: 'start', t, slot: { ...slot, number } });
        await wait(slot.seconds);
      } finally {
        const t = Date.now();
        for (const end of ends) await end();
        writer.happening({ event: 'stop', t, number });
      }
    }
  }
}

/** What acts in a slot, in words: type@node. */
export function nameOf({ anomalies, noise }: Pick<Slot, 'anomalies' | 'noise'>): string {
  if (anomalies.length === 0) return noise > 0 ? 'noise' : 'quiet';
  return anomalies.map(({ type, node }) => `${type}@node${node + 1}`).join('+');
}

async function setLevel(bed: Bed, level: Level): Promise<void> {
  await bed.load.set({ thinkSeconds: level.thinkSeconds });
  for (const [node, clients] of level.clients.entries()) {
    await bed.setCpuLimit(node, level.cpuLimit);
    await bed.load.set({ node, clients });
  }
}

async function begin(bed: Bed, level: Level, { node, effect }: PlannedAnomaly): Promise<End> {
  if ('fault' in effect) return bed.apply(node, effect.fault);
  if ('hotSessions' in effect) {
    await bed.load.set({ node, hot: effect.hotSessions });
    return () => bed.load.set({ node, hot: 0 });
  }
  const clients = level.clients[node] as number;
  await bed.load.set({ node, clients: Math.round(clients * effect.clientsFactor) });
  return () => bed.load.set({ node, clients });
}

import { describe, expect, it } from 'vitest';
import { BED, CAUSES, measureEffects, type Effect } from './measureEffects';
import recorded from './recordedEffects.json';

type Range = readonly [median: number, least: number, most: number];
const RECORDED: Readonly<Record<string, { level: number } & Record<string, unknown>>> = recorded.effects;
const SEEDS = [1, 2, 3, 4, 5];
/** Beyond the least and the most that was recorded: this, and this share of the median. */
const MARGIN = 0.3;
const MARGIN_SHARE = 0.15;
/** What moved by at least this on the node that is hit, in one direction only, has to move so, by at least this share. */
const CLEAR = 0.4;
const LEAST_SHARE = 0.4;

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;

const ranges = (metric: string, cause: string): { sick?: Range; others?: Range } =>
  RECORDED[metric]?.[cause] as { sick?: Range; others?: Range };

describe.each(Object.keys(CAUSES).filter((cause) => cause !== 'quiet'))('%s, simulated as recorded', (cause) => {
  const effects = SEEDS.flatMap((seed) => measureEffects(BED, CAUSES[cause] ?? {}, seed));
  const change = (metric: string, sick: boolean): number =>
    median(effects.filter((one) => one.metric === metric && one.sick === sick).map((one) => one.change));

  it.each(Object.keys(RECORDED))('%s changes as much on the node that is hit and on the others', (metric) => {
    const { sick, others } = ranges(metric, cause);
    for (const [range, at] of [
      [sick, change(metric, true)],
      [others, change(metric, false)],
    ] as const) {
      const [middle, least, most] = range as Range;
      const margin = MARGIN + MARGIN_SHARE * Math.abs(middle);
      expect(at).toBeGreaterThanOrEqual(least - margin);
      expect(at).toBeLessThanOrEqual(most + margin);
    }
  });

  const clear = Object.keys(RECORDED).filter((metric) => {
    const [middle, least, most] = ranges(metric, cause).sick as Range;
    return Math.abs(middle) >= CLEAR && least * most > 0;
  });
  it.runIf(clear.length > 0).each(clear)('%s moves the way it did', (metric) => {
    const [middle] = ranges(metric, cause).sick as Range;
    expect(change(metric, true) * Math.sign(middle)).toBeGreaterThan(LEAST_SHARE * Math.abs(middle));
  });
});

describe('the simulated servers of the recording, when quiet', () => {
  const effects = SEEDS.flatMap((seed): Effect[] => measureEffects(BED, {}, seed));

  it.each(Object.keys(RECORDED))('have about the recorded %s, and change it by chance no more', (metric) => {
    const own = effects.filter((one) => one.metric === metric);
    const { level } = RECORDED[metric] as { level: number };
    expect(median(own.map((one) => one.level))).toBeGreaterThanOrEqual(level / 2);
    expect(median(own.map((one) => one.level))).toBeLessThanOrEqual(level * 2);
    const [, least, most] = (RECORDED[metric]?.['quiet'] as { all: Range }).all;
    for (const { change } of own) {
      expect(change).toBeGreaterThanOrEqual(least - MARGIN);
      expect(change).toBeLessThanOrEqual(most + MARGIN);
    }
  });

  it('are noisy: latencies wander without a cause', () => {
    const log = effects.filter(({ metric }) => metric === 'disk.logLatency').map(({ change }) => Math.abs(change));
    expect(Math.max(...log)).toBeGreaterThan(0.2);
  });
});

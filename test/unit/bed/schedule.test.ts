import { describe, expect, it } from 'vitest';
import { BED_TYPES, planBlock, type Slot } from '../../bed/schedule';

const MiB = 1024 * 1024;
const blocks = (['seekdb', 'galera'] as const).flatMap((engine) =>
  Array.from({ length: 40 }, (_, number) => ({ engine, ...planBlock(engine, 5, number) })),
);
const slots = blocks.flatMap(({ slots }) => slots);
const anomalies = slots.flatMap(({ anomalies }) => anomalies);

describe('a schedule', () => {
  it('is the same for the same seed, and another one for another', () => {
    expect(planBlock('seekdb', 5, 3)).toEqual(planBlock('seekdb', 5, 3));
    expect(planBlock('seekdb', 6, 3)).not.toEqual(planBlock('seekdb', 5, 3));
    expect(planBlock('seekdb', 5, 4)).not.toEqual(planBlock('seekdb', 5, 3));
  });

  it('has in every block each type alone, two quiet slots and the three compounds', () => {
    for (const block of blocks) {
      const alone = block.slots.filter(({ scenario }) => scenario === 'A').map(({ anomalies: [one] }) => one?.type);
      expect(alone.sort()).toEqual([...BED_TYPES].sort());
      const others = block.slots.map(({ scenario }) => scenario).filter((scenario) => scenario !== 'A');
      expect(others.sort()).toEqual(['B', 'C', 'H', 'H', 'W']);
    }
  });

  it('puts into a slot what its scenario says', () => {
    const shape = ({ anomalies }: Slot): [number, number] => [
      new Set(anomalies.map(({ node }) => node)).size,
      new Set(anomalies.map(({ type }) => type)).size,
    ];
    const shapes = { A: [1, 1], B: [2, 1], C: [1, 2], W: [2, 2], H: [0, 0] };
    for (const slot of slots) expect(shape(slot)).toEqual(shapes[slot.scenario]);
  });

  it('reaches every node with every type, in many strengths', () => {
    for (const type of BED_TYPES) {
      const own = anomalies.filter((anomaly) => anomaly.type === type);
      expect(new Set(own.map(({ node }) => node))).toEqual(new Set([0, 1, 2]));
      expect(new Set(own.map(({ effect }) => JSON.stringify(effect))).size).toBeGreaterThan(6);
    }
    for (const { effect } of anomalies) {
      if ('hotSessions' in effect) expect(effect.hotSessions).toBeGreaterThanOrEqual(5);
      else if ('clientsFactor' in effect) expect(effect.clientsFactor).toBeGreaterThanOrEqual(2);
      else if (effect.fault.type === 'memory') expect(effect.fault.bytes).toBeLessThanOrEqual(600 * MiB);
      else if (effect.fault.type === 'cpu') expect(effect.fault.load).toBeGreaterThanOrEqual(50);
    }
  });

  it('has lopsided loads, and noise that is no anomaly', () => {
    const lopsided = blocks.filter(({ level }) => new Set(level.clients).size === 2);
    expect(lopsided.length).toBeGreaterThan(10);
    expect(lopsided.length).toBeLessThan(blocks.length - 10);
    const noisy = slots.filter(({ noise }) => noise > 0);
    expect(noisy.length).toBeGreaterThan(10);
    expect(noisy.every(({ scenario }) => scenario === 'H')).toBe(true);
  });
});

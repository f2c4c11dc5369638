import { describe, expect, it } from 'vitest';
import { METRICS } from '../../../src/core/metrics/catalogue';
import { unknownMetric } from '../../../src/core/scenario/unknownField';

const said = (name: string): string => String(unknownMetric(name).message);

describe('a metric that does not exist', () => {
  it.each([
    ['container.cpu.usage', 'cpu.used, cpu.throttled, cpu.server'],
    ['node_memory_MemFree', 'memory.used, memory.rss, memory.majorFaults, memory.server, memory.memstore'],
    ['disk.latencyOfReads', 'disk.readLatency, disk.writeLatency, disk.logLatency, disk.readBytes'],
    ['lock.time', 'db.lockWaitTime, db.transactionTime, db.queueTime, db.ioWaitTime'],
  ])('such as %s is told with those of similar names', (name, near) => {
    expect(said(name)).toContain(`Unknown metric "${name}". Similar ones: ${near}`);
  });

  it('is told with all of them where no name is similar', () => {
    expect(said('tps')).toBe(`Unknown metric "tps". The metrics are ${METRICS.map(({ id }) => id).join(', ')}.`);
  });

  it('is told with the one that was misspelt', () => {
    expect(unknownMetric('cpu.usd')).toMatchObject({ meant: 'cpu.used' });
    expect(said('cpu.usd')).toBe('Unknown metric "cpu.usd".');
  });

  it('may have a name of any length', () => {
    expect(said('cpu.'.repeat(100_000)).length).toBeLessThan(200);
  });
});

import { expect, it } from 'vitest';
import { foldedLog } from '../../../src/core/base/foldedLog';
import type { Log } from '../../../src/core/base/log';
import { ManualClock } from '../../support';

it('writes the same line once a minute, with how often it came', () => {
  const lines: string[] = [];
  const write =
    (level: string) =>
    (message: string): void =>
      void lines.push(`${level} ${message}`);
  const into: Log = {
    trace: write('trace'),
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
  };
  const clock = new ManualClock();
  const log = foldedLog(into, clock);
  for (let i = 0; i < 12; i++) {
    log.warn('refused');
    log.warn(`other ${i}`); // between the others
    clock.advance(5000);
  }
  expect(lines.filter((line) => line === 'warn refused')).toHaveLength(1);
  expect(lines.filter((line) => line.includes('other'))).toHaveLength(12);
  log.error('refused'); // another level is another line
  log.warn('refused');
  expect(lines.slice(-2)).toEqual(['error refused', 'warn refused (and 11 times before)']);
});

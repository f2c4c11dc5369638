import { inspect } from 'node:util';
import type { Log } from '../../../src/core/base/log';

/** A log that keeps what it is told, with everything in its arguments. */
export function keepingLog(): { log: Log; text: () => string } {
  const lines: string[] = [];
  const keep = (...data: unknown[]): void => void lines.push(inspect(data, { depth: 20 }));
  return { log: { trace: keep, debug: keep, info: keep, warn: keep, error: keep }, text: () => lines.join('\n') };
}

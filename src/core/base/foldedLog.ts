import type { Clock } from './clock';
import type { Log } from './log';

/** A line that comes again within this long is counted, not written. */
const FOLD_MS = 60_000;
/** Lines that are remembered. */
const MOST_LINES = 200;

/** A log in which the same line again and again is one a minute, with how often it came. */
export function foldedLog(log: Log, clock: Pick<Clock, 'now'>): Log {
  const written = new Map<string, { at: number; more: number }>();
  const fold =
    (level: keyof Log) =>
    (message: string, ...data: unknown[]): void => {
      const line = [level, message, ...data.map(String)].join('\n');
      const now = clock.now();
      const before = written.get(line);
      if (before && now - before.at < FOLD_MS) {
        before.more += 1;
        return;
      }
      written.delete(line); // the newest stand last
      written.set(line, { at: now, more: 0 });
      for (const old of written.keys()) {
        if (written.size <= MOST_LINES) break;
        written.delete(old);
      }
      log[level](before?.more ? `${message} (and ${before.more} times before)` : message, ...data);
    };
  return { trace: fold('trace'), debug: fold('debug'), info: fold('info'), warn: fold('warn'), error: fold('error') };
}

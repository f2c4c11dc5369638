import { setTimeout as delay } from 'node:timers/promises';

type Nothing = undefined | false;

/**
 * Looks again and again, less often as time goes by, until there is something to be had; resolves with it. The limit only
 * ends what would never come, with what was waited for.
 */
export async function until<T>(
  what: string,
  probe: () => T | Nothing | Promise<T | Nothing>,
  limitMs = 30_000,
): Promise<T> {
  const end = Date.now() + limitMs;
  for (let waitMs = 5; ; waitMs = Math.min(waitMs * 1.5, 200)) {
    const value = await probe();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > end) throw new Error(`waited ${limitMs} ms in vain for: ${what}`);
    await delay(waitMs);
  }
}

import { setTimeout as delay } from 'node:timers/promises';
import { AppError, toAppError } from '../../../core/base/errors';

/** How one request may be sent again. */
export interface RetryOptions {
  /** A read: it may be sent again also where the server may have done it already. */
  safe: boolean;
  signal: AbortSignal | undefined;
  /** Gets new credentials; false where there are none to be had. */
  renew: () => boolean;
  /** Waits; a test's own. */
  wait?: ((ms: number, signal?: AbortSignal) => Promise<void>) | undefined;
}

const TRIES = 4;
const LONGEST_WAIT_MS = 30_000;

/**
 * Sends a request; sends it again where the server asks for that: after the time that it names when it is overloaded,
 * and once with new credentials when the old ones have expired. A refusal by 429 or 401 was not carried out, so that a
 * write may be repeated too.
 */
export async function withRetry<T>(send: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { safe, signal, renew, wait = pause } = options;
  let renewed = false;
  for (let attempt = 1; ; attempt++) {
    try {
      return await send();
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.code === 'unauthorized' && !renewed && (renewed = renew())) continue;
      const asked = error.code === 'rateLimited' ? (error.retryAfterMs ?? 1000) : safe ? error.retryAfterMs : undefined;
      if (asked === undefined || asked > LONGEST_WAIT_MS || attempt >= TRIES) throw error;
      await wait(asked, signal);
      if (signal?.aborted) throw new AppError('cancelled', 'Cancelled.');
    }
  }
}

async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  await delay(ms, undefined, signal ? { signal } : {}).catch(() => undefined);
}

/** Whatever a server asks for, after this long it is looked whether it is well again. */
const LONGEST_ASKED_MS = 3_600_000;

/** Milliseconds that a `Retry-After` header asks for, within reason: seconds, or a date; undefined where there is none. */
export function retryAfterMs(header: unknown, nowMs: number): number | undefined {
  if (typeof header !== 'string' || header.trim() === '') return undefined;
  const seconds = Number(header);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - nowMs;
  return Number.isFinite(ms) ? Math.min(Math.max(0, ms), LONGEST_ASKED_MS) : undefined;
}

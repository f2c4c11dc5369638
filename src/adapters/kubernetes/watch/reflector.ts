import { setTimeout as delay } from 'node:timers/promises';
import { backoffMs } from '../../../core/time/backoff';
import { toAppError, type AppError } from '../../../core/base/errors';
import type { Log } from '../../../core/base/log';
import type { KubeClient } from '../connection/client';
import { listAll } from './lists';
import { watchOnce, type WatchProgress } from './watchStream';

type KubeObject = Readonly<Record<string, unknown>>;

/** What a reflector tells its owner. */
export interface ReflectorEvents {
  /** The whole collection, after a list. */
  replaced(items: readonly KubeObject[]): void;
  changed: (item: KubeObject) => void;
  removed: (item: KubeObject) => void;
  /** The watch stands; what was told is true. */
  live: () => void;
  /** It is broken and will be tried again; what was told may be old. */
  broken: (error: AppError) => void;
}

/** What is listed and watched, and who is told of it. */
export interface ReflectorOptions {
  client: KubeClient;
  path: string;
  /** For messages: `StressChaos`. */
  what: string;
  log: Log;
  events: ReflectorEvents;
  /** How long a watch is asked to last; it is renewed without a new list. */
  watchSeconds?: number;
  /** A watch that is silent for this long is reopened. */
  silentMs?: number;
  maxBackoffMs?: number;
}

/** Rare errors that only somebody else can mend are tried again at leisure. */
const SLOW: ReadonlySet<string> = new Set(['forbidden', 'notFound', 'unauthorized', 'notConfigured']);
/** The server ends this history: what was listed is worth nothing for a watch. */
const LIST_AGAIN: ReadonlySet<string> = new Set(['gone', 'badAnswer', 'invalid', ...SLOW]);
/** A server sends a bookmark about once a minute. */
const SILENT_MS = 75_000;

/** List, then watch, for ever: until the signal aborts. Relists when the version is too old, waits longer after each failure. Never throws. */
export async function reflect(options: ReflectorOptions, signal: AbortSignal): Promise<void> {
  const { client, path, what, log, events, maxBackoffMs = 30_000, silentMs = SILENT_MS } = options;
  let version: string | undefined;
  let attempt = 0;
  while (!signal.aborted) {
    const progress: WatchProgress = { version: '', events: 0, expired: false };
    try {
      if (version === undefined) {
        const { items, resourceVersion } = await listAll(client, path, `list ${what}`, { signal });
        if (signal.aborted) return;
        events.replaced(items);
        events.live();
        version = resourceVersion;
      }
      const seconds = options.watchSeconds ?? 240 + Math.floor(Math.random() * 60);
      const began = performance.now();
      progress.version = version;
      const request = { client, path, what, seconds, silentMs, opened: events.live, ...pick(events) };
      await watchOnce(request, progress, signal);
      version = progress.version;
      if (progress.expired) log.debug(`${what}: the watch's version is of no use any more, listing again`);
      // A server that ends each watch at once must not be asked without a pause.
      if (progress.events > 0 || performance.now() - began > 5000) attempt = 0;
      else await pause(backoffMs(attempt++, maxBackoffMs), signal);
      if (progress.expired) version = undefined;
    } catch (thrown) {
      if (signal.aborted) return;
      const error = toAppError(thrown);
      // What was told before it broke is not told again.
      version = progress.version === '' ? version : progress.version;
      if (progress.events > 0) attempt = 0;
      if (LIST_AGAIN.has(error.code)) version = undefined;
      if (error.code !== 'gone') events.broken(error);
      log.debug(`${what}: ${error.message}`);
      const backoff = backoffMs(SLOW.has(error.code) ? Math.max(attempt++, 5) : attempt++, maxBackoffMs);
      await pause(Math.max(backoff, error.retryAfterMs ?? 0), signal);
    }
  }
}

const pick = ({ changed, removed }: ReflectorEvents): Pick<ReflectorEvents, 'changed' | 'removed'> => ({
  changed,
  removed,
});

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => undefined);
}

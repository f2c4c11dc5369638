import { setTimeout as delay } from 'node:timers/promises';
import { backoffMs } from '../../core/backoff';
import { AppError, toAppError } from '../../core/errors';
import type { Log } from '../../core/ports';
import { isRecord, textOf } from '../../core/unknown';
import type { KubeClient } from './client';
import { responseError } from './errors';
import { lines } from './lines';
import { listAll } from './lists';

type KubeObject = Readonly<Record<string, unknown>>;

/** What a reflector tells its owner. */
export interface ReflectorEvents {
  /** The whole collection, after a list. */
  replaced(items: readonly KubeObject[]): void;
  changed(item: KubeObject): void;
  removed(item: KubeObject): void;
  /** The watch stands; what was told is true. */
  live(): void;
  /** It is broken and will be tried again; what was told may be old. */
  broken(error: AppError): void;
}

export interface ReflectorOptions {
  client: KubeClient;
  path: string;
  /** For messages: `StressChaos`. */
  what: string;
  log: Log;
  events: ReflectorEvents;
  /** How long a watch is asked to last; it is renewed without a new list. */
  watchSeconds?: number;
  maxBackoffMs?: number;
}

/** Rare errors that only somebody else can mend are tried again at leisure. */
const SLOW: ReadonlySet<string> = new Set(['forbidden', 'notFound', 'unauthorized', 'notConfigured']);

/** List, then watch, for ever: until the signal aborts. Relists when the version is too old, waits longer after each failure. Never throws. */
export async function reflect(options: ReflectorOptions, signal: AbortSignal): Promise<void> {
  const { client, path, what, log, events, maxBackoffMs = 30_000 } = options;
  let version: string | undefined;
  let attempt = 0;
  while (!signal.aborted) {
    try {
      if (version === undefined) {
        const { items, resourceVersion } = await listAll(client, path, `list ${what}`, { signal });
        if (signal.aborted) return;
        events.replaced(items);
        events.live();
        version = resourceVersion;
      }
      const began = Date.now();
      const result: WatchResult = await watchOnce(options, version, signal);
      version = result.version;
      if (result.expired) log.debug(`${what}: the watch's version is too old, listing again`);
      // A server that ends each watch at once must not be asked without a pause.
      if (result.events > 0 || Date.now() - began > 5000) attempt = 0;
      else await pause(backoffMs(attempt++, maxBackoffMs), signal);
      if (result.expired) version = undefined;
    } catch (thrown) {
      if (signal.aborted) return;
      const error = toAppError(thrown);
      if (error.code === 'gone' || error.code === 'badAnswer') version = undefined;
      if (error.code !== 'gone') events.broken(error);
      if (SLOW.has(error.code)) version = undefined;
      log.debug(`${what}: ${error.message}`);
      await pause(backoffMs(SLOW.has(error.code) ? Math.max(attempt++, 5) : attempt++, maxBackoffMs), signal);
    }
  }
}

interface WatchResult {
  version: string;
  events: number;
  expired: boolean;
}

async function watchOnce(options: ReflectorOptions, from: string, signal: AbortSignal): Promise<WatchResult> {
  const { client, path, what, events, watchSeconds = 240 + Math.floor(Math.random() * 60) } = options;
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), (watchSeconds + 15) * 1000);
  const result: WatchResult = { version: from, events: 0, expired: false };
  try {
    const stream = await client.stream({
      path,
      what: `watch ${what}`,
      query: { watch: 'true', resourceVersion: from, allowWatchBookmarks: 'true', timeoutSeconds: watchSeconds },
      signal: AbortSignal.any([signal, deadline.signal]),
    });
    events.live();
    const close = (): void => void stream.destroy();
    signal.addEventListener('abort', close, { once: true });
    try {
      for await (const line of lines(stream)) {
        if (signal.aborted) break;
        if (line.trim() === '') continue;
        if (!handle(line, result, options)) break;
      }
    } finally {
      signal.removeEventListener('abort', close);
      stream.destroy();
    }
    return result;
  } catch (thrown) {
    if (deadline.signal.aborted && !signal.aborted) return result; // a silent server: ask anew
    if (thrown instanceof AppError) throw thrown;
    throw new AppError('unreachable', `watch ${what}: the connection to ${client.server} broke.`);
  } finally {
    clearTimeout(timer);
  }
}

/** Takes one event; false when the watch is over. */
function handle(line: string, result: WatchResult, { events, what }: ReflectorOptions): boolean {
  let event: unknown;
  try {
    event = JSON.parse(line) as unknown;
  } catch {
    throw new AppError('badAnswer', `watch ${what}: the server sent half an event.`);
  }
  const object = isRecord(event) && isRecord(event['object']) ? event['object'] : undefined;
  if (!isRecord(event) || !object)
    throw new AppError('badAnswer', `watch ${what}: the server sent something that is no event.`);
  const type = textOf(event['type']);
  if (type === 'ERROR') {
    const code = typeof object['code'] === 'number' ? object['code'] : 500;
    if (code !== 410) throw responseError(code, object, `watch ${what}`);
    result.expired = true;
    return false;
  }
  const metadata = isRecord(object['metadata']) ? object['metadata'] : {};
  result.version = textOf(metadata['resourceVersion']) || result.version;
  result.events += 1;
  if (type === 'ADDED' || type === 'MODIFIED') events.changed(object);
  else if (type === 'DELETED') events.removed(object);
  return true;
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => undefined);
}

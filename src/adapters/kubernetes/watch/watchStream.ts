import { msg } from '../../../core/base/text';
import { AppError } from '../../../core/base/errors';
import { onAbort } from '../../../core/time/onAbort';
import { isRecord, textOf } from '../../../core/base/unknown';
import type { KubeClient, KubeStream } from '../connection/client';
import { about, responseError } from '../connection/errors';
import { streamLines } from './lines';

type KubeObject = Readonly<Record<string, unknown>>;

/** How far a watch has come. Kept by the caller, so that nothing is told again after the connection broke. */
export interface WatchProgress {
  version: string;
  events: number;
  /** The server does not know this version any more: list again. */
  expired: boolean;
}

/** What one watch asks for, and whom it tells. */
export interface WatchRequest {
  client: KubeClient;
  path: string;
  /** For messages: `StressChaos`. */
  what: string;
  /** How long the server is asked to keep it open. */
  seconds: number;
  /** A watch without even a bookmark for this long is reopened: its connection may be dead. */
  silentMs: number;
  opened(): void;
  changed(item: KubeObject): void;
  removed(item: KubeObject): void;
}

/** Reads one watch from `progress.version` on until the server ends it or it has gone silent; throws AppError when it breaks. */
export async function watchOnce(request: WatchRequest, progress: WatchProgress, signal: AbortSignal): Promise<void> {
  const { client, path, what, seconds, silentMs } = request;
  const silence = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const heard = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => silence.abort(), silentMs);
  };
  try {
    const { data: stream, cleaned } = await client.stream({
      path,
      what: `watch ${what}`,
      query: {
        watch: 'true',
        resourceVersion: progress.version,
        allowWatchBookmarks: 'true',
        timeoutSeconds: seconds,
      },
      signal: AbortSignal.any([signal, silence.signal]),
    });
    heard();
    request.opened();
    const ended = AbortSignal.any([signal, silence.signal]);
    const closing = onAbort(ended, () => void stream.destroy());
    try {
      for await (const line of streamLines(stream)) {
        if (signal.aborted) break;
        heard();
        if (line.trim() === '') continue;
        if (!take(line, cleaned, request, progress)) break;
      }
    } finally {
      closing.dispose();
      stream.destroy();
    }
  } catch (thrown) {
    if (silence.signal.aborted && !signal.aborted) return;
    if (thrown instanceof AppError) throw thrown;
    throw new AppError('unreachable', about(`watch ${what}`, msg`the connection to ${client.server} broke.`), {
      hint: 'It is reopened automatically.',
    });
  } finally {
    clearTimeout(timer);
  }
}

/** Takes one event; false when the watch is over. */
function take(line: string, cleaned: KubeStream['cleaned'], request: WatchRequest, progress: WatchProgress): boolean {
  const { what } = request;
  let event: unknown;
  try {
    event = cleaned(JSON.parse(line) as unknown, 'data');
  } catch {
    throw new AppError('badAnswer', about(`watch ${what}`, 'the server sent half an event.'));
  }
  const object = isRecord(event) && isRecord(event['object']) ? event['object'] : undefined;
  if (!isRecord(event) || !object)
    throw new AppError('badAnswer', about(`watch ${what}`, 'the server sent something that is no event.'));
  const type = textOf(event['type']);
  if (type === 'ERROR') {
    const code = typeof object['code'] === 'number' ? object['code'] : 500;
    if (code !== 410) throw responseError(code, cleaned(object, 'words'), `watch ${what}`);
    progress.expired = true;
    return false;
  }
  const metadata = isRecord(object['metadata']) ? object['metadata'] : {};
  const version = textOf(metadata['resourceVersion']);
  // A server that was restored from a backup counts from further back: what it says now belongs to another history.
  if (isBefore(version, progress.version)) {
    progress.expired = true;
    return false;
  }
  progress.version = version || progress.version;
  progress.events += 1;
  if (type === 'ADDED' || type === 'MODIFIED') request.changed(object);
  else if (type === 'DELETED') request.removed(object);
  return true;
}

/** Versions are numbers on every known server; where they are not, nothing is concluded from their order. */
function isBefore(version: string, than: string): boolean {
  const isNumber = (text: string): boolean => /^\d{1,40}$/.test(text);
  return isNumber(version) && isNumber(than) && BigInt(version) < BigInt(than);
}

import type { ServerResponse } from 'node:http';
import type { Change, KubeObject, ObjectStore } from '../objects/objects';
import { apiVersion, type Resource } from '../objects/resources';
import { badRequest, StatusError } from '../objects/status';
import { toTable, type IncludeObject } from './tables';

/** What a watch request asks for. */
export interface ServedWatch {
  resource: Resource;
  namespace: string | undefined;
  matches: (object: KubeObject) => boolean;
  /** Empty or `0`: the current objects come first, as ADDED. */
  resourceVersion: string | undefined;
  bookmarks: boolean;
  /** Milliseconds of real time between bookmarks. */
  bookmarkMs: number;
  /** `sendInitialEvents=true`: the current objects, then a bookmark that marks their end. */
  initialEvents: boolean;
  table: IncludeObject | undefined;
  timeoutMs: number;
}

/** How many bytes of a watch a client may leave unread before it is disconnected; it then starts again. */
const MOST_UNREAD = 16 * 2 ** 20;

/** Streams changes as JSON lines until the client leaves, reads no longer, or the time is over. */
export function serveWatch(store: ObjectStore, request: ServedWatch, response: ServerResponse): void {
  const from = request.resourceVersion || '0';
  if (!/^\d+$/.test(from))
    throw badRequest(`Invalid value: ${JSON.stringify(from)}: strconv.ParseUint: invalid syntax`);
  response.writeHead(200, { 'content-type': 'application/json', 'transfer-encoding': 'chunked' });
  response.flushHeaders();
  let columnsSent = false;
  const write = (type: string, object: unknown): void => {
    response.write(`${JSON.stringify({ type, object })}\n`);
    if (response.writableLength > MOST_UNREAD) response.destroy();
  };
  const send = (type: Change['type'], object: KubeObject): void => {
    if (!request.table) return write(type, object);
    const table = toTable(
      request.resource,
      [object],
      store.clock.now(),
      Number(object.metadata.resourceVersion),
      request.table,
    );
    if (columnsSent) table['columnDefinitions'] = null; // kubectl prints the header once
    columnsSent = true;
    write(type, table);
  };
  const bookmark = (annotations?: Record<string, string>): void => {
    const metadata = {
      resourceVersion: String(store.version),
      creationTimestamp: null,
      ...(annotations ? { annotations } : {}),
    };
    write('BOOKMARK', { kind: request.resource.kind, apiVersion: apiVersion(request.resource), metadata });
  };
  const inView = (object: KubeObject | undefined): boolean =>
    object !== undefined &&
    (request.namespace === undefined || object.metadata.namespace === request.namespace) &&
    request.matches(object);
  const tell = (change: Change): void => {
    if (change.resource !== request.resource) return;
    // An object that no longer matches has left the watch's view: that is a deletion to it.
    const before = inView(change.previous);
    const after = change.type !== 'DELETED' && inView(change.object);
    if (after) send(before ? 'MODIFIED' : 'ADDED', change.object);
    else if (before) send('DELETED', change.object);
  };
  if (from === '0' || request.initialEvents) {
    for (const object of store.list(request.resource).filter(inView)) send('ADDED', object);
    if (request.initialEvents) bookmark({ 'k8s.io/initial-events-end': 'true' });
  } else {
    try {
      for (const change of store.since(Number(from))) tell(change);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      write('ERROR', error.toStatus());
      response.end();
      return;
    }
  }
  const stopListening = store.onChange(tell);
  const timer = setInterval(() => {
    if (request.bookmarks && !request.table) bookmark();
  }, request.bookmarkMs);
  const stop = (): void => {
    stopListening();
    clearInterval(timer);
    clearTimeout(end);
  };
  // It is closed when all is sent, which a client that reads slowly may hold up for long: nothing is written meanwhile.
  const end = setTimeout(() => {
    stop();
    response.end();
  }, request.timeoutMs);
  response.on('close', stop);
}

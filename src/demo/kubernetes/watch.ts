import type { ServerResponse } from 'node:http';
import type { Change, KubeObject, ObjectStore } from './objects';
import { apiVersion, type Resource } from './resources';
import { StatusError } from './status';
import { toTable } from './tables';

/** What a watch request asks for. */
export interface WatchRequest {
  resource: Resource;
  namespace: string | undefined;
  matches: (object: KubeObject) => boolean;
  resourceVersion: string | undefined;
  bookmarks: boolean;
  table: boolean;
  timeoutMs: number;
}

const BOOKMARK_MS = 5000;

/** Streams changes as JSON lines until the client leaves or the time is over. */
export function serveWatch(store: ObjectStore, request: WatchRequest, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json', 'transfer-encoding': 'chunked' });
  response.flushHeaders();
  let columnsSent = false;
  const write = (type: string, object: unknown): void => {
    response.write(`${JSON.stringify({ type, object })}\n`);
  };
  const send = (type: Change['type'], object: KubeObject): void => {
    if (!request.table) return write(type, object);
    const table = toTable(request.resource, [object], store.clock.now(), Number(object.metadata.resourceVersion));
    if (columnsSent) table['columnDefinitions'] = null;
    columnsSent = true;
    write(type, table);
  };
  const inScope = (object: KubeObject): boolean => request.namespace === undefined || object.metadata.namespace === request.namespace;
  // An object that no longer matches has left the watch's view: that is a deletion to it.
  const known = new Set<string>();
  const tell = (change: Change): void => {
    if (change.resource !== request.resource || !inScope(change.object)) return;
    const uid = change.object.metadata.uid ?? '';
    const matches = request.matches(change.object);
    if (change.type === 'DELETED' || !matches) {
      if (known.delete(uid) || (change.type === 'DELETED' && matches)) send('DELETED', change.object);
      return;
    }
    send(known.has(uid) || change.type === 'MODIFIED' ? 'MODIFIED' : 'ADDED', change.object);
    known.add(uid);
  };
  const from = request.resourceVersion;
  const current = store.list(request.resource, request.namespace).filter(request.matches);
  if (!from || from === '0') {
    for (const object of current) {
      known.add(object.metadata.uid ?? '');
      send('ADDED', object);
    }
  } else {
    for (const object of current) known.add(object.metadata.uid ?? '');
    try {
      const missed = store.since(Number(from));
      for (const change of missed) if (change.type === 'ADDED') known.delete(change.object.metadata.uid ?? '');
      for (const change of missed) tell(change);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      write('ERROR', error.toStatus());
      response.end();
      return;
    }
  }
  const stopListening = store.onChange(tell);
  const bookmark = setInterval(() => {
    if (!request.bookmarks || request.table) return;
    write('BOOKMARK', { kind: request.resource.kind, apiVersion: apiVersion(request.resource), metadata: { resourceVersion: String(store.version), creationTimestamp: null } });
  }, BOOKMARK_MS);
  const end = setTimeout(() => response.end(), request.timeoutMs);
  response.on('close', () => {
    stopListening();
    clearInterval(bookmark);
    clearTimeout(end);
  });
}

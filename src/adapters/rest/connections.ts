import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** Connections on which no token was shown yet; of one more the oldest is closed. */
const MOST_UNKNOWN = 32;
/** With those on which it was, which last as long as what they ask for. */
const MOST = 96;

/** What a request's head may be, and how long it may take to come. */
export interface HeadBounds {
  bytes: number;
  ms: number;
}

/**
 * Keeps room for those who have the token; what others send costs next to nothing. A limit on all connections alone would
 * let anybody on this machine take every place and keep it: so a new one is never refused because of those on which no
 * token was shown. Of these the parser gets one head and no more: a single piece may hold a thousand requests.
 */
export function keepRoom(server: Server, hasToken: (head: string) => boolean, bounds: HeadBounds): void {
  const unknown = new Set<Socket>();
  const parse = server.listeners('connection') as ((socket: Socket) => void)[];
  server.removeAllListeners('connection');
  server.maxConnections = MOST;
  server.on('connection', (socket: Socket) => {
    unknown.add(socket);
    if (unknown.size > MOST_UNKNOWN) for (const oldest of [...unknown].slice(0, 1)) oldest.destroy();
    const late = setTimeout(() => socket.destroy(), bounds.ms);
    socket.once('close', () => {
      clearTimeout(late);
      unknown.delete(socket);
    });
    socket.on('error', () => socket.destroy());
    let came: Buffer = Buffer.alloc(0);
    const read = (piece: Buffer): void => {
      came = Buffer.concat([came, piece]);
      const end = came.indexOf('\r\n\r\n') + 4;
      if (end < 4 && came.length <= bounds.bytes) return;
      clearTimeout(late);
      socket.off('data', read).pause();
      const known = end >= 4 && hasToken(came.subarray(0, end).toString('latin1'));
      if (known) unknown.delete(socket);
      socket.unshift(known || end < 4 ? came : came.subarray(0, end));
      for (const listener of parse) listener.call(server, socket);
      socket.resume();
    };
    socket.on('data', read);
  });
}

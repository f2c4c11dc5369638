import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** `readBytes`, as text. */
export async function readBody(request: IncomingMessage): Promise<string> {
  return (await readBytes(request)).toString('utf8');
}

const MOST_BYTES = 3 * 1024 * 1024;

/** Reads a request's body; rejects a larger one than 3 MiB with a RangeError. */
export async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    // Read to its end, within reason: a client that is still sending would see a reset, not why it was refused.
    if (size > 32 * MOST_BYTES) break;
    if (size <= MOST_BYTES) chunks.push(chunk);
  }
  if (size > MOST_BYTES) throw new RangeError('request body too large');
  return Buffer.concat(chunks);
}

/** Answers with JSON. */
export function respondJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  const bytes = Buffer.from(JSON.stringify(body));
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': bytes.length,
    ...headers,
  });
  response.end(bytes);
}

/**
 * An idle connection stays as long as the API server keeps one. Node's own 5 s are over in the middle of a long
 * computation on a busy machine, and the next request would go into a connection that is just being closed.
 */
const IDLE_MS = 90_000;

/** A client that leaves in the middle of something is no failure of the server's. */
const ignore = (): void => undefined;

/**
 * Listens on loopback; resolves with the port. What fails on a connection, or when one is accepted, ends that connection
 * and no more: an error that nobody listens to would end the process.
 */
export async function listen(server: Server, port: number): Promise<number> {
  server.keepAliveTimeout = IDLE_MS;
  server.prependListener('request', (request, response) => {
    request.on('error', ignore);
    response.on('error', ignore);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      server.on('error', ({ message }) => process.stderr.write(`A connection could not be accepted: ${message}\n`));
      resolve();
    });
  });
  return (server.address() as AddressInfo).port;
}

/** Stops listening and drops every open connection. */
export async function close(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

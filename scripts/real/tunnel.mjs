import { rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:net';

/**
 * A way into the cluster's network: an HTTP CONNECT proxy on a Unix socket, as the API server's egress selector names
 * it, or on a port of loopback (0 = a free one). Pod addresses exist in the API only; whatever is asked for is reached
 * on loopback at that port.
 */
export async function startTunnel(at) {
  const open = new Set();
  const keep = (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    socket.on('error', () => socket.destroy());
  };
  const server = createServer((_request, response) => response.writeHead(405).end());
  server.on('connect', (request, client, head) => {
    keep(client);
    const port = Number(request.url.split(':').at(-1));
    const target = connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      if (head.length > 0) target.write(head);
      target.pipe(client).pipe(target);
    });
    keep(target);
    target.once('error', () => client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'));
    client.once('close', () => target.destroy());
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    if (typeof at === 'string') server.listen(at, resolve);
    else server.listen(at, '127.0.0.1', resolve);
  });
  return {
    port: server.address()?.port,
    stop: () =>
      new Promise((resolve) => {
        for (const socket of open) socket.destroy();
        server.close(() => {
          if (typeof at === 'string') rmSync(at, { force: true });
          resolve();
        });
      }),
  };
}

import { createServer } from 'node:http';

/**
 * Lets a test do something with a server of the cluster: `POST /<name>/<verb>` on loopback calls `servers[name][verb]`,
 * and is answered with what comes of it as JSON when it is done.
 */
export async function startControl(servers) {
  const server = createServer((request, response) => {
    const [, name, verb] = (request.url ?? '').split('/');
    const action = request.method === 'POST' && Object.hasOwn(servers, name) ? servers[name][verb] : undefined;
    if (!action) return response.writeHead(404).end();
    return Promise.resolve()
      .then(action)
      .then(
        (result) => response.writeHead(200).end(JSON.stringify(result ?? null)),
        (error) => response.writeHead(500).end(String(error)),
      );
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = () =>
    new Promise((resolve) => {
      server.closeAllConnections();
      server.close(resolve);
    });
  return { url: `http://127.0.0.1:${server.address().port}`, stop };
}

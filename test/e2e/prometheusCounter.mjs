// A Prometheus in between that counts: what the extension asks is seen from outside, as its server sees it.
import { createServer, request } from 'node:http';

/** Passes everything on to a server; `asked` has each query that went through, newest last. It can be cut off. */
export async function countQueries(target) {
  const asked = [];
  let open = 0;
  let cut = false;
  let behind = target;
  const server = createServer((incoming, outgoing) => {
    if (cut) return void incoming.socket.destroy();
    const url = new URL(incoming.url, behind);
    if (/\/api\/v1\/query(_range)?$/.test(url.pathname)) asked.push(url.searchParams.get('query') ?? '');
    open += 1;
    outgoing.once('close', () => (open -= 1));
    const passed = request(url, { method: incoming.method, headers: incoming.headers }, (answer) => {
      outgoing.writeHead(answer.statusCode, answer.headers);
      answer.pipe(outgoing);
    });
    passed.on('error', () => outgoing.destroy());
    outgoing.once('close', () => passed.destroy());
    incoming.pipe(passed);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    asked,
    /** From now on it does not answer, or does so again. */
    setCut: (now) => (cut = now),
    /** From now on another server is asked. */
    setTarget: (url) => (behind = url),
    /** Nothing is under way. */
    idle: () => open === 0,
    stop: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

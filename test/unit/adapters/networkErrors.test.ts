import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { afterEach, expect, it } from 'vitest';
import { networkError, type Peer } from '../../../src/adapters/http/errors';
import { exchange } from '../../../src/adapters/http/transport';

const peer: Peer = {
  name: 'list pods: http://host',
  hints: {
    timeout: 'of time',
    cutOff: 'of a cut',
    answer: 'of an answer',
    tls: (code) => `of TLS ${code}`,
    unreachable: (code) => `of the way ${code}`,
  },
};
const thrown = (code: string, message = ''): Error => Object.assign(new Error(message), { code });

it.each([
  [thrown('ECONNREFUSED'), 'unreachable', 'list pods: http://host refused the connection.', 'of the way ECONNREFUSED'],
  [thrown('ENOTFOUND'), 'unreachable', 'list pods: http://host has no address (DNS).', 'of the way ENOTFOUND'],
  [thrown('EPIPE'), 'unreachable', 'list pods: http://host cannot be reached (EPIPE).', 'of the way EPIPE'],
  [new Error(''), 'unreachable', 'list pods: http://host cannot be reached.', 'of the way '],
  [thrown('ETIMEDOUT'), 'timeout', 'list pods: http://host did not respond in time.', 'of time'],
  [
    thrown('ERR_BAD_RESPONSE', 'stream has been aborted'),
    'unreachable',
    'list pods: http://host closed the connection in the middle of a response.',
    'of a cut',
  ],
  [
    thrown('CERT_HAS_EXPIRED'),
    'unreachable',
    'list pods: http://host cannot be reached over TLS (CERT_HAS_EXPIRED).',
    'of TLS CERT_HAS_EXPIRED',
  ],
  [
    thrown('ERR_BAD_RESPONSE', 'maxContentLength size of 5 exceeded'),
    'badAnswer',
    'The response of list pods: http://host exceeded the size limit.',
    'of an answer',
  ],
  [thrown('Z_DATA_ERROR'), 'badAnswer', 'list pods: http://host sent a damaged response.', 'of an answer'],
  [thrown('HPE_INVALID_CONSTANT'), 'badAnswer', 'list pods: http://host sent a damaged response.', 'of an answer'],
  [
    Object.assign(new Error(''), { code: 'ERR_NETWORK', cause: thrown('ECONNRESET') }),
    'unreachable',
    'list pods: http://host broke the connection.',
    'of the way ECONNRESET',
  ],
])('%s is told by its code', (error, code, message, hint) => {
  const told = networkError(error, peer, false, false);
  expect(told).toMatchObject({ code, message, hint });
  expect(told.cause).toBeUndefined();
  expect(networkError(error, peer, true, false)).toMatchObject({ code: 'timeout' });
  expect(networkError(error, peer, true, true)).toMatchObject({ code: 'cancelled' });
});

let server: Server | undefined;
afterEach(() => new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve())));

it('what went wrong holds nothing of what was sent, and no redirect is followed', async () => {
  const seen: (string | undefined)[] = [];
  server = createServer((request, response) => {
    seen.push(request.url);
    if (request.url?.startsWith('/away')) response.writeHead(307, { location: '/other' }).end();
    else request.socket.destroy();
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const ask = (path: string): Promise<number> =>
    exchange<string, number>(
      {
        ...{ url: `${url}${path}`, query: { a: 'b', none: undefined }, body: { secret: 'word-4711' }, method: 'POST' },
        ...{ responseType: 'text' as const, maxBytes: 10, timeoutMs: 10_000, environmentProxy: false, peer },
        access: () => Promise.resolve({ headers: { Authorization: 'Bearer word-4711' }, agent: undefined }),
        signal: undefined,
      },
      ({ status }) => status,
    );
  expect(await ask('/away')).toBe(307);
  const error: unknown = await ask('/cut').catch((one: unknown) => one);
  expect(error).toMatchObject({ code: 'unreachable' });
  expect(inspect(error, { depth: 20 })).not.toContain('word-4711');
  expect(seen).toEqual(['/away?a=b', '/cut?a=b']);
});

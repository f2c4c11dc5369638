import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkPrometheus, directEndpoint, resolvePrometheus } from '../../../src/adapters/prometheus/index';
import { silentLog } from '../../support';
import { json, TestServer } from './server';

let server: TestServer;
let url: string;
/** The path below which the API answers. */
let prefix: string;

beforeEach(async () => {
  server = new TestServer();
  url = await server.start();
  prefix = '';
  server.handler = (_request, response, { pathname }) =>
    pathname.startsWith(`${prefix}/api/v1/`)
      ? json(response, { status: 'success', data: { resultType: 'vector', result: [] } })
      : void response.writeHead(404).end('404 page not found');
});
afterEach(() => server.stop());

const resolved = async (path: string): Promise<string> =>
  (await resolvePrometheus({ url: `${url}${path}`, cluster: undefined, log: silentLog })).baseUrl.slice(url.length);

describe('the address of a page of Prometheus', () => {
  it.each([
    '',
    '/',
    '/graph',
    '/graph/',
    '/graph?g0.expr=up&g0.tab=1',
    '/graph#x',
    '/classic/graph',
    '/new/graph',
    '/query',
    '/query?g0.expr=up',
    '/targets?search=',
    '/alerts',
    '/rules',
    '/config',
    '/flags',
    '/status',
    '/tsdb-status',
    '/service-discovery',
    '/stores',
    '/federate?match[]=up',
    '/metrics',
    '/-/ready',
    '/-/healthy/',
    '/api/v1',
    '/api/v1/query?query=up',
    '/api/v1/label/__name__/values',
    '/vmui/#/?g0.expr=up',
  ])('%j is that of its API', async (path) => {
    expect(directEndpoint(`${url}${path}`).baseUrl).toBe(url);
    expect(await resolved(path)).toBe('');
  });

  it.each([
    ['/prometheus/graph', '/prometheus'],
    ['/prometheus/', '/prometheus'],
    ['/a/b/-/ready', '/a/b'],
    ['/select/0/vmui/?g0.expr=up', '/select/0/prometheus'],
    ['/select/7/prometheus/vmui', '/select/7/prometheus'],
    ['/api/datasources/proxy/uid/abc/api/v1/query', '/api/datasources/proxy/uid/abc'],
    ['/api/v1/namespaces/m/services/p:9090/proxy/graph', '/api/v1/namespaces/m/services/p:9090/proxy'],
    ['/api/v1/namespaces/m/services/p:9090/proxy', '/api/v1/namespaces/m/services/p:9090/proxy'],
    ['//elsewhere.example/graph', '//elsewhere.example'],
  ])('%s is below %s', async (path, below) => {
    prefix = below;
    expect(await resolved(path)).toBe(below);
  });

  it('is left as it is where the API lies below that name, as Thanos’ may below /query', async () => {
    prefix = '/query';
    expect(await resolved('/query')).toBe('/query');
    const { attempts } = await checkPrometheus({ url: `${url}/query`, cluster: undefined });
    expect(attempts.map(({ ok, url: tried }) => [ok, tried.slice(url.length)])).toEqual([
      [true, '/query/api/v1/query?query=vector(1)'],
    ]);
  });

  it('is checked as it is used', async () => {
    const { attempts } = await checkPrometheus({ url: `${url}/graph`, cluster: undefined });
    expect(attempts).toMatchObject([{ ok: true, url: `${url}/api/v1/query?query=vector(1)` }]);
  });

  it('where credentials are wanted is not guessed at', async () => {
    server.handler = (_request, response) => void response.writeHead(401).end();
    expect(await resolved('/query')).toBe('/query');
  });
});

describe('what to do', () => {
  const next = async (path: string): Promise<string> =>
    String((await checkPrometheus({ url: `${url}${path}`, cluster: undefined })).attempts[0]?.next);

  it('below a path where no API is: take it off, or write the right one', async () => {
    prefix = '/prometheus';
    expect(await next('/wrong')).toMatch(/Remove the page path from distdiag\.prometheus\.url/);
    expect(await next('')).toMatch(/may have a path prefix .* Add it to distdiag\.prometheus\.url/);
  });

  it.each(['/d/abc/oceanbase?orgId=1', '/explore?left=x', '/dashboards', '/grafana/d/abc'])(
    'at a page of Grafana, %s: use Prometheus, or the way to it through Grafana',
    async (path) => {
      server.handler = (_request, response) => void response.writeHead(302, { location: '/login' }).end();
      expect(await next(path)).toMatch(/Grafana, not Prometheus.*datasources\/proxy/);
    },
  );

  it('where Grafana says by its answer that it is one', async () => {
    server.handler = (_request, response) =>
      json(response, { message: 'Not found', messageId: 'notfound', statusCode: 404, traceID: '' }, 404);
    expect(await next('')).toMatch(/Grafana, not Prometheus/);
    server.handler = (_request, response) => void response.end('<!doctype html><title>Grafana</title>');
    expect(await next('')).toMatch(/Grafana, not Prometheus/);
  });
});

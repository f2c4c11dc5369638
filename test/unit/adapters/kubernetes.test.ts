import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KubeClient } from '../../../src/adapters/kubernetes/client';
import { connect, type KubernetesConnection } from '../../../src/adapters/kubernetes/index';
import { loadKubeconfig } from '../../../src/adapters/kubernetes/kubeconfig';
import type { ExperimentSnapshot } from '../../../src/core/ports';
import { silentLog } from '../../support';
import { chaosObject } from '../core/experiments';
import { json, TestServer } from './server';

const TOKEN = 'secret-token-4711';
const API = '/apis/chaos-mesh.org/v1alpha1';

let server: TestServer;
let url: string;
let directory: string;
let file: string;
let connection: KubernetesConnection;

function kubeconfig(user: unknown = { token: TOKEN }, address = url): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'test', cluster: { server: address, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'test', user }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test', namespace: 'db' } }],
    'current-context': 'test',
  });
}

beforeEach(async () => {
  server = new TestServer();
  url = await server.start();
  directory = mkdtempSync(path.join(tmpdir(), 'distdiag-kube-'));
  file = path.join(directory, 'config');
  writeFileSync(file, kubeconfig());
  connection = await connect({
    kubeconfigPath: file,
    trusted: false,
    log: silentLog,
    namespaces: ['db'],
    maxBackoffMs: 10,
  });
});

afterEach(async () => {
  connection.dispose();
  await server.stop();
  rmSync(directory, { recursive: true, force: true });
});

const status = (response: ServerResponse, code: number, message: string, details?: unknown): void => {
  if (code === 429) response.setHeader('retry-after', '0');
  json(response, { kind: 'Status', apiVersion: 'v1', status: 'Failure', message, code, details }, code);
};
const discovery = (response: ServerResponse, ...kinds: string[]): void =>
  json(response, { resources: kinds.map((kind) => ({ kind, name: kind.toLowerCase() })) });
const list = (response: ServerResponse, items: unknown[], resourceVersion = '10'): void =>
  json(response, { metadata: { resourceVersion }, items });
const manifest = chaosObject({ noStatus: true });
const versioned = (name: string, resourceVersion: string): Record<string, unknown> => {
  const object = chaosObject({ name, records: [{}] });
  return { ...object, metadata: { ...object.metadata, resourceVersion } };
};

describe('an answer of the API server', () => {
  it.each<[number, string, unknown, Record<string, unknown>]>([
    [401, 'no', undefined, { code: 'unauthorized' }],
    [
      403,
      'stresschaos is forbidden: user x',
      undefined,
      { code: 'forbidden', message: expect.stringContaining('user x') },
    ],
    [409, 'already exists', undefined, { code: 'conflict' }],
    [429, 'slow', undefined, { code: 'rateLimited' }],
    [500, 'boom', undefined, { code: 'server' }],
    [504, 'late', undefined, { code: 'timeout' }],
    [
      422,
      'bad',
      { causes: [{ field: 'spec.mode', message: 'x' }] },
      { code: 'invalid', hint: expect.stringContaining('spec.mode') },
    ],
    [
      403,
      'admission webhook "vauth.kb.io" denied the request: duration is bad',
      undefined,
      { code: 'invalid', message: expect.stringContaining('denied the request: duration is bad') },
    ],
  ])('%d "%s" is told apart, in the server\'s own words', async (code, message, details, expected) => {
    server.handler = (_request, response) => status(response, code, message, details);
    await expect(connection.experiments.dryRun(manifest)).rejects.toMatchObject(expected);
  });

  it('that is a web page, cut off, or of another shape is said to be so', async () => {
    server.handler = (_request, response) =>
      void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>sign in</html>');
    await expect(connection.experiments.list()).rejects.toMatchObject({ code: 'badAnswer' });
    server.handler = (_request, response) => json(response, { items: 'none' });
    await expect(connection.targets.list({ namespace: 'db', labelSelector: '', container: 'x' })).rejects.toMatchObject(
      { code: 'badAnswer' },
    );
    server.handler = (_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{"half":');
      response.destroy();
    };
    await expect(connection.experiments.list()).rejects.toMatchObject({
      code: expect.stringMatching(/unreachable|badAnswer/),
    });
  });

  it('that never comes is a timeout, and an abort is a cancellation', async () => {
    server.handler = () => undefined;
    const client = new KubeClient(loadKubeconfig({ kubeconfigPath: file, trusted: false }));
    await expect(client.json({ path: '/version', what: 'test', timeoutMs: 30 })).rejects.toMatchObject({
      code: 'timeout',
    });
    const controller = new AbortController();
    const cancelled = client.json({ path: '/version', what: 'test', signal: controller.signal });
    controller.abort();
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('that cannot be had says which server, and no secret is in any error', async () => {
    await server.stop();
    const error: unknown = await connection.experiments.list().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining(url),
      hint: expect.anything(),
    });
    expect(inspect(error, { depth: 20 })).not.toContain(TOKEN);
  });

  it('to a create without the kind or the namespace says which one is missing', async () => {
    server.handler = (_request, response) => status(response, 404, 'namespaces "oceanbase" not found');
    await expect(connection.experiments.create(manifest)).rejects.toMatchObject({
      code: 'notFound',
      message: expect.stringContaining('oceanbase'),
    });
    server.handler = (_request, response) => status(response, 404, 'the server could not find the requested resource');
    await expect(connection.experiments.create(manifest)).rejects.toMatchObject({ code: 'notInstalled' });
  });
});

describe('a list', () => {
  it('comes page by page', async () => {
    server.handler = (_request, response, { searchParams }) => {
      const page = searchParams.get('continue') ?? 'a';
      json(response, {
        metadata: { resourceVersion: '1', ...(page === 'a' ? { continue: 'b' } : {}) },
        items: [{ metadata: { name: page, namespace: 'db' } }],
      });
    };
    const pods = await connection.targets.list({ namespace: 'db', labelSelector: 'x=y', container: 'c' });
    expect(pods.map(({ pod }) => pod)).toEqual(['a', 'b']);
    expect(pods[0]).toMatchObject({ phase: 'Unknown', ready: false, containers: [], database: undefined });
    expect(server.requests[1]).toContain('continue=b');
  });

  it('that repeats its page ends', async () => {
    server.handler = (_request, response) => json(response, { metadata: { continue: 'same' }, items: [] });
    await expect(connection.targets.list({ namespace: 'db', labelSelector: '', container: 'c' })).rejects.toMatchObject(
      { code: 'badAnswer' },
    );
  });

  it('names the kinds that are missing or forbidden, and shows the rest', async () => {
    server.handler = (_request, response, { pathname }) => {
      if (pathname === API) return discovery(response, 'StressChaos', 'IOChaos', 'PodNetworkChaos');
      if (pathname.endsWith('/iochaos')) return status(response, 403, 'iochaos is forbidden');
      return list(response, [manifest]);
    };
    const snapshot = await connection.experiments.list();
    expect(snapshot.experiments.map(({ ref }) => ref.kind)).toEqual(['StressChaos']);
    expect(snapshot.health).toEqual({ state: 'live' });
    const reasons = Object.fromEntries(snapshot.missingKinds.map(({ kind, error }) => [kind, error.code]));
    expect(reasons).toMatchObject({ IOChaos: 'forbidden', NetworkChaos: 'notInstalled' });
    expect(reasons['StressChaos']).toBeUndefined();
  });
});

describe('a deletion', () => {
  it('of what is gone, or replaced by another of its name, is done', async () => {
    server.handler = (_request, response) => status(response, 404, 'not found');
    await connection.experiments.delete({ kind: 'StressChaos', namespace: 'db', name: 'x' });
    server.handler = ({ method }, response) =>
      method === 'GET'
        ? json(response, chaosObject({ name: 'x' }))
        : status(response, 409, 'the UID in the precondition does not match');
    await connection.experiments.delete({ kind: 'StressChaos', namespace: 'db', name: 'x', uid: 'old' });
    // The very object is still there: it was changed at the same moment, and is not gone.
    await expect(
      connection.experiments.delete({ kind: 'StressChaos', namespace: 'db', name: 'x', uid: 'uid-x' }),
    ).rejects.toMatchObject({ code: 'conflict' });
    await expect(
      connection.experiments.delete({ kind: 'StressChaos', namespace: 'db', name: 'x' }),
    ).rejects.toMatchObject({ code: 'conflict' });
  });

  it('asks for this very object', async () => {
    let body = '';
    server.handler = (request, response) => {
      request.on('data', (chunk) => (body += String(chunk)));
      request.on('end', () => json(response, { kind: 'Status', status: 'Success' }));
    };
    await connection.experiments.delete({ kind: 'StressChaos', namespace: 'db', name: 'a/b', uid: 'u1' });
    expect(JSON.parse(body)).toMatchObject({ preconditions: { uid: 'u1' } });
    expect(server.requests).toEqual([`DELETE ${API}/namespaces/db/stresschaos/a%2Fb`]);
  });
});

describe('a watch', () => {
  /** Watches until a snapshot is as wanted. */
  function until(wanted: (snapshot: ExperimentSnapshot) => boolean): Promise<ExperimentSnapshot[]> {
    const all: ExperimentSnapshot[] = [];
    return new Promise((resolve) => {
      const watch = connection.experiments.watch((snapshot) => {
        all.push(snapshot);
        if (!wanted(snapshot)) return;
        watch.dispose();
        resolve(all);
      });
    });
  }

  const names = (snapshot: ExperimentSnapshot): string =>
    snapshot.experiments
      .map(({ ref }) => ref.name)
      .sort()
      .join();
  const event = (response: ServerResponse, type: string, object: unknown): void =>
    void response.write(`${JSON.stringify({ type, object })}\n`);

  /** Serves discovery and lists; watches go to the given function with their number. */
  function serve(
    lists: unknown[][],
    watch: (response: ServerResponse, turn: number, version: string | null) => void,
  ): void {
    let listed = 0;
    let watched = 0;
    server.handler = (_request, response, { pathname, searchParams }) => {
      if (pathname === API) return discovery(response, 'StressChaos');
      if (searchParams.get('watch') === 'true') {
        response.writeHead(200).flushHeaders();
        return watch(response, watched++, searchParams.get('resourceVersion'));
      }
      const items = lists[Math.min(listed, lists.length - 1)] as unknown[];
      listed += 1;
      return list(response, items, String(10 * listed));
    };
  }

  it('tells what is added, changed and removed', async () => {
    serve([[versioned('a', '1')]], (response, turn) => {
      if (turn > 0) return;
      event(response, 'ADDED', versioned('b', '11'));
      event(response, 'DELETED', versioned('a', '12'));
      event(response, 'ADDED', versioned('c', '13'));
    });
    const all = await until((snapshot) => names(snapshot) === 'b,c');
    expect(all.at(-1)?.health).toEqual({ state: 'live' });
  });

  it('goes on from the last bookmark when the server ends it', async () => {
    const versions: (string | null)[] = [];
    serve([[]], (response, turn, version) => {
      versions.push(version);
      if (turn === 0) {
        event(response, 'BOOKMARK', { metadata: { resourceVersion: '77' } });
        return response.end();
      }
      event(response, 'ADDED', versioned('x', '78'));
    });
    await until((snapshot) => names(snapshot) === 'x');
    expect(versions.slice(0, 2)).toEqual(['10', '77']);
  });

  it('lists again when its version is too old, and drops what is gone', async () => {
    serve([[versioned('old', '1')], [versioned('new', '15')]], (response, turn) => {
      if (turn > 0) return;
      event(response, 'ERROR', { kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version' });
      response.end();
    });
    const all = await until((snapshot) => names(snapshot) === 'new');
    expect(all.every(({ health }) => health.state !== 'stale')).toBe(true);
  });

  it('lists again after half an event', async () => {
    serve([[versioned('a', '1')], [versioned('b', '15')]], (response, turn) => {
      if (turn > 0) return;
      response.write('{"type":"ADDED","obj\n');
    });
    await until((snapshot) => names(snapshot) === 'b' && snapshot.health.state === 'live');
  });

  it('comes back after the connection broke, with what happened meanwhile', async () => {
    serve([[versioned('a', '1')]], (response, turn, version) => {
      if (turn === 0) return void response.destroy();
      event(response, 'MODIFIED', versioned('a', '20'));
      event(response, 'ADDED', versioned(`from-${version}`, '21'));
    });
    await until((snapshot) => names(snapshot) === 'a,from-10');
  });

  it('does not tell an event twice', async () => {
    serve([[]], (response) => {
      for (let i = 0; i < 20; i++) event(response, 'ADDED', versioned('a', '11'));
      setTimeout(() => event(response, 'MODIFIED', versioned('a', '11')), 80);
      setTimeout(() => event(response, 'ADDED', versioned('b', '12')), 160);
    });
    const all = await until((snapshot) => names(snapshot) === 'a,b');
    expect(all.filter((snapshot) => names(snapshot) === 'a').length).toBeLessThanOrEqual(1);
  });

  it('looks into the known namespaces where all of them are forbidden', async () => {
    server.handler = (_request, response, { pathname, searchParams }) => {
      if (pathname === API) return discovery(response, 'StressChaos');
      if (!pathname.includes('/namespaces/db/')) return status(response, 403, 'forbidden cluster-wide');
      if (searchParams.get('watch') === 'true') return response.writeHead(200).flushHeaders();
      return list(response, [versioned('mine', '1')]);
    };
    const all = await until((snapshot) => snapshot.health.state === 'live');
    expect(names(all.at(-1) as ExperimentSnapshot)).toBe('mine');
  });

  it('fails with the reason where everything is forbidden, or Chaos Mesh is not there', async () => {
    server.handler = (_request, response, { pathname }) =>
      pathname === API ? discovery(response, 'StressChaos') : status(response, 403, 'nothing for you');
    const forbidden = await until((snapshot) => snapshot.health.state === 'failed');
    expect(forbidden.at(-1)).toMatchObject({ health: { error: { code: 'forbidden' } }, experiments: [] });
    server.handler = (_request, response) => status(response, 404, 'the server could not find the requested resource');
    const missing = await until((snapshot) => snapshot.health.state === 'failed');
    expect(missing.at(-1)).toMatchObject({ health: { error: { code: 'notInstalled' } } });
  });

  it('starts by itself when the server is there at last', async () => {
    let started = false;
    server.handler = (_request, response, { pathname, searchParams }) => {
      if (!started) return status(response, 503, 'starting');
      if (pathname === API) return discovery(response, 'StressChaos');
      if (searchParams.get('watch') === 'true') return response.writeHead(200).flushHeaders();
      return list(response, []);
    };
    const all = await until((snapshot) => {
      started ||= snapshot.health.state === 'failed';
      return snapshot.health.state === 'live';
    });
    expect(all[0]).toMatchObject({ health: { state: 'failed', error: { code: 'server' } } });
  });
});

describe('a kubeconfig', () => {
  const load = (content: string, options: { context?: string; trusted?: boolean } = {}): unknown => {
    writeFileSync(file, content);
    return loadKubeconfig({ kubeconfigPath: file, trusted: false, ...options });
  };

  it('that is missing, damaged or without the context says what to do, and never its content', () => {
    expect(() => loadKubeconfig({ kubeconfigPath: path.join(directory, 'none'), trusted: true })).toThrow(
      /There is no kubeconfig at/,
    );
    expect(() => load(kubeconfig(), { context: 'other' })).toThrow(/no context "other"/);
    try {
      load(`token: ${TOKEN}\n  : {`);
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ code: 'notConfigured', message: expect.stringContaining('cannot be read') });
      expect(inspect(error, { depth: 20 })).not.toContain(TOKEN);
    }
  });

  it('that starts a program is used in a trusted workspace only', () => {
    const exec = kubeconfig({
      exec: { apiVersion: 'client.authentication.k8s.io/v1', command: 'get-token', interactiveMode: 'Never' },
    });
    expect(() => load(exec)).toThrow(/not trusted/);
    expect(load(exec, { trusted: true })).toBeDefined();
  });

  it('may be several files: of two entries with one name the first wins', () => {
    const second = path.join(directory, 'second');
    const other = JSON.parse(kubeconfig({ token: 'x' }, 'http://127.0.0.1:1')) as { contexts: unknown[] };
    other.contexts.push({ name: 'more', context: { cluster: 'test', user: 'test' } });
    writeFileSync(second, JSON.stringify(other));
    const before = process.env['KUBECONFIG'];
    process.env['KUBECONFIG'] = [file, second, path.join(directory, 'none')].join(path.delimiter);
    try {
      const config = loadKubeconfig({ trusted: false });
      expect(config.getContexts().map(({ name }) => name)).toEqual(['test', 'more']);
      expect(config.getCurrentCluster()?.server).toBe(url);
    } finally {
      if (before === undefined) delete process.env['KUBECONFIG'];
      else process.env['KUBECONFIG'] = before;
    }
  });
});

describe('the services', () => {
  it('that look like Prometheus come first, helpers not at all', async () => {
    const service = (name: string, port: number, labels = {}): unknown => ({
      metadata: { name, namespace: 'm', labels },
      spec: { ports: [{ name: 'web', port }] },
    });
    server.handler = (_request, response) =>
      list(response, [
        service('grafana', 80),
        service('prometheus-alertmanager', 9093),
        service('kube-prometheus-operator', 8080),
        service('metrics', 9090, { 'app.kubernetes.io/name': 'prometheus' }),
        service('prometheus-server', 80),
        service('prometheus-k8s', 9090),
        { metadata: { name: 'prometheus-without-ports', namespace: 'm' }, spec: {} },
      ]);
    expect((await connection.listPrometheusServices()).map((one) => `${one.service}:${one.port}`)).toEqual([
      'prometheus-k8s:9090',
      'metrics:9090',
      'prometheus-server:80',
    ]);
  });
});

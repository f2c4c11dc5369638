import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { ExperimentSnapshot } from '../../../src/core/experiments/gateway';
import { API, discovery, kubernetesScene, list, status, versioned } from './kubernetesScene';

const scene = kubernetesScene();

describe('a watch', () => {
  /** Watches until a snapshot is as wanted. */
  function until(wanted: (snapshot: ExperimentSnapshot) => boolean): Promise<ExperimentSnapshot[]> {
    const all: ExperimentSnapshot[] = [];
    return new Promise((resolve) => {
      const watch = scene.connection.experiments.watch((snapshot) => {
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
    scene.server.handler = (_request, response, { pathname, searchParams }) => {
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

  it('tells of a server that is gone without the name of the kind that noticed it first', async () => {
    serve([[versioned('a', '1')]], (response) => response.destroy());
    const all = await until(({ health }) => health.state === 'stale');
    const { health } = all.at(-1) as ExperimentSnapshot;
    const message = 'error' in health ? health.error.message : '';
    expect(message).not.toMatch(/StressChaos|^watch|^list/);
    expect(message).toContain(scene.connection.server);
  });

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
    scene.server.handler = (_request, response, { pathname, searchParams }) => {
      if (pathname === API) return discovery(response, 'StressChaos');
      if (!pathname.includes('/namespaces/db/')) return status(response, 403, 'forbidden cluster-wide');
      if (searchParams.get('watch') === 'true') return response.writeHead(200).flushHeaders();
      return list(response, [versioned('mine', '1')]);
    };
    const all = await until((snapshot) => snapshot.health.state === 'live');
    expect(names(all.at(-1) as ExperimentSnapshot)).toBe('mine');
  });

  it('fails with the reason where everything is forbidden, or Chaos Mesh is not there', async () => {
    scene.server.handler = (_request, response, { pathname }) =>
      pathname === API ? discovery(response, 'StressChaos') : status(response, 403, 'nothing for you');
    const forbidden = await until((snapshot) => snapshot.health.state === 'failed');
    expect(forbidden.at(-1)).toMatchObject({ health: { error: { code: 'forbidden' } }, experiments: [] });
    scene.server.handler = (_request, response) =>
      status(response, 404, 'the server could not find the requested resource');
    const missing = await until((snapshot) => snapshot.health.state === 'failed');
    expect(missing.at(-1)).toMatchObject({ health: { error: { code: 'notInstalled' } } });
  });

  it('starts by itself when the server is there at last', async () => {
    let started = false;
    scene.server.handler = (_request, response, { pathname, searchParams }) => {
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

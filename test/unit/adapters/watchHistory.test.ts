import { expect, it } from 'vitest';
import { chaosObject } from '../experiments/experiments';
import { API, kubernetesScene } from './kubernetesScene';
import { json } from './server';

const scene = kubernetesScene({ namespaces: [] });

/** A server that was restored: its first list is of version 900, its later ones of version 100. */
function serve(watch: (write: (text: string) => void, refuse: (code: number, message: string) => void) => void): void {
  let lists = 0;
  scene.server.handler = (_request, response, { pathname, searchParams }) => {
    if (pathname === API) return json(response, { resources: [{ kind: 'StressChaos' }] });
    if (searchParams.get('watch') !== 'true') {
      const restored = lists++ > 0;
      const items = [chaosObject({ name: restored ? 'restored' : 'lost' })];
      return json(response, { metadata: { resourceVersion: restored ? '100' : '900' }, items });
    }
    if (searchParams.get('resourceVersion') === '100') return response.writeHead(200).flushHeaders();
    return watch(
      (text) => {
        response.writeHead(200);
        response.write(text);
      },
      (code, message) => json(response, { kind: 'Status', message, code }, code),
    );
  };
}

const restored = (): Promise<void> =>
  new Promise((resolve) => {
    const watch = scene.connection.experiments.watch(({ experiments, health }) => {
      if (health.state !== 'live' || experiments[0]?.ref.name !== 'restored') return;
      watch.dispose();
      resolve();
    });
  });

it.each([
  ['a bookmark', 'BOOKMARK', '101'],
  ['a change', 'MODIFIED', '102'],
])(
  'a server that was restored from a backup is known by %s of a lower version: it is listed again',
  async (_, type, version) => {
    serve((write) => {
      const object = chaosObject({ name: 'lost' });
      write(
        `${JSON.stringify({ type, object: { ...object, metadata: { ...object.metadata, resourceVersion: version } } })}\n`,
      );
    });
    await expect(restored()).resolves.toBeUndefined();
  },
);

it('and by its refusal of a version that it has not reached', async () => {
  serve((_write, refuse) => refuse(504, 'Too large resource version: 900, current: 100'));
  await expect(restored()).resolves.toBeUndefined();
});

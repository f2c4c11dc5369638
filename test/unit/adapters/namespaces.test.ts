import { describe, expect, it } from 'vitest';
import { kubernetesScene, list } from './kubernetesScene';

const scene = kubernetesScene();

describe('the pods of what is no namespace', () => {
  it.each(['..', '.', '', 'a/b', '../../..', 'UPPER'])('are not asked for: %j', async (namespace) => {
    const asked: string[] = [];
    scene.server.handler = (_, response, { pathname }) => {
      asked.push(pathname);
      list(response, []);
    };
    const query = { namespace, labelSelector: 'a', container: 'c' };
    await expect(scene.connection.targets.list(query)).rejects.toMatchObject({ code: 'invalid' });
    await expect(scene.connection.pods.list(namespace)).rejects.toMatchObject({ code: 'invalid' });
    expect(asked).toEqual([]);
    await scene.connection.pods.list('db');
    expect(asked).toEqual(['/api/v1/namespaces/db/pods']);
  });
});

import { describe, expect, it } from 'vitest';
import { until } from '../until';
import { MERGE, named, stress, useServer, type Json } from './rawServer';

const server = useServer();
const { call, watch } = server;

const HOLD = 'distdiag.test/hold';
const namespace = (name: string): Json => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });

describe('a namespace', () => {
  it('that is deleted takes no more, and is gone when all that was in it is', async () => {
    const made = await call('POST', '/api/v1/namespaces', namespace('doomed'));
    expect([made.status, made.body]).toMatchObject([
      201,
      {
        metadata: { labels: { 'kubernetes.io/metadata.name': 'doomed' } },
        spec: { finalizers: ['kubernetes'] },
        status: { phase: 'Active' },
      },
    ]);
    const inside = '/apis/chaos-mesh.org/v1alpha1/namespaces/doomed/stresschaos';
    const selector = { labelSelectors: { none: 'such' } };
    await call('POST', inside, stress('held', { selector }, { finalizers: [HOLD] }));
    await call('POST', inside, stress('free', { selector }));
    const spaces = watch('/api/v1/namespaces?watch=true&fieldSelector=metadata.name%3Ddoomed');
    const deleted = await call('DELETE', '/api/v1/namespaces/doomed');
    expect([deleted.status, deleted.body]).toMatchObject([
      200,
      { kind: 'Namespace', metadata: { deletionTimestamp: expect.any(String) }, status: { phase: 'Terminating' } },
    ]);
    const refused = await call('POST', inside, stress('late', { selector }));
    expect(refused.body).toMatchObject({
      code: 403,
      reason: 'Forbidden',
      message:
        'stresschaos.chaos-mesh.org "late" is forbidden: unable to create new content in namespace doomed because it is being terminated',
      details: { causes: [{ reason: 'NamespaceTerminating' }] },
    });
    expect((await call('POST', '/api/v1/namespaces', namespace('doomed'))).body).toMatchObject({
      code: 409,
      reason: 'AlreadyExists',
      message: 'object is being deleted: namespaces "doomed" already exists',
    });
    // What is held holds the namespace.
    const left = watch(`${inside}?watch=true`);
    await left.next(({ object }) => object.metadata.name === 'held' && object.metadata.deletionTimestamp !== undefined);
    expect((await call('GET', '/api/v1/namespaces/doomed')).status).toBe(200);
    // Chaos Mesh takes its own finalizer away meanwhile: a list that has it still is refused, and read again.
    await until('the finalizer of the test is gone', async () => {
      const { finalizers } = (await call('GET', `${inside}/held`)).body.metadata;
      const rest = (finalizers as string[]).filter((one) => one !== HOLD);
      expect(rest).toHaveLength(finalizers.length - 1);
      return (await call('PATCH', `${inside}/held`, { metadata: { finalizers: rest } }, MERGE)).status === 200;
    });
    await spaces.next(named('doomed', 'DELETED'));
    expect((await call('GET', inside)).body.items).toEqual([]);
    // 403 from a server whose admission has not heard of the end yet.
    expect([403, 404]).toContain((await call('POST', inside, stress('after', { selector }))).status);
  });

  it('that the server lives by is not deleted, and none are by the dozen', async () => {
    expect((await call('DELETE', '/api/v1/namespaces/default')).body).toMatchObject({
      code: 403,
      message: 'namespaces "default" is forbidden: this namespace may not be deleted',
    });
    expect((await call('DELETE', '/api/v1/namespaces')).status).toBe(405);
  });
});

import { describe, expect, it } from 'vitest';
import { type Answer, CHAOS, MERGE, named, phasesOf, recordEventsOf, stress, useServer } from './rawServer';

const server = useServer();
const { call, gone, watch } = server;

describe('change', () => {
  it('refuses a stale version', async () => {
    const { body: made } = await call('POST', CHAOS, stress('stale'));
    await call('PATCH', `${CHAOS}/stale`, { metadata: { labels: { a: '1' } } }, MERGE);
    const put = await call('PUT', `${CHAOS}/stale`, made);
    expect([put.status, put.body.reason]).toEqual([409, 'Conflict']);
    const patch = await call(
      'PATCH',
      `${CHAOS}/stale`,
      { metadata: { resourceVersion: made.metadata.resourceVersion, labels: { a: '2' } } },
      MERGE,
    );
    expect(patch.status).toBe(409);
  });

  it('takes merge and JSON patches only, and never a new spec', async () => {
    await call('POST', CHAOS, stress('fixed'));
    const json = await call('PATCH', `${CHAOS}/fixed`, [{ op: 'add', path: '/metadata/labels', value: { a: '1' } }], {
      'content-type': 'application/json-patch+json',
    });
    expect(json.body.metadata.labels).toEqual({ a: '1' });
    expect(
      (await call('PATCH', `${CHAOS}/fixed`, {}, { 'content-type': 'application/strategic-merge-patch+json' })).status,
    ).toBe(415);
    const spec = await call('PATCH', `${CHAOS}/fixed`, { spec: { duration: '5m' } }, MERGE);
    expect(spec.status).toBe(403);
    expect(spec.body.message).toContain('Cannot update chaos spec');
    expect((await call('PATCH', `${CHAOS}/nobody`, {}, MERGE)).body).toMatchObject({
      code: 404,
      message: 'stresschaos.chaos-mesh.org "nobody" not found',
    });
  });

  it('pauses and resumes', async () => {
    await call('POST', CHAOS, stress('nap'));
    const events = watch(`${CHAOS}?watch=true`);
    const pause = (value: string | null): Promise<Answer> =>
      call('PATCH', `${CHAOS}/nap`, { metadata: { annotations: { 'experiment.chaos-mesh.org/pause': value } } }, MERGE);
    await events.next(({ object }) => phasesOf(object).join() === 'Injected');
    await pause('true');
    const paused = await events.next(({ object }) => phasesOf(object).join() === 'Not Injected');
    expect(paused.object.status.conditions).toContainEqual({ type: 'Paused', status: 'True' });
    expect(server.cluster.board.all()).toHaveLength(0);
    await pause(null);
    await events.next(({ object }) => phasesOf(object).join() === 'Injected');
    expect(server.cluster.board.all()).toHaveLength(1);
  });
});

describe('delete', () => {
  it('waits for the recovery, and then is gone', async () => {
    await call('POST', CHAOS, stress('bye'));
    const events = watch(`${CHAOS}?watch=true`);
    await events.next(({ object }) => phasesOf(object).join() === 'Injected');
    const { body } = await call('DELETE', `${CHAOS}/bye`);
    expect(body.metadata.deletionTimestamp).toBeDefined();
    await events.next(named('bye', 'DELETED'));
    expect(server.cluster.board.all()).toHaveLength(0);
    expect((await call('GET', `${CHAOS}/bye`)).status).toBe(404);
    expect((await call('DELETE', `${CHAOS}/bye`)).status).toBe(404);
  });

  it('keeps to a dry run and to its preconditions', async () => {
    const { body } = await call('POST', CHAOS, stress('safe'));
    expect((await call('DELETE', `${CHAOS}/safe`, { dryRun: ['All'] })).status).toBe(200);
    expect((await call('DELETE', `${CHAOS}/safe?dryRun=All`)).status).toBe(200);
    expect((await call('DELETE', `${CHAOS}/safe`, { preconditions: { uid: 'another' } })).status).toBe(409);
    expect((await call('GET', `${CHAOS}/safe`)).body.metadata.deletionTimestamp).toBeUndefined();
    expect((await call('DELETE', `${CHAOS}/safe`, { preconditions: { uid: body.metadata.uid } })).status).toBe(200);
  });

  it('that fails for want of a daemon goes when it is deleted', async () => {
    for (const { hostNode } of server.cluster.topology.pods) server.cluster.controls.missingDaemons.add(hostNode);
    await call('POST', CHAOS, stress('failing'));
    const events = watch(`${CHAOS}?watch=true`);
    const failing = await events.next(({ object }) => recordEventsOf(object).length > 0);
    expect(phasesOf(failing.object).join()).toBe('Not Injected');
    expect(recordEventsOf(failing.object).at(-1).message).toContain('cannot find daemonIP on node');
    await call('DELETE', `${CHAOS}/failing`);
    await events.next(named('failing', 'DELETED'));
  });

  it('that is injected sticks while it cannot be recovered, forced or not', async () => {
    await call('POST', CHAOS, stress('held'));
    const events = watch(`${CHAOS}?watch=true`);
    await events.next(({ object }) => object.metadata.name === 'held' && phasesOf(object).join() === 'Injected');
    for (const { hostNode } of server.cluster.topology.pods) server.cluster.controls.missingDaemons.add(hostNode);
    await call('DELETE', `${CHAOS}/held`);
    const failed = (): Promise<unknown> =>
      events.next(({ object }) => recordEventsOf(object).at(-1)?.operation === 'Recover');
    await failed();
    const annotations = { 'chaos-mesh.chaos-mesh.org/cleanFinalizer': 'forced' };
    const { body } = await call('PATCH', `${CHAOS}/held`, { metadata: { annotations } }, MERGE);
    expect(body.metadata.deletionTimestamp).toBeDefined();
    // It is tried again, and stays.
    await failed();
    server.cluster.controls.missingDaemons.clear();
    await events.next(named('held', 'DELETED'));
  });

  it('takes a whole selection', async () => {
    await call('POST', CHAOS, stress('one', {}, { labels: { go: 'yes' } }));
    await call('POST', CHAOS, stress('two'));
    await call('DELETE', `${CHAOS}?labelSelector=go`);
    await gone('one');
    expect((await call('GET', `${CHAOS}/two`)).body.metadata.deletionTimestamp).toBeUndefined();
  });
});

import { describe, expect, it } from 'vitest';
import { CHAOS, type Json, type Loose, MERGE, named, stress, useServer } from './rawServer';

const server = useServer();
const { call, watch } = server;

describe('list', () => {
  const fill = async (): Promise<void> => {
    for (const name of ['c', 'a', 'd', 'b'])
      await call('POST', CHAOS, stress(name, { selector: { pods: {}, namespaces: ['default'] } }));
  };

  it('comes in pages, in order', async () => {
    await fill();
    const first = (await call('GET', `${CHAOS}?limit=3`)).body;
    expect(first.items.map((one: Loose) => one.metadata.name)).toEqual(['a', 'b', 'c']);
    expect(first.metadata.remainingItemCount).toBe(1);
    const second = (await call('GET', `${CHAOS}?limit=3&continue=${first.metadata.continue}`)).body;
    expect(second.items.map((one: Loose) => one.metadata.name)).toEqual(['d']);
    expect(second.metadata.continue).toBe('');
  });

  it('has no more pages as of a version that is forgotten, and says where to go on all the same', async () => {
    await fill();
    const { body } = await call('GET', `${CHAOS}?limit=2`);
    // A page that was begun long ago: a server may remember for some time what its store has forgotten.
    const token = JSON.parse(Buffer.from(body.metadata.continue as string, 'base64url').toString()) as Json;
    const old = Buffer.from(JSON.stringify({ ...token, rv: 1 })).toString('base64url');
    server.cluster.objects.compact();
    const refused = await call('GET', `${CHAOS}?limit=2&continue=${old}`);
    expect(refused.body).toMatchObject({
      code: 410,
      reason: 'Expired',
      message: expect.stringContaining('The provided continue parameter is too old to display a consistent list'),
    });
    const rest = await call('GET', `${CHAOS}?continue=${refused.body.metadata.continue}`);
    expect(rest.body.items.map((one: Loose) => one.metadata.name)).toEqual(['c', 'd']);
  });

  it('selects by labels and fields', async () => {
    await call('POST', CHAOS, stress('ours', {}, { labels: { 'app.kubernetes.io/managed-by': 'distdiag' } }));
    await call('POST', CHAOS, stress('theirs'));
    const names = async (query: string): Promise<string[]> =>
      (await call('GET', `${CHAOS}?${query}`)).body.items.map((one: Loose) => one.metadata.name);
    expect(await names('labelSelector=app.kubernetes.io%2Fmanaged-by%3Ddistdiag')).toEqual(['ours']);
    expect(await names('labelSelector=!app.kubernetes.io/managed-by')).toEqual(['theirs']);
    expect(await names('fieldSelector=metadata.name%3Dtheirs')).toEqual(['theirs']);
    expect((await call('GET', `${CHAOS}?fieldSelector=spec.mode%3Done`)).body).toMatchObject({
      code: 400,
      message: 'field label not supported: spec.mode',
    });
  });

  it('has a table form', async () => {
    const { body } = await call('GET', '/api/v1/namespaces/oceanbase/pods', undefined, {
      accept: 'application/json;as=Table;v=v1;g=meta.k8s.io',
    });
    const of = (priority: number): string[] =>
      (body.columnDefinitions as { name: string; priority: number }[])
        .filter((column) => column.priority === priority)
        .map(({ name }) => name);
    expect(of(0)).toEqual(['Name', 'Ready', 'Status', 'Restarts', 'Age']);
    expect(of(1)).toEqual(['IP', 'Node', 'Nominated Node', 'Readiness Gates']);
    expect(body.rows[0].object.kind).toBe('PartialObjectMetadata');
    expect(body.rows[0].cells.slice(0, 4)).toEqual([server.cluster.topology.pods[0]!.name, '2/2', 'Running', '0']);
  });
});

describe('watch', () => {
  it('begins with what is there, tells of changes, and marks where it is', async () => {
    await call('POST', CHAOS, stress('first'));
    const events = watch(`${CHAOS}?watch=true&allowWatchBookmarks=true`);
    expect((await events.next(() => true)).type).toBe('ADDED');
    await call('POST', CHAOS, stress('second'));
    await events.next(named('second', 'ADDED'));
    await call('PATCH', `${CHAOS}/second`, { metadata: { labels: { a: 'b' } } }, MERGE);
    await events.next(({ object }) => object.metadata.labels?.a === 'b' && object.metadata.finalizers?.length > 0);
    await call('DELETE', `${CHAOS}/second`);
    const marked = await events.next(named('second', 'MODIFIED'));
    expect(marked.object.metadata.uid).toBeDefined();
    await events.next(named('second', 'DELETED'));
    const bookmark = await events.next(({ type }) => type === 'BOOKMARK');
    expect(bookmark.object.kind).toBe('StressChaos');
    expect(Number(bookmark.object.metadata.resourceVersion)).toBeGreaterThan(
      Number(marked.object.metadata.resourceVersion),
    );
  });

  it('goes on from a version, without what was before', async () => {
    await call('POST', CHAOS, stress('before'));
    const { body } = await call('GET', CHAOS);
    await call('POST', CHAOS, stress('after'));
    const event = await watch(`${CHAOS}?watch=true&resourceVersion=${body.metadata.resourceVersion}`).next(
      ({ type }) => type === 'ADDED',
    );
    expect(event.object.metadata.name).toBe('after');
  });

  it('tells of an object that enters or leaves its selection as added or deleted', async () => {
    await call('POST', CHAOS, stress('moving'));
    const { body } = await call('GET', CHAOS);
    const events = watch(`${CHAOS}?watch=true&labelSelector=in%3Dyes&resourceVersion=${body.metadata.resourceVersion}`);
    await call('PATCH', `${CHAOS}/moving`, { metadata: { labels: { in: 'yes' } } }, MERGE);
    expect((await events.next(() => true)).type).toBe('ADDED');
    await call('PATCH', `${CHAOS}/moving`, { metadata: { labels: { in: null } } }, MERGE);
    await events.next(named('moving', 'DELETED'));
  });

  it('says 410 when the version is too old', async () => {
    const events = watch(`${CHAOS}?watch=true&resourceVersion=1`);
    const { object } = await events.next(({ type }) => type === 'ERROR');
    expect(object).toMatchObject({
      kind: 'Status',
      code: 410,
      reason: 'Expired',
      message: expect.stringMatching(/^too old resource version: 1 \(\d+\)$/),
    });
    await events.ended;
  });

  it('ends after the time that was asked for', async () => {
    let over = false;
    void watch(`${CHAOS}?watch=true&timeoutSeconds=0`).ended.then(() => (over = true));
    await watch(`${CHAOS}?watch=true&timeoutSeconds=1`).ended;
    expect(over).toBe(false); // 0 is no wish
  });
});

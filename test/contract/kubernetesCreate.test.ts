import { describe, expect, it } from 'vitest';
import { CHAOS, type Json, phasesOf, stress, useServer } from './rawServer';

const server = useServer();
const { call, watch } = server;

describe('create', () => {
  it('completes the object, and injects it', async () => {
    const { status, body } = await call('POST', CHAOS, stress('made'));
    expect(status).toBe(201);
    expect(body.metadata).toMatchObject({ name: 'made', namespace: 'oceanbase', generation: 1 });
    expect(body.metadata.uid).toMatch(/^[0-9a-f-]{36}$/);
    const events = watch(`${CHAOS}?watch=true&resourceVersion=${body.metadata.resourceVersion}`);
    const injected = await events.next(({ object }) => phasesOf(object).join() === 'Injected');
    expect(injected.object.metadata.finalizers).toEqual(['chaos-mesh/records']);
    expect(server.cluster.board.all().map(({ fault }) => fault)).toEqual([{ type: 'cpu', workers: 1, load: 100 }]);
    const reasons = await call(
      'GET',
      `/api/v1/namespaces/oceanbase/events?fieldSelector=involvedObject.uid=${body.metadata.uid}`,
    );
    expect(reasons.body.items.map((event: Json) => event['reason'])).toEqual(
      expect.arrayContaining(['FinalizerInited', 'Started', 'Applied']),
    );
  });

  it('makes names up, and keeps nothing of a dry run', async () => {
    const { status, body } = await call('POST', `${CHAOS}?dryRun=All`, {
      ...stress('x'),
      metadata: { generateName: 'cpu-' },
    });
    expect(status).toBe(201);
    expect(body.metadata.name).toMatch(/^cpu-[a-z0-9]{5}$/);
    expect((await call('GET', `${CHAOS}/${body.metadata.name}`)).status).toBe(404);
    const { body: refused } = await call('POST', `${CHAOS}?dryRun=All`, stress('x', { mode: 'some' }));
    expect(refused.code).toBe(422);
  });

  it('refuses a wrong object with the name of its field', async () => {
    const { status, body } = await call('POST', CHAOS, stress('bad', { stressors: { cpu: { workers: 9000 } } }));
    expect(status).toBe(422);
    expect(body).toMatchObject({ kind: 'Status', status: 'Failure', reason: 'Invalid' });
    expect(body.details.causes).toEqual([
      {
        reason: 'FieldValueInvalid',
        message: 'Invalid value: 9000: spec.stressors.cpu.workers in body should be less than or equal to 8192',
        field: 'spec.stressors.cpu.workers',
      },
    ]);
    expect(body.message).toContain('spec.stressors.cpu.workers');
  });

  it('refuses, warns of or ignores an unknown field, as it is asked to', async () => {
    const odd = stress('odd', { colour: 'red' });
    const strict = await call('POST', `${CHAOS}?fieldValidation=Strict&dryRun=All`, odd);
    expect([strict.status, strict.body.reason]).toEqual([400, 'BadRequest']);
    expect(strict.body.message).toContain('unknown field "spec.colour"');
    const warned = await call('POST', `${CHAOS}?fieldValidation=Warn&dryRun=All`, odd);
    expect(warned.status).toBe(201);
    expect(warned.headers['warning']).toBe('299 - "unknown field \\"spec.colour\\""');
    expect(warned.body.spec).not.toHaveProperty('colour');
    expect((await call('POST', `${CHAOS}?fieldValidation=Ignore&dryRun=All`, odd)).headers['warning']).toBeUndefined();
  });

  it('passes on what the webhook says', async () => {
    const { status, body } = await call('POST', CHAOS, stress('bad', { duration: '3 days' }));
    expect([status, body.reason]).toEqual([403, 'Forbidden']);
    expect(body.message).toBe(
      'admission webhook "vstresschaos.kb.io" denied the request: Spec.Duration: Invalid value: "3 days": parse duration field error: time: unknown unit " days" in duration "3 days"',
    );
  });

  it('fills in what is missing, as the mutating webhook does', async () => {
    const given = stress('filled', { stressors: { memory: { size: '256MB' } }, selector: {} });
    const { status, body } = await call('POST', `${CHAOS}?dryRun=All`, given);
    expect(status).toBe(201);
    expect(body.spec).toEqual({
      mode: 'one',
      selector: { namespaces: ['oceanbase'] },
      stressors: { memory: { workers: 0, size: '256MB', oomScoreAdj: 0 } },
    });
    expect(body.status).toEqual({ experiment: {} });
    const network = {
      apiVersion: 'chaos-mesh.org/v1alpha1',
      kind: 'NetworkChaos',
      metadata: { name: 'filled' },
      spec: { mode: 'one', selector: { namespaces: ['a'] }, action: 'delay', delay: { latency: '10ms' } },
    };
    const at = CHAOS.replace('stresschaos', 'networkchaos');
    expect((await call('POST', `${at}?dryRun=All`, network)).body.spec).toMatchObject({
      selector: { namespaces: ['a'] },
      direction: 'to',
      delay: { latency: '10ms', jitter: '0ms', correlation: '0' },
    });
  });

  it("refuses a second of the same name, another namespace than the path's, and one that is not there", async () => {
    await call('POST', CHAOS, stress('twice'));
    expect((await call('POST', CHAOS, stress('twice'))).body).toMatchObject({ code: 409, reason: 'AlreadyExists' });
    expect((await call('POST', CHAOS, stress('x', {}, { namespace: 'default' }))).status).toBe(400);
    expect((await call('POST', CHAOS.replace('oceanbase', 'nowhere'), stress('x'))).body).toMatchObject({
      code: 404,
      message: 'namespaces "nowhere" not found',
    });
    // The mutating webhook makes another kind one of the path's.
    const other = await call('POST', `${CHAOS}?dryRun=All`, { ...stress('x'), kind: 'IOChaos' });
    expect([other.status, other.body.kind]).toEqual([201, 'StressChaos']);
  });
});

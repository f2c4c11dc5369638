import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toYaml } from '../../../src/adapters/kubernetes/index';
import { resolvePrometheus } from '../../../src/adapters/prometheus/index';
import { accessNeeds, isReadOnly, missingFor, needsText, type AccessScope } from '../../../src/core/cluster/access';
import { AccessGuard } from '../../../src/core/cluster/accessGuard';
import { rolesFor } from '../../../src/core/cluster/accessRole';
import { requireForTests } from '../../../src/core/resilience/testAccess';
import { systemClock } from '../../../src/core/base/clock';
import { startDemoCluster, type DemoCluster } from '../../../src/demo/cluster';
import { ManualClock, silentLog } from '../../support';
import { chaosObject } from '../experiments/experiments';
import { Rbac } from './rbac';
import { World } from './world';

const scope: AccessScope = { targetNamespace: 'oceanbase', chaosNamespace: 'oceanbase', prometheus: 'unknown' };
const viewer = [
  { apiGroups: ['chaos-mesh.org'], resources: ['*'], verbs: ['get', 'list', 'watch'] },
  { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] },
];

let world: World;
let rbac: Rbac;
let cluster: DemoCluster;
let connection: Awaited<ReturnType<World['connect']>>;

beforeEach(async () => {
  world = new World();
  rbac = new Rbac();
  cluster = await startDemoCluster({ directory: world.directory, speed: 10, historyMinutes: 1, allowed: rbac.allowed });
  connection = await world.connect({ kubeconfigPath: cluster.kubeconfigPath, trusted: false });
});

afterEach(async () => {
  world.dispose();
  await cluster.stop();
});

function guard(of: AccessScope = scope): AccessGuard {
  return new AccessGuard({
    gateway: connection.access,
    needs: () => accessNeeds(of),
    context: connection.context,
    clock: systemClock,
    log: silentLog,
  });
}

describe('a user who may only look', () => {
  beforeEach(() => rbac.grant('oceanbase', ...viewer));

  it('sees everything, is told what is missing before trying, and is refused by the server too', async () => {
    const { experiments, health } = await connection.experiments.list();
    expect([experiments, health]).toEqual([[], { state: 'live' }]);
    const access = guard();
    const report = await access.report();
    expect(isReadOnly(report)).toBe(true);
    expect(report).toMatchObject({ user: 'demo', incomplete: false });
    expect(missingFor(report, 'see')).toEqual([]);
    expect(missingFor(report, 'targets')).toEqual([]);
    await expect(access.require('inject', ['StressChaos'])).rejects.toMatchObject({
      code: 'forbidden',
      message:
        'You are not allowed to inject on distdiag-demo. Missing permission: create stresschaos.chaos-mesh.org in oceanbase.',
      hint: expect.stringContaining('Show Missing Permissions'),
    });
    await expect(connection.experiments.dryRun(chaosObject({ noStatus: true }))).rejects.toMatchObject({
      code: 'forbidden',
      message: expect.stringContaining('cannot create resource "stresschaos"'),
    });
  });

  it('may do all of it once the role that was written is applied, and nothing else', async () => {
    const access = guard();
    const { missing, user } = await access.report();
    const yaml = rolesFor(missing, user)
      .map((rule) => toYaml(rule))
      .join('---\n');
    rbac.apply(yaml, 'somebody-else');
    access.forget();
    expect((await access.report()).missing).toEqual(missing);
    rbac.apply(yaml, 'demo');
    access.forget();
    expect(await access.report()).toEqual({ user: 'demo', missing: [], incomplete: false });
    await access.require('inject');
    const { apiVersion, kind, spec } = chaosObject({ noStatus: true });
    const metadata = { name: 'allowed', namespace: 'oceanbase' };
    const created = await connection.experiments.create({ apiVersion, kind, metadata, spec });
    await connection.experiments.setPaused(created.ref, true);
    await connection.experiments.events(created.ref);
    await connection.experiments.delete(created.ref);
    const prometheus = await resolvePrometheus({ url: '', cluster: connection, log: silentLog });
    expect(prometheus.baseUrl).toContain('/services/prometheus-operated');
    for (const need of ['secrets', 'nodes'])
      expect(rbac.allowed({ verb: 'list', group: '', resource: need, namespace: 'oceanbase' })).toBe(false);
  });
});

it('whoever may do everything is asked about once in each namespace', async () => {
  rbac.grant('', { apiGroups: ['*'], resources: ['*'], verbs: ['*'] });
  const access = guard({ ...scope, chaosNamespace: 'chaos-mesh' });
  expect((await access.report()).missing).toEqual([]);
  await access.report();
  expect(rbac.asked.flatMap(({ namespace }) => namespace ?? [])).toEqual(['chaos-mesh', 'oceanbase', '']);
});

it('a stranger is told of everything, in as many roles as there are namespaces', async () => {
  const { missing, user } = await guard({
    targetNamespace: 'oceanbase',
    chaosNamespace: 'faults',
    prometheus: { namespace: 'monitoring', resource: 'services/proxy' },
  }).report();
  expect(rolesFor(missing, user).map(({ kind, metadata, rules }) => ({ kind, metadata, rules }))).toMatchObject([
    {
      kind: 'Role',
      metadata: { namespace: 'faults' },
      rules: [
        {
          apiGroups: ['chaos-mesh.org'],
          resources: [
            ...['stresschaos', 'networkchaos', 'iochaos', 'podchaos', 'timechaos', 'dnschaos', 'httpchaos'],
            ...['workflows', 'schedules'],
          ],
          verbs: ['get', 'list', 'watch', 'create', 'patch', 'delete'],
        },
        { apiGroups: ['chaos-mesh.org'], resources: ['workflownodes'], verbs: ['list', 'watch'] },
        { apiGroups: [''], resources: ['events'], verbs: ['list'] },
      ],
    },
    { kind: 'RoleBinding' },
    {
      metadata: { namespace: 'oceanbase' },
      rules: [
        { apiGroups: ['chaos-mesh.org'], verbs: ['create'] },
        { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] },
        { apiGroups: [''], resources: ['events'], verbs: ['list'] },
      ],
    },
    { kind: 'RoleBinding' },
    {
      metadata: { namespace: 'monitoring' },
      rules: [{ apiGroups: [''], resources: ['services/proxy'], verbs: ['get'] }],
    },
    { kind: 'RoleBinding' },
  ]);
  expect(needsText(missingFor({ user, missing, incomplete: false }, 'metrics'))).toBe(
    'get services/proxy in monitoring',
  );
});

it('whoever may not see the events of the database’s pods is told before a test that expects something of them', async () => {
  const faults = { apiGroups: ['chaos-mesh.org'], resources: ['*'], verbs: ['*'] };
  const events = { apiGroups: [''], resources: ['events'], verbs: ['list'] };
  rbac.grant('faults', faults, events).grant('oceanbase', faults);
  const access = guard({ ...scope, chaosNamespace: 'faults' });
  await access.require('events');
  const test = (expect: string) => [
    { scenario: { expect: [{ kind: expect }] }, steps: [{ injection: { type: 'cpu_stress' } }] } as never,
  ];
  await requireForTests(access, test('metric'));
  await expect(requireForTests(access, test('events'))).rejects.toMatchObject({
    code: 'forbidden',
    message: expect.stringContaining('list events in oceanbase'),
  });
});

it('the role is for the account of a pod, or leaves a place for a name that is not told', () => {
  const needs = accessNeeds(scope);
  const subjectOf = (user: string | undefined): unknown => (rolesFor(needs, user)[1]?.['subjects'] as unknown[])[0];
  expect(subjectOf('system:serviceaccount:db:runner')).toEqual({
    kind: 'ServiceAccount',
    name: 'runner',
    namespace: 'db',
  });
  expect(subjectOf(undefined)).toMatchObject({ kind: 'User', name: 'REPLACE-WITH-THE-USER-NAME' });
});

describe('what is known', () => {
  it('holds for a while, for ten minutes where all is allowed, and is asked for once', async () => {
    const clock = new ManualClock();
    let answer: boolean | undefined = false;
    let asked = 0;
    const gateway = {
      user: () => Promise.resolve('me'),
      review: (needs: readonly unknown[]) => {
        asked += 1;
        return Promise.resolve(needs.map(() => answer));
      },
    };
    const needs = (): ReturnType<typeof accessNeeds> => accessNeeds(scope);
    const access = new AccessGuard({ gateway, needs, context: 'c', clock, log: silentLog });
    await Promise.all([access.report(), access.report()]);
    expect(asked).toBe(1);
    answer = true;
    clock.advance(61_000);
    expect((await access.report()).missing).toEqual([]);
    clock.advance(61_000);
    await access.report();
    expect(asked).toBe(2);
  });

  it('is nothing where the server cannot be asked: then it decides itself', async () => {
    const fail = (): Promise<never> => Promise.reject(new Error('no such API'));
    const gateway = { user: fail, review: fail };
    const needs = (): ReturnType<typeof accessNeeds> => accessNeeds(scope);
    const clock = new ManualClock();
    const access = new AccessGuard({ gateway, needs, context: 'c', clock, log: silentLog });
    expect(await access.report()).toEqual({ user: undefined, missing: [], incomplete: true });
    await access.require('inject');
  });
});

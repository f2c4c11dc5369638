import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ChaosObject } from '../../../src/core/experiment';
import { startDemoCluster, type DemoCluster } from '../../../src/demo/cluster';
import { confirmHarm, confirmHarmOfAll } from '../../../src/ui/commands/confirmHarm';
import { askedPolicyOf, policyOf } from '../../../src/ui/policy';
import type { ClusterSession } from '../../../src/ui/session';
import { keepingLog } from '../connection/keepingLog';
import { World } from '../connection/world';
import { ConnectionWorld } from './connectionWorld';
import type * as fake from './fakeVscode';

const { desk, current } = await vi.hoisted(async () => {
  const { Desk } = await import('./fakeVscode');
  return { desk: new Desk(), current: {} as { world?: ConnectionWorld } };
});
vi.mock('vscode', async () => {
  const { fakeVscode } = await vi.importActual<typeof fake>('./fakeVscode');
  return fakeVscode(desk, () => (current.world as ConnectionWorld).reports);
});

const CONTEXT = 'distdiag-demo';
let files: World;
let forbidden = '';
let cluster: DemoCluster;
let session: ClusterSession;
let pods: string[];

beforeAll(async () => {
  files = new World();
  cluster = await startDemoCluster({
    directory: files.directory,
    historyMinutes: 1,
    allowed: ({ resource, namespace }) => resource !== 'pods' || namespace !== forbidden,
  });
  current.world = new ConnectionWorld(cluster.kubeconfigPath, keepingLog().log);
  session = await current.world.session();
  pods = cluster.topology.pods.map(({ name }) => name);
});

afterEach(() => {
  desk.clear();
  forbidden = '';
});

afterAll(async () => {
  session?.dispose();
  files?.dispose();
  await cluster?.stop();
});

function chaos(spec: Record<string, unknown>, kind = 'StressChaos'): ChaosObject {
  return {
    apiVersion: 'chaos-mesh.org/v1alpha1',
    kind,
    metadata: { name: 'one', namespace: 'oceanbase' },
    spec: { mode: 'all', duration: '3m', stressors: { cpu: { workers: 1, load: 50 } }, selector: {}, ...spec },
  };
}
const named = (...names: (string | undefined)[]): object => ({ selector: { pods: { oceanbase: names } } });

describe('what is about to be created', () => {
  it('that hits one pod is asked for once, with the pod, the share and the context', async () => {
    desk.answers.push('Run Again');
    const object = chaos(named(pods[0]) as Record<string, unknown>);
    expect(await confirmHarm(object, session, { action: 'Run Again', question: 'Inject one again?' })).toBe(object);
    const [asked] = desk.texts('warning');
    expect(asked).toContain('Inject one again?');
    for (const text of ['CPU 1 worker at 50 % · 3m', pods[0], '1 of 3 pods of the database, 33 %', CONTEXT])
      expect(asked).toContain(text);
    expect(desk.texts('input')).toEqual([]);
    expect((await session.experiments.list()).experiments).toEqual([]); // it only asked
  });

  it('is left by leaving the question', async () => {
    expect(await confirmHarm(chaos(named(pods[0]) as Record<string, unknown>), session)).toBeUndefined();
    expect(await confirmHarm(chaos({}), session)).toBeUndefined();
    expect(desk.texts('pick')).toHaveLength(1);
  });

  it('that hits a majority asks for the context’s name', async () => {
    desk.answers.push('as ticked', 'Inject…', CONTEXT);
    const object = chaos({});
    expect(await confirmHarm(object, session)).toBe(object);
    expect(desk.texts('pick')[0]).toContain('Untick what must not be hit');
    expect(desk.texts('warning')[0]).toContain("3 of the database's 3 pods are hit");
    expect(desk.texts('input')[0]).toContain(`type the name of the context: ${CONTEXT}`);
    desk.answers.push('as ticked', 'Inject…', 'another-context');
    expect(await confirmHarm(object, session)).toBeUndefined();
  });

  it('is narrowed to the pods that stay ticked, and then no majority is hit', async () => {
    desk.answers.push(pods[1], 'Inject');
    const fewer = await confirmHarm(chaos({}), session);
    expect(fewer?.spec).toMatchObject({ mode: 'all', selector: { pods: { oceanbase: [pods[1]] } } });
    expect(desk.texts('input')).toEqual([]);
    desk.clear();
    desk.answers.push('');
    await expect(confirmHarm(chaos({}), session)).rejects.toMatchObject({ message: 'No pod is chosen.' });
  });

  it('says that Chaos Mesh chooses, and from which pods', async () => {
    desk.answers.push('as ticked', 'Inject');
    const object = chaos({ mode: 'one' });
    expect(await confirmHarm(object, session)).toBe(object);
    expect(desk.texts('pick')[0]).toContain('Chaos Mesh chooses 1 of these');
    expect(desk.texts('warning')[0]).toContain('1 of these 3, chosen by Chaos Mesh: ');
  });

  it('counts what runs already, created by anyone', async () => {
    const running = await session.experiments.create(chaos(named(pods[1]) as Record<string, unknown>));
    await vi.waitFor(async () => {
      const { experiments } = await session.experiments.list();
      expect(experiments.flatMap(({ targets }) => targets.map(({ phase }) => phase))).toEqual(['Injected']);
    }, 20_000);
    desk.answers.push('Inject…');
    expect(await confirmHarm(chaos(named(pods[0]) as Record<string, unknown>), session)).toBeUndefined();
    expect(desk.texts('warning')[0]).toContain("With what runs already, 2 of the database's 3 pods are hit");
    await session.experiments.delete(running.ref);
  });

  it.each<[string, object, RegExp]>([
    ['no pod', { selector: { labelSelectors: { app: 'none' } } }, /matches no pod/],
    ['a namespace that is not there', { selector: { namespaces: ['vanished'] } }, /matches no pod/],
    ['a pod that is gone', named('gone'), /oceanbase\/gone/],
  ])('that selects %s is refused with what to do', async (_, spec, message) => {
    await expect(confirmHarm(chaos(spec as Record<string, unknown>), session)).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringMatching(message) as string,
      hint: expect.stringContaining('correct the selector') as string,
    });
    expect(desk.shown).toEqual([]);
  });

  it('where something is protected asks for the context’s name, and says what protects it', async () => {
    const { config } = session;
    const guarded = (more: object): ClusterSession =>
      ({ ...session, config: { ...config, protection: 'confirm', ...more } }) as ClusterSession;
    const object = chaos(named(pods[0]) as Record<string, unknown>);
    desk.answers.push('Inject…', CONTEXT);
    expect(await confirmHarm(object, guarded({ protectedNamespaces: ['oceanbase'] }))).toBe(object);
    expect(desk.texts('warning')[0]).toContain('The namespace "oceanbase" is protected');
    expect(desk.texts('input')[0]).toContain(`type the name of the context: ${CONTEXT}`);
    desk.clear();
    desk.answers.push('Inject…', 'yes');
    expect(await confirmHarm(object, guarded({ protectedContexts: [CONTEXT] }))).toBeUndefined();
    expect(desk.texts('input')[0]).toContain(`The context "${CONTEXT}" is protected`);
  });

  it('what is protected only since the question was answered is still refused', () => {
    const { config } = session;
    const guarded = (more: object): ClusterSession =>
      ({ ...session, config: { ...config, protection: 'confirm', ...more } }) as ClusterSession;
    const then = policyOf(guarded({ protectedNamespaces: ['oceanbase'] }));
    const since = guarded({ protectedNamespaces: ['oceanbase', 'kube-system'] });
    expect(askedPolicyOf(since, 3, then)).toMatchObject({ protectedNamespaces: ['kube-system'], clusterSize: 3 });
    const strict = guarded({ protection: 'refuse', protectedNamespaces: ['oceanbase'] });
    expect(askedPolicyOf(strict, 3, then)).toMatchObject({ protectedNamespaces: ['oceanbase'] });
  });

  it('in a protected namespace is refused, whatever is typed, where the setting says so', async () => {
    const { config } = session;
    const strict = { ...config, protection: 'refuse' };
    const guarded = { ...session, config: { ...strict, protectedNamespaces: ['oceanbase'] } } as ClusterSession;
    await expect(confirmHarm(chaos({}), guarded)).rejects.toMatchObject({
      message: expect.stringContaining('is protected') as string,
    });
    const elsewhere = { ...session, config: { ...strict, protectedContexts: [CONTEXT] } } as ClusterSession;
    await expect(confirmHarmOfAll([chaos({})], elsewhere)).rejects.toMatchObject({ code: 'invalid' });
  });

  it('where the pods cannot be seen asks for the context’s name', async () => {
    forbidden = 'monitoring';
    const elsewhere = chaos({ selector: { namespaces: ['monitoring'] } });
    desk.answers.push('Inject…', CONTEXT);
    expect(await confirmHarm(elsewhere, session)).toBe(elsewhere);
    expect(desk.texts('warning')[0]).toContain('What would be hit in monitoring is not known');
  });

  it('together is counted together', async () => {
    const all = [0, 1].map((i) => chaos(named(pods[i]) as Record<string, unknown>));
    desk.answers.push('Start…', CONTEXT);
    expect(await confirmHarmOfAll(all, session, { action: 'Start' })).toBe(true);
    expect(desk.texts('warning')[0]).toContain("2 of the database's 3 pods are hit");
  });
});

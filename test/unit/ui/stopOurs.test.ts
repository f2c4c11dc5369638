import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type * as vscode from 'vscode';
import type { DistDiagApi } from '../../../types/index';
import { AppError } from '../../../src/core/base/errors';
import type { Experiment } from '../../../src/core/experiments/experiment';
import type { DemoCluster } from '../../../src/demo/cluster';
import { createApi } from '../../../src/ui/scripting/api';
import type { CommandContext } from '../../../src/ui/commands/context';
import { emergencyStopCommand } from '../../../src/ui/commands/experiments/emergencyStop';
import { stopAllAnomalies, stopExperiment } from '../../../src/ui/commands/experiments/stop';
import { createTools } from '../../../src/ui/scripting/languageModel/index';
import type { ClusterSession, SessionManager } from '../../../src/ui/session/session';
import { desk } from '../editor/desk';
import { useDemoWindow } from './demoWindow';

const demo = useDemoWindow({ speed: 10 });
let cluster: DemoCluster;
let session: ClusterSession;
/** The session of the window now: another where the user has chosen another cluster meanwhile. */
let now: () => ClusterSession;
let api: DistDiagApi;
let context: CommandContext;
let pods: [string, string, string];
/** What an emergency stop has shown. */
const reports: string[] = [];

beforeAll(() => {
  ({ cluster, session, pods } = demo);
  const { log } = demo.log;
  now = () => session;
  const sessions = { current: () => Promise.resolve(now()) } as unknown as SessionManager;
  api = createApi(sessions, 'test', log) as DistDiagApi;
  const reportsShown = { show: (_: string, text: string) => Promise.resolve(void reports.push(text)) };
  context = { sessions, log, createdBy: 'test', reports: reportsShown } as unknown as CommandContext;
});

afterEach(async () => {
  reports.length = 0;
  now = () => session;
  await api.stopAllAnomalies();
}, 60_000);

const all = async (): Promise<readonly Experiment[]> => (await session.experiments.list()).experiments;

const token = {
  isCancellationRequested: false,
  onCancellationRequested: () => ({ dispose: () => undefined }),
} as unknown as vscode.CancellationToken;
const tool = (name: string): vscode.LanguageModelTool<unknown> => {
  const found = createTools(context.sessions, api, context.log).find((one) => one.name === `distdiag_${name}`);
  if (!found) throw new Error(`no tool ${name}`);
  return found;
};

/** A schedule of ours that acts on the first pod by now; resolves with the experiment that it has started. */
async function scheduled(name = 'often'): Promise<Experiment> {
  const metadata = { name, namespace: 'oceanbase', labels: { 'app.kubernetes.io/managed-by': 'distdiag' } };
  const stressChaos = {
    mode: 'all',
    selector: { pods: { oceanbase: [pods[0]] } },
    stressors: { cpu: { workers: 1, load: 50 } },
    duration: '1h',
  };
  await session.experiments.create({
    apiVersion: 'chaos-mesh.org/v1alpha1',
    kind: 'Schedule',
    metadata,
    spec: { schedule: '@every 2s', concurrencyPolicy: 'Forbid', historyLimit: 1, type: 'StressChaos', stressChaos },
  });
  return vi.waitFor(async () => {
    const child = (await all()).find(({ object }) => object.metadata.labels?.['managed-by'] === name);
    expect(child?.targets[0]?.phase).toBe('Injected');
    return child as Experiment;
  }, 20_000);
}

const schedules = async (): Promise<unknown[]> =>
  (await session.orchestration.list()).schedules.map(({ metadata }) => metadata.name);

/** The daemon beside the first pod is away while this is done. */
async function withoutDaemon(work: () => Promise<void>): Promise<void> {
  const { missingDaemons } = cluster.controls;
  missingDaemons.add(cluster.topology.pods[0]?.hostNode ?? '');
  await work().finally(() => missingDaemons.clear());
}

describe('everything of ours', () => {
  it('is stopped by a script with what our schedules have started, and is listed as ours', async () => {
    const child = await scheduled();
    expect(await api.listExperiments()).toMatchObject([{ name: child.ref.name, ours: true }]);
    expect(await api.stopAllAnomalies()).toEqual({ stopped: 2, failed: 0 });
    expect(await all()).toEqual([]);
    expect(await schedules()).toEqual([]);
  });

  it('that is stuck is counted and named for a script, as often as it asks', async () => {
    const child = await scheduled();
    const { kind, namespace, name } = child.ref;
    await withoutDaemon(async () => {
      for (const stopped of [1, 0])
        expect(await api.stopAllAnomalies()).toEqual({
          stopped,
          failed: 1,
          left: [{ kind, namespace, name, reason: expect.stringContaining('cannot find daemonIP') as string }],
        });
    });
  });

  it('is stopped by an emergency stop, which names what is stuck', async () => {
    const child = await scheduled();
    await withoutDaemon(async () => {
      await emergencyStopCommand.run(context);
      await emergencyStopCommand.run(context);
    });
    const [report = '', again = ''] = reports;
    expect(report).toContain(child.ref.name);
    expect(again).toContain(`${child.ref.name}\n`);
    expect(desk.texts('information')).toEqual([]);
    expect(desk.texts('error')).toHaveLength(2);
  });

  it('is not said to be nothing while others act', async () => {
    const started = await api.startAnomaly({ type: 'cpu_stress', pods: [pods[0]] });
    const [made] = await all();
    const list: ClusterSession['experiments']['list'] = async (signal) => ({
      ...(await session.experiments.list(signal)),
      experiments: [{ ...(made as Experiment), ours: false, object: { ...(made as Experiment).object, metadata: {} } }],
    });
    now = () => ({ ...session, experiments: { ...session.experiments, list } });
    await emergencyStopCommand.run(context);
    expect(desk.texts('information')).toEqual([
      `You have no experiments on ${session.context}. Still running, started by others: ${started.name}`,
    ]);
  });

  it('is named in the palette’s question, and what is stuck in its answer', async () => {
    const child = await scheduled();
    await withoutDaemon(async () => {
      desk.answers.push('Stop All');
      await stopAllAnomalies.run(context);
    });
    expect(desk.texts('warning')[0]).toContain('Schedule often');
    expect(desk.texts('error').join()).toContain(`1 of 2 experiments were not stopped: ${child.ref.name}. `);
    expect(desk.texts('status')).toEqual([]);
  });
});

describe('what was seen before its kind could be listed no more', () => {
  it.each<[string, () => Promise<unknown>]>([
    ['a script', () => api.stopAllAnomalies()],
    ['the palette', async () => stopAllAnomalies.run(context)],
    [
      'an agent',
      async () => {
        const one = tool('stop_experiments');
        await one.prepareInvocation?.({ input: {} }, token);
        return one.invoke({ input: {}, toolInvocationToken: undefined }, token);
      },
    ],
  ])('is stopped by %s', async (_, stop) => {
    await api.startAnomaly({ type: 'cpu_stress', pods: [pods[0]] });
    const seen = await session.experiments.list();
    const error = new AppError('forbidden', 'You are not allowed to list StressChaos.');
    const list: ClusterSession['experiments']['list'] = () =>
      Promise.resolve({ ...seen, experiments: [], missingKinds: [{ kind: 'StressChaos', error }] });
    const store = { snapshot: seen } as unknown as ClusterSession['store'];
    const other = { ...session, store, experiments: { ...session.experiments, list } };
    now = () => other;
    desk.answers.push('Stop All');
    await stop();
    expect(await all()).toEqual([]);
  });
});

describe('a step that is stopped alone', () => {
  it.each([
    ['with what starts it again', 'Stop Both', []],
    ['by itself', 'Only This Experiment', ['often']],
  ])('is stopped %s where that is chosen', async (_, answer, left) => {
    const child = await scheduled();
    desk.answers.push(answer);
    await stopExperiment.run(context, { type: 'experiment', experiment: child });
    expect(desk.texts('warning')).toEqual([
      'Also stop what started it? It would start it again.\nSchedule often\nStop Both\nOnly This Experiment',
    ]);
    expect((await all()).map(({ key }) => key)).not.toContain(child.key);
    expect(await schedules()).toEqual(left);
  });
});

describe('in a folder that is not trusted', () => {
  beforeEach(() => (now = () => ({ ...session, config: { ...session.config, trusted: false } })));

  it('no script and no agent acts; a person can', async () => {
    const refused = { code: 'forbidden', message: expect.stringContaining('trusted') as string };
    await expect(api.startAnomaly({ type: 'cpu_stress', pods: [pods[0]] })).rejects.toMatchObject(refused);
    await expect(api.stopAllAnomalies()).rejects.toMatchObject(refused);
    const input = { type: 'cpu_stress', pods: [pods[0]], duration: '1m' };
    for (const [name, given] of Object.entries({ inject_anomaly: input, stop_experiments: {} })) {
      await expect(tool(name).prepareInvocation?.({ input: given }, token)).rejects.toMatchObject(refused);
      const invoked = tool(name).invoke({ input: given, toolInvocationToken: undefined }, token);
      await expect(invoked).rejects.toMatchObject({ code: expect.stringMatching('forbidden|conflict') as string });
    }
    expect(await all()).toEqual([]);
    await expect(api.listExperiments()).resolves.toEqual([]);
    await stopAllAnomalies.run(context);
    expect(desk.texts('information')).toEqual(['There are no experiments.']);
  });
});

describe('an agent', () => {
  /** Asks, gives what the user reads, and goes on. */
  const call = async (
    name: string,
    input: object,
    read: (text: string) => void = () => undefined,
  ): Promise<unknown> => {
    const one = tool(name);
    const asked = await one.prepareInvocation?.({ input }, token);
    read((asked?.confirmationMessages?.message as vscode.MarkdownString).value);
    return one.invoke({ input, toolInvocationToken: undefined }, token);
  };

  it('stops also what our schedules have started, which it names, and the schedules first', async () => {
    const child = await scheduled();
    let read = '';
    const answer = (await call('stop_experiments', {}, (text) => (read = text))) as { value: [{ value: string }] };
    expect(read).toContain('Schedule/oceanbase/often');
    expect(read).toContain(child.ref.name);
    expect(JSON.parse(answer.value[0].value)).toMatchObject({ stopped: ['often', child.ref.name], failed: [] });
    expect(await schedules()).toEqual([]);
  });

  it('that names what was started is shown what would start it again, and stops that too', async () => {
    const child = await scheduled();
    let read = '';
    await call('stop_experiments', { names: [child.ref.name] }, (text) => (read = text));
    expect(read).toContain('Schedule/oceanbase/often');
    expect(await all()).toEqual([]);
    expect(await schedules()).toEqual([]);
  });

  it('that names two of one name has to say which', async () => {
    const { name } = await api.startAnomaly({ type: 'cpu_stress', pods: [pods[0]] });
    const [made] = await all();
    const { object } = made as Experiment;
    const twin = {
      ...object,
      kind: 'NetworkChaos',
      metadata: { name, namespace: 'oceanbase', labels: object.metadata.labels ?? {} },
      spec: {
        ...{ mode: 'all', selector: { pods: { oceanbase: [pods[0]] } }, duration: '1m' },
        ...{ action: 'delay', delay: { latency: '1ms' } },
      },
    };
    await session.experiments.create(twin);
    await expect(call('stop_experiments', { names: [name] })).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining(`NetworkChaos/oceanbase/${name}`) as string,
      hint: 'Name it as kind/namespace/name.',
    });
    await call('stop_experiments', { names: [`NetworkChaos/oceanbase/${name}`] });
    expect((await all()).map(({ ref }) => ref.kind)).toEqual(['StressChaos']);
    await expect(call('stop_experiments', { names: ['nothing'] })).rejects.toMatchObject({ code: 'notFound' });
  });
});

import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type * as vscode from 'vscode';
import type { DistDiagApi, StartAnomaly } from '../../../types/index';
import { AppError } from '../../../src/core/errors';
import type { Experiment } from '../../../src/core/experiment';
import type { InjectionService } from '../../../src/core/injection';
import { startDemoCluster, type DemoCluster } from '../../../src/demo/cluster';
import { createApi } from '../../../src/ui/api';
import type { CommandContext } from '../../../src/ui/commands/context';
import { stopAllAnomalies, stopExperiment } from '../../../src/ui/commands/stop';
import { waitForInjection } from '../../../src/ui/commands/waitForInjection';
import { createTools } from '../../../src/ui/languageModel/index';
import type { ClusterSession, SessionManager } from '../../../src/ui/session';
import { keepingLog } from '../connection/keepingLog';
import { World } from '../connection/world';
import { ConnectionWorld } from './connectionWorld';
import type * as fake from './fakeVscode';
import { injectingSession } from './injectingSession';

const { desk, current } = await vi.hoisted(async () => {
  const { Desk } = await import('./fakeVscode');
  return { desk: new Desk(), current: {} as { world?: ConnectionWorld } };
});
vi.mock('vscode', async () => {
  const { fakeVscode } = await vi.importActual<typeof fake>('./fakeVscode');
  class Markdown {
    value = '';
    appendText(text: string): this {
      this.value += text;
      return this;
    }
    appendMarkdown(text: string): this {
      this.value += text;
      return this;
    }
  }
  class Part {
    constructor(readonly value: unknown) {}
  }
  const whole = fakeVscode(desk, () => (current.world as ConnectionWorld).reports);
  Object.assign(whole['window'] as object, { setStatusBarMessage: (text: string) => desk.show('status', text) });
  return { ...whole, MarkdownString: Markdown, LanguageModelTextPart: Part, LanguageModelToolResult: Part };
});

let files: World;
let cluster: DemoCluster;
let session: ClusterSession;
/** The session of the window now: another where the user has chosen another cluster meanwhile. */
let now: () => ClusterSession;
let api: DistDiagApi;
let context: CommandContext;
let pods: [string, string, string];

beforeAll(async () => {
  files = new World();
  cluster = await startDemoCluster({ directory: files.directory, historyMinutes: 1, speed: 10 });
  const { log } = keepingLog();
  const world = (current.world = new ConnectionWorld(cluster.kubeconfigPath, log));
  session = await injectingSession(world, {}, cluster.clock);
  now = () => session;
  const sessions = { current: () => Promise.resolve(now()) } as unknown as SessionManager;
  api = createApi(sessions, 'test', log) as DistDiagApi;
  context = { sessions, log, createdBy: 'test' } as unknown as CommandContext;
  pods = cluster.topology.pods.map(({ name }) => name) as typeof pods;
});

afterEach(async () => {
  desk.clear();
  now = () => session;
  const experiments = await all();
  await session.injection.stopAll(experiments.map(({ ref }) => ref));
});

afterAll(async () => {
  session?.store.dispose();
  session?.dispose();
  files?.dispose();
  await cluster?.stop();
});

const all = async (): Promise<readonly Experiment[]> => (await session.experiments.list()).experiments;

/** Another cluster, on which everything that is asked for seems to go well. */
function elsewhere(asked: string[]): ClusterSession {
  const injection = Object.assign(Object.create(session.injection) as InjectionService, {
    stopAll: (refs: readonly { name: string }[]) => {
      asked.push(...refs.map(({ name }) => name));
      return Promise.resolve({ stopped: refs, failed: [] });
    },
    inject: () => Promise.reject(new AppError('internal', 'injected elsewhere')),
  });
  return { ...session, context: 'elsewhere', injection };
}

/** As a list in which the pods' chaos cannot be read. */
function blind(): ClusterSession {
  const error = new AppError('server', 'list PodChaos: the server answered with HTTP 500.');
  const list = async (): Promise<Awaited<ReturnType<ClusterSession['experiments']['list']>>> => ({
    ...(await session.experiments.list()),
    health: { state: 'stale', since: 0, error },
  });
  return { ...session, experiments: { ...session.experiments, list } };
}

describe('a script', () => {
  it('is refused what the palette would have the context’s name typed for', async () => {
    await api.startAnomaly({ type: 'cpu_stress', pods: [pods[0]] });
    await expect(api.startAnomaly({ type: 'memory_stress', pods: [pods[1]] })).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining("With what runs already, 2 of the database's 3 pods are hit") as string,
    });
    // The same pod once more is no further loss.
    await api.startAnomaly({ type: 'memory_stress', pods: [pods[0]] });
    expect(await all()).toHaveLength(2);
  });

  it('may not stress a pod on its host’s network without a question', async () => {
    const list: ClusterSession['pods']['list'] = async (namespace, signal) =>
      (await session.pods.list(namespace, signal)).map((pod) => ({
        ...pod,
        target: { ...pod.target, hostNetwork: true },
      }));
    now = () => ({ ...session, pods: { ...session.pods, list } });
    await expect(api.startAnomaly({ type: 'cpu_stress', pods: [pods[0]] })).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('host') as string,
    });
    expect(await all()).toEqual([]);
  });

  it.each([undefined, null, 'cpu_stress', ['cpu_stress'], { type: 'cpu_stress', signal: {} }])(
    'that asks for %j is told what is wrong',
    async (input) => {
      await expect(api.startAnomaly(input as unknown as StartAnomaly)).rejects.toMatchObject({ code: 'invalid' });
    },
  );

  it('is told where not everything could be looked at, after the rest was stopped', async () => {
    await api.startAnomaly({ type: 'cpu_stress', pods: [pods[0]] });
    now = blind;
    await expect(api.stopAllAnomalies()).rejects.toMatchObject({
      code: 'server',
      message: expect.stringContaining('PodChaos') as string,
    });
    expect(await all()).toEqual([]);
    await expect(api.listExperiments()).resolves.toEqual([]);
  });
});

describe('an agent', () => {
  const token = { isCancellationRequested: false, onCancellationRequested: () => ({ dispose: () => undefined }) };
  const tool = (name: string): vscode.LanguageModelTool<unknown> => {
    const found = createTools(context.sessions, api, context.log).find((one) => one.name === `distdiag_${name}`);
    if (!found) throw new Error(`no tool ${name}`);
    return found;
  };
  /** Asks, lets `between` happen while the user reads, and goes on. */
  const call = async (name: string, input: object, between: () => void = () => undefined): Promise<unknown> => {
    const one = tool(name);
    const asked = await one.prepareInvocation?.({ input }, token as vscode.CancellationToken);
    const { message } = asked?.confirmationMessages ?? {};
    expect((message as vscode.MarkdownString).value).not.toBe('');
    between();
    return one.invoke({ input, toolInvocationToken: undefined }, token as vscode.CancellationToken);
  };

  it('injects on the cluster that the user has read, and on no other', async () => {
    const input = { type: 'cpu_stress', pods: [pods[0]], duration: '1m' };
    const switched = call('inject_anomaly', input, () => (now = () => elsewhere([])));
    await expect(switched).rejects.toMatchObject({ code: 'conflict' });
    now = () => session;
    await call('inject_anomaly', input);
    expect(await all()).toHaveLength(1);
  });

  it('stops what the user has read, and nothing that came since', async () => {
    await api.startAnomaly({ type: 'cpu_stress', pods: [pods[0]] });
    const asked: string[] = [];
    const switched = call('stop_experiments', {}, () => (now = () => elsewhere(asked)));
    await expect(switched).rejects.toMatchObject({ code: 'conflict' });
    expect(asked).toEqual([]);
    now = () => session;
    await call('stop_experiments', {});
    expect(await all()).toEqual([]);
  });

  it('is told where not everything could be looked at', async () => {
    now = blind;
    await expect(call('stop_experiments', {})).rejects.toMatchObject({ code: 'server' });
  });
});

describe('a stop', () => {
  it.each([
    ['of everything', stopAllAnomalies, 'Stop All'],
    ['of one of others', stopExperiment, 'Stop'],
  ] as const)(
    '%s acts on the cluster that was shown, whatever was chosen while it was asked',
    async (_, command, answer) => {
      await api.startAnomaly({ type: 'cpu_stress', pods: [pods[0]] });
      const [made] = await all();
      const asked: string[] = [];
      const other = elsewhere(asked);
      now = () => (desk.texts('warning').length > 0 ? other : session);
      desk.answers.push(answer);
      await command.run(context, { type: 'experiment', experiment: { ...made, ours: false } });
      expect(asked).toEqual([]);
      expect(await all()).toEqual([]);
    },
  );
});

it('what was injected is stopped where it is, though another cluster was chosen while it was waited for', async () => {
  const asked: string[] = [];
  const other = elsewhere(asked);
  desk.answers.push('Stop It');
  const done = await waitForInjection(context, 'CPU stress', async (options) => {
    await api.startAnomaly({ type: 'cpu_stress', pods: [pods[0]] });
    const [made] = await all();
    options.onCreated?.(made as Experiment);
    now = () => other;
    throw new AppError('injectionFailed', 'one of two');
  });
  expect(done).toBe(false);
  await expect.poll(all, { timeout: 5000 }).toEqual([]);
  expect(asked).toEqual([]);
  expect(desk.commands).toEqual([]);
});

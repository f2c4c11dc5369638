import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type * as vscode from 'vscode';
import type { DistDiagApi, StartAnomaly } from '../../../types/index';
import { AppError } from '../../../src/core/base/errors';
import type { Experiment } from '../../../src/core/experiments/experiment';
import type { InjectionService } from '../../../src/core/injection/injection';
import type { DatabasePod } from '../../../src/core/cluster/databasePod';
import { createApi } from '../../../src/ui/scripting/api';
import type { CommandContext } from '../../../src/ui/commands/context';
import { stopAllAnomalies, stopExperiment } from '../../../src/ui/commands/experiments/stop';
import { waitForInjection } from '../../../src/ui/commands/inject/waitForInjection';
import { createTools } from '../../../src/ui/scripting/languageModel/index';
import type { ClusterSession, SessionManager } from '../../../src/ui/session/session';
import { desk } from '../editor/desk';
import { useDemoWindow } from './demoWindow';

const demo = useDemoWindow({ speed: 10 });
let session: ClusterSession;
/** The session of the window now: another where the user has chosen another cluster meanwhile. */
let now: () => ClusterSession;
let api: DistDiagApi;
let context: CommandContext;
let pods: [string, string, string];

beforeAll(() => {
  ({ session, pods } = demo);
  const { log } = demo.log;
  now = () => session;
  const sessions = { current: () => Promise.resolve(now()) } as unknown as SessionManager;
  api = createApi(sessions, 'test', log) as DistDiagApi;
  context = { sessions, log, createdBy: 'test' } as unknown as CommandContext;
});

afterEach(async () => {
  now = () => session;
  const experiments = await all();
  await session.injection.stopAll(experiments.map(({ ref }) => ref));
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

/** A cluster whose pods are others than they seem. */
function withPods(change: (target: DatabasePod) => DatabasePod): ClusterSession {
  const list: ClusterSession['pods']['list'] = async (namespace, signal) =>
    (await session.pods.list(namespace, signal)).map((pod) => ({ ...pod, target: change(pod.target) }));
  const targets: ClusterSession['targets']['list'] = async (query, signal) =>
    (await session.targets.list(query, signal)).map(change);
  return { ...session, pods: { ...session.pods, list }, targets: { ...session.targets, list: targets } };
}

/** As a list in which the pods' chaos cannot be read. */
function blind(): ClusterSession {
  const error = new AppError('server', 'list PodChaos: the server responded with HTTP 500.');
  const list = async (): Promise<Awaited<ReturnType<ClusterSession['experiments']['list']>>> => ({
    ...(await session.experiments.list()),
    health: { state: 'stale', since: 0, error },
  });
  return { ...session, experiments: { ...session.experiments, list } };
}

/** A cluster that is looked at for as long as it is held, and what lets go of it. */
function held(): { slow: ClusterSession; release: () => void } {
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  const list: ClusterSession['targets']['list'] = async (...args) => {
    await released;
    return session.targets.list(...args);
  };
  return { slow: { ...session, targets: { ...session.targets, list } }, release };
}

describe('a script', () => {
  it('injects nothing behind a stop that came while the cluster was looked at', async () => {
    const { slow, release } = held();
    now = () => slow;
    const started = api.startAnomaly({ type: 'cpu_stress', pods: [pods[0]] });
    started.catch(() => undefined);
    expect(await api.stopAllAnomalies()).toEqual({ stopped: 0, failed: 0 });
    release();
    await expect(started).rejects.toMatchObject({ code: 'cancelled' });
    expect(await all()).toEqual([]);
  });

  it('that waits for its turn injects on the cluster that it was asked for, and on no other', async () => {
    const { slow, release } = held();
    now = () => slow;
    const request = { type: 'cpu_stress', pods: [pods[0]] };
    const started = [api.startAnomaly(request), api.startAnomaly(request)];
    now = () => elsewhere([]);
    release();
    await Promise.all(started);
    expect(await all()).toHaveLength(2);
  });

  it('is refused what the palette would have the context’s name typed for', async () => {
    await api.startAnomaly({ type: 'cpu_stress', pods: [pods[0]] });
    await expect(api.startAnomaly({ type: 'memory_stress', pods: [pods[1]] })).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining(
        'Including running experiments, 2 of the 3 database pods are affected',
      ) as string,
    });
    // The same pod once more is no further loss.
    await api.startAnomaly({ type: 'memory_stress', pods: [pods[0]] });
    expect(await all()).toHaveLength(2);
  });

  it('may not stress a pod on its host’s network without a question', async () => {
    now = () => withPods((target) => ({ ...target, hostNetwork: true }));
    await expect(api.startAnomaly({ type: 'cpu_stress', pods: [pods[0]] })).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('host') as string,
    });
    expect(await all()).toEqual([]);
  });

  it.each<[string, StartAnomaly, RegExp]>([
    [
      'more memory than may be free',
      { type: 'memory_stress', parameters: { size: '2.9GiB' } },
      /may not fit|of free memory/,
    ],
    ['load out of all proportion', { type: 'cpu_stress', parameters: { workers: 8192 } }, /8192 cores of load exhaust/],
    ['hours', { type: 'cpu_stress', duration: '24h' }, /It runs for 24h/],
  ])('is refused %s, which a person is warned of', async (_, request, message) => {
    await expect(api.startAnomaly({ ...request, pods: [pods[0]] })).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringMatching(message) as string,
    });
    expect(await all()).toEqual([]);
  });

  it.each(['memory_stress', 'cpu_stress'])('is refused %s in a pod without a limit', async (type) => {
    now = () =>
      withPods((target) => {
        const containers = target.containers.map((one) => ({ ...one, cpuLimit: undefined, memoryLimit: undefined }));
        return { ...target, containers, database: containers.find(({ name }) => name === 'observer') };
      });
    await expect(api.startAnomaly({ type, pods: [pods[0]] })).rejects.toMatchObject({
      message: expect.stringMatching(/has no .* limit/) as string,
    });
    expect(await all()).toEqual([]);
  });

  it('is refused what adds up to too much, though each call is small', async () => {
    const request = { type: 'memory_stress', pods: [pods[0]], parameters: { size: '900MiB' } };
    await api.startAnomaly(request);
    await expect(api.startAnomaly(request)).rejects.toMatchObject({
      message: expect.stringContaining('may not fit') as string,
    });
    expect(await all()).toHaveLength(1);
  });

  it('is told what a person is warned of', async () => {
    const { warnings } = await api.startAnomaly({ type: 'memory_stress', pods: [pods[0]] });
    expect(warnings.join()).toContain('the kernel OOM-kills a process');
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

  it('has the user read all of it: where, what with, how long, which share, and what may come of it', async () => {
    const one = tool('inject_anomaly');
    const input = { type: 'memory_stress', pods: [pods[0]], duration: '1m' };
    const asked = await one.prepareInvocation?.({ input }, token as vscode.CancellationToken);
    const text = (asked?.confirmationMessages?.message as vscode.MarkdownString).value;
    for (const part of [
      pods[0],
      'oceanbase',
      'distdiag-demo',
      '1m',
      'workers 1, size 256MB',
      '1 of 3 database pods',
      'memory limit',
    ])
      expect(text).toContain(part);
    expect(text).toContain('the kernel OOM-kills a process');
  });

  it.each<[string, object]>([
    ['a pod that is not there', { pods: ['x\n\nDuration: 1s'] }],
    ['a strength that is none', { parameters: { latency: 'https://evil.example/approve' } }],
    ['more than half of the database', { pods: ['0', '1'] }],
    ['no pod', { pods: undefined }],
    ['a day', { duration: '24h' }],
  ])('is refused %s before the user is asked', async (_, wrong) => {
    const input = { type: 'network_delay', pods: [pods[0]], duration: '1m', ...wrong };
    const named = input.pods?.map((name) => pods[Number(name)] ?? name);
    const one = tool('inject_anomaly');
    const asked = one.prepareInvocation?.({ input: { ...input, pods: named } }, token as vscode.CancellationToken);
    await expect(asked).rejects.toMatchObject({ code: 'invalid' });
  });

  it('cannot make a line or a link of what it is asked for', async () => {
    const context = 'https://evil.example/\nwww.evil.example';
    now = () => ({ ...session, context });
    const input = { type: 'cpu_stress', pods: [pods[0]], duration: '1m' };
    const asked = await tool('inject_anomaly').prepareInvocation?.({ input }, token as vscode.CancellationToken);
    const text = (asked?.confirmationMessages?.message as vscode.MarkdownString).value;
    expect(text).not.toMatch(/:\/\/|www\.|\/\nwww/);
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
  desk.answers.push('Stop Experiment');
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

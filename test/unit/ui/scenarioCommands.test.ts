import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type * as vscodeTypes from 'vscode';
import { scenarioLanguage } from '../../../src/adapters/scenario/index';
import type { ChaosObject } from '../../../src/core/experiments/experiment';
import { ScenarioRuns } from '../../../src/core/scenario/runs';
import type { DemoCluster } from '../../../src/demo/cluster';
import type { CommandContext } from '../../../src/ui/commands/context';
import { resumeSchedule, stopWorkflow, suspendSchedule } from '../../../src/ui/commands/experiments/orchestration';
import { startScenario } from '../../../src/ui/commands/scenarios/startScenario';
import { dismissScenario, stopScenario } from '../../../src/ui/commands/scenarios/stopScenario';
import { ScenarioMemory } from '../../../src/ui/scenario/scenarioMemory';
import type { ClusterSession } from '../../../src/ui/session/session';
import { desk } from '../editor/desk';
import { Memory } from '../editor/memory';
import { Uri, window, workspace } from '../editor/vscode';
import { useDemoWindow } from './demoWindow';

const files = new Map<string, string>();
const opened: string[] = [];
Object.assign(workspace, {
  findFiles: () => Promise.resolve([...files.keys()].map(Uri.file)),
  asRelativePath: ({ path }: Uri) => path,
  openTextDocument: (from: Uri | { content: string }) => {
    const text = 'content' in from ? from.content : (files.get(from.path) ?? '');
    return Promise.resolve({ getText: () => text });
  },
});
Object.assign(window, {
  activeTextEditor: undefined,
  showTextDocument: ({ getText }: { getText(): string }, { selection }: { selection?: object } = {}) =>
    Promise.resolve(void opened.push(selection ? JSON.stringify(selection) : getText())),
});

const FILE = `apiVersion: distdiag.io/v1
kind: Scenario
name: two steps
steps:
  - {name: lossy, anomaly: network_loss, targets: {index: 0}, duration: 10m}
  - {name: busy, anomaly: cpu_stress, targets: {index: 0}, offset: 20m, duration: 1m}
`;
const demo = useDemoWindow({}, { protectedNamespaces: ['kube-system'] });
let cluster: DemoCluster;
let session: ClusterSession;
let context: CommandContext;
let memory: ScenarioMemory;

beforeAll(() => {
  cluster = demo.cluster;
  const { store, injection, clock } = demo.session;
  const scenarios = new ScenarioRuns({ injector: injection, store, clock, log: demo.log.log });
  session = { ...demo.session, scenarios };
  memory = new ScenarioMemory(new Memory() as unknown as vscodeTypes.Memento, Date.now());
  memory.follow(session);
  context = {
    sessions: {
      current: () => Promise.resolve(session),
      toYaml: (object: unknown) => Promise.resolve(JSON.stringify(object)),
    },
    scenarioLanguage: () => Promise.resolve(scenarioLanguage),
    scenarios: memory,
    log: demo.log.log,
    createdBy: 'test',
  } as never;
});

afterEach(() => {
  files.clear();
  opened.length = 0;
});

afterAll(() => session?.scenarios.dispose());

const names = async (): Promise<(string | undefined)[]> =>
  (await session.experiments.list()).experiments.map(({ fault }) => fault);
const start = async (text: string, ...answers: string[]): Promise<void> => {
  files.set('two.scenario.yaml', text);
  desk.answers.push('two.scenario.yaml', ...answers);
  await startScenario.run(context);
};

describe('DistDiag: Start Scenario…', () => {
  it('opens a file that is wrong at its first mistake, and starts nothing', async () => {
    await expect(start(FILE.replace('network_loss', 'network_los'))).rejects.toThrow(
      /^two\.scenario\.yaml:5:28: Unknown anomaly "network_los"\. Did you mean network_loss\?/,
    );
    expect(opened).toEqual([expect.stringContaining('"line":4')]);
    expect(await names()).toEqual([]);
  });

  it('shows every step, the worst moment and the risks; left there, nothing is created', async () => {
    await start(FILE.replace('cpu_stress', 'pod_failure'));
    const preview = desk.texts('pick').at(-1);
    for (const text of ['Start 2 steps, 21m in total', '1 of 3 nodes affected', '+20m', cluster.topology.pods[0]?.name])
      expect(preview).toContain(text);
    expect(preview).toContain('$(warning) The pod’s containers are replaced');
    expect(await names()).toEqual([]);
  });

  it('cannot go on where the server or the pods refuse', async () => {
    await start(FILE.replace('{index: 0}', '{index: 9}'));
    expect(desk.texts('pick').at(-1)).toMatch(/Cannot be started[^]*names the index 9/);
    expect(desk.texts('pick').at(-1)).not.toContain('Start 2 steps');
  });

  it('wants the context’s name where a majority is hit at once', async () => {
    const both = FILE.replace('{index: 0}, offset: 20m', '{index: 1}');
    await start(both, 'Start 2 steps', 'Start…', 'another');
    expect(desk.texts('pick').at(-1)).toContain('$(alert) 2 of the 3 database pods are affected');
    expect(desk.texts('input')).toHaveLength(1);
    expect(await names()).toEqual([]);
    expect(session.scenarios.all).toEqual([]);
  });

  it('starts it; it is stopped as a whole, with what waits', async () => {
    await start(FILE, 'Start 2 steps', 'Start');
    const [run] = session.scenarios.all;
    await vi.waitFor(() => expect(run?.steps.map(({ state }) => state)).toEqual(['running', 'waiting']), 20_000);
    const { experiments } = await session.experiments.list();
    expect(experiments[0]?.object.metadata).toMatchObject({
      labels: { 'app.kubernetes.io/managed-by': 'distdiag', 'distdiag.io/anomaly': 'network_loss' },
      annotations: { 'distdiag.io/scenario': 'two steps', 'distdiag.io/scenario-step': '0' },
    });
    desk.clear();
    desk.answers.push('two steps');
    await stopScenario.run(context);
    expect(desk.texts('pick')[0]).toContain('two steps | Running | 1 experiments');
    expect(await names()).toEqual([]);
    expect(session.scenarios.all).toEqual([]);
    desk.clear();
    await stopScenario.run(context);
    expect(desk.texts('information')).toEqual(['There are no scenarios.']);
  });

  it('says of one that was interrupted that its steps do not begin, and it is dismissed', async () => {
    await start(FILE, 'Start 2 steps', 'Start');
    const [run] = session.scenarios.all;
    await vi.waitFor(() => expect(run?.steps[0]?.state).toBe('running'), 20_000);
    desk.clear();
    run?.abandon();
    await vi.waitFor(() => expect(desk.texts('warning').join()).toContain('was interrupted on distdiag-demo'));
    expect(memory.interrupted(session.context)).toHaveLength(1);
    const { experiments } = await session.experiments.list();
    await session.injection.stopAll(experiments.map(({ ref }) => ref));
    const group = { type: 'scenario', run: run?.mark.run } as never;
    await dismissScenario.run(context, { type: 'group', group });
    expect(memory.interrupted(session.context)).toEqual([]);
    expect(session.scenarios.all).toEqual([]);
  });
});

describe('a scenario as a Workflow', () => {
  const ours = async (): Promise<string[]> => (await session.orchestration.list()).workflows.map(({ kind }) => kind);

  it('is opened as YAML, or started, found by its label, and stopped', async () => {
    await start(FILE, 'Open as a Workflow');
    expect(opened[0]).toContain('"templateType":"NetworkChaos"');
    expect(await ours()).toEqual([]);
    await start(FILE, 'Start as a Chaos Mesh Workflow', 'Start');
    expect(desk.texts('warning').at(-1)).toContain('Start the workflow "two-steps-');
    expect(await ours()).toEqual(['Workflow']);
    desk.clear();
    desk.answers.push('two-steps-', 'Stop');
    await stopWorkflow.run(context);
    expect(desk.texts('warning')[0]).toContain('It is deleted together with the experiments');
    expect(await ours()).toEqual([]); // waited for
    expect(await names()).toEqual([]);
  });
});

describe('a schedule', () => {
  const schedule: ChaosObject = {
    apiVersion: 'chaos-mesh.org/v1alpha1',
    kind: 'Schedule',
    metadata: { name: 'rarely', namespace: 'oceanbase' },
    spec: {
      schedule: '@every 5h',
      type: 'PodChaos',
      podChaos: { action: 'pod-failure', mode: 'one', selector: { namespaces: ['oceanbase'] }, duration: '1m' },
    },
  };
  const paused = async (): Promise<string | undefined> => {
    const live = await session.experiments.get({ kind: 'Schedule', namespace: 'oceanbase', name: 'rarely' });
    return live?.metadata.annotations?.['experiment.chaos-mesh.org/pause'];
  };

  it('is suspended and resumed; where its namespace is protected by now, by the context’s name only', async () => {
    await suspendSchedule.run(context);
    expect(desk.texts('information')).toEqual(['No workflow or schedule can be changed this way.']);
    await session.experiments.create(schedule);
    desk.answers.push('rarely');
    await suspendSchedule.run(context);
    expect(await paused()).toBe('true');
    const { protectedNamespaces } = session.config;
    (session.config as { protectedNamespaces: readonly string[] }).protectedNamespaces = ['oceanbase'];
    desk.answers.push('rarely', 'Resume…', 'another-context');
    await resumeSchedule.run(context);
    expect(desk.texts('input').join()).toContain('"oceanbase" is protected');
    expect(await paused()).toBe('true');
    desk.clear();
    (session.config as { protectedNamespaces: readonly string[] }).protectedNamespaces = protectedNamespaces;
    desk.answers.push('rarely');
    await resumeSchedule.run(context);
    expect(await paused()).toBe('true'); // the question was left
    desk.answers.length = 0;
    desk.answers.push('rarely', 'Resume');
    await resumeSchedule.run(context);
    expect(await paused()).toBeUndefined();
    desk.answers.push('rarely', 'Stop');
    await stopWorkflow.run(context);
    expect((await session.orchestration.list()).schedules).toEqual([]);
    expect(await session.experiments.get({ kind: 'Schedule', namespace: 'oceanbase', name: 'rarely' })).toBeUndefined();
  });
});

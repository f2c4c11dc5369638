import { beforeAll, describe, expect, it, vi } from 'vitest';
import { createLanguage } from '../../../src/adapters/language/index';
import type { CheckedText } from '../../../src/core/chaosYaml/language';
import type { ChaosObject } from '../../../src/core/experiments/experiment';
import { refOf } from '../../../src/core/stop/ours';
import type { DemoCluster } from '../../../src/demo/cluster';
import { resumeSchedule, suspendSchedule } from '../../../src/ui/commands/experiments/orchestration';
import { applyYaml, dryRunYaml, stopYaml } from '../../../src/ui/commands/yaml/applyYaml';
import type { CommandContext } from '../../../src/ui/commands/context';
import { stopAllAnomalies } from '../../../src/ui/commands/experiments/stop';
import type { ClusterSession } from '../../../src/ui/session/session';
import { desk } from '../editor/desk';
import { Position, window, workspace } from '../editor/vscode';
import { useDemoWindow } from './demoWindow';
import { DEMO_RULES } from '../../support';

const editor = { text: '' };
const document = {
  uri: { path: '/one.chaos.yaml' },
  getText: () => editor.text,
  // The place in the text stands for the column.
  positionAt: (offset: number) => new Position(editor.text.slice(0, offset).split('\n').length - 1, offset),
};
Object.assign(window, { activeTextEditor: { document }, visibleTextEditors: [] });
workspace.applyEdit = ({ edits }) => {
  for (const { range, text } of edits)
    editor.text = editor.text.slice(0, range.start.character) + text + editor.text.slice(range.end.character);
  return Promise.resolve(true);
};

const demo = useDemoWindow({}, { protectedNamespaces: ['kube-system'] });
let cluster: DemoCluster;
let session: ClusterSession;
let context: CommandContext;
let pod = '';

beforeAll(() => {
  ({ cluster, session } = demo);
  pod = demo.pods[0];
  const language = createLanguage();
  const check = (document: { getText(): string }): CheckedText => language.check(document.getText(), DEMO_RULES);
  const documents = {
    holds: () => true,
    check,
    checkNow: (document: { getText(): string }) => Promise.resolve(check(document)),
    language: () => Promise.resolve(language),
    context: DEMO_RULES,
  };
  context = { ...demo.context, documents } as never;
});

const text = (name: string, rest = 'duration: 3m', namespace = 'oceanbase'): string => `# mine
apiVersion: chaos-mesh.org/v1alpha1
kind: NetworkChaos
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  selector: {pods: {oceanbase: [${pod}]}}
  mode: all
  action: delay
  delay: {latency: 10ms}
  ${rest}
`;
const names = async (): Promise<string[]> =>
  (await session.experiments.list()).experiments.map(({ ref }) => ref.name).sort();

/** Runs with other settings of what is protected. */
async function guarded(settings: Partial<ClusterSession['config']>, work: () => Promise<void>): Promise<void> {
  const { config } = session;
  Object.assign(session, { config: { ...config, ...settings } });
  try {
    await work();
  } finally {
    Object.assign(session, { config });
  }
}

describe('YAML from the editor', () => {
  it('with an error in it is not sent, and the line is named', async () => {
    editor.text = text('one', 'duration: 1d');
    await expect(applyYaml.run(context)).rejects.toThrow(/Line 12: "1d" is not a valid duration/);
    expect(await names()).toEqual([]);
  });

  it('is checked by the server without being created', async () => {
    editor.text = text('one');
    await dryRunYaml.run(context);
    expect(desk.texts('information').join()).toContain('would accept one');
    expect(await names()).toEqual([]);
  });

  it('is not applied where the namespace is protected or gone, nor where the question is left', async () => {
    editor.text = text('one', 'duration: 3m', 'kube-system');
    desk.answers.push('Apply…', 'another-context');
    await applyYaml.run(context);
    expect(desk.texts('input')[0]).toContain('The namespace "kube-system" is protected');
    await guarded({ protection: 'refuse' }, () => expect(applyYaml.run(context)).rejects.toThrow(/protected/));
    editor.text = text('one', 'duration: 3m', 'vanished');
    await expect(dryRunYaml.run(context)).rejects.toThrow(/Namespace "vanished" does not exist/);
    editor.text = text('one');
    await applyYaml.run(context);
    expect(await names()).toEqual([]);
  });

  it('without an end is asked for one, which is written into the text; applied, it is ours', async () => {
    editor.text = text('one', 'direction: to');
    desk.answers.push('End It After 3m', 'Apply');
    await applyYaml.run(context);
    expect(editor.text).toContain('duration: 3m');
    const { experiments } = await session.experiments.list();
    expect(experiments.map(({ ref, ours, durationMs }) => [ref.name, ours, durationMs])).toEqual([
      ['one', true, 180_000],
    ]);
    expect(desk.texts('warning').join()).toContain(pod);
  });

  it('whose name another editor has taken is applied under a new name, in the text too', async () => {
    editor.text = text('one', 'duration: 4m');
    desk.answers.push('Apply Under a New Name', 'Apply');
    await applyYaml.run(context);
    const [first, second] = await names();
    expect(first).toBe('one');
    expect(second).toMatch(/^one-/);
    expect(editor.text).toContain(`name: ${second}`);
    expect(desk.texts('warning').join()).toContain('with a different spec');
  });

  it('that is neither an experiment nor starts one is not applied from here', async () => {
    editor.text = text('one')
      .replace('NetworkChaos', 'StatusCheck')
      .replace(/spec:[^]*/, STATUS_CHECK);
    await expect(applyYaml.run(context)).rejects.toThrow(/StatusCheck cannot be applied/);
  });
});

const STATUS_CHECK = `spec: {mode: Synchronous, type: HTTP, http: {url: "http://a", criteria: {statusCode: "200"}}}\n`;
const starter = (kind: string, spec: object): string =>
  `apiVersion: chaos-mesh.org/v1alpha1\nkind: ${kind}\nmetadata: {name: again, namespace: oceanbase}\nspec: ${JSON.stringify(spec)}\n`;
const delay = (pods: readonly string[], namespace = 'oceanbase'): object => ({
  selector: { pods: { [namespace]: pods } },
  mode: 'all',
  action: 'delay',
  delay: { latency: '10ms' },
});
const schedule = (inner: object, more: object = {}): string =>
  starter('Schedule', { schedule: '@every 30m', type: 'NetworkChaos', networkChaos: inner, ...more });
const live = (kind: string): Promise<ChaosObject | undefined> =>
  session.experiments.get({ kind, namespace: 'oceanbase', name: 'again' });

describe('a schedule from the editor', () => {
  it('is shown with its pods and its next run; applied, it is ours, is found by stop all, and is stopped', async () => {
    editor.text = schedule({ ...delay([pod]), duration: '1m' }, { concurrencyPolicy: 'Allow' });
    desk.answers.push('Apply');
    await applyYaml.run(context);
    const [asked] = desk.texts('warning');
    for (const part of [
      'Apply Schedule again?',
      pod,
      'delay 10ms',
      '(@every 30m), next in 30m',
      'A run may start while',
    ])
      expect(asked).toContain(part);
    const object = await live('Schedule');
    expect(object?.metadata.labels).toMatchObject({
      'app.kubernetes.io/managed-by': 'distdiag',
      'distdiag.io/anomaly': 'network_delay',
    });
    expect(object?.metadata.annotations).toMatchObject({ 'distdiag.io/created-by': 'test' });
    expect((await session.orchestration.list()).schedules.map(({ metadata }) => metadata.name)).toEqual(['again']);
    desk.answers.push('Stop');
    await stopYaml.run(context);
    expect(desk.texts('warning').at(-1)).toContain('Stop Schedule again?');
    expect(await live('Schedule')).toBeUndefined();
    desk.clear();
    await stopYaml.run(context);
    expect(desk.texts('information')).toEqual(['It is not in the cluster.']);
  });

  it('is checked by the server alone, and not created where the question is left', async () => {
    editor.text = schedule({ ...delay([pod]), duration: '1m' });
    await dryRunYaml.run(context);
    expect(desk.texts('information').join()).toContain('would accept again');
    await applyYaml.run(context);
    expect(await live('Schedule')).toBeUndefined();
  });

  it('whose experiment has no end gets one in the text; whose name is taken, another', async () => {
    editor.text = schedule(delay([pod]));
    desk.answers.push('End Each After 3m', 'Apply');
    await applyYaml.run(context);
    expect(editor.text).toContain('3m');
    expect((await live('Schedule'))?.spec['networkChaos']).toMatchObject({ duration: '3m' });
    desk.answers.push('Apply Under a New Name', 'Apply');
    await applyYaml.run(context);
    expect(editor.text).toMatch(/name: again-/);
    const refs = (await session.orchestration.list()).schedules.map(refOf);
    expect(refs).toHaveLength(2);
    await Promise.all(refs.map((ref) => session.experiments.delete(ref)));
  });

  it('that would hit nothing, or something protected, is refused', async () => {
    editor.text = schedule({ ...delay(['nobody']), duration: '1m' });
    await expect(applyYaml.run(context)).rejects.toThrow(/names pods that do not exist: oceanbase\/nobody/);
    editor.text = schedule({ ...delay([pod], 'kube-system'), duration: '1m' });
    await guarded({ protection: 'refuse' }, () =>
      expect(applyYaml.run(context)).rejects.toThrow(/"kube-system" is protected/),
    );
    expect(await live('Schedule')).toBeUndefined();
  });

  it('where something is protected is applied and resumed only with the context’s name', async () => {
    editor.text = schedule({ ...delay([pod]), duration: '1m' });
    await guarded({ protectedContexts: [session.context] }, async () => {
      desk.answers.push('Apply…', 'another-context');
      await applyYaml.run(context);
      expect(await live('Schedule')).toBeUndefined();
      desk.answers.push('Apply…', session.context);
      await applyYaml.run(context);
      const row = (object: ChaosObject | undefined): unknown => {
        const snapshot = { workflows: [], nodes: [], schedules: object ? [object] : [] };
        return { type: 'group', group: session.orchestration.groups(snapshot, [], session.clock.now())[0] };
      };
      await suspendSchedule.run(context, row(await live('Schedule')));
      const paused = async (): Promise<unknown> =>
        (await live('Schedule'))?.metadata.annotations?.['experiment.chaos-mesh.org/pause'];
      expect(await paused()).toBe('true');
      desk.answers.push('Resume…');
      await resumeSchedule.run(context, row(await live('Schedule')));
      expect(await paused()).toBe('true');
      desk.answers.push('Resume…', session.context);
      await resumeSchedule.run(context, row(await live('Schedule')));
      expect(await paused()).not.toBe('true');
    });
    expect(desk.texts('input').at(-1)).toContain('is protected');
    await session.experiments.delete({ kind: 'Schedule', namespace: 'oceanbase', name: 'again' });
  });
});

describe('a workflow from the editor', () => {
  const pods = (): string[] => cluster.topology.pods.map(({ name }) => name);
  const workflow = (type: string): string =>
    starter('Workflow', {
      entry: 'entry',
      templates: [
        { name: 'entry', templateType: type, deadline: '5m', children: ['a', 'b'] },
        ...['a', 'b'].map((name, i) => ({
          name,
          templateType: 'NetworkChaos',
          deadline: '1m',
          networkChaos: delay([pods()[i] as string]),
        })),
      ],
    });

  it('that hits a majority at once wants the context’s name', async () => {
    editor.text = workflow('Parallel');
    desk.answers.push('Apply…', 'another');
    await applyYaml.run(context);
    expect(await live('Workflow')).toBeUndefined();
    desk.answers.push('Apply…', session.context);
    await applyYaml.run(context);
    expect(desk.texts('warning')[0]).toContain('2 of the 3 database pods are affected');
    for (const name of pods().slice(0, 2)) expect(desk.texts('warning')[0]).toContain(`→ ${name}`);
    expect((await live('Workflow'))?.metadata.labels).toMatchObject({ 'app.kubernetes.io/managed-by': 'distdiag' });
    desk.answers.push('Stop');
    await stopYaml.run(context);
    await vi.waitFor(async () => expect(await live('Workflow')).toBeUndefined(), 20_000);
  });

  it('that hits one pod after the other does not', async () => {
    const { experiments } = await session.experiments.list();
    for (const { ref } of experiments) await session.experiments.delete(ref);
    await vi.waitFor(async () => expect(await names()).toEqual([]), 20_000);
    await vi.waitFor(() => expect(session.store.snapshot.experiments).toEqual([]), 20_000);
    editor.text = workflow('Serial');
    await applyYaml.run(context);
    expect(desk.texts('warning')[0]).toContain('1 of 3 database pods');
    expect(desk.texts('warning')[0]).not.toContain('majority');
  });
});

describe('stop all', () => {
  it('ends a schedule that runs nothing yet, and says so', async () => {
    editor.text = schedule({ ...delay([pod]), duration: '1m' });
    desk.answers.push('Apply');
    await applyYaml.run(context);
    await stopAllAnomalies.run(context);
    expect(desk.texts('information')).toEqual(['Stopped, so it starts nothing more: Schedule again']);
    expect(await live('Schedule')).toBeUndefined();
  });

  it('takes what a schedule of ours has started for ours, and ends both', async () => {
    editor.text = schedule({ ...delay([pod]), duration: '1m' }, { schedule: '@every 1s' });
    desk.answers.push('Apply');
    await applyYaml.run(context);
    await vi.waitFor(async () => expect(await names()).toHaveLength(1), 20_000);
    desk.clear();
    desk.answers.push('Stop All');
    await stopAllAnomalies.run(context);
    expect(desk.texts('warning')).toHaveLength(1);
    expect(desk.texts('warning')[0]).toMatch(/Stop and remove your experiment[^]*Schedule again\n/);
    expect(desk.texts('pick')).toEqual([]);
    expect(await live('Schedule')).toBeUndefined();
    expect(await names()).toEqual([]);
  });
});

import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createLanguage } from '../../../src/adapters/language/index';
import { systemClock } from '../../../src/core/clock';
import { ExperimentStore } from '../../../src/core/experimentStore';
import { InjectionService } from '../../../src/core/injection';
import type { RuleContext } from '../../../src/core/language';
import { startDemoCluster, type DemoCluster } from '../../../src/demo/cluster';
import { applyYaml, dryRunYaml } from '../../../src/ui/commands/applyYaml';
import type { CommandContext } from '../../../src/ui/commands/context';
import type { ClusterSession } from '../../../src/ui/session';
import { keepingLog } from '../connection/keepingLog';
import { World } from '../connection/world';
import { ConnectionWorld } from './connectionWorld';
import type * as fake from './fakeVscode';

const { desk, editor } = await vi.hoisted(async () => {
  const { Desk } = await import('./fakeVscode');
  return { desk: new Desk(), editor: { text: '' } };
});
vi.mock('vscode', async () => {
  const { fakeVscode } = await vi.importActual<typeof fake>('./fakeVscode');
  const all = fakeVscode(desk, () => ({ provideTextDocumentContent: () => '' }));
  const document = {
    uri: { path: '/one.chaos.yaml' },
    getText: () => editor.text,
    positionAt: (offset: number) => ({ line: editor.text.slice(0, offset).split('\n').length - 1, offset }),
  };
  return {
    ...all,
    Uri: class {},
    Range: class {
      constructor(
        readonly start: { offset: number },
        readonly end: { offset: number },
      ) {}
    },
    WorkspaceEdit: class {
      replace(_: unknown, { start, end }: { start: { offset: number }; end: { offset: number } }, text: string): void {
        editor.text = editor.text.slice(0, start.offset) + text + editor.text.slice(end.offset);
      }
    },
    workspace: { ...(all['workspace'] as object), applyEdit: () => Promise.resolve(true) },
    window: {
      ...(all['window'] as object),
      activeTextEditor: { document },
      visibleTextEditors: [],
      setStatusBarMessage: () => undefined,
    },
  };
});

const SETTINGS: RuleContext = {
  namespace: 'oceanbase',
  labelSelector: 'ref-obcluster',
  container: 'observer',
  volumePath: '/home/admin/data-file',
  duration: '3m',
};
let files: World;
let cluster: DemoCluster;
let session: ClusterSession;
let context: CommandContext;
let pod = '';

beforeAll(async () => {
  files = new World();
  cluster = await startDemoCluster({ directory: files.directory, historyMinutes: 1 });
  pod = cluster.topology.pods[0]?.name ?? '';
  const { log } = keepingLog();
  const plain = await new ConnectionWorld(cluster.kubeconfigPath, log).session();
  const store = new ExperimentStore({ gateway: plain.experiments, clock: systemClock });
  const injection = new InjectionService({ gateway: plain.experiments, store, clock: systemClock, log });
  const config = { ...plain.config, defaultDurationMs: 180_000, protectedNamespaces: ['kube-system'] };
  session = { ...plain, store, injection, config };
  const language = createLanguage();
  const checkNow = (document: { getText(): string }): unknown => language.check(document.getText(), SETTINGS);
  const documents = { holds: () => true, check: checkNow, checkNow, language, context: SETTINGS };
  context = { sessions: { current: () => Promise.resolve(session) }, documents, log, createdBy: 'test' } as never;
});

afterEach(() => desk.clear());

afterAll(async () => {
  session?.store.dispose();
  session?.dispose();
  files?.dispose();
  await cluster?.stop();
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

describe('YAML from the editor', () => {
  it('with an error in it is not sent, and the line is named', async () => {
    editor.text = text('one', 'duration: 1d');
    await expect(applyYaml.run(context)).rejects.toThrow(/Line 12: "1d" is no duration/);
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
    await expect(applyYaml.run(context)).rejects.toThrow(/protected/);
    editor.text = text('one', 'duration: 3m', 'vanished');
    await expect(dryRunYaml.run(context)).rejects.toThrow(/no namespace "vanished"/);
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
    expect(desk.texts('warning').join()).toContain('with another spec');
  });

  it('of a schedule is not applied from here', async () => {
    editor.text = text('one')
      .replace('NetworkChaos', 'Schedule')
      .replace(
        /spec:[^]*/,
        'spec: {schedule: "@hourly", type: PodChaos, podChaos: {action: pod-failure, mode: one, duration: 1m, selector: {labelSelectors: {a: b}}}}\n',
      );
    await expect(applyYaml.run(context)).rejects.toThrow(/Schedule is not applied/);
  });
});

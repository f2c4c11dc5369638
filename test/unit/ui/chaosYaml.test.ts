import { describe, expect, it, vi } from 'vitest';
import type * as vscode from 'vscode';
import { AppError } from '../../../src/core/base/errors';
import type { ChaosObject, Experiment } from '../../../src/core/experiments/experiment';
import { isSameSpec } from '../../../src/core/experiments/sameSpec';
import { createLanguage } from '../../../src/adapters/language/index';
import { ChaosAssist } from '../../../src/ui/language/assist';
import type { ChaosDocuments } from '../../../src/ui/language/chaosDocuments';
import { oursToShow } from '../../../src/ui/language/whatIsOurs';
import type { SessionManager } from '../../../src/ui/session/session';
import { YamlDocuments } from '../../../src/ui/documents/yamlDocuments';

const editor = vi.hoisted(() => ({ setting: 'auto', extension: false, shown: [] as unknown[] }));
vi.mock('vscode', async (original) => ({
  ...(await original<object>()),
  CompletionItem: class {
    constructor(readonly label: string) {}
  },
  CompletionItemKind: {},
  SnippetString: class {},
  Hover: class {
    constructor(readonly contents: unknown) {}
  },
  extensions: { getExtension: () => (editor.extension ? {} : undefined) },
  workspace: {
    getConfiguration: () => ({ get: () => editor.setting }),
    textDocuments: [],
    openTextDocument: (uri: unknown) => Promise.resolve(editor.shown.push(uri)),
  },
}));

describe('a live object as a document', () => {
  let live: ChaosObject | undefined | Error;
  const sessions = {
    current: () =>
      Promise.resolve({
        experiments: { get: () => (live instanceof Error ? Promise.reject(live) : Promise.resolve(live)) },
      }),
    toYaml: (object: ChaosObject) => Promise.resolve(`phase: ${String(object.status?.['phase'])}\n`),
  } as unknown as SessionManager;
  const uri = { scheme: 'distdiag-yaml', path: '/oceanbase/PodChaos/one.yaml' } as vscode.Uri;
  const object = (phase: string): ChaosObject => ({
    apiVersion: 'chaos-mesh.org/v1alpha1',
    kind: 'PodChaos',
    metadata: { name: 'one', managedFields: [] },
    spec: {},
    status: { phase },
  });

  it('follows it, keeps its last state when it is gone, and says why', async () => {
    const documents = new YamlDocuments(sessions);
    live = undefined;
    expect(await documents.provideTextDocumentContent(uri)).toBe('# PodChaos oceanbase/one no longer exists.\n');
    live = object('a');
    expect(await documents.provideTextDocumentContent(uri)).toBe('phase: a\n');
    live = object('b');
    expect(await documents.provideTextDocumentContent(uri)).toBe('phase: b\n');
    live = new AppError('unreachable', 'the server does not answer', { hint: 'Look at the network.' });
    const stale = await documents.provideTextDocumentContent(uri);
    expect(stale).toMatch(
      /^# Not up to date: .*does not answer\. Look at the network\.\n# .*Last known state.*\nphase: b\n$/,
    );
    live = undefined;
    expect(await documents.provideTextDocumentContent(uri)).toMatch(/no longer exists\.\n.*\nphase: b\n$/);
    documents.forget(uri);
    expect(await documents.provideTextDocumentContent(uri)).not.toContain('phase');
  });

  it('is not said to be gone where it is another cluster’s, or another object has its name', async () => {
    const asked: unknown[] = [];
    let now = 'dev';
    const get = (ref: { uid?: string }): Promise<ChaosObject | undefined> => {
      asked.push(ref.uid);
      return Promise.resolve(object(now));
    };
    const documents = new YamlDocuments({
      ...sessions,
      current: () => Promise.resolve({ context: now, server: `https://${now}`, experiments: { get } }),
    } as unknown as SessionManager);
    const ref = { kind: 'PodChaos', namespace: 'oceanbase', name: 'one', uid: 'u1' };
    await documents.show({ ref } as Experiment);
    const own = editor.shown.at(-1) as vscode.Uri;
    expect(await documents.provideTextDocumentContent(own)).toBe('phase: dev\n');
    now = 'other';
    const text = await documents.provideTextDocumentContent(own);
    expect(text).toMatch(
      /^# PodChaos oceanbase\/one belongs to another cluster, dev, and may still be running there\.\n/,
    );
    expect(text).toContain('phase: dev');
    expect(asked).toEqual(['u1']);
  });
});

describe('a written spec beside a live one', () => {
  it('is the same where the server has only added', () => {
    const live = {
      mode: 'one',
      selector: { namespaces: ['a'], labelSelectors: { x: 'y' } },
      direction: 'to',
      list: [1],
    };
    expect(isSameSpec({ mode: 'one', selector: { labelSelectors: { x: 'y' } } }, live)).toBe(true);
    expect(isSameSpec({ mode: 'one', remoteCluster: null }, live)).toBe(true);
    for (const other of [
      { mode: 'all' },
      { list: [1, 2] },
      { list: [] },
      { duration: '1m' },
      { selector: { labelSelectors: {}, pods: {} } },
    ])
      expect(isSameSpec(other, live)).toBe(false);
  });
});

describe('findings beside the YAML extension', () => {
  const shown = (path: string): string[] => {
    const ours = oursToShow({ uri: { path } } as vscode.TextDocument);
    return (['syntax', 'schema', 'rule'] as const).filter(ours);
  };

  it('are not shown twice, unless asked for', () => {
    Object.assign(editor, { setting: 'auto', extension: false });
    expect(shown('/a.chaos.yaml')).toEqual(['syntax', 'schema', 'rule']);
    editor.extension = true;
    expect(shown('/a.chaos.yaml')).toEqual(['rule']);
    expect(shown('/deploy.yaml')).toEqual(['schema', 'rule']);
    editor.setting = 'on';
    expect(shown('/a.chaos.yml')).toHaveLength(3);
    editor.setting = 'off';
    expect(shown('/a.chaos.yml')).toEqual([]);
  });
});

describe('completion and hover', () => {
  const text = 'apiVersion: chaos-mesh.org/v1alpha1\nkind: PodChaos\nspec:\n  softly: true\n  \n';
  const document = {
    uri: { path: '/a.chaos.yaml' },
    getText: () => text,
    offsetAt: (offset: number) => offset,
    positionAt: (offset: number) => offset,
  } as unknown as vscode.TextDocument;
  const schemas = {
    PodChaos: { type: 'object', properties: { softly: { description: 'Gently.' }, action: {}, twice: {} } },
  };
  const assist = (known: typeof schemas | undefined): ChaosAssist =>
    new ChaosAssist({
      holds: () => true,
      language: () => Promise.resolve(createLanguage()),
      context: { schemas: known },
    } as unknown as ChaosDocuments);
  const offered = async (known: typeof schemas | undefined): Promise<unknown[]> =>
    (await assist(known).provideCompletionItems(document, (text.length - 1) as unknown as vscode.Position)).map(
      ({ label }) => label,
    );
  const hover = async (known: typeof schemas | undefined): Promise<unknown> =>
    (await assist(known).provideHover(document, text.indexOf('softly') as unknown as vscode.Position))?.contents;

  it('know what the connected cluster knows, beside the YAML extension too', async () => {
    editor.setting = 'auto';
    editor.extension = false;
    expect(await offered(undefined)).not.toContain('twice');
    expect(await offered(schemas)).toEqual(['action', 'twice']);
    expect(await hover(undefined)).toBeUndefined();
    expect(await hover(schemas)).toEqual({ value: 'Gently.' });
    editor.extension = true;
    expect(await offered(undefined)).toEqual([]);
    expect(await offered(schemas)).toEqual(['twice']);
    expect(await hover(schemas)).toEqual({ value: 'Gently.' });
    editor.setting = 'off';
    expect(await offered(schemas)).toEqual([]);
    expect(await hover(schemas)).toBeUndefined();
  });
});

import { describe, expect, it, vi } from 'vitest';
import type * as vscode from 'vscode';
import { AppError } from '../../../src/core/base/errors';
import type { ChaosObject } from '../../../src/core/experiments/experiment';
import { isSameSpec } from '../../../src/core/experiments/sameSpec';
import { oursToShow } from '../../../src/ui/language/whatIsOurs';
import type { SessionManager } from '../../../src/ui/session/session';
import { YamlDocuments } from '../../../src/ui/documents/yamlDocuments';

const editor = vi.hoisted(() => ({ setting: 'auto', extension: false }));
vi.mock('vscode', () => ({
  l10n: {
    t: (text: string, ...args: unknown[]) => text.replace(/\{(\d)\}/g, (_, i: string) => String(args[Number(i)])),
  },
  EventEmitter: class {
    event = (): void => undefined;
    fire(): void {}
  },
  extensions: { getExtension: () => (editor.extension ? {} : undefined) },
  workspace: { getConfiguration: () => ({ get: () => editor.setting }), textDocuments: [] },
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
    expect(await documents.provideTextDocumentContent(uri)).toBe('# PodChaos oceanbase/one is gone.\n');
    live = object('a');
    expect(await documents.provideTextDocumentContent(uri)).toBe('phase: a\n');
    live = object('b');
    expect(await documents.provideTextDocumentContent(uri)).toBe('phase: b\n');
    live = new AppError('unreachable', 'the server does not answer', { hint: 'Look at the network.' });
    const stale = await documents.provideTextDocumentContent(uri);
    expect(stale).toMatch(
      /^# Not up to date: .*does not answer\. Look at the network\.\n# .*last state.*\nphase: b\n$/,
    );
    live = undefined;
    expect(await documents.provideTextDocumentContent(uri)).toMatch(/is gone\.\n.*\nphase: b\n$/);
    documents.forget(uri);
    expect(await documents.provideTextDocumentContent(uri)).not.toContain('phase');
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

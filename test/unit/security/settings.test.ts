import { beforeEach, expect, it } from 'vitest';
import { readConfig } from '../../../src/ui/session/config';
import { workspace } from '../editor/vscode';

const editor = {
  settings: {} as Record<string, unknown>,
  inspect: undefined as ((key: string) => Record<string, unknown>) | undefined,
  /** By the path of a folder and the key. */
  folders: {} as Record<string, Record<string, unknown>>,
};
Object.assign(workspace, {
  getConfiguration: (_: string, folder?: { path: string }) => ({
    get: (key: string) => editor.settings[key],
    inspect: (key: string) =>
      folder ? editor.folders[folder.path]?.[key] : (editor.inspect?.(key) ?? { workspaceValue: editor.settings[key] }),
  }),
});

beforeEach(() => {
  Object.assign(editor, { settings: {}, inspect: undefined, folders: {} });
  Object.assign(workspace, { workspaceFolders: undefined });
  workspace.isTrusted = true;
});

it('starts programs of a kubeconfig in trusted folders only', () => {
  expect(readConfig({}).trusted).toBe(true);
  workspace.isTrusted = false;
  expect(readConfig({}).trusted).toBe(false);
});

it('takes settings of any type: what is none is as if it were empty', () => {
  const keys = ['kubeconfig', 'context', 'target.namespace', 'prometheus.url', 'model.path', 'metrics.windowMinutes'];
  for (const value of [null, true, 5, NaN, [1], {}, { trim: 1 }, '__proto__']) {
    editor.settings = Object.fromEntries(
      [...keys, 'protectedContexts', 'injection.defaultDuration'].map((key) => [key, value]),
    );
    const config = readConfig({});
    expect(typeof config.kubeconfig).toBe('string');
    expect(config.query.namespace).not.toBe('');
    expect(config.protectedContexts).toEqual(typeof value === 'string' ? [value] : []);
    expect(config.windowMs).toBeGreaterThanOrEqual(300_000);
    expect(config.defaultDurationMs).toBe(180_000);
  }
});

it('a folder may protect more than its user does, and never less', () => {
  const scopes: Record<string, Record<string, unknown>> = {
    protectedContexts: { globalValue: ['prod'], workspaceValue: [], workspaceFolderValue: ['stage'] },
    protectedNamespaces: { defaultValue: ['kube-system'], workspaceValue: ['db'] },
  };
  editor.inspect = (key) => scopes[key] ?? {};
  editor.settings = { protectedContexts: ['stage'], protectedNamespaces: ['db'] };
  const config = readConfig({});
  expect(config.protectedContexts).toEqual(['prod', 'stage']);
  expect(config.protectedNamespaces).toEqual(['kube-system', 'db']);
  for (const [globalValue, workspaceValue, expected] of [
    ['refuse', 'confirm', 'refuse'],
    ['confirm', 'refuse', 'refuse'],
    [undefined, 'confirm', 'confirm'],
    [undefined, 'maybe', 'refuse'],
  ]) {
    scopes['protection'] = { defaultValue: 'confirm', globalValue, workspaceValue };
    editor.settings['protection'] = workspaceValue;
    expect(readConfig({}).protection).toBe(expected);
  }
  // The user's own word goes before what is usual.
  scopes['protectedNamespaces'] = { defaultValue: ['kube-system'], globalValue: [] };
  editor.settings['protectedNamespaces'] = [];
  expect(readConfig({}).protectedNamespaces).toEqual([]);
});

it('the settings of a remote machine may protect more than its user does, and never less', () => {
  const scopes: Record<string, Record<string, unknown>> = {
    protectedContexts: { globalLocalValue: ['prod'], globalRemoteValue: [], globalValue: [] },
    protectedNamespaces: {
      defaultValue: ['kube-system'],
      globalLocalValue: [],
      globalRemoteValue: ['db'],
      globalValue: ['db'],
    },
    protection: {
      defaultValue: 'confirm',
      globalLocalValue: 'refuse',
      globalRemoteValue: 'confirm',
      globalValue: 'confirm',
    },
  };
  editor.inspect = (key) => scopes[key] ?? {};
  expect(readConfig({})).toMatchObject({
    protectedContexts: ['prod'],
    protectedNamespaces: ['db'],
    protection: 'refuse',
  });
});

it('each folder of a workspace may protect more, also where it is not trusted', () => {
  editor.folders = {
    a: { protectedContexts: { workspaceFolderValue: ['prod'] } },
    b: { protectedContexts: { workspaceFolderValue: ['stage'] }, protection: { workspaceFolderValue: 'refuse' } },
  };
  Object.assign(workspace, { workspaceFolders: Object.keys(editor.folders).map((name) => ({ uri: { path: name } })) });
  for (const trusted of [true, false]) {
    workspace.isTrusted = trusted;
    expect(readConfig({})).toMatchObject({ protectedContexts: ['prod', 'stage'], protection: 'refuse' });
  }
});

it('an entry of a list is what is left of it without the spaces around it', () => {
  editor.inspect = (key) => (key === 'protectedContexts' ? { globalValue: ['prod ', ' ', '', 5, '\tstage'] } : {});
  expect(readConfig({}).protectedContexts).toEqual(['prod', 'stage']);
});

it('a folder that is not trusted decides nothing about where, what, for how long and with which files', () => {
  const folder: Record<string, string> = {
    'target.namespace': 'elsewhere',
    'target.labelSelector': 'a',
    'target.container': 'b',
    chaosNamespace: 'kube-system',
    'injection.defaultDuration': '24h',
    kubeconfig: './config',
    context: 'c',
    'prometheus.url': 'http://d',
    'model.path': './e',
    'prometheus.clientKey': './f',
  };
  editor.settings = { ...folder, 'metrics.profile': 'container' };
  editor.inspect = (key) => ({
    workspaceValue: folder[key],
    defaultValue: key === 'target.namespace' ? 'oceanbase' : '',
    globalValue: key === 'target.container' ? 'mine' : undefined,
  });
  expect(readConfig({}).query.namespace).toBe('elsewhere');
  workspace.isTrusted = false;
  expect(readConfig({})).toMatchObject({
    query: { namespace: 'oceanbase', labelSelector: 'ref-obcluster', container: 'mine' },
    chaosNamespace: 'oceanbase',
    defaultDurationMs: 180_000,
    kubeconfig: '',
    context: '',
    prometheusUrl: '',
    prometheusTls: { key: '' },
    modelPath: '',
    profile: 'container',
  });
});

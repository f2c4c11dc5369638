import * as vscode from 'vscode';

/** The keys of `when` clauses in package.json, without their prefix `distdiag.`. */
export interface ContextKeys {
  /** Which welcome view the empty Experiments view shows. */
  state: 'connecting' | 'notConfigured' | 'unreachable' | 'forbidden' | 'notInstalled' | 'empty';
  /** Which welcome view the empty Nodes view shows. */
  nodes: 'loading' | 'noCluster' | 'empty';
  /** True only while it is certain that there are no experiments. */
  noExperiments: boolean;
  /** True only when the history has been read and is empty. */
  noHistory: boolean;
  readOnly: boolean;
  missingPermissions: boolean;
  demo: boolean;
  demoWindow: boolean;
  restApi: boolean;
  chaosDocument: boolean;
}

/** Sets a key, for menus, the Command Palette and welcome views. */
export const setContext = <Key extends keyof ContextKeys>(key: Key, value: ContextKeys[Key]): Thenable<unknown> =>
  vscode.commands.executeCommand('setContext', `distdiag.${key}`, value);

import * as vscode from 'vscode';

/** What `when` clauses in package.json ask for, each with the prefix `distdiag.`. */
export interface ContextKeys {
  /** Which welcome the empty view of experiments shows. */
  state: 'connecting' | 'notConfigured' | 'unreachable' | 'forbidden' | 'notInstalled' | 'empty';
  /** Which welcome the empty view of nodes shows. */
  nodes: 'loading' | 'noCluster' | 'empty';
  /** True only while it is known that there is no experiment. */
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

/** Tells the editor, for menus, the Command Palette and welcome views. */
export const setContext = <Key extends keyof ContextKeys>(key: Key, value: ContextKeys[Key]): Thenable<unknown> =>
  vscode.commands.executeCommand('setContext', `distdiag.${key}`, value);

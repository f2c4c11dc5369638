import * as vscode from 'vscode';
import type { Tool } from './languageModel/tool';

/** The names of the tools that package.json contributes. */
export function contributedTools(packageJson: unknown): string[] {
  const { contributes } = packageJson as { contributes: { languageModelTools: { name: string }[] } };
  return contributes.languageModelTools.map(({ name }) => name);
}

/** Registers tools for agents in the editor; their code is loaded by the first that is called. */
export function registerTools(names: readonly string[], load: () => readonly Tool<unknown>[]): vscode.Disposable {
  let loaded: readonly Tool<unknown>[] | undefined;
  const tool = (name: string): Tool<unknown> => {
    loaded ??= load();
    const found = loaded.find((one) => one.name === name);
    if (!found) throw new Error(`no tool is called ${name}`);
    return found;
  };
  return vscode.Disposable.from(
    ...names.map((name) =>
      vscode.lm.registerTool<unknown>(name, {
        prepareInvocation: (options, token) => tool(name).prepareInvocation?.(options, token),
        invoke: (options, token) => tool(name).invoke(options, token),
      }),
    ),
  );
}

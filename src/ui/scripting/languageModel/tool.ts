import * as vscode from 'vscode';
import { told, toldError } from '../agentTools/told';

/** A tool that an agent in the editor can call, by the name that package.json contributes. */
export interface Tool<T> extends vscode.LanguageModelTool<T> {
  name: string;
}

/** A tool's result for the editor's model. */
export const result = (value: unknown): vscode.LanguageModelToolResult =>
  new vscode.LanguageModelToolResult(told(value).map((part) => new vscode.LanguageModelTextPart(part)));

/** A tool whose errors are bounded like its results. */
export function boundedErrors<T>(tool: Tool<T>): Tool<T> {
  const bounded =
    <A extends readonly unknown[], R>(call: (...args: A) => R) =>
    async (...args: A): Promise<Awaited<R>> => {
      try {
        return await call(...args);
      } catch (thrown) {
        throw toldError(thrown);
      }
    };
  const prepareInvocation = tool.prepareInvocation?.bind(tool);
  return {
    name: tool.name,
    ...(prepareInvocation ? { prepareInvocation: bounded(prepareInvocation) } : {}),
    invoke: bounded(tool.invoke.bind(tool)),
  };
}

/** Aborts with a token. */
export function signalOf(token: vscode.CancellationToken): AbortSignal {
  const controller = new AbortController();
  if (token.isCancellationRequested) controller.abort();
  else token.onCancellationRequested(() => controller.abort());
  return controller.signal;
}

import * as vscode from 'vscode';

/** A tool that an agent in the editor can call, by the name that package.json contributes. */
export interface Tool<T> extends vscode.LanguageModelTool<T> {
  name: string;
}

/** What a tool found, as JSON text. */
export function result(value: unknown): vscode.LanguageModelToolResult {
  const text = JSON.stringify(value, (_, one: unknown) => (one instanceof Float64Array ? [...one] : one));
  return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(text)]);
}

/** Aborts with a token. */
export function signalOf(token: vscode.CancellationToken): AbortSignal {
  const controller = new AbortController();
  if (token.isCancellationRequested) controller.abort();
  else token.onCancellationRequested(() => controller.abort());
  return controller.signal;
}

import * as vscode from 'vscode';
import type { Tool } from './languageModel/tool';

/** Registers tools for agents in the editor. */
export const registerTools = (tools: readonly Tool<unknown>[]): vscode.Disposable =>
  vscode.Disposable.from(...tools.map((tool) => vscode.lm.registerTool<unknown>(tool.name, tool)));

import * as vscode from 'vscode';
import type { DistDiagApi } from '../../../types/index';
import type { SessionManager } from '../session';
import { injectTool, stopTool } from './actTools';
import { diagnoseTool, listExperimentsTool, metricsTool } from './readTools';

/** Registers the tools for agents in the editor: three that read, two that act after the user has agreed. */
export function registerTools(sessions: SessionManager, api: DistDiagApi): vscode.Disposable {
  const register = <T>({ name, ...tool }: vscode.LanguageModelTool<T> & { name: string }): vscode.Disposable =>
    vscode.lm.registerTool(name, tool);
  return vscode.Disposable.from(
    register(listExperimentsTool(api)),
    register(metricsTool(sessions)),
    register(diagnoseTool(api)),
    register(injectTool(sessions, api)),
    register(stopTool(sessions)),
  );
}

import * as vscode from 'vscode';
import type { AgentTool, AgentTools } from '../agentTools/agentTools';
import { result, type Tool } from './tool';

/** The tools that change nothing: the editor shows what they do, without asking. */
export const readTools = ({ list, metrics, diagnose }: AgentTools): readonly Tool<unknown>[] =>
  [
    reading(list, () => vscode.l10n.t('Listing the Chaos Mesh experiments')),
    reading(metrics, () => vscode.l10n.t('Reading the metrics of the database')),
    reading(diagnose, () => vscode.l10n.t('Diagnosing the database')),
  ] as readonly Tool<unknown>[];

const reading = <I>({ name, call }: AgentTool<I>, message: () => string): Tool<I> => ({
  name,
  prepareInvocation: () => ({ invocationMessage: message() }),
  invoke: async ({ input }) => result(await call(input)),
});

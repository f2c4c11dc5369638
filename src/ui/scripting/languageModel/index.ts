import type { Log } from '../../../core/base/log';
import type { SessionManager } from '../../session/session';
import { agentTools, type AgentApi } from '../agentTools/agentTools';
import { injectTool, stopTool } from './actTools';
import { readTools } from './readTools';
import { boundedErrors, type Tool } from './tool';

/** The tools for agents in the editor: three that read, two that act after the user has agreed. */
export function createTools(sessions: SessionManager, api: AgentApi, log: Log): readonly Tool<unknown>[] {
  const tools = agentTools(sessions, api, log);
  const all = [...readTools(tools), injectTool(sessions, tools), stopTool(sessions, tools, log)];
  return (all as readonly Tool<unknown>[]).map(boundedErrors);
}

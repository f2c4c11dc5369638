import type { DistDiagApi } from '../../../../types/index';
import type { Log } from '../../../core/base/log';
import type { SessionManager } from '../../session/session';
import { injectTool, stopTool } from './actTools';
import { diagnoseTool, listExperimentsTool, metricsTool } from './readTools';
import { boundedErrors, type Tool } from './tool';

/** The tools for agents in the editor: three that read, two that act after the user has agreed. */
export function createTools(sessions: SessionManager, api: DistDiagApi, log: Log): readonly Tool<unknown>[] {
  const tools = [
    listExperimentsTool(api),
    metricsTool(sessions),
    diagnoseTool(api),
    injectTool(sessions, api),
    stopTool(sessions, log),
  ] as readonly Tool<unknown>[];
  return tools.map(boundedErrors);
}

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '../../core/base/errors';
import type { Log } from '../../core/base/log';
import { createApi } from '../../ui/scripting/api';
import { agentTools, type AgentTool } from '../../ui/scripting/agentTools/agentTools';
import type { SessionKeeper } from './sessionKeeper';

/** A tool as a server offers it. */
export interface ServedTool {
  name: string;
  title: string;
  description: string;
  inputSchema: { type: 'object'; properties: Readonly<Record<string, object>>; [field: string]: unknown };
  annotations: { readOnlyHint: boolean; destructiveHint: boolean; openWorldHint: boolean };
  call(input: object, signal: AbortSignal): Promise<unknown>;
}

/** What tools are made of. */
export interface ServedOptions {
  root: string;
  allowInject: boolean;
  sessions: SessionKeeper;
  log: Log;
}

/** The part of package.json that tells the editor's agents of the same tools. */
interface Manifest {
  contributes: {
    languageModelTools: readonly {
      name: string;
      displayName: string;
      modelDescription: string;
      inputSchema: ServedTool['inputSchema'];
    }[];
  };
}

/** So that an agent does not plan with what it may not do. */
const OFF = 'Off: this server may only read, and refuses this tool.';

/** The tools of the editor's agents, by the same words and schemas; those that act are refused where they are not allowed. */
export function servedTools({ root, allowInject, sessions, log }: ServedOptions): ServedTool[] {
  const read = (file: string): unknown => JSON.parse(readFileSync(path.join(root, file), 'utf8'));
  const words = read('package.nls.json') as Record<string, string>;
  const { languageModelTools } = (read('package.json') as Manifest).contributes;
  const tools = agentTools(sessions, createApi(sessions, 'mcp', log), log);
  const byName = new Map(Object.values(tools).map((tool: AgentTool<never>) => [tool.name, tool]));
  return languageModelTools.map(({ name, displayName, modelDescription, inputSchema }) => {
    const tool = byName.get(name) as AgentTool<object> | undefined;
    if (!tool) throw new AppError('internal', `The tool ${name} does nothing.`);
    const { acts } = tool;
    return {
      name,
      title: words[displayName.replaceAll('%', '')] ?? name,
      description: acts && !allowInject ? `${OFF} ${modelDescription}` : modelDescription,
      inputSchema,
      annotations: { readOnlyHint: !acts, destructiveHint: acts, openWorldHint: true },
      call: async (input, signal) => {
        if (acts && !allowInject)
          throw new AppError('forbidden', 'This server may only read.', {
            hint: 'A person can start it with --allow-inject. Nothing was changed in the cluster.',
          });
        // By it a memory stress is judged: it has to be that of now.
        if (acts) await (await sessions.current()).lookAtMemory();
        return tool.call(input, signal);
      },
    };
  });
}

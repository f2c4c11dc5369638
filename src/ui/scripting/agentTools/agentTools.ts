import type { StartAnomaly } from '../../../../types/index';
import { AppError } from '../../../core/base/errors';
import type { Log } from '../../../core/base/log';
import { parseAnomalyRequest, type AnomalyRequest } from '../../../core/injection/anomalyRequest';
import type { ScriptedSessions } from '../../session/session';
import type { createApi } from '../api';
import { newestMetrics, type MetricsInput } from './digest';
import { refuseUnknownFields } from './inputs';
import { chooseToStop, stopChosen } from './stopNamed';

/** The part of the API that agents use. */
export type AgentApi = Pick<ReturnType<typeof createApi>, 'listExperiments' | 'diagnose' | 'startAnomaly'>;

/** A tool for any agent; package.json has its description and input schema under the same name. */
export interface AgentTool<I> {
  name: string;
  /** It changes something in the cluster. */
  acts: boolean;
  /** Rejects with AppError if a guard refuses. */
  call: (input: I, signal?: AbortSignal) => Promise<unknown>;
}

/** The tools of every agent: three that read, two that act. */
export interface AgentTools {
  list: AgentTool<object>;
  metrics: AgentTool<MetricsInput>;
  diagnose: AgentTool<object>;
  inject: AgentTool<StartAnomaly>;
  stop: AgentTool<{ names?: string[] }>;
}

/** The most pairs of a diagnosis that are returned. */
const MOST_PAIRS = 10;

/** The tools on the sessions, with the guards of the API. */
export const agentTools = (sessions: ScriptedSessions, api: AgentApi, log: Log): AgentTools => ({
  list: {
    name: 'distdiag_list_experiments',
    acts: false,
    call: async (input) => {
      refuseUnknownFields(input, []);
      return api.listExperiments();
    },
  },
  metrics: { name: 'distdiag_metrics', acts: false, call: (input) => newestMetrics(sessions, input) },
  diagnose: {
    name: 'distdiag_diagnose',
    acts: false,
    call: async (input) => {
      refuseUnknownFields(input, []);
      const { graph: _graph, ranking, ...rest } = await api.diagnose();
      return { ...rest, ranking: ranking.slice(0, MOST_PAIRS) };
    },
  },
  inject: {
    name: 'distdiag_inject_anomaly',
    acts: true,
    call: async (input, signal) => {
      podsMustBeNamed(input);
      return api.startAnomaly({ ...input, signal });
    },
  },
  stop: {
    name: 'distdiag_stop_experiments',
    acts: true,
    call: async (input, signal) => {
      const names = namesToStop(input);
      const session = await sessions.current();
      return stopChosen(session, log, await chooseToStop(session, log, names), names === undefined, signal);
    },
  },
});

/** Which experiments are to be stopped; undefined = all of ours. Throws AppError where a misspelt field would mean all. */
export function namesToStop(input: { names?: string[] }): string[] | undefined {
  refuseUnknownFields(input, ['names']);
  return input.names;
}

/** Refuses to hit anything that the agent's user cannot have read. Throws AppError. */
export function podsMustBeNamed(input: unknown): AnomalyRequest {
  const request = parseAnomalyRequest(input);
  if (request.pods !== undefined) return request;
  throw new AppError('invalid', 'Name the pods: nothing is hit that the user has not read.');
}

import { anomalyDefinition, defaultParameters, isAnomalyType, type AnomalyParameters } from '../core/anomalies';
import type { Diagnosis } from '../core/diagnosis/types';
import { parseDuration } from '../core/duration';
import { AppError } from '../core/errors';
import type { MonitorState } from '../core/monitorState';
import { policyOf } from './policy';
import type { SessionManager } from './session';

/** What `startAnomaly` takes: a type, and what differs from its defaults. */
export interface StartAnomaly {
  type: string;
  /** Pod names; one is needed, nothing is hit that was not named. */
  pods: readonly string[];
  parameters?: AnomalyParameters;
  /** A Go duration; the setting's default when missing. */
  duration?: string;
}

/** Version 1 of what other extensions can call. Everything rejects with an AppError. */
export interface DistDiagApi {
  readonly version: 1;
  /** Milliseconds that `activate` took. */
  readonly activationMs: number;
  startAnomaly(request: StartAnomaly): Promise<{ kind: string; namespace: string; name: string }>;
  stopAllAnomalies(): Promise<{ stopped: number; failed: number }>;
  /** One entry a step; a metric is the mean over the nodes, null where there is no sample. */
  getMetrics(): Promise<({ timestamp: string } & Record<string, string | number | null>)[]>;
  getAnomalyRanks(): Promise<{ timestamp: string; rank: number | null; nodes: Record<string, number | null> }[]>;
  diagnose(): Promise<Diagnosis>;
}

/** The API over the window's session, with the same guards as the palette. */
export function createApi(sessions: SessionManager, createdBy: string, activationMs: () => number): DistDiagApi {
  const state = async (): Promise<MonitorState> => (await sessions.current()).monitor.refresh();
  const number = (value: number | undefined): number | null =>
    value !== undefined && Number.isFinite(value) ? value : null;
  return {
    version: 1,
    get activationMs() {
      return activationMs();
    },
    startAnomaly: async ({ type, pods, parameters, duration }) => {
      if (!isAnomalyType(type)) throw new AppError('invalid', `"${type}" is no anomaly type.`);
      const session = await sessions.current();
      await session.access.require('inject', [anomalyDefinition(type).kind]);
      const all = await session.targets.list(session.config.query);
      const targets = all.filter((target) => pods.includes(target.pod));
      if (targets.length === 0 || targets.length !== pods.length)
        throw new AppError('invalid', 'Name at least one pod, and only pods of the database.');
      const durationMs = duration === undefined ? session.config.defaultDurationMs : parseDuration(duration);
      if (durationMs === undefined) throw new AppError('invalid', `"${duration}" is no duration.`);
      const plan = {
        type,
        targets,
        parameters: { ...defaultParameters(type), ...parameters },
        durationMs,
        chaosNamespace: session.config.chaosNamespace,
        container: session.config.query.container,
        createdBy,
      };
      const { ref } = await session.injection.inject(plan, policyOf(session, all.length));
      return { kind: ref.kind, namespace: ref.namespace, name: ref.name };
    },
    stopAllAnomalies: async () => {
      const session = await sessions.current();
      const { experiments } = await session.experiments.list();
      const report = await session.injection.stopAll(experiments.filter(({ ours }) => ours).map(({ ref }) => ref));
      return { stopped: report.stopped.length, failed: report.failed.length };
    },
    getMetrics: async () => {
      const { frame } = await state();
      if (!frame) return [];
      return [...frame.timestamps].map((at, i) => {
        const row: { timestamp: string } & Record<string, string | number | null> = {
          timestamp: new Date(at).toISOString(),
        };
        for (const metric of new Set(frame.series.map((series) => series.metric))) {
          const values = frame.series
            .filter((series) => series.metric === metric)
            .map(({ values: all }) => all[i] as number)
            .filter(Number.isFinite);
          row[metric] = values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : null;
        }
        Object.assign(row, {
          cpu: row['cpu.used'] ?? null,
          memory: row['memory.used'] ?? null,
          network: row['network.sendBytes'] ?? null,
        });
        return row;
      });
    },
    getAnomalyRanks: async () => {
      const { ranks } = await state();
      if (!ranks) return [];
      return [...ranks.timestamps].map((at, i) => ({
        timestamp: new Date(at).toISOString(),
        rank: number(ranks.cluster[i]),
        nodes: Object.fromEntries(ranks.nodes.map(({ node, ranks: values }) => [node, number(values[i])])),
      }));
    },
    diagnose: async () => {
      const { diagnosis, health } = await state();
      if (diagnosis) return diagnosis;
      throw health.state === 'failed' || health.state === 'stale'
        ? health.error
        : new AppError('notFound', 'There is nothing to diagnose yet.');
    },
  };
}

import path from 'node:path';
import { recordingFolder } from './adapters/storage/recordings';
import { createWorkerScorer } from './adapters/tensorflow/workerClient';
import { accessNeeds } from './core/cluster/access';
import { AccessGuard } from './core/cluster/accessGuard';
import { systemClock } from './core/base/clock';
import { hasReadableCredential } from './core/cluster/connection';
import { ExperimentStore } from './core/experiments/store';
import { InjectionService } from './core/injection/injection';
import { recordExperiments } from './core/learning/recorder';
import type { Origin, OriginChoice } from './core/metrics/origins';
import { lookBackMs } from './core/diagnosis/stretches';
import { createMonitor } from './core/monitoring/monitor';
import { aliasesOf, mustBeNamespace } from './core/cluster/protection';
import { TestBoard } from './core/resilience/testBoard';
import { ScenarioRuns } from './core/scenario/runs';
import { ServerClock } from './core/cluster/serverClock';
import { PodHistory } from './core/cluster/podHistory';
import type { Log } from './core/base/log';
import { gatherReport } from './core/report/gatherReport';
import { Evaluator } from './core/evaluation/evaluator';
import { createPastDiagnosis } from './core/evaluation/pastDiagnosis';
import type { ExperimentSpan } from './core/experiments/spans';
import { prometheusConnection, type PrometheusParts } from './prometheusConnection';
import type { SessionFactory } from './ui/session/session';

/** What sessions need of the extension. */
export interface SessionParts extends PrometheusParts {
  /** The extension's own folder. */
  root: string;
  /** Where this extension may keep files of its own. */
  storage: string;
  log: Log;
  /** The folder of a model that was fitted to the user's experiments, where there is one. */
  trainedModel: () => string | undefined;
  /** When experiments acted on a cluster in earlier sessions. */
  pastSpans: (where: { context: string; server: string }) => Promise<readonly ExperimentSpan[]>;
  /** Where experiments of earlier sessions are on a cluster that have not been seen to end. */
  pastNamespaces: (where: { context: string; server: string }) => Promise<readonly string[]>;
  /** Which of the Kubernetes clusters in one Prometheus the user chose as this one. */
  seriesCluster: (where: { context: string; server: string }) => Origin | undefined;
  /** There are several of them. */
  onSeveralClusters: (where: { context: string; server: string }, choice: OriginChoice) => void;
  /** May the metrics around experiments be kept? */
  mayRecord: () => boolean;
}

/** Makes sessions from the adapters; the heavy ones are loaded at the first one. */
export function createSessionFactory(parts: SessionParts): SessionFactory {
  const { root, log } = parts;
  const kubernetes = (): Promise<typeof import('./adapters/kubernetes/index')> => import('./adapters/kubernetes/index');
  return {
    contexts: async (kubeconfig) => (await kubernetes()).readContexts(kubeconfig),
    toYaml: async (object) => (await kubernetes()).toYaml(object),
    open: async (config) => {
      const { connect, toYaml } = await kubernetes();
      const prometheus = await import('./adapters/prometheus/index');
      const clock = new ServerClock(systemClock, (offsetMs) =>
        log.warn(
          `the clock of the cluster is ${Math.round(Math.abs(offsetMs) / 1000)} s ${offsetMs < 0 ? 'behind' : 'ahead of'} this machine's: times are the cluster's`,
        ),
      );
      const { query } = config;
      mustBeNamespace(query.namespace, 'distdiag.target.namespace');
      mustBeNamespace(config.chaosNamespace, 'distdiag.chaosNamespace');
      const namespaces = [...new Set([query.namespace, config.chaosNamespace])];
      const connection = await connect({
        kubeconfigPath: config.kubeconfig,
        context: config.context,
        trusted: config.trusted,
        log,
        namespaces,
        heardDate: clock.heard,
      });
      const { facts } = connection;
      if (hasReadableCredential(facts)) parts.onReadableCredential(facts.server);
      const spans = await parts.pastSpans(connection);
      connection.lookInto(await parts.pastNamespaces(connection));
      const store = new ExperimentStore({ gateway: connection.experiments, clock, past: spans });
      const injection = new InjectionService({ gateway: connection.experiments, store, clock, log });
      const scenarios = new ScenarioRuns({ injector: injection, store, clock, log });
      const way = prometheusConnection(parts, config, connection, prometheus);
      const { resolve } = way;
      const access = new AccessGuard({
        gateway: connection.access,
        needs: () =>
          accessNeeds({
            targetNamespace: query.namespace,
            chaosNamespace: config.chaosNamespace,
            prometheus: way.scope(),
          }),
        context: connection.context,
        clock: systemClock,
        log,
      });
      const metrics = prometheus.createMetricSource({
        resolve,
        clock,
        profile: config.profile,
        container: query.container,
        origin: () => parts.seriesCluster(connection),
        onSeveralClusters: (choice) => parts.onSeveralClusters(connection, choice),
        log,
      });
      const queries = prometheus.createQueries({
        resolve,
        clock,
        queryOf: (metric, targets, stepMs, signal) => metrics.queryOf(metric, targets, stepMs, signal),
      });
      const modelDirectory = config.modelPath || parts.trainedModel() || path.join(root, 'models', 'anomaly-detector');
      const scorer = createWorkerScorer({ workerPath: path.join(root, 'dist', 'scorer.js'), modelDirectory, log });
      const targets = new PodHistory(connection.targets, clock);
      const monitor = createMonitor({
        targets,
        query,
        metrics,
        scorer,
        store,
        clock,
        log,
        windowMs: config.windowMs,
        stepMs: config.stepMs,
        refreshMs: config.refreshMs,
      });
      const { stepMs, refreshMs } = config;
      const past = createPastDiagnosis({ targets, query, metrics, scorer, windowMs: lookBackMs(stepMs), stepMs });
      const evaluator = new Evaluator({ store, monitor, past, clock, log, stepMs, refreshMs });
      const recordings = recordingFolder(path.join(parts.storage, 'recordings'));
      const recorder = recordExperiments({
        store,
        targets,
        query,
        metrics,
        recordings,
        enabled: parts.mayRecord,
        clock,
        log,
        stepMs: config.stepMs,
      });
      return {
        context: connection.context,
        server: connection.server,
        aliases: aliasesOf(connection.facts, connection.contexts),
        facts: connection.facts,
        config,
        access,
        prometheus: way.access,
        clock,
        experiments: connection.experiments,
        targets,
        orchestration: connection.orchestration,
        pods: connection.pods,
        podEvents: connection.podEvents,
        kindSchemas: () => connection.kindSchemas(),
        store,
        injection,
        scenarios,
        tests: new TestBoard(),
        monitor,
        metrics,
        queries,
        scorer,
        past,
        evaluator,
        report: (key, words, signal) => {
          const { experiments } = connection;
          return gatherReport(key, { evaluator, past, scorer, experiments, clock, log, toYaml }, words, signal);
        },
        trainer: scorer,
        recordings,
        dispose: () => {
          injection.dispose(); // first: nothing is created behind what closes here
          evaluator.dispose();
          scenarios.dispose();
          recorder.dispose();
          monitor.dispose();
          store.dispose();
          scorer.dispose();
          connection.dispose();
        },
      };
    },
  };
}

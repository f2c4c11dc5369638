import path from 'node:path';
import type * as kubernetes from './adapters/kubernetes/index';
import type * as prometheus from './adapters/prometheus/index';
import { recordingFolder } from './adapters/storage/recordings';
import { createWorkerScorer } from './adapters/tensorflow/workerClient';
import { accessNeeds } from './core/access';
import { AccessGuard } from './core/accessGuard';
import { systemClock } from './core/clock';
import { hasReadableCredential } from './core/connection';
import { AppError } from './core/errors';
import { ExperimentStore } from './core/experimentStore';
import { InjectionService } from './core/injection';
import { recordExperiments } from './core/learning/recorder';
import { lookBackMs } from './core/diagnosis/stretches';
import { createMonitor } from './core/monitor';
import { aliasesOf, isNamespaceName } from './core/protection';
import { ScenarioRuns } from './core/scenario/runs';
import { ServerClock } from './core/serverClock';
import { TargetBook } from './core/targetBook';
import type { Log } from './core/ports';
import type * as truthRoom from './core/truth/index';
import type { ExperimentSpan } from './core/monitorState';
import { prometheusWay, type PrometheusParts } from './prometheusWay';
import type { SessionFactory } from './ui/session';

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
  /** May the metrics around experiments be kept? */
  mayRecord: () => boolean;
}

/** Makes sessions from the adapters; their bundles are loaded at the first one. */
export function createSessionFactory(parts: SessionParts): SessionFactory {
  const { root, log } = parts;
  /* eslint-disable @typescript-eslint/no-require-imports -- separate bundles, so that activation loads none of them */
  const kube = (): typeof kubernetes => require('./kubernetes') as typeof kubernetes;
  const prom = (): typeof prometheus => require('./prometheus') as typeof prometheus;
  const judging = (): typeof truthRoom => require('./truth') as typeof truthRoom;
  /* eslint-enable @typescript-eslint/no-require-imports */
  return {
    contexts: (kubeconfig) => kube().readContexts(kubeconfig),
    toYaml: (object) => kube().toYaml(object),
    open: async (config) => {
      const clock = new ServerClock(systemClock, (offsetMs) =>
        log.warn(
          `the clock of the cluster is ${Math.round(Math.abs(offsetMs) / 1000)} s ${offsetMs < 0 ? 'behind' : 'ahead of'} this machine's: times are the cluster's`,
        ),
      );
      const { query } = config;
      mustBeNamespace(query.namespace, 'distdiag.target.namespace');
      mustBeNamespace(config.chaosNamespace, 'distdiag.chaosNamespace');
      const namespaces = [...new Set([query.namespace, config.chaosNamespace])];
      const connection = await kube().connect({
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
      const store = new ExperimentStore({ gateway: connection.experiments, clock, past: spans });
      const injection = new InjectionService({ gateway: connection.experiments, store, clock, log });
      const scenarios = new ScenarioRuns({ injector: injection, store, clock, log });
      const way = prometheusWay(parts, config, connection, prom);
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
      const metrics = prom().createMetricSource({
        resolve,
        clock,
        profile: config.profile,
        container: query.container,
        log,
      });
      const queries = prom().createQueries({
        resolve,
        clock,
        queryOf: (metric, targets, stepMs, signal) => metrics.queryOf(metric, targets, stepMs, signal),
      });
      const modelDirectory = config.modelPath || parts.trainedModel() || path.join(root, 'models', 'anomaly-detector');
      const scorer = createWorkerScorer({ workerPath: path.join(root, 'dist', 'scorer.js'), modelDirectory, log });
      const targets = new TargetBook(connection.targets, clock);
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
      const { createPastDiagnosis, gatherReport, TruthKeeper } = judging();
      const past = createPastDiagnosis({ targets, query, metrics, scorer, windowMs: lookBackMs(stepMs), stepMs });
      const truth = new TruthKeeper({ store, monitor, past, clock, log, stepMs, refreshMs });
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
        store,
        injection,
        scenarios,
        monitor,
        queries,
        scorer,
        past,
        truth,
        report: (key, words, signal) => {
          const { experiments } = connection;
          const { toYaml } = kube();
          return gatherReport(key, { truth, past, scorer, experiments, clock, log, toYaml }, words, signal);
        },
        trainer: scorer,
        recordings,
        dispose: () => {
          injection.dispose(); // first: nothing is created behind what closes here
          truth.dispose();
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

/** Anything else in its place would lead elsewhere: `..` to all namespaces. */
function mustBeNamespace(name: string, setting: string): void {
  if (isNamespaceName(name)) return;
  throw new AppError('notConfigured', `"${name}" is no name of a namespace.`, {
    hint: `Correct ${setting}: lower-case letters, digits and hyphens, at most 63.`,
  });
}

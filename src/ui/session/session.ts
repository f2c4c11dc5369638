import * as vscode from 'vscode';
import type { AccessGuard } from '../../core/cluster/accessGuard';
import type { KindSchemas } from '../../core/chaosYaml/findings';
import type { ConnectionFacts } from '../../core/cluster/connection';
import { AppError, toAppError } from '../../core/base/errors';
import type { ExperimentStore } from '../../core/experiments/store';
import type { InjectionService } from '../../core/injection/injection';
import type { QueryGateway } from '../../core/metrics/chartQuery';
import type { MetricSource } from '../../core/metrics/source';
import type { Monitor } from '../../core/monitoring/monitor';
import type { MonitorState } from '../../core/monitoring/monitorState';
import type { Clock } from '../../core/base/clock';
import type { Disposable } from '../../core/base/disposable';
import type { Log } from '../../core/base/log';
import type { TargetGateway } from '../../core/cluster/databasePod';
import type { AnomalyScorer } from '../../core/diagnosis/scorer';
import type { ExperimentGateway } from '../../core/experiments/gateway';
import type { PodEventGateway } from '../../core/cluster/podEvents';
import type { PodGateway } from '../../core/impact/pod';
import type { RecordingStore } from '../../core/learning/recording';
import type { ModelTrainer } from '../../core/learning/trainer';
import type { OrchestrationGateway } from '../../core/workflows/orchestration';
import type { TestBoard } from '../../core/resilience/testBoard';
import type { ScenarioRuns } from '../../core/scenario/runs';
import type { PrometheusAccess } from '../../core/cluster/prometheusService';
import type { GatheredReport, ReportWords } from '../../core/report/gatherReport';
import type { Evaluator } from '../../core/evaluation/evaluator';
import type { PastDiagnosis } from '../../core/evaluation/pastDiagnosis';
import type { Config } from './config';

/** Everything that acts on one cluster. */
export interface ClusterSession extends Disposable {
  readonly context: string;
  readonly server: string;
  /** Other names of the cluster; undefined if unknown. */
  readonly aliases?: readonly string[];
  /** The server and the kind of credentials, to be shown. */
  readonly facts: ConnectionFacts;
  readonly config: Config;
  /** What the user may do there. */
  readonly access: AccessGuard;
  readonly prometheus: PrometheusAccess;
  /** The cluster's time: its timestamps are compared with this clock, never with the editor's. */
  readonly clock: Clock;
  readonly experiments: ExperimentGateway;
  readonly targets: TargetGateway;
  /** The cluster's schemas of Chaos Mesh's kinds; undefined if it does not provide them. Never rejects. */
  kindSchemas(): Promise<KindSchemas | undefined>;
  /** Workflows and schedules. */
  readonly orchestration: OrchestrationGateway;
  readonly pods: PodGateway;
  readonly podEvents: PodEventGateway;
  readonly store: ExperimentStore;
  readonly injection: InjectionService;
  /** The scenarios that this window runs there. */
  readonly scenarios: ScenarioRuns;
  /** The resilience tests that this window runs there. */
  readonly tests: TestBoard;
  readonly monitor: Monitor;
  /** The canonical metrics, for any time range. */
  readonly metrics: MetricSource;
  /** The user's own queries, sent to the source of the metrics. */
  readonly queries: QueryGateway;
  readonly scorer: AnomalyScorer;
  readonly past: PastDiagnosis;
  /** Compares the diagnosis with what was injected. */
  readonly evaluator: Evaluator;
  /** Everything known about one of our experiments, for a report. */
  report(key: string, words: ReportWords, signal: AbortSignal): Promise<GatheredReport>;
  readonly trainer: ModelTrainer;
  readonly recordings: RecordingStore;
}

/** The part of a session that the guards of an injection need. */
export type GuardedSession = Pick<
  ClusterSession,
  'context' | 'aliases' | 'targets' | 'pods' | 'store' | 'experiments' | 'orchestration' | 'clock'
> & {
  readonly config: Pick<Config, 'query' | 'protection' | 'protectedContexts' | 'protectedNamespaces'>;
  readonly monitor: { readonly state: Pick<MonitorState, 'frame'> };
};

/** The part of a session that programs use: scripts, agents, other extensions, the command line. */
export type ScriptedSession = GuardedSession &
  Pick<ClusterSession, 'access' | 'injection' | 'scenarios'> & {
    readonly config: Pick<Config, 'trusted' | 'chaosNamespace' | 'defaultDurationMs'>;
    readonly monitor: Pick<Monitor, 'refresh'>;
  };

/** Gives programs their session. */
export interface ScriptedSessions {
  /** Rejects with AppError. */
  current(): Promise<ScriptedSession>;
}

/** A context that can be chosen. */
export interface ContextChoice {
  name: string;
  cluster: string;
  server: string;
  namespace: string | undefined;
}

/** Creates sessions; the composition root knows the adapters. */
export interface SessionFactory {
  open(config: Config): Promise<ClusterSession>;
  contexts(kubeconfig: string): Promise<ContextChoice[]>;
  /** A Kubernetes object as YAML. */
  toYaml(object: unknown): Promise<string>;
}

/** What overrides the settings: the chosen context, or the demo cluster. */
export interface ConfigOverride {
  kubeconfig?: string;
  context?: string;
  prometheusUrl?: string;
}

/** The context that was chosen in a window, and the settings that it overrides. */
interface Choice {
  context: string;
  kubeconfig: string;
  setting: string;
}

const CONTEXT_KEY = 'distdiag.chosenContext';

/** The session of this window: opened on first use, replaced when the settings or the choice change. */
export class SessionManager implements Disposable {
  readonly #factory: SessionFactory;
  readonly #readConfig: () => Config;
  readonly #memory: vscode.Memento;
  readonly #log: Log;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  readonly #opened = new vscode.EventEmitter<ClusterSession>();
  /** Fires for every session that was opened. */
  readonly onDidOpen = this.#opened.event;
  #session: Promise<ClusterSession> | undefined;
  /** The open session. */
  #live: ClusterSession | undefined;
  #disposed = false;
  /** Counts the openings: the result of an earlier one does not concern the current session. */
  #turn = 0;
  #demo: ConfigOverride | undefined;
  #error: AppError | undefined;
  /** The context of the last session that was opened by the settings. */
  #kept: { kubeconfig: string; context: string } | undefined;

  constructor(factory: SessionFactory, config: () => Config, memory: vscode.Memento, log: Log) {
    this.#factory = factory;
    this.#readConfig = config;
    this.#memory = memory;
    this.#log = log;
  }

  /** Why there is no session, after `current` has failed. */
  get error(): AppError | undefined {
    return this.#error;
  }

  get isDemo(): boolean {
    return this.#demo !== undefined;
  }

  /** The settings with the window's own choice on top. */
  config(): Config {
    const config = this.#readConfig();
    const chosen = this.#memory.get<Choice>(CONTEXT_KEY);
    // Another kubeconfig may have another context of that name, and a setting that is newer tells what is wanted now.
    const holds = chosen !== undefined && chosen.kubeconfig === config.kubeconfig && chosen.setting === config.context;
    const context = holds ? chosen.context : this.#keptFor(config);
    const own: ConfigOverride = this.#demo ?? (context === undefined ? {} : { context });
    return {
      ...config,
      ...(own.kubeconfig ? { kubeconfig: own.kubeconfig, context: '' } : {}),
      ...(own.context ? { context: own.context } : {}),
      ...(own.prometheusUrl ? { prometheusUrl: own.prometheusUrl } : {}),
    };
  }

  /** Where the current context of the kubeconfig is in use, the one that was current at first: another program may change it. */
  #keptFor({ kubeconfig, context }: Config): string | undefined {
    return context === '' && this.#kept?.kubeconfig === kubeconfig ? this.#kept.context : undefined;
  }

  /** The session, opened if there is none. Rejects with AppError. */
  current(): Promise<ClusterSession> {
    this.#session ??= this.#open((this.#turn += 1));
    return this.#session;
  }

  /** A Kubernetes object as YAML. */
  toYaml(object: unknown): Promise<string> {
    return this.#factory.toYaml(object);
  }

  /** The contexts of the user's own kubeconfig, also while the demo cluster is in use. */
  contexts(): Promise<ContextChoice[]> {
    return this.#factory.contexts(this.#readConfig().kubeconfig);
  }

  /** Chooses a context for this window; undefined leaves the choice to the settings. The kubeconfig is not touched. */
  async selectContext(name: string | undefined): Promise<void> {
    this.#demo = this.#kept = undefined;
    // Its value is read anew at once; until it is stored, no session with older settings may act.
    const { kubeconfig, context: setting } = this.#readConfig();
    const choice: Choice | undefined = name === undefined ? undefined : { context: name, kubeconfig, setting };
    const stored = this.#memory.update(CONTEXT_KEY, choice);
    this.reopen();
    await stored;
  }

  /** Uses the demo cluster, or the settings again. */
  useDemo(demo: ConfigOverride | undefined): void {
    this.#demo = demo;
    this.reopen();
  }

  /** Asks the cluster again, on the open session if there is one, so that views keep their content. */
  async refresh(): Promise<void> {
    if (!this.#session || this.#error) return this.reopen();
    const { store, monitor, access } = await this.#session;
    store.relist();
    access.forget(); // something may have been granted
    void access.report();
    await monitor.refresh();
  }

  /** Closes the session; the next use opens it with the settings of that time. */
  reopen(): void {
    this.#close();
    this.#error = undefined;
    this.#changed.fire();
  }

  dispose(): void {
    this.#disposed = true;
    this.#close();
    this.#changed.dispose();
    this.#opened.dispose();
  }

  /** A session that is still being opened is closed as soon as it is open. */
  #close(): void {
    this.#turn += 1;
    this.#live?.dispose();
    this.#live = this.#session = undefined;
  }

  async #open(turn: number): Promise<ClusterSession> {
    await Promise.resolve(); // an immediate failure is handled like any other
    let session: ClusterSession | undefined;
    try {
      session = await this.#factory.open(this.config());
    } catch (thrown) {
      if (turn === this.#turn) {
        this.#error = toAppError(thrown);
        this.#session = undefined;
        throw this.#error;
      }
    }
    if (!session || turn !== this.#turn) {
      session?.dispose();
      return this.#next();
    }
    this.#log.info(`context ${session.context}, server ${session.server}`);
    this.#live = session;
    if (!this.#demo) this.#kept = { kubeconfig: this.#readConfig().kubeconfig, context: session.context };
    this.#opened.fire(session);
    return session;
  }

  /** For callers that waited for a session that was closed before it was open. */
  #next(): Promise<ClusterSession> {
    return this.#disposed ? Promise.reject(new AppError('cancelled', 'Cancelled.')) : this.current();
  }
}

import type * as language from './adapters/language/index';
import type * as keeper from './adapters/demo/index';
import type * as rest from './adapters/rest/index';
import type { DemoKeeper } from './core/demoCluster';
import type { ExperimentRow } from './core/experimentRows';
import type { ChaosLanguage } from './core/language';
import type { NodeRow } from './core/nodeRows';
import type { Disposable, Log } from './core/ports';
import type { ScenarioLanguage } from './core/scenario/text';
import type * as sessions from './createSession';
import type * as commands from './ui/commands/index';
import type * as past from './ui/history/room';
import type { ChaosDocuments } from './ui/language/chaosDocuments';
import type * as editing from './ui/language/index';
import { LazyPanel } from './ui/panel/lazyPanel';
import type * as panel from './ui/panel/metricsPanel';
import type * as scripting from './ui/scripting';
import type { RunningRestApi } from './ui/restApi';
import type { SessionFactory, SessionManager } from './ui/session';
import type { ExperimentsTreeParts } from './ui/tree/experimentsTree';
import type { YamlDocuments } from './ui/yamlDocuments';
import { LazyView } from './ui/tree/lazyView';
import type * as views from './ui/tree/views';

/* eslint-disable @typescript-eslint/no-require-imports -- each is a bundle of its own, so that activation loads none of them */

/** The code of the commands, at the first of them. */
export const loadCommands = (): typeof commands => require('./commands') as typeof commands;

/** What looks back, at the first connection or look. */
export const loadPast = (): typeof past => require('./past') as typeof past;

const loadPanel = (): typeof panel => require('./panel') as typeof panel;

/** The exported API and the tools for agents, at the first call. */
export const loadScripting = (): typeof scripting => require('./scripting') as typeof scripting;

/** What runs the demo cluster, when one is started. */
const loadKeeper = (): typeof keeper => require('./keeper') as typeof keeper;

const loadLanguage = (): typeof language => require('./language') as typeof language;

const loadRest = (): typeof rest => require('./rest') as typeof rest;

const loadSessions = (): typeof sessions => require('./sessions') as typeof sessions;

const loadViews = (): typeof views => require('./views') as typeof views;

const loadEditing = (): typeof editing => require('./editing') as typeof editing;

/* eslint-enable @typescript-eslint/no-require-imports */

/** Makes sessions; what they are made of is loaded at the first need of one. */
export function lazySessions(parts: sessions.SessionParts): SessionFactory {
  let made: SessionFactory | undefined;
  const factory = (): SessionFactory => (made ??= loadSessions().createSessionFactory(parts));
  return {
    open: async (config) => factory().open(config),
    contexts: (kubeconfig) => factory().contexts(kubeconfig),
    toYaml: (object) => factory().toYaml(object),
  };
}

/** Runs a demo cluster; the code that does is loaded with the first. */
export const keepDemo = (options: keeper.KeeperOptions): DemoKeeper => loadKeeper().createDemoKeeper(options);

/** The metrics panel; its code is loaded when it is opened or brought back. */
export const lazyPanel = (deps: panel.MetricsPanelDeps): LazyPanel =>
  new LazyPanel(() => new (loadPanel().MetricsPanelController)(deps));

/** The tree of experiments; its code is loaded when it is looked at. */
export const experimentsView = (parts: ExperimentsTreeParts): Disposable =>
  new LazyView<ExperimentRow>('distdiag.experiments', (view) => new (loadViews().ExperimentsTree)(view, parts), {
    canSelectMany: true,
  });

/** The tree of nodes; its code is loaded when it is looked at. */
export const nodesView = (sessions: SessionManager): Disposable =>
  new LazyView<NodeRow>('distdiag.nodes', (view) => new (loadViews().NodesTree)(view, sessions));

/** YAML's parser and Chaos Mesh's schemas are loaded when the first such document is open. */
export function lazyLanguages(): { chaosLanguage: () => ChaosLanguage; scenarioLanguage: () => ScenarioLanguage } {
  let chaos: ChaosLanguage | undefined;
  return {
    chaosLanguage: () => (chaos ??= loadLanguage().createLanguage()),
    scenarioLanguage: () => loadLanguage().scenarioLanguage,
  };
}

/** What helps to write Chaos Mesh's YAML; its code is loaded when the first YAML is open. */
export function chaosLanguage(documents: ChaosDocuments, sessions: SessionManager, live: YamlDocuments): Disposable {
  let help: Disposable | undefined;
  const first = documents.onDidCheck(() => {
    first.dispose();
    help = loadEditing().registerChaosLanguage(documents, sessions, live);
  });
  return { dispose: () => [first, help, documents].forEach((one) => one?.dispose()) };
}

/** Starts the REST API over the exported one. */
export function restStarter(
  api: rest.RestBackend,
  packageJson: unknown,
  log: Log,
): (port: number) => Promise<RunningRestApi> {
  const { version } = packageJson as { version: string };
  return (port) => loadRest().startRestApi({ backend: api, version, log, port });
}

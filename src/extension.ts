import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { systemClock } from './core/clock';
import { lazyLanguage } from './createLanguage';
import { createSessionFactory } from './createSession';
import { restStarter } from './restStarter';
import { scenarioLanguage } from './scenarioBundle';
import { createApi, type DistDiagApi } from './ui/api';
import type { Command } from './ui/commands/context';
import type * as commands from './ui/commands/index';
import { readConfig } from './ui/config';
import { DemoProcess } from './ui/demoProcess';
import { EVENTS_SCHEME, EventDocuments } from './ui/eventDocuments';
import { followFaults } from './ui/followFaults';
import { registerChaosLanguage } from './ui/language/index';
import { ChaosDocuments, ruleContext } from './ui/language/chaosDocuments';
import { registerTools } from './ui/languageModel/index';
import { LazyPast } from './ui/history/lazyPast';
import type * as pastRoom from './ui/history/room';
import { MetricsPanelController } from './ui/panel/metricsPanel';
import { clusterKey, PrometheusChoices } from './ui/prometheusChoices';
import { PrometheusSecrets } from './ui/prometheusSecrets';
import { REPORT_SCHEME, ReportDocuments } from './ui/reportDocuments';
import { contributedCommands, registerCommands } from './ui/registerCommands';
import { RestApi } from './ui/restApi';
import { ScenarioDiagnostics } from './ui/scenario/scenarioDiagnostics';
import { ScenarioMemory } from './ui/scenario/scenarioMemory';
import { SessionManager } from './ui/session';
import { StatusBar } from './ui/statusBar';
import { TrainedModels } from './ui/trainedModels';
import { ExperimentsTree } from './ui/tree/experimentsTree';
import { NodesTree } from './ui/tree/nodesTree';
import { openLinks } from './ui/uriHandler';
import { YAML_SCHEME, YamlDocuments } from './ui/yamlDocuments';

/** Builds, wires and registers everything; connects to nothing. */
export function activate(context: vscode.ExtensionContext): DistDiagApi {
  const started = performance.now();
  const clock = systemClock;
  const log = vscode.window.createOutputChannel('DistDiag', { log: true });
  const createdBy = randomUUID().slice(0, 8);
  const root = context.extensionUri.fsPath;
  const models = new TrainedModels(context.globalState, context.globalStorageUri);
  const secrets = new PrometheusSecrets(context.secrets);
  const choices = new PrometheusChoices(context.workspaceState);
  const reports = new ReportDocuments();
  const folder = context.storageUri ?? vscode.Uri.joinPath(context.globalStorageUri, 'no-workspace');
  const past = new LazyPast(() => loadPast().createPast({ folder, clock, log, sessions }));
  const factory = createSessionFactory({
    root,
    log,
    storage: context.globalStorageUri.fsPath,
    trainedModel: () => models.current,
    pastSpans: (where) => past.room.keeper.spans(where),
    mayRecord: () => vscode.workspace.getConfiguration('distdiag').get('learning.record') === true,
    prometheusCredential: (url) => secrets.read(url),
    prometheusChoice: (where) => choices.get(clusterKey(where)),
    onSeveralPrometheus: (where, answering) => void choices.tell(clusterKey(where), answering),
  });
  const sessions = new SessionManager(factory, () => readConfig(), context.workspaceState, log);
  const demo = new DemoProcess(root, log);
  const scenarios = new ScenarioMemory(context.workspaceState, clock.now());
  const experiments = new ExperimentsTree(sessions, clock, scenarios);
  const nodes = new NodesTree(sessions);
  const yaml = new YamlDocuments(sessions);
  const events = new EventDocuments(sessions, (parts) => past.room.eventText(parts));
  const documents = new ChaosDocuments(lazyLanguage(), () => ruleContext(sessions.config()));
  const panel = new MetricsPanelController({
    extensionUri: context.extensionUri,
    clock,
    log,
    memory: context.workspaceState,
    session: () => sessions.current(),
    onDidChangeSession: sessions.onDidChange,
    run: (command, ...args) => void vscode.commands.executeCommand(command, ...args),
  });
  const statusBar = new StatusBar();
  let activationMs = NaN;
  const api = createApi(sessions, createdBy, () => activationMs);
  const restApi = new RestApi(restStarter(api, context.extension.packageJSON, log));
  context.subscriptions.push(
    log,
    sessions,
    demo,
    experiments,
    nodes,
    past,
    events,
    panel,
    scenarios,
    sessions.onDidOpen((session) => scenarios.follow(session)),
    new ScenarioDiagnostics(scenarioLanguage),
    statusBar,
    restApi,
    registerTools(sessions, api),
    openLinks(log),
    followFaults({ sessions, statusBar, yaml, memory: context.workspaceState, log }),
    registerChaosLanguage(documents, sessions, yaml),
    vscode.workspace.registerTextDocumentContentProvider(YAML_SCHEME, yaml),
    vscode.workspace.registerTextDocumentContentProvider(EVENTS_SCHEME, events),
    vscode.workspace.registerTextDocumentContentProvider(REPORT_SCHEME, reports),
    registerCommands(contributedCommands(context.extension.packageJSON), loadCommands, {
      sessions,
      yaml,
      events,
      documents,
      get history() {
        return past.room.keeper;
      },
      panel,
      demo,
      models,
      reports,
      restApi,
      secrets,
      choices,
      scenarios,
      scenarioLanguage,
      log,
      clock,
      createdBy,
    }),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('distdiag.context') || event.affectsConfiguration('distdiag.kubeconfig'))
        void sessions.selectContext(undefined);
      else if (event.affectsConfiguration('distdiag')) sessions.reopen();
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => sessions.reopen()),
  );
  activationMs = performance.now() - started;
  log.debug(`activated in ${activationMs.toFixed(1)} ms`);
  return api;
}

/** The code of the commands, at the first of them. */
function loadCommands(): readonly Command[] {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- a bundle of its own, so that activation does not load it
  return (require('./commands') as typeof commands).COMMANDS;
}

/** What looks back, at the first connection or look. */
function loadPast(): typeof pastRoom {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- as above
  return require('./past') as typeof pastRoom;
}

/** Everything is disposed of by its subscription; the demo cluster ends with this process. */
export function deactivate(): void {}

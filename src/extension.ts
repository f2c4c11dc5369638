import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import type { DistDiagApi } from '../types/index';
import { systemClock } from './core/base/clock';
import { createDemoKeeper } from './adapters/demo/index';
import { createSessionFactory } from './createSession';
import { createApi } from './ui/scripting/api';
import { COMMANDS } from './ui/commands/index';
import type { ScenarioLanguage } from './core/scenario/text';
import { foldedLog } from './core/base/foldedLog';
import { readConfig } from './ui/session/config';
import { DemoProcess } from './ui/demoProcess';
import { EventDocuments } from './ui/documents/eventDocuments';
import { FirstSight } from './ui/session/firstSight';
import { followFaults } from './ui/session/followFaults';
import { followSettings } from './ui/session/followSettings';
import { ChaosDocuments, ruleContext } from './ui/language/chaosDocuments';
import { HistoryService } from './ui/history/historyService';
import { TestRunService } from './ui/history/testRunService';
import { ClusterSchemas } from './ui/language/clusterSchemas';
import { registerChaosLanguage } from './ui/language/index';
import { createTools } from './ui/scripting/languageModel/index';
import { registerMcpServer } from './ui/scripting/mcpServer';
import { MetricsPanelController } from './ui/panel/metricsPanel';
import { PrometheusChoices } from './ui/session/prometheusChoices';
import { SeriesClusters } from './ui/session/seriesClusters';
import { PrometheusSecrets } from './ui/session/prometheusSecrets';
import { tellUselessProtection } from './ui/session/protectionNotes';
import { ReportDocuments } from './ui/documents/reportDocuments';
import { registerCommands } from './ui/registerCommands';
import { registerDocuments } from './ui/documents/registerDocuments';
import { RestApi } from './ui/scripting/restApi';
import { ScenarioDiagnostics } from './ui/scenario/scenarioDiagnostics';
import { ScenarioMemory } from './ui/scenario/scenarioMemory';
import { SessionManager } from './ui/session/session';
import { sessionParts } from './ui/session/sessionParts';
import { StatusBar } from './ui/session/statusBar';
import { ResilienceTests } from './ui/testing/resilienceTests';
import { TrainedModels } from './ui/trainedModels';
import { ExperimentsTree } from './ui/tree/experimentsTree';
import { HistoryRows } from './ui/tree/historyTree';
import { NodesTree } from './ui/tree/nodesTree';
import { openLinks } from './ui/scripting/uriHandler';
import { YamlDocuments } from './ui/documents/yamlDocuments';

/** Builds, wires and registers everything; connects to nothing. */
export function activate(context: vscode.ExtensionContext): DistDiagApi {
  const started = performance.now();
  const clock = systemClock;
  const channel = vscode.window.createOutputChannel('DistDiag', { log: true });
  const log = { ...foldedLog(channel, clock), show: () => channel.show() };
  const createdBy = randomUUID().slice(0, 8);
  const { version } = context.extension.packageJSON as { version: string };
  // Heavy libraries are loaded at their first use.
  const language = (): Promise<typeof import('./adapters/language/index')> => import('./adapters/language/index');
  const scenarioLanguage = async (): Promise<ScenarioLanguage> => (await language()).scenarioLanguage;
  const models = new TrainedModels(context.globalState, context.globalStorageUri);
  const secrets = new PrometheusSecrets(context.secrets);
  const choices = new PrometheusChoices(context.workspaceState);
  const clusters = new SeriesClusters(context.workspaceState);
  const reports = new ReportDocuments();
  const folder = context.storageUri ?? vscode.Uri.joinPath(context.globalStorageUri, 'no-workspace');
  const history = new HistoryService({ folder, clock, log });
  const testRuns = new TestRunService({ folder, clock, log });
  const factory = createSessionFactory(sessionParts({ context, log, models, history, secrets, choices, clusters }));
  const sessions = new SessionManager(factory, () => readConfig(), context.workspaceState, log);
  const [root, logFolder] = [context.extensionUri.fsPath, context.logUri.fsPath];
  const demo = new DemoProcess({ root, logFolder, log, keep: createDemoKeeper });
  const scenarios = new ScenarioMemory(context.workspaceState, clock.now());
  const yaml = new YamlDocuments(sessions);
  const events = new EventDocuments(sessions);
  const schemas = new ClusterSchemas(sessions);
  const documents = new ChaosDocuments(
    async () => (await language()).createLanguage(),
    () => ruleContext(sessions.config(), schemas.current),
    log,
  );
  const panel = new MetricsPanelController({
    extensionUri: context.extensionUri,
    clock,
    log,
    memory: context.workspaceState,
    history,
    testRuns,
    session: () => sessions.current(),
    onDidChangeSession: sessions.onDidChange,
    run: (command, ...args) => void vscode.commands.executeCommand(command, ...args),
  });
  const firstSight = new FirstSight({ memory: context.globalState, panel });
  const statusBar = new StatusBar();
  const tests = new ResilienceTests({ sessions, language: scenarioLanguage, createdBy, testRuns, log });
  let activationMs = NaN;
  const api: DistDiagApi = {
    version: 1,
    get activationMs() {
      return activationMs;
    },
    ...createApi(sessions, createdBy, log),
  };
  const restApi = new RestApi(async (port) => {
    const { startRestApi } = await import('./adapters/rest/index');
    return startRestApi({ backend: api, version, log, port });
  });
  context.subscriptions.push(
    channel,
    sessions,
    demo,
    new ExperimentsTree({ sessions, clock, scenarios, connected: () => void firstSight.connected() }),
    new NodesTree(sessions),
    new HistoryRows(history, clock),
    history.follow(sessions),
    history,
    testRuns,
    events,
    panel,
    scenarios,
    sessions.onDidOpen((session) => scenarios.follow(session)),
    new ScenarioDiagnostics(scenarioLanguage),
    tests,
    statusBar,
    restApi,
    ...createTools(sessions, api, log).map((tool) => vscode.lm.registerTool<unknown>(tool.name, tool)),
    registerMcpServer({ sessions, secrets, root, version }),
    openLinks(log),
    followFaults({ sessions, statusBar, yaml, memory: context.workspaceState, log }),
    documents,
    schemas,
    schemas.onDidChange(() => documents.recheck()),
    registerChaosLanguage(documents, sessions, yaml),
    registerDocuments({ yaml, events, reports }),
    registerCommands(COMMANDS, {
      sessions,
      yaml,
      events,
      documents,
      history,
      testRuns,
      panel,
      demo,
      models,
      reports,
      restApi,
      secrets,
      choices,
      clusters,
      scenarios,
      tests,
      scenarioLanguage,
      log,
      clock,
      createdBy,
    }),
    followSettings(sessions),
    tellUselessProtection(sessions, log),
  );
  activationMs = performance.now() - started;
  log.debug(`activated in ${activationMs.toFixed(1)} ms`);
  return api;
}

/** Everything is disposed of by its subscription; the demo cluster ends with this process. */
export function deactivate(): void {}

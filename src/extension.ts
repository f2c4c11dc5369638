import * as vscode from 'vscode';
import type { DistDiagApi } from '../types/index';
import * as bundles from './bundles';
import { systemClock } from './core/clock';
import { foldedLog } from './core/foldedLog';
import { readConfig } from './ui/config';
import { DemoProcess } from './ui/demoProcess';
import { EventDocuments } from './ui/eventDocuments';
import { exportedApi } from './ui/exportedApi';
import { followFaults } from './ui/followFaults';
import { followSettings } from './ui/followSettings';
import { ChaosDocuments, ruleContext } from './ui/language/chaosDocuments';
import { LazyPast } from './ui/history/lazyPast';
import { PrometheusChoices } from './ui/prometheusChoices';
import { PrometheusSecrets } from './ui/prometheusSecrets';
import { tellUselessProtection } from './ui/protectionNotes';
import { ReportDocuments } from './ui/reportDocuments';
import { contributedCommands, registerCommands } from './ui/registerCommands';
import { registerDocuments } from './ui/registerDocuments';
import { contributedTools, registerTools } from './ui/registerTools';
import { RestApi } from './ui/restApi';
import { ScenarioDiagnostics } from './ui/scenario/scenarioDiagnostics';
import { ScenarioMemory } from './ui/scenario/scenarioMemory';
import { SessionManager } from './ui/session';
import { sessionParts } from './ui/sessionParts';
import { StatusBar } from './ui/statusBar';
import { TrainedModels } from './ui/trainedModels';
import { openLinks } from './ui/uriHandler';
import { YamlDocuments } from './ui/yamlDocuments';

/** Builds, wires and registers everything; connects to nothing. */
export function activate(context: vscode.ExtensionContext): DistDiagApi {
  const started = performance.now();
  const clock = systemClock;
  const channel = vscode.window.createOutputChannel('DistDiag', { log: true });
  const log = { ...foldedLog(channel, clock), show: () => channel.show() };
  let editor: string | undefined;
  const createdBy = (): string => (editor ??= process.getBuiltinModule('node:crypto').randomUUID().slice(0, 8));
  const packageJson: unknown = context.extension.packageJSON;
  const { chaosLanguage, scenarioLanguage } = bundles.lazyLanguages();
  const models = new TrainedModels(context.globalState, context.globalStorageUri);
  const secrets = new PrometheusSecrets(context.secrets);
  const choices = new PrometheusChoices(context.workspaceState);
  const reports = new ReportDocuments();
  const folder = context.storageUri ?? vscode.Uri.joinPath(context.globalStorageUri, 'no-workspace');
  const past = new LazyPast(() => bundles.loadPast().createPast({ folder, clock, log, sessions }));
  const factory = bundles.lazySessions(sessionParts({ context, log, models, past, secrets, choices }));
  const sessions = new SessionManager(factory, () => readConfig(), context.workspaceState, log);
  const demo = new DemoProcess(context.extensionUri.fsPath, log);
  const scenarios = new ScenarioMemory(context.workspaceState, clock.now());
  const yaml = new YamlDocuments(sessions);
  const events = new EventDocuments(sessions, () => past.room);
  const documents = new ChaosDocuments(chaosLanguage, () => ruleContext(sessions.config()));
  const panel = bundles.lazyPanel({
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
  const api = exportedApi(
    () => bundles.loadScripting().createApi(sessions, createdBy(), log),
    () => activationMs,
  );
  const restApi = new RestApi(bundles.restStarter(api, packageJson, log));
  context.subscriptions.push(
    channel,
    sessions,
    demo,
    bundles.experimentsView({ sessions, clock, scenarios }),
    bundles.nodesView(sessions),
    past,
    events,
    panel,
    scenarios,
    sessions.onDidOpen((session) => scenarios.follow(session)),
    new ScenarioDiagnostics(scenarioLanguage),
    statusBar,
    restApi,
    registerTools(contributedTools(packageJson), () => bundles.loadScripting().createTools(sessions, api, log)),
    openLinks(log),
    followFaults({ sessions, statusBar, yaml, memory: context.workspaceState, log }),
    bundles.chaosLanguage(documents, sessions, yaml),
    registerDocuments({ yaml, events, reports }),
    registerCommands(contributedCommands(packageJson), () => bundles.loadCommands().COMMANDS, {
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
      get createdBy() {
        return createdBy();
      },
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

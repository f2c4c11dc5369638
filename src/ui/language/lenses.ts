import * as vscode from 'vscode';
import { isInjectable } from '../../core/chaosYaml/kinds';
import type { WrittenObject } from '../../core/chaosYaml/language';
import { isStarter } from '../../core/workflows/held';
import type { OrchestrationSnapshot } from '../../core/workflows/orchestration';
import type { Disposable } from '../../core/base/disposable';
import type { ClusterSession, SessionManager } from '../session/session';
import { YAML_SCHEME } from '../documents/yamlDocuments';
import type { ChaosDocuments } from './chaosDocuments';
import { liveStateOf, type LiveState } from './liveState';
import { starterStateOf } from './liveStarter';

const TICK_MS = 10_000;

/** Shows each object's state in the cluster and its actions above it. Watches while such a document is visible. */
export class ChaosLenses implements vscode.CodeLensProvider, vscode.Disposable {
  readonly #documents: ChaosDocuments;
  readonly #sessions: SessionManager;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.#changed.event;
  readonly #disposables: vscode.Disposable[];
  #session: ClusterSession | undefined;
  #watching: Disposable | undefined;
  /** Workflows and schedules, while a visible document contains one. */
  #starters: Disposable | undefined;
  #orchestration: OrchestrationSnapshot | undefined;
  #timer: NodeJS.Timeout | undefined;
  #opening = false;
  #shown = '';

  constructor(documents: ChaosDocuments, sessions: SessionManager) {
    this.#documents = documents;
    this.#sessions = sessions;
    this.#disposables = [
      this.#changed,
      documents.onDidCheck(() => void this.#sync()),
      vscode.window.onDidChangeVisibleTextEditors(() => void this.#sync()),
      sessions.onDidChange(() => {
        this.#stop();
        void this.#sync();
      }),
    ];
    void this.#sync();
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    return this.#documents.objects(document).flatMap((object) => this.#lensesOf(document, object));
  }

  dispose(): void {
    this.#stop();
    vscode.Disposable.from(...this.#disposables).dispose();
  }

  #lensesOf(document: vscode.TextDocument, object: WrittenObject): vscode.CodeLens[] {
    if (!isInjectable(object.kind) && !isStarter(object.kind)) return [];
    const position = document.positionAt(object.start);
    const range = new vscode.Range(position, position);
    const lens = (title: string, command: string, ...args: unknown[]): vscode.CodeLens =>
      new vscode.CodeLens(range, { title, command, arguments: args });
    const at = [document.uri, object.index];
    const state = this.#session && object.name !== '' ? this.#stateOf(object, this.#session) : undefined;
    return [
      ...(state
        ? [lens(state.title, state.experiment ? 'distdiag.showExperimentYaml' : '', state.experiment?.key)]
        : []),
      lens(`$(play) ${vscode.l10n.t('Apply')}`, 'distdiag.applyYaml', ...at),
      lens(`$(beaker) ${vscode.l10n.t('Dry Run')}`, 'distdiag.dryRunYaml', ...at),
      ...(state?.canStop ? [lens(`$(debug-stop) ${vscode.l10n.t('Stop')}`, 'distdiag.stopYaml', ...at)] : []),
      ...(state?.canRemove ? [lens(`$(trash) ${vscode.l10n.t('Remove')}`, 'distdiag.stopYaml', ...at)] : []),
    ];
  }

  /** Watches only while a document is visible. */
  async #sync(): Promise<void> {
    const documents = vscode.window.visibleTextEditors.map(({ document }) => document);
    const live = documents.some(({ uri }) => uri.scheme === YAML_SCHEME);
    const wanted = live || documents.some((document) => this.#documents.objects(document).length > 0);
    if (!wanted) return this.#stop();
    this.#tell();
    if (this.#watching || this.#opening) return this.#watchStarters();
    this.#opening = true;
    try {
      const session = await this.#sessions.current();
      this.#session = session;
      this.#watching = session.store.subscribe(() => this.#tell());
      this.#timer = setInterval(() => this.#tell(), TICK_MS);
      this.#watchStarters();
      this.#tell();
    } catch {
      this.#session = undefined; // the views show the reason
    } finally {
      this.#opening = false;
    }
  }

  #stateOf(object: WrittenObject, session: ClusterSession): LiveState {
    return isStarter(object.kind) ? starterStateOf(object, session, this.#orchestration) : liveStateOf(object, session);
  }

  #watchStarters(documents = vscode.window.visibleTextEditors.map(({ document }) => document)): void {
    const wanted = documents.some((one) => this.#documents.objects(one).some(({ kind }) => isStarter(kind)));
    if (wanted === (this.#starters !== undefined)) return;
    this.#starters?.dispose();
    this.#orchestration = undefined;
    this.#starters =
      wanted && this.#session
        ? this.#session.orchestration.watch((snapshot) => {
            this.#orchestration = snapshot;
            this.#tell();
          })
        : undefined;
  }

  #stop(): void {
    this.#watching?.dispose();
    this.#watching = undefined;
    this.#watchStarters([]);
    clearInterval(this.#timer);
    this.#session = undefined;
    this.#tell();
  }

  /** Refreshes the lenses only if a text has changed. */
  #tell(): void {
    const session = this.#session;
    const words = vscode.window.visibleTextEditors
      .flatMap(({ document }) => this.#documents.objects(document))
      .map((object) => (session ? this.#stateOf(object, session).title : ''))
      .join('\n');
    if (words === this.#shown) return;
    this.#shown = words;
    this.#changed.fire();
  }
}

import * as vscode from 'vscode';
import { msg } from '../../core/base/text';
import { isScenarioFile, type ScenarioLanguage, type TextIssue } from '../../core/scenario/text';
import { localized } from '../text/coreText';

const WAIT_MS = 300;

/** Marks mistakes in open scenario files, and offers the word that was most likely meant. */
export class ScenarioDiagnostics implements vscode.Disposable, vscode.CodeActionProvider {
  readonly #language: () => Promise<ScenarioLanguage>;
  readonly #collection = vscode.languages.createDiagnosticCollection('distdiag.scenario');
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();
  readonly #held: vscode.Disposable[];

  constructor(language: () => Promise<ScenarioLanguage>) {
    this.#language = language;
    this.#held = [
      vscode.workspace.onDidOpenTextDocument((document) => void this.#look(document)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.#later(document)),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#forget(uri)),
      vscode.languages.registerCodeActionsProvider({ pattern: '**/*.scenario.{yaml,yml}' }, this, {
        providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
      }),
    ];
    for (const document of vscode.workspace.textDocuments) void this.#look(document);
  }

  async provideCodeActions(document: vscode.TextDocument, range: vscode.Range): Promise<vscode.CodeAction[]> {
    const { read } = await this.#language();
    return read(document.getText()).issues.flatMap((issue) => {
      const where = issueRange(issue);
      if (issue.meant === undefined || !range.intersection(where)) return [];
      const action = new vscode.CodeAction(
        localized(msg`Change it to "${issue.meant}"`),
        vscode.CodeActionKind.QuickFix,
      );
      action.edit = new vscode.WorkspaceEdit();
      action.edit.replace(document.uri, where, issue.meant);
      action.diagnostics = (this.#collection.get(document.uri) ?? []).filter((one) => one.range.isEqual(where));
      action.isPreferred = true;
      return [action];
    });
  }

  dispose(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    vscode.Disposable.from(this.#collection, ...this.#held).dispose();
  }

  #later(document: vscode.TextDocument): void {
    if (!isScenarioFile(document.uri.path)) return;
    const key = document.uri.toString();
    clearTimeout(this.#timers.get(key));
    this.#timers.set(
      key,
      setTimeout(() => void this.#look(document), WAIT_MS),
    );
  }

  async #look(document: vscode.TextDocument): Promise<void> {
    this.#timers.delete(document.uri.toString());
    if (!isScenarioFile(document.uri.path) || document.isClosed) return;
    const { read } = await this.#language();
    if (document.isClosed) return;
    const { issues } = read(document.getText());
    const all = issues.map((issue) => {
      const one = new vscode.Diagnostic(issueRange(issue), localized(issue.message), vscode.DiagnosticSeverity.Error);
      one.source = 'DistDiag';
      return one;
    });
    this.#collection.set(document.uri, all);
  }

  #forget(uri: vscode.Uri): void {
    clearTimeout(this.#timers.get(uri.toString()));
    this.#timers.delete(uri.toString());
    this.#collection.delete(uri);
  }
}

/** The range of an issue in its document. */
export const issueRange = ({ line, column, endLine, endColumn }: TextIssue): vscode.Range =>
  new vscode.Range(line, column, endLine, endColumn);

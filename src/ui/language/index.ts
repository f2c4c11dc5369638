import * as vscode from 'vscode';
import type { SessionManager } from '../session/session';
import type { YamlDocuments } from '../documents/yamlDocuments';
import { ChaosAssist } from './assist';
import type { ChaosDocuments } from './chaosDocuments';
import { FindingFixes, showFindings } from './diagnostics';
import { ChaosLenses } from './lenses';

/** Any YAML; its text shows whether it is Chaos Mesh's. */
const SELECTOR: vscode.DocumentSelector = [{ language: 'yaml' }, { pattern: '**/*.chaos.{yaml,yml}' }];

/** Findings, fixes, completion, hover and lenses for Chaos Mesh's YAML. */
export function registerChaosLanguage(
  documents: ChaosDocuments,
  sessions: SessionManager,
  live: YamlDocuments,
): vscode.Disposable {
  const lenses = new ChaosLenses(documents, sessions);
  const assist = new ChaosAssist(documents);
  return vscode.Disposable.from(
    lenses,
    showFindings(documents),
    vscode.languages.registerCodeLensProvider(SELECTOR, lenses),
    vscode.languages.registerCodeActionsProvider(SELECTOR, new FindingFixes(documents), {
      providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
    }),
    vscode.languages.registerCompletionItemProvider(SELECTOR, assist, ' ', '\n'),
    vscode.languages.registerHoverProvider(SELECTOR, assist),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => live.forget(uri)),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('distdiag')) documents.recheck();
    }),
  );
}

import * as vscode from 'vscode';
import type { Finding } from '../../core/chaosYaml/language';
import { localized } from '../text/coreText';
import type { ChaosDocuments } from './chaosDocuments';
import { rangeOf } from './ranges';
import { oursToShow } from './whatIsOurs';

const SEVERITIES: Readonly<Record<Finding['severity'], vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  information: vscode.DiagnosticSeverity.Information,
};

/** Shows findings in Chaos Mesh's YAML, unless the YAML extension shows the same. */
export function showFindings(documents: ChaosDocuments): vscode.Disposable {
  const collection = vscode.languages.createDiagnosticCollection('distdiag');
  const show = (document: vscode.TextDocument): void => {
    if (!documents.holds(document)) return collection.delete(document.uri);
    const ours = oursToShow(document);
    const findings = documents.check(document).findings.filter(({ source }) => ours(source));
    collection.set(
      document.uri,
      findings.map((finding) => diagnostic(document, finding)),
    );
  };
  for (const document of vscode.workspace.textDocuments) show(document); // documents that were checked before
  return vscode.Disposable.from(
    collection,
    documents.onDidCheck(show),
    documents.onDidClose(({ uri }) => collection.delete(uri)),
    vscode.extensions.onDidChange(() => documents.recheck()),
  );
}

function diagnostic(document: vscode.TextDocument, finding: Finding): vscode.Diagnostic {
  const range = rangeOf(document, finding);
  const result = new vscode.Diagnostic(range, localized(finding.message), SEVERITIES[finding.severity]);
  result.source = 'DistDiag';
  result.code = finding.code;
  return result;
}

/** Offers fixes for findings, even for those that the YAML extension shows. */
export class FindingFixes implements vscode.CodeActionProvider {
  readonly #documents: ChaosDocuments;

  constructor(documents: ChaosDocuments) {
    this.#documents = documents;
  }

  async provideCodeActions(
    document: vscode.TextDocument,
    range: vscode.Range,
    { diagnostics }: vscode.CodeActionContext,
  ): Promise<vscode.CodeAction[]> {
    if (!this.#documents.holds(document)) return [];
    const { change: changeOf } = await this.#documents.language();
    const text = document.getText();
    return this.#documents
      .check(document)
      .findings.filter((finding) => range.intersection(rangeOf(document, finding)))
      .flatMap((finding) =>
        finding.fixes.flatMap((fix, i) => {
          const change = changeOf(text, finding.object, fix);
          if (!change) return [];
          const action = new vscode.CodeAction(localized(fix.title), vscode.CodeActionKind.QuickFix);
          action.edit = new vscode.WorkspaceEdit();
          action.edit.replace(document.uri, rangeOf(document, change), change.text);
          action.diagnostics = diagnostics.filter(
            (one) => one.code === finding.code && one.range.isEqual(rangeOf(document, finding)),
          );
          action.isPreferred = i === 0 && finding.severity === 'error';
          return [action];
        }),
      );
  }
}

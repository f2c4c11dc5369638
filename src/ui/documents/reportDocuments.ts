import * as vscode from 'vscode';
import { previewMarkdown } from './markdownPreview';

/** URI scheme of the report documents. */
export const REPORT_SCHEME = 'distdiag-report';

/** DistDiag's own texts as read-only documents: a role to ask for, the result of a check. */
export class ReportDocuments implements vscode.TextDocumentContentProvider {
  readonly #texts = new Map<string, string>();
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;

  /** Opens a document, or updates the open one. */
  async show(name: string, text: string): Promise<void> {
    const uri = this.#put(name, text);
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
  }

  /** The same with rendered Markdown. */
  async preview(name: string, text: string): Promise<void> {
    await previewMarkdown(this.#put(name, text));
  }

  #put(name: string, text: string): vscode.Uri {
    const uri = vscode.Uri.from({ scheme: REPORT_SCHEME, path: `/${name}` });
    this.#texts.set(uri.path, text);
    this.#changed.fire(uri);
    return uri;
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#texts.get(uri.path) ?? ''; // a document of an earlier window
  }
}

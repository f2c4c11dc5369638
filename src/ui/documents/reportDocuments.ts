import * as vscode from 'vscode';
import { previewMarkdown } from './markdownPreview';

/** URI scheme of the report documents. */
export const REPORT_SCHEME = 'distdiag-report';

/** Texts of our own as read-only documents: a role to ask for, what a check found. */
export class ReportDocuments implements vscode.TextDocumentContentProvider {
  readonly #texts = new Map<string, string>();
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;

  /** Opens a document, or puts the new text into the one that is open. */
  async show(name: string, text: string): Promise<void> {
    const uri = this.#put(name, text);
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
  }

  /** The same with Markdown as it is to be read. */
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
    return this.#texts.get(uri.path) ?? ''; // one of an earlier window
  }
}

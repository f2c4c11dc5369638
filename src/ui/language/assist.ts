import * as vscode from 'vscode';
import type { Suggestion } from '../../core/chaosYaml/language';
import type { ChaosDocuments } from './chaosDocuments';
import { rangeOf } from './ranges';
import { oursToShow } from './whatIsOurs';

/** Completes and explains fields, where the YAML extension does not do it by the same schema. */
export class ChaosAssist implements vscode.CompletionItemProvider, vscode.HoverProvider {
  readonly #documents: ChaosDocuments;

  constructor(documents: ChaosDocuments) {
    this.#documents = documents;
  }

  async provideCompletionItems(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): Promise<vscode.CompletionItem[]> {
    if (!this.#ours(document)) return [];
    const { complete } = await this.#documents.language();
    return complete(document.getText(), document.offsetAt(position)).map(toItem);
  }

  async provideHover(document: vscode.TextDocument, position: vscode.Position): Promise<vscode.Hover | undefined> {
    if (!this.#ours(document)) return undefined;
    const { explain } = await this.#documents.language();
    const found = explain(document.getText(), document.offsetAt(position));
    return found && new vscode.Hover(new vscode.MarkdownString(found.text), rangeOf(document, found));
  }

  #ours(document: vscode.TextDocument): boolean {
    return this.#documents.holds(document) && oursToShow(document)('schema');
  }
}

function toItem({ label, detail, description, insert, kind, required }: Suggestion, i: number): vscode.CompletionItem {
  const item = new vscode.CompletionItem(
    label,
    kind === 'field' ? vscode.CompletionItemKind.Property : vscode.CompletionItemKind.EnumMember,
  );
  item.detail = detail;
  item.documentation = description;
  item.insertText = new vscode.SnippetString(insert);
  item.sortText = `${required ? 0 : 1}${String(i).padStart(4, '0')}`;
  return item;
}

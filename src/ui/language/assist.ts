import * as vscode from 'vscode';
import type { KindSchemas } from '../../core/chaosYaml/findings';
import type { Suggestion } from '../../core/chaosYaml/language';
import type { ChaosDocuments } from './chaosDocuments';
import { rangeOf } from './ranges';
import { oursToShow } from './whatIsOurs';

/** Completes and explains fields, unless the YAML extension does so with the same schema. */
export class ChaosAssist implements vscode.CompletionItemProvider, vscode.HoverProvider {
  readonly #documents: ChaosDocuments;

  constructor(documents: ChaosDocuments) {
    this.#documents = documents;
  }

  async provideCompletionItems(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): Promise<vscode.CompletionItem[]> {
    const { of, cluster } = this.#shown(document);
    if (of === 'nothing') return [];
    const { complete } = await this.#documents.language();
    const [text, offset] = [document.getText(), document.offsetAt(position)];
    const shipped = new Set(of === 'all' ? [] : complete(text, offset, undefined).map(({ label }) => label));
    return complete(text, offset, cluster)
      .filter(({ label }) => !shipped.has(label))
      .map(toItem);
  }

  async provideHover(document: vscode.TextDocument, position: vscode.Position): Promise<vscode.Hover | undefined> {
    const { of, cluster } = this.#shown(document);
    if (of === 'nothing') return undefined;
    const { explain } = await this.#documents.language();
    const [text, offset] = [document.getText(), document.offsetAt(position)];
    if (of === 'cluster' && explain(text, offset, undefined)) return undefined;
    const found = explain(text, offset, cluster);
    return found && new vscode.Hover(new vscode.MarkdownString(found.text), rangeOf(document, found));
  }

  /** If the YAML extension uses the shipped schema, only what the connected cluster adds is shown. */
  #shown(document: vscode.TextDocument): { of: 'all' | 'cluster' | 'nothing'; cluster: KindSchemas | undefined } {
    const cluster = this.#documents.context.schemas;
    const isOurs = this.#documents.holds(document) ? oursToShow(document) : (): boolean => false;
    if (isOurs('schema')) return { of: 'all', cluster };
    return { of: cluster && isOurs('rule') ? 'cluster' : 'nothing', cluster };
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

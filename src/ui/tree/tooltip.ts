import * as vscode from 'vscode';

/** A tooltip of plain lines: nothing in it is Markdown. */
export function lines(...texts: (string | undefined)[]): vscode.MarkdownString {
  const tooltip = new vscode.MarkdownString();
  texts.filter(Boolean).forEach((text, i) => tooltip.appendText(i === 0 ? (text as string) : `\n${text}`));
  return tooltip;
}

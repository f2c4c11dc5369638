import * as vscode from 'vscode';
import { withoutUnseen } from '../../core/base/sanitize';

/** A tooltip of plain lines, without Markdown. */
export function plainTooltip(...texts: (string | undefined)[]): vscode.MarkdownString {
  const tooltip = new vscode.MarkdownString();
  texts
    .filter((text) => text !== undefined && text !== '')
    .forEach((text, i) => tooltip.appendText(withoutUnseen(i === 0 ? (text as string) : `\n${text}`)));
  return tooltip;
}

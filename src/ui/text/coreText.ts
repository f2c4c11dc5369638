import * as vscode from 'vscode';
import type { Text } from '../../core/base/text';

/** Marks in the bundles the texts of modules that do not import the editor; `npm run l10n` writes it. */
const COMMENT = 'core';

/**
 * Translates a text of the core or an adapter into the editor's language. Texts that the bundle lacks, such as a server's
 * messages, stay unchanged. Values within a text are translated too.
 */
export function localized(text: Text): string {
  const { bundle } = vscode.l10n;
  if (bundle === undefined) return String(text);
  if (typeof text === 'string') return bundle[`${text}/${COMMENT}`] ?? text;
  const args = text.values.map((value) => (typeof value === 'number' ? value : localized(value)));
  return vscode.l10n.t({ message: text.template, args, comment: [COMMENT] });
}

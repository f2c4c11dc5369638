import * as vscode from 'vscode';
import type { Text } from '../../core/base/text';

/** Marks in the bundles the texts of rooms that know no editor; `npm run l10n` writes it. */
const COMMENT = 'core';

/**
 * A text of the core or an adapter in the editor's language; as it is where the bundle does not have it, such as the
 * words of a server. What was put into a text is looked up too.
 */
export function localized(text: Text): string {
  const { bundle } = vscode.l10n;
  if (bundle === undefined) return String(text);
  if (typeof text === 'string') return bundle[`${text}/${COMMENT}`] ?? text;
  const args = text.values.map((value) => (typeof value === 'number' ? value : localized(value)));
  return vscode.l10n.t({ message: text.template, args, comment: [COMMENT] });
}

import { withoutUnseen } from '../../core/base/sanitize';

/**
 * A text of a cluster as the editor's notifications and dialogs can show it: they take `[words](command:…)` for a link
 * that runs a command when it is clicked, which no server may put into its messages.
 */
export function plainText(text: string): string {
  return withoutUnseen(text).replaceAll('](', '] (');
}

/** A text in which the editor draws no icon for `$(zap)`, for places that do. */
export function withoutIcons(text: string): string {
  return plainText(text).replace(/\$\((?=[\w-]+(~\w+)?\))/g, '\\$(');
}

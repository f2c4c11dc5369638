import { withoutUnseen } from '../../core/base/sanitize';

/**
 * Makes a cluster's text safe for the editor's notifications and dialogs: they turn `[words](command:…)` into a link that
 * runs a command, which no server may put into its messages.
 */
export function plainText(text: string): string {
  return withoutUnseen(text).replaceAll('](', '] (');
}

/** Escapes `$(zap)` for places where the editor would draw an icon. */
export function withoutIcons(text: string): string {
  return plainText(text).replace(/\$\((?=[\w-]+(~\w+)?\))/g, '\\$(');
}

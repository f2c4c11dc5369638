import * as vscode from 'vscode';
import { plainText } from './plainText';

type Show = typeof vscode.window.showErrorMessage;

/** The editor's function with message and detail as plain text: a cluster's text cannot form a link. */
const plain = (name: 'showErrorMessage' | 'showWarningMessage' | 'showInformationMessage'): Show =>
  ((message: string, ...rest: unknown[]) =>
    (vscode.window[name] as (message: string, ...rest: unknown[]) => unknown)(
      plainText(message),
      ...rest.map(withPlainDetail),
    )) as Show;

function withPlainDetail(value: unknown): unknown {
  const { detail } = (value ?? {}) as { detail?: unknown };
  return typeof detail === 'string' ? { ...(value as object), detail: plainText(detail) } : value;
}

/** As `vscode.window.showErrorMessage`, with plain text. */
export const showErrorMessage: Show = plain('showErrorMessage');
/** As `vscode.window.showWarningMessage`, with plain text. */
export const showWarningMessage: Show = plain('showWarningMessage');
/** As `vscode.window.showInformationMessage`, with plain text. */
export const showInformationMessage: Show = plain('showInformationMessage');

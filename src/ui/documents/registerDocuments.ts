import * as vscode from 'vscode';
import { EVENTS_SCHEME } from './eventDocuments';
import { REPORT_SCHEME } from './reportDocuments';
import { YAML_SCHEME } from './yamlDocuments';

/** Registers the providers of read-only documents, by their schemes. */
export function registerDocuments(
  providers: Record<'yaml' | 'events' | 'reports', vscode.TextDocumentContentProvider>,
): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.workspace.registerTextDocumentContentProvider(YAML_SCHEME, providers.yaml),
    vscode.workspace.registerTextDocumentContentProvider(EVENTS_SCHEME, providers.events),
    vscode.workspace.registerTextDocumentContentProvider(REPORT_SCHEME, providers.reports),
  );
}

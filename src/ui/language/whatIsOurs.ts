import * as vscode from 'vscode';
import type { Finding } from '../../core/chaosYaml/language';
import { isChaosName } from './chaosDocuments';

const YAML_EXTENSION = 'redhat.vscode-yaml';

/** Which findings DistDiag shows; the YAML extension shows syntax errors, and schema errors of files that it recognises by name. */
export function oursToShow(document: vscode.TextDocument): (source: Finding['source']) => boolean {
  const setting = vscode.workspace.getConfiguration('distdiag', document).get<string>('yaml.validation');
  if (setting === 'off') return () => false;
  if (setting === 'on' || !vscode.extensions.getExtension(YAML_EXTENSION)) return () => true;
  const named = isChaosName(document.uri.path);
  return (source) => source === 'rule' || (source === 'schema' && !named);
}

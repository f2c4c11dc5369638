import * as vscode from 'vscode';
import type { ChaosObject, Experiment } from '../core/experiment';
import type { SessionManager } from './session';

export const YAML_SCHEME = 'distdiag-yaml';

/** Live experiments as read-only YAML documents that follow the cluster while they are open. */
export class YamlDocuments implements vscode.TextDocumentContentProvider {
  readonly #sessions: SessionManager;
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;

  constructor(sessions: SessionManager) {
    this.#sessions = sessions;
  }

  /** Opens an experiment's document. */
  async show(experiment: Experiment): Promise<void> {
    const { kind, namespace, name } = experiment.ref;
    const uri = vscode.Uri.from({ scheme: YAML_SCHEME, path: `/${namespace}/${kind}/${name}.yaml` });
    this.#changed.fire(uri);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document, { preview: true });
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const [, namespace = '', kind = '', file = ''] = uri.path.split('/');
    const session = await this.#sessions.current();
    const object = await session.experiments.get({ kind, namespace, name: file.replace(/\.yaml$/, '') });
    return object
      ? this.#sessions.toYaml(readable(object))
      : `# ${kind} ${namespace}/${file.replace(/\.yaml$/, '')} is gone.\n`;
  }

  /** Tells the editor to read open documents again. */
  refresh(): void {
    for (const { uri } of vscode.workspace.textDocuments) if (uri.scheme === YAML_SCHEME) this.#changed.fire(uri);
  }
}

function readable(object: ChaosObject): ChaosObject {
  const { managedFields: _fields, ...metadata } = object.metadata;
  return {
    apiVersion: object.apiVersion,
    kind: object.kind,
    metadata,
    spec: object.spec,
    ...(object.status ? { status: object.status } : {}),
  };
}

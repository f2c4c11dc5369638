import * as vscode from 'vscode';
import { toAppError } from '../../core/base/errors';
import type { ChaosObject, Experiment, ExperimentRef } from '../../core/experiments/experiment';
import { sentences } from '../text/errors';
import type { SessionManager } from '../session/session';

/** URI scheme of the live YAML documents. */
export const YAML_SCHEME = 'distdiag-yaml';

/** Live experiments as read-only YAML documents that follow the cluster while they are open. */
export class YamlDocuments implements vscode.TextDocumentContentProvider {
  readonly #sessions: SessionManager;
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;
  /** What each showed last, to be kept when the experiment is gone. */
  readonly #last = new Map<string, string>();

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
    const ref = { kind, namespace, name: file.replace(/\.yaml$/, '') };
    try {
      return await this.#live(uri.path, ref);
    } catch (thrown) {
      const { message, hint } = toAppError(thrown);
      return this.#kept(uri.path, vscode.l10n.t('Not up to date: {0}', sentences(message, hint)));
    }
  }

  /** Tells the editor to read open documents again. */
  refresh(): void {
    for (const { uri } of vscode.workspace.textDocuments) if (uri.scheme === YAML_SCHEME) this.#changed.fire(uri);
  }

  /** A document was closed: what it showed last is not needed any more. */
  forget({ scheme, path }: vscode.Uri): void {
    if (scheme === YAML_SCHEME) this.#last.delete(path);
  }

  async #live(path: string, ref: ExperimentRef): Promise<string> {
    const session = await this.#sessions.current();
    const object = await session.experiments.get(ref);
    if (!object) return this.#kept(path, vscode.l10n.t('{0} is gone.', `${ref.kind} ${ref.namespace}/${ref.name}`));
    const text = await this.#sessions.toYaml(readable(object));
    this.#last.set(path, text);
    return text;
  }

  /** The last state below a comment that says why it is the last. */
  #kept(path: string, why: string): string {
    const last = this.#last.get(path);
    const comment = `# ${why.replace(/\s*\n\s*/g, ' ')}\n`;
    return last === undefined ? comment : `${comment}# ${vscode.l10n.t('This was its last state:')}\n${last}`;
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

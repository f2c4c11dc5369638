import * as vscode from 'vscode';
import { toAppError } from '../../core/base/errors';
import type { ChaosObject, Experiment } from '../../core/experiments/experiment';
import { sentences } from '../text/errors';
import type { SessionManager } from '../session/session';
import { liveUri, readLiveUri } from './liveUri';

/** URI scheme of the live YAML documents. */
export const YAML_SCHEME = 'distdiag-yaml';

const EXTENSION = '.yaml';

/** Live experiments as read-only YAML documents that follow the cluster while they are open. */
export class YamlDocuments implements vscode.TextDocumentContentProvider {
  readonly #sessions: SessionManager;
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;
  /** The last content of each document, kept when the experiment is gone. */
  readonly #last = new Map<string, string>();

  constructor(sessions: SessionManager) {
    this.#sessions = sessions;
  }

  /** Opens an experiment's document. */
  async show(experiment: Experiment): Promise<void> {
    const uri = liveUri(YAML_SCHEME, experiment.ref, await this.#sessions.current(), EXTENSION);
    this.#changed.fire(uri);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document, { preview: true });
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    try {
      return await this.#live(uri);
    } catch (thrown) {
      const { text, hint } = toAppError(thrown);
      return this.#kept(uri, vscode.l10n.t('Not up to date: {0}', sentences(text, hint)));
    }
  }

  /** Makes the editor read open documents again. */
  refresh(): void {
    for (const { uri } of vscode.workspace.textDocuments) if (uri.scheme === YAML_SCHEME) this.#changed.fire(uri);
  }

  /** A document was closed: drops its last content. */
  forget(uri: vscode.Uri): void {
    if (uri.scheme === YAML_SCHEME) this.#last.delete(keyOf(uri));
  }

  async #live(uri: vscode.Uri): Promise<string> {
    const session = await this.#sessions.current();
    const { ref, elsewhere } = readLiveUri(uri, session, EXTENSION);
    if (elsewhere !== undefined) return this.#kept(uri, elsewhere);
    const object = await session.experiments.get(ref);
    if (!object)
      return this.#kept(uri, vscode.l10n.t('{0} no longer exists.', `${ref.kind} ${ref.namespace}/${ref.name}`));
    const text = await this.#sessions.toYaml(readable(object));
    this.#last.set(keyOf(uri), text);
    return text;
  }

  /** The last known state below a comment with the reason. */
  #kept(uri: vscode.Uri, why: string): string {
    const last = this.#last.get(keyOf(uri));
    const comment = `# ${why.replace(/\s*\n\s*/g, ' ')}\n`;
    return last === undefined ? comment : `${comment}# ${vscode.l10n.t('Last known state:')}\n${last}`;
  }
}

const keyOf = ({ path, query }: vscode.Uri): string => `${path}?${query}`;

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

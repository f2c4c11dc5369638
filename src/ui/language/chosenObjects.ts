import * as vscode from 'vscode';
import { AppError } from '../../core/base/errors';
import type { ChaosObject, ExperimentRef } from '../../core/experiments/experiment';
import type { WrittenObject } from '../../core/chaosYaml/language';
import { localized } from '../text/coreText';
import type { ClusterSession } from '../session/session';
import type { ChaosDocuments } from './chaosDocuments';
import { rangeOf } from './ranges';

/** Marks an error whose details are in the editor's list of problems. */
const IN_PROBLEMS = 'problems';

/** An object of an open document. */
export interface ChosenObject {
  document: vscode.TextDocument;
  object: WrittenObject;
}

/** The objects that a command was called on: a lens's object, the only one in the document, or the selected ones. */
export async function chosenObjects(
  documents: ChaosDocuments,
  [uri, index]: readonly unknown[],
  placeHolder: string,
): Promise<ChosenObject[]> {
  const document =
    uri instanceof vscode.Uri ? await vscode.workspace.openTextDocument(uri) : vscode.window.activeTextEditor?.document;
  const objects = document && documents.holds(document) ? (await documents.checkNow(document)).objects : [];
  if (!document || objects.length === 0)
    throw new AppError('notFound', 'There is no Chaos Mesh object in this editor.', {
      hint: 'Open a Chaos Mesh YAML file, or run DistDiag: New Experiment from Template.',
    });
  const one = typeof index === 'number' ? objects.filter((object) => object.index === index) : objects;
  if (one.length === 1) return one.map((object) => ({ document, object }));
  const editor = vscode.window.visibleTextEditors.find((each) => each.document === document);
  const cursor = editor ? document.offsetAt(editor.selection.active) : -1;
  const items = objects.map((object) => ({
    label: object.name || object.kind,
    description: [object.kind, object.namespace].filter((text) => text !== '').join(' · '),
    picked: cursor >= object.start && cursor <= object.end,
    object,
  }));
  const ticked = await vscode.window.showQuickPick(items, {
    canPickMany: true,
    title: placeHolder,
    ignoreFocusOut: true,
  });
  return (ticked ?? []).map(({ object }) => ({ document, object }));
}

/** The object as it would be sent. If it is invalid, shows the place of the first error and throws AppError `invalid`. */
export async function sendable(
  documents: ChaosDocuments,
  { document, object }: ChosenObject,
  session: ClusterSession,
): Promise<ChaosObject> {
  const { findings } = await documents.checkNow(document);
  const errors = findings.filter((one) => one.severity === 'error' && one.object === object.index);
  const [error] = errors;
  if (error || !object.manifest) {
    const range = rangeOf(document, error ?? object);
    await vscode.window.showTextDocument(document, { selection: range });
    throw new AppError(
      'invalid',
      [
        vscode.l10n.t('Line {0}: {1}', range.start.line + 1, localized(error?.message ?? 'This object is incomplete.')),
        errors.length > 1 ? vscode.l10n.t('{0} errors in total.', errors.length) : '',
      ]
        .filter((text) => text !== '')
        .join(' '),
      { hint: 'Nothing was changed in the cluster.', cause: IN_PROBLEMS },
    );
  }
  const { manifest } = object;
  return {
    apiVersion: manifest.apiVersion,
    kind: manifest.kind,
    metadata: { ...manifest.metadata, namespace: object.namespace || session.config.chaosNamespace },
    spec: manifest.spec,
  };
}

/** Names the object in the cluster. */
export const chosenRef = ({ object }: ChosenObject, session: ClusterSession): ExperimentRef => ({
  kind: object.kind,
  namespace: object.namespace || session.config.chaosNamespace,
  name: object.name,
});

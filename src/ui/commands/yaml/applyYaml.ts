import * as vscode from 'vscode';
import { isInjectable } from '../../../core/chaosYaml/kinds';
import type { Path } from '../../../core/chaosYaml/findings';
import { formatDuration } from '../../../core/time/duration';
import { AppError } from '../../../core/base/errors';
import { msg } from '../../../core/base/text';
import type { ChaosObject } from '../../../core/experiments/experiment';
import { isOneShot } from '../../../core/experiments/kinds';
import { guessFault } from '../../../core/faults/guess';
import {
  ANOMALY_LABEL,
  CREATED_BY_ANNOTATION,
  MANAGED_BY,
  MANAGED_BY_LABEL,
  SELECTORS_ANNOTATION,
} from '../../../core/experiments/labels';
import { asWritten } from '../../../core/impact/hits';
import { cloneManifest } from '../../../core/injection/manifest';
import { heldBy, isStarter, withFields } from '../../../core/workflows/held';
import type { ExperimentRow } from '../../../core/experiments/rows';
import { SCHEDULE, WORKFLOW } from '../../../core/workflows/embedded';
import { checkObjects } from '../../../core/injection/policy';
import { isSameSpec } from '../../../core/experiments/sameSpec';
import { withProgress } from '../../text/errors';
import { chosenObjects, chosenRef, sendable, type ChosenObject } from '../../language/chosenObjects';
import { rangeOf } from '../../language/ranges';
import { showInformationMessage, showWarningMessage } from '../../text/notify';
import { withoutIcons } from '../../text/plainText';
import { askedPolicyOf } from '../../session/policy';
import type { ClusterSession } from '../../session/session';
import { applyStarter } from './applyStarter';
import { confirmHarm } from '../inject/confirmHarm';
import type { Command, CommandContext } from '../context';
import { stopWorkflow } from '../experiments/orchestration';
import { stopExperiment } from '../experiments/stop';
import { waitForInjection } from '../inject/waitForInjection';

/** Injects the editor's YAML, after confirmation of what it would hit. */
export const applyYaml: Command = {
  id: 'applyYaml',
  run: async (context, ...args) => {
    const session = await context.sessions.current();
    for (const chosen of await chosenObjects(context.documents, args, vscode.l10n.t('Select objects to apply')))
      await apply(context, session, chosen);
  },
};

/** Runs a server-side dry run of the editor's YAML: schema, webhooks, permissions. Nothing is created. */
export const dryRunYaml: Command = {
  id: 'dryRunYaml',
  run: async (context, ...args) => {
    const session = await context.sessions.current();
    for (const chosen of await chosenObjects(context.documents, args, vscode.l10n.t('Select objects to check'))) {
      const manifest = await sendable(context.documents, chosen, session);
      mustBeAppliable(manifest);
      refuse(manifest, session);
      const live = chosen.object.name === '' ? undefined : await session.experiments.get(chosenRef(chosen, session));
      // If the name is taken, the server would report nothing else.
      const asked = live ? cloneManifest(manifest, context.createdBy) : manifest;
      await withProgress(vscode.l10n.t('Running a server-side dry run'), (signal) =>
        session.experiments.dryRun(asked, signal),
      );
      const name = manifest.metadata.name ?? manifest.kind;
      void showInformationMessage(
        live
          ? vscode.l10n.t(
              'The server would accept {0} under another name; this name is taken. Nothing was created.',
              name,
            )
          : vscode.l10n.t('The server would accept {0}. Nothing was created.', name),
      );
    }
  },
};

/** Stops the experiments that the editor's YAML names. */
export const stopYaml: Command = {
  id: 'stopYaml',
  run: async (context, ...args) => {
    const session = await context.sessions.current();
    const chosen = await chosenObjects(context.documents, args, vscode.l10n.t('Select objects to stop'));
    const starters = await startersOf(session, chosen);
    if (starters.length > 0) await stopWorkflow.run(context, starters[0], starters);
    const wanted = chosen.map((one) => chosenRef(one, session)).filter(({ kind }) => !isStarter(kind));
    const { experiments } = wanted.length > 0 ? await session.experiments.list() : { experiments: [] };
    const rows = experiments
      .filter(({ ref }) =>
        wanted.some((one) => one.kind === ref.kind && one.namespace === ref.namespace && one.name === ref.name),
      )
      .map((experiment) => ({ type: 'experiment' as const, experiment }));
    if (rows.length > 0) return stopExperiment.run(context, rows[0], rows);
    if (chosen.length > 0 && starters.length === 0)
      void showInformationMessage(vscode.l10n.t('It is not in the cluster.'));
  },
};

/** The rows of the workflows and schedules that exist in the cluster. */
async function startersOf(session: ClusterSession, chosen: readonly ChosenObject[]): Promise<ExperimentRow[]> {
  const refs = chosen.map((one) => chosenRef(one, session)).filter(({ kind }) => isStarter(kind));
  const found = await Promise.all(refs.map((ref) => session.experiments.get(ref)));
  const live = found.filter((one) => one !== undefined);
  const snapshot = {
    workflows: live.filter(({ kind }) => kind === WORKFLOW),
    nodes: [],
    schedules: live.filter(({ kind }) => kind === SCHEDULE),
  };
  const groups = session.orchestration.groups(snapshot, [], session.clock.now());
  return groups.map((group) => ({ type: 'group', group }));
}

async function apply(context: CommandContext, session: ClusterSession, chosen: ChosenObject): Promise<void> {
  let manifest = ours(await sendable(context.documents, chosen, session), context.createdBy);
  mustBeAppliable(manifest);
  refuse(manifest, session);
  await session.access.require('inject', [manifest.kind]);
  const ended = await withEnd(context, session, chosen, manifest);
  if (!ended) return;
  manifest = ended;
  const named = await withFreeName(context, session, chosen, manifest);
  if (!named) return;
  manifest = named;
  if (isStarter(manifest.kind)) return applyStarter(session, manifest, heldBy(manifest));
  const name = manifest.metadata.name ?? manifest.kind;
  const agreed = await confirmHarm(manifest, session, {
    action: vscode.l10n.t('Apply'),
    question: vscode.l10n.t('Apply {0}?', name),
  });
  if (!agreed) return;
  const [pinned = manifest] = agreed.manifests;
  const injected = await waitForInjection(context, vscode.l10n.t('Applying {0}', name), (options) =>
    session.injection.injectManifest(pinned, agreed.policy, options),
  );
  if (injected)
    vscode.window.setStatusBarMessage(`$(pass) ${withoutIcons(vscode.l10n.t('{0} is running', name))}`, 5000);
}

/** Adds our label, so that "stop all" and the emergency stop find it, and the name of its fault if it has only one. */
function ours(manifest: ChaosObject, createdBy: string): ChaosObject {
  const does = isStarter(manifest.kind) ? heldBy(manifest).manifests : [manifest];
  // Ignores the text's value: the pinned pods are known only after the confirmation.
  const { [SELECTORS_ANNOTATION]: _, ...annotations } = manifest.metadata.annotations ?? {};
  const faults = new Set(does.map(({ kind, spec }) => guessFault(kind, spec)));
  const [fault] = faults.size === 1 ? faults : [];
  return {
    ...manifest,
    metadata: {
      ...manifest.metadata,
      labels: {
        ...(fault === undefined ? {} : { [ANOMALY_LABEL]: fault }),
        ...manifest.metadata.labels,
        [MANAGED_BY_LABEL]: MANAGED_BY,
      },
      annotations: { ...annotations, [CREATED_BY_ANNOTATION]: createdBy },
    },
  };
}

function mustBeAppliable({ kind, metadata }: ChaosObject): void {
  if (isInjectable(kind) || isStarter(kind)) return;
  const namespace = metadata.namespace ?? 'NAMESPACE';
  throw new AppError('invalid', msg`A ${kind} cannot be applied from the editor.`, {
    hint: msg`The editor only checks it. Apply it with kubectl apply -n ${namespace} -f FILE.`,
  });
}

function refuse(manifest: ChaosObject, session: ClusterSession): void {
  const [issue] = checkObjects(askedPolicyOf(session), [manifest]);
  if (issue) throw new AppError('invalid', issue.message, { hint: 'Nothing was changed in the cluster.' });
}

/** The missing fields without which the object does not end by itself. */
function endless(manifest: ChaosObject): readonly Path[] {
  if (isStarter(manifest.kind)) return heldBy(manifest).endless;
  return manifest.spec['duration'] || isOneShot(manifest.kind, manifest.spec) ? [] : [['spec', 'duration']];
}

/** Asks about an object that would never end; undefined if the user cancelled. */
async function withEnd(
  context: CommandContext,
  session: ClusterSession,
  chosen: ChosenObject,
  manifest: ChaosObject,
): Promise<ChaosObject | undefined> {
  const paths = endless(manifest);
  if (paths.length === 0) return manifest;
  const duration = formatDuration(session.config.defaultDurationMs);
  const several = isStarter(manifest.kind);
  const end = several ? vscode.l10n.t('End Each After {0}', duration) : vscode.l10n.t('End It After {0}', duration);
  const without = vscode.l10n.t('Apply Without End');
  const answer = await showWarningMessage(
    several
      ? vscode.l10n.t('What {0} starts has no duration', manifest.metadata.name ?? manifest.kind)
      : vscode.l10n.t('{0} has no duration', manifest.metadata.name ?? manifest.kind),
    { modal: true, detail: vscode.l10n.t('It runs until someone deletes it, even when this editor is closed.') },
    end,
    without,
  );
  if (answer === undefined) return undefined;
  if (answer === without) return manifest;
  await write(context, chosen, paths, duration);
  return withFields(manifest, paths, duration);
}

/** A spec cannot be changed, so if the name is taken, another name is used, also in the text. */
async function withFreeName(
  context: CommandContext,
  session: ClusterSession,
  chosen: ChosenObject,
  manifest: ChaosObject,
): Promise<ChaosObject | undefined> {
  if (chosen.object.name === '') return manifest;
  const live = await withProgress(vscode.l10n.t('Checking the cluster'), (signal) =>
    session.experiments.get(chosenRef(chosen, session), signal),
  );
  if (!live) return manifest;
  const { name } = chosen.object;
  const clone = vscode.l10n.t('Apply Under a New Name');
  const same = isSameSpec(chosen.object.manifest?.spec, asWritten(live).spec);
  const answer = await showWarningMessage(
    same
      ? vscode.l10n.t('{0} already exists in the cluster', name)
      : vscode.l10n.t('{0} exists in the cluster with a different spec', name),
    {
      modal: true,
      detail: vscode.l10n.t(
        'Chaos Mesh does not update a spec. Under a new name it runs next to the existing experiment until that one is stopped.',
      ),
    },
    clone,
  );
  if (answer !== clone) return undefined;
  const next = cloneManifest(manifest, context.createdBy).metadata.name ?? name;
  await write(context, chosen, [['metadata', 'name']], next);
  return { ...manifest, metadata: { ...manifest.metadata, name: next } };
}

/** Writes the applied value into the text, so that both stay the same. */
async function write(
  { documents }: CommandContext,
  { document, object }: ChosenObject,
  paths: readonly Path[],
  value: string,
): Promise<void> {
  const changes = paths.map((path) => ({ op: 'set' as const, path, value }));
  const language = await documents.language();
  const change = language.change(document.getText(), object.index, { title: '', changes });
  if (!change) return;
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, rangeOf(document, change), change.text);
  await vscode.workspace.applyEdit(edit);
}

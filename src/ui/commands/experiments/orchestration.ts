import * as vscode from 'vscode';
import { formatDuration } from '../../../core/time/duration';
import type { ChaosObject } from '../../../core/experiments/experiment';
import type { ExperimentRow } from '../../../core/experiments/rows';
import type { GroupItem } from '../../../core/experiments/groupItem';
import { toManifest } from '../../../core/injection/manifest';
import { heldBy } from '../../../core/workflows/held';
import type { OrchestrationSnapshot } from '../../../core/workflows/orchestration';
import { findOurs, partOf, refOf } from '../../../core/stop/ours';
import { toWorkflow } from '../../../core/scenario/toWorkflow';
import type { ScenarioPlan } from '../../../core/scenario/planScenario';
import { withProgress } from '../../text/errors';
import { showInformationMessage, showWarningMessage } from '../../text/notify';
import { withoutIcons } from '../../text/plainText';
import type { ClusterSession } from '../../session/session';
import { stopParts } from '../../scripting/stopParts';
import { GROUP_STYLES, groupTypeName } from '../../tree/groupStyle';
import { confirmHarmOfAll, type HarmQuestion } from '../inject/confirmHarm';
import type { Command } from '../context';
import { stopOn } from './stop';

/** How long to wait for the list of workflows and schedules, milliseconds. */
const LIST_MS = 5000;

/** Deletes workflows and schedules together with the experiments that they have started. */
export const stopWorkflow: Command = {
  id: 'stopWorkflow',
  run: async (context, ...args) => {
    const session = await context.sessions.current();
    const chosen = await choose(session, args, vscode.l10n.t('Select a workflow or schedule to stop'), () => true);
    await session.access.require('stop', kindsOf(chosen));
    for (const group of chosen) {
      const go = vscode.l10n.t('Stop');
      const question = vscode.l10n.t('Stop {0} {1}?', groupTypeName(group.type), group.name);
      const detail = vscode.l10n.t('It is deleted together with the experiments it started.');
      if ((await showWarningMessage(question, { modal: true, detail }, go)) !== go) continue;
      const parts = stopParts(session, context.log);
      const look = await withProgress(vscode.l10n.t('Looking for experiments'), (signal) =>
        findOurs(parts, session.store.snapshot.experiments, signal),
      );
      await stopOn(session, partOf(look, objectsOf([group])), context.log);
    }
  },
};

/** Suspends schedules: nothing new starts, and running experiments are paused. */
export const suspendSchedule: Command = {
  id: 'suspendSchedule',
  run: async (context, ...args) => {
    const session = await context.sessions.current();
    const question = vscode.l10n.t('Select a schedule to suspend');
    const chosen = await choose(
      session,
      args,
      question,
      isSchedule((state) => state !== 'suspended'),
    );
    await session.access.require('pause', kindsOf(chosen));
    for (const object of objectsOf(chosen)) await session.injection.pause(refOf(object));
  },
};

/** Resumes schedules with the same checks and confirmation as a new fault. */
export const resumeSchedule: Command = {
  id: 'resumeSchedule',
  run: async (context, ...args) => {
    const session = await context.sessions.current();
    const question = vscode.l10n.t('Select a schedule to resume');
    const chosen = await choose(
      session,
      args,
      question,
      isSchedule((state) => state === 'suspended'),
    );
    await session.access.require('pause', kindsOf(chosen));
    for (const object of objectsOf(chosen)) {
      const held = heldBy(object);
      const agreed = await confirmHarmOfAll(held.manifests, session, {
        action: vscode.l10n.t('Resume'),
        question: vscode.l10n.t('Resume {0}?', object.metadata.name ?? object.kind),
        moments: held.moments,
        starter: object,
        besides: held,
      });
      if (agreed) await session.injection.resumeStarter(object, agreed.policy);
    }
  },
};

/** When a scenario's steps start, and which of them overlap, for the confirmation. */
export const timesOf = ({ steps, moments }: ScenarioPlan): Pick<HarmQuestion, 'before' | 'moments'> => ({
  before: steps.map(({ offsetMs }) => `+${formatDuration(offsetMs)}:`),
  moments: moments.map((one) => one.steps),
});

/** Starts a scenario as a Chaos Mesh Workflow, after the same confirmation as a scenario. */
export async function startWorkflow(session: ClusterSession, plan: ScenarioPlan): Promise<void> {
  const manifest = toWorkflow(plan);
  await session.access.require('inject', [manifest.kind]);
  const question = vscode.l10n.t('Start the workflow "{0}"?', manifest.metadata.name ?? '');
  const manifests = plan.steps.map(({ injection }) => toManifest(injection));
  const asked = { action: vscode.l10n.t('Start'), question, ...timesOf(plan), starter: manifest };
  const agreed = await confirmHarmOfAll(manifests, session, asked);
  if (!agreed) return;
  const starts = { manifests, moments: asked.moments ?? [] };
  await withProgress(vscode.l10n.t('Starting {0}', manifest.metadata.name ?? ''), (signal, onProgress) =>
    session.injection.createStarter(manifest, agreed.policy, { signal, onProgress }, starts),
  );
}

const isSchedule =
  (wanted: (state: GroupItem['state']) => boolean) =>
  (group: GroupItem): boolean =>
    group.type === 'schedule' && group.what !== 'Workflow' && wanted(group.state);

async function choose(
  session: ClusterSession,
  args: readonly unknown[],
  placeHolder: string,
  wanted: (group: GroupItem) => boolean,
): Promise<GroupItem[]> {
  const [first, selection] = args;
  const rows = (Array.isArray(selection) && selection.length > 0 ? selection : first ? [first] : []) as ExperimentRow[];
  const given = rows.flatMap((row) => (row.type === 'group' && row.group.object ? [row.group] : []));
  if (given.length > 0) return given.filter(wanted);
  const groups = session.orchestration.groups(await look(session), [], session.clock.now()).filter(wanted);
  if (groups.length === 0) {
    void showInformationMessage(vscode.l10n.t('No workflow or schedule can be changed this way.'));
    return [];
  }
  const items = groups.map((group) => ({
    label: withoutIcons(group.name),
    description: `${groupTypeName(group.type)} · ${GROUP_STYLES[group.state].label}`,
    group,
  }));
  const one = await vscode.window.showQuickPick(items, { title: placeHolder, matchOnDescription: true });
  return one ? [one.group] : [];
}

/** The current workflows and schedules: the first answer for each kind, or what arrived within the time limit. */
function look(session: ClusterSession): Promise<OrchestrationSnapshot> {
  return withProgress(
    vscode.l10n.t('Looking for workflows and schedules'),
    () =>
      new Promise((resolve) => {
        let last: OrchestrationSnapshot = { workflows: [], nodes: [], schedules: [] };
        const end = (): void => {
          watching.dispose();
          timer.dispose();
          resolve(last);
        };
        const watching = session.orchestration.watch((snapshot) => {
          last = snapshot;
          timer.dispose();
          timer = session.clock.after(500, end);
        });
        let timer = session.clock.after(LIST_MS, end);
      }),
  );
}

const objectsOf = (groups: readonly GroupItem[]): ChaosObject[] => groups.flatMap(({ object }) => object ?? []);
const kindsOf = (groups: readonly GroupItem[]): string[] => [...new Set(objectsOf(groups).map(({ kind }) => kind))];

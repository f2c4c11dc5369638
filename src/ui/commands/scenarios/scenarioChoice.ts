import * as vscode from 'vscode';
import { ANOMALIES, type AnomalyType } from '../../../core/faults/catalogue';
import { AppError } from '../../../core/base/errors';
import { FAMILY_DEFINITIONS, familyScenario, type FamilyDefinition } from '../../../core/scenario/families';
import type { Scenario } from '../../../core/scenario/scenario';
import { isScenarioFile } from '../../../core/scenario/text';
import type { DatabasePod } from '../../../core/cluster/databasePod';
import { localized } from '../../text/coreText';
import { issueRange } from '../../scenario/scenarioDiagnostics';
import type { ClusterSession } from '../../session/session';
import type { CommandContext } from '../context';
import { shortZone } from '../inject/injectSteps';

const MOST_FILES = 200;

/** A scenario to start, and its file, if any. */
export interface ChosenScenario {
  scenario: Scenario;
  uri: vscode.Uri | undefined;
}

/** The scenario of the file that a command was called on, else one that the user selects; undefined if they cancel. */
export async function chooseScenario(
  context: CommandContext,
  session: ClusterSession,
  targets: readonly DatabasePod[],
  argument: unknown,
): Promise<ChosenScenario | undefined> {
  if (argument instanceof vscode.Uri) return readFile(context, argument);
  const active = vscode.window.activeTextEditor?.document.uri;
  const found = await vscode.workspace.findFiles('**/*.scenario.{yaml,yml}', '**/node_modules/**', MOST_FILES);
  const files = [...(active && isScenarioFile(active.path) ? [active] : []), ...found].filter(
    (uri, i, all) => all.findIndex((one) => one.toString() === uri.toString()) === i,
  );
  const items = [
    ...files.map((uri) => ({
      label: `$(file) ${vscode.workspace.asRelativePath(uri)}`,
      description: '',
      detail: '',
      uri,
    })),
    { label: vscode.l10n.t('Families of compound anomalies'), kind: vscode.QuickPickItemKind.Separator },
    ...FAMILY_DEFINITIONS.map((family) => ({
      label: `$(beaker) ${localized(family.title)}`,
      description: '',
      detail: localized(family.description),
      family,
    })),
  ];
  const chosen = await vscode.window.showQuickPick<
    vscode.QuickPickItem & { uri?: vscode.Uri; family?: FamilyDefinition }
  >(items, {
    title: vscode.l10n.t('Start a scenario'),
    placeHolder: vscode.l10n.t('A file of this workspace, or a family on pods you select'),
    matchOnDetail: true,
  });
  if (chosen?.uri) return readFile(context, chosen.uri);
  const scenario = chosen?.family && (await ofFamily(chosen.family, targets, session.config.defaultDurationMs));
  return scenario && { scenario, uri: undefined };
}

/** Reads a file as open in the editor; shows the place of its first mistake. */
async function readFile({ scenarioLanguage }: CommandContext, uri: vscode.Uri): Promise<ChosenScenario> {
  const document = await vscode.workspace.openTextDocument(uri);
  const { scenario, issues } = (await scenarioLanguage()).read(document.getText());
  if (scenario) return { scenario, uri };
  const [first] = issues;
  if (first) await vscode.window.showTextDocument(document, { selection: issueRange(first) });
  const where = `${vscode.workspace.asRelativePath(uri)}:${(first?.line ?? 0) + 1}:${(first?.column ?? 0) + 1}`;
  throw new AppError('invalid', `${where}: ${localized(first?.message ?? '')}`, {
    hint:
      issues.length > 1
        ? vscode.l10n.t('{0} problems are marked in the file. Nothing was started.', issues.length)
        : vscode.l10n.t('Nothing was started.'),
  });
}

async function ofFamily(
  definition: FamilyDefinition,
  targets: readonly DatabasePod[],
  durationMs: number,
): Promise<Scenario | undefined> {
  const title = localized(definition.title);
  if (targets.length < definition.pods.least)
    throw new AppError('invalid', vscode.l10n.t('The database has {0} pods, too few for this family.', targets.length));
  const pods = await pickSome(
    title,
    vscode.l10n.t('Select target pods. Only selected pods are affected.'),
    targets.map(({ pod, zone }) => ({ label: pod, description: shortZone(zone) })),
    definition.pods,
  );
  if (!pods) return undefined;
  const types = definition.family === 'W' ? await typesByPod(title, pods) : await typesFor(definition, title);
  return types && familyScenario(definition.family, pods, types, durationMs);
}

const typeItems = (): { label: string; description: string; type: AnomalyType }[] =>
  ANOMALIES.map(({ type, title, kind }) => ({ label: localized(title), description: kind, type }));

async function typesFor(definition: FamilyDefinition, title: string): Promise<AnomalyType[] | undefined> {
  const items = typeItems();
  const labels = await pickSome(title, vscode.l10n.t('Select anomalies'), items, definition.types);
  return labels && items.filter(({ label }) => labels.includes(label)).map(({ type }) => type);
}

/** W: one type for each pod, none twice. */
async function typesByPod(title: string, pods: readonly string[]): Promise<AnomalyType[] | undefined> {
  const types: AnomalyType[] = [];
  for (const pod of pods) {
    const items = typeItems().filter(({ type }) => !types.includes(type));
    const chosen = await vscode.window.showQuickPick(items, {
      title,
      placeHolder: vscode.l10n.t('Select an anomaly for {0}', pod),
    });
    if (!chosen) return undefined;
    types.push(chosen.type);
  }
  return types;
}

async function pickSome(
  title: string,
  placeHolder: string,
  items: readonly vscode.QuickPickItem[],
  { least, most }: { least: number; most: number },
): Promise<string[] | undefined> {
  if (most === 1) {
    const one = await vscode.window.showQuickPick(items, { title, placeHolder });
    return one && [one.label];
  }
  for (;;) {
    const wanted =
      least === most ? vscode.l10n.t('select {0}', least) : vscode.l10n.t('select {0} to {1}', least, most);
    const some = await vscode.window.showQuickPick(items, {
      title: `${title} (${wanted})`,
      placeHolder,
      canPickMany: true,
    });
    if (!some) return undefined;
    if (some.length >= least && some.length <= most) return some.map(({ label }) => label);
  }
}

import * as vscode from 'vscode';
import {
  faultDefinition,
  defaultParameters,
  FAULTS,
  isAnomalyType,
  type AnomalyParameters,
  type FaultDefinition,
  type FaultType,
} from '../../../core/faults/catalogue';
import { formatDuration, parseDuration, UNTIL_STOPPED_MS } from '../../../core/time/duration';
import { formatBytes } from '../../../core/base/quantity';
import type { DatabasePod } from '../../../core/cluster/databasePod';
import { localized } from '../../text/coreText';
import { withoutIcons } from '../../text/plainText';
import { inputStep, pickStep, type StepOptions, type StepResult } from './multiStep';
import { editParameters, pickVolume } from './parameterSteps';

/** A step's position in its command, and the command's title. */
export type StepAt = Pick<StepOptions, 'title' | 'step' | 'totalSteps'>;

/** ob-operator writes `<cluster>-<id>-<zone>`: the last part is the zone's own name. */
export const shortZone = (zone: string | undefined): string => zone?.split('-').at(-1) ?? '';

/** Chooses the fault, or YAML instead; kinds that the user may not create are marked. */
export async function typeStep(at: StepAt, locked: readonly string[]): Promise<StepResult<FaultType | 'yaml'>> {
  const items: (vscode.QuickPickItem & { type?: FaultType | 'yaml' })[] = [];
  for (const definition of FAULTS) {
    const { type, title, description, kind } = definition;
    const group = groupOf(definition);
    if (!items.some(({ label }) => label === group))
      items.push({ label: group, kind: vscode.QuickPickItemKind.Separator });
    items.push({
      label: localized(title),
      description: locked.includes(kind) ? `${kind} $(lock) ${vscode.l10n.t('not permitted')}` : kind,
      detail: localized(description),
      type,
    });
  }
  items.push(
    { label: vscode.l10n.t('Everything else'), kind: vscode.QuickPickItemKind.Separator },
    {
      label: vscode.l10n.t('Write as YAML…'),
      detail: vscode.l10n.t('Any Chaos Mesh kind and action, from a template, checked as you type.'),
      type: 'yaml',
    },
  );
  const result = await pickStep({ ...at, placeholder: vscode.l10n.t('Select a fault') }, items);
  return result.type === 'next' ? { type: 'next', value: result.value[0]?.type as FaultType | 'yaml' } : result;
}

function groupOf({ type, kind }: FaultDefinition): string {
  if (isAnomalyType(type)) return vscode.l10n.t('Recognized by the diagnosis');
  if (kind === 'PodChaos') return vscode.l10n.t('Pods and containers');
  if (kind === 'NetworkChaos') return vscode.l10n.t('Network');
  if (kind === 'IOChaos') return vscode.l10n.t('Files');
  return vscode.l10n.t('Clock, names and HTTP');
}

/** Chooses the pods: only those that are checked. */
export async function targetStep(
  at: StepAt,
  placeholder: string,
  targets: readonly DatabasePod[],
  chosen: readonly DatabasePod[],
): Promise<StepResult<DatabasePod[]>> {
  const items = targets.map((target) => ({
    label: withoutIcons(target.pod),
    description: [
      shortZone(target.zone),
      target.phase === 'Running' ? undefined : target.phase,
      target.ready ? undefined : vscode.l10n.t('not ready'),
      target.hostNetwork ? vscode.l10n.t('host network') : undefined,
    ]
      .filter(Boolean)
      .join(' · '),
    detail: vscode.l10n.t(
      'on {0}, memory limit {1}',
      target.hostNode ?? '?',
      target.database?.memoryLimit === undefined ? vscode.l10n.t('none') : formatBytes(target.database.memoryLimit),
    ),
    target,
  }));
  const selected = items.filter(({ target }) => chosen.some(({ pod }) => pod === target.pod));
  const result = await pickStep({ ...at, placeholder }, items, { many: true, selected, exact: true });
  return result.type === 'next' ? { type: 'next', value: result.value.map(({ target }) => target) } : result;
}

/** Chooses the severity: a preset, or each parameter in turn; for file faults also the volume. */
export async function strengthStep(
  at: StepAt,
  type: FaultType,
  targets: readonly DatabasePod[],
  memoryUsed: Readonly<Record<string, number>> = {},
): Promise<StepResult<AnomalyParameters>> {
  const { presets } = faultDefinition(type);
  const defaults = defaultParameters(type);
  const item = (label: string, parameters: AnomalyParameters, edit = false): StrengthItem => ({
    label,
    description: edit ? '' : strengthWords(type, parameters),
    parameters,
    edit,
  });
  const standard = item(vscode.l10n.t('Default severity'), defaults);
  const [mild, ...stronger] = presets.map(({ title, parameters }) =>
    item(localized(title), { ...defaults, ...parameters }),
  );
  const items = [
    ...(mild ? [mild] : []),
    standard,
    ...stronger,
    item(vscode.l10n.t('Choose each value…'), defaults, true),
  ];
  const left = type === 'memory_stress' ? headroomHint(targets, memoryUsed) : '';
  for (;;) {
    const placeholder = [vscode.l10n.t('Severity'), left].filter((one) => one !== '').join(' ');
    const result = await pickStep({ ...at, placeholder }, items, { active: standard });
    if (result.type !== 'next') return result;
    const { edit, parameters } = result.value[0] ?? standard;
    const chosen = edit
      ? await editParameters(at, type, targets, parameters)
      : await pickVolume(at, type, targets, parameters);
    if (chosen.type !== 'back') return chosen;
  }
}

interface StrengthItem extends vscode.QuickPickItem {
  parameters: AnomalyParameters;
  edit: boolean;
}

const strengthWords = (type: FaultType, values: AnomalyParameters): string =>
  faultDefinition(type)
    .parameters.filter(({ id }) => String(values[id] ?? '') !== '')
    .map(({ id, title, unit }) => `${localized(title)} ${values[id]}${unit === '%' ? '%' : unit === 's' ? ' s' : ''}`)
    .join(', ');

/** The least free memory among the targets. */
function headroomHint(targets: readonly DatabasePod[], memoryUsed: Readonly<Record<string, number>>): string {
  const left = targets.flatMap(({ pod, database }) => {
    const used = memoryUsed[pod];
    const limit = database?.memoryLimit;
    return used !== undefined && Number.isFinite(used) && limit !== undefined ? [Math.max(0, limit - used)] : [];
  });
  if (left.length === 0) return '';
  return vscode.l10n.t('{0} of memory is free.', formatBytes(Math.min(...left)));
}

/** Chooses the duration; there is always an end. */
export async function durationStep(at: StepAt, defaultMs: number): Promise<StepResult<number>> {
  const offered = [...new Set([defaultMs, 60_000, 180_000, 300_000, 600_000, 1_800_000])];
  const items = [
    ...offered.map((ms) => ({
      label: formatDuration(ms),
      description: ms === defaultMs ? vscode.l10n.t('default') : '',
      ms,
    })),
    { label: vscode.l10n.t('Another duration…'), description: '', ms: -1 },
  ];
  for (;;) {
    const result = await pickStep({ ...at, placeholder: vscode.l10n.t('Duration (ends automatically)') }, items);
    if (result.type !== 'next') return result;
    const ms = result.value[0]?.ms ?? defaultMs;
    if (ms >= 0) return { type: 'next', value: ms };
    const typed = await inputStep(
      { ...at, placeholder: vscode.l10n.t('A duration, for example 90s, 5m or 1h30m.') },
      formatDuration(defaultMs),
      (text) => {
        const parsed = parseDuration(text);
        if (parsed === undefined) return vscode.l10n.t('Enter a duration such as 90s, 5m or 1h30m.');
        return parsed < 1000 || parsed > UNTIL_STOPPED_MS
          ? vscode.l10n.t('Enter a duration between one second and one day.')
          : undefined;
      },
    );
    if (typed.type === 'cancel') return typed;
    if (typed.type === 'next') return { type: 'next', value: parseDuration(typed.value) ?? defaultMs };
  }
}

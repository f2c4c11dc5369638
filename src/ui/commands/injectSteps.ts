import * as vscode from 'vscode';
import {
  ANOMALIES,
  anomalyDefinition,
  defaultParameters,
  type AnomalyParameters,
  type AnomalyType,
} from '../../core/anomalies';
import { formatDuration, parseDuration } from '../../core/duration';
import { checkParameter } from '../../core/parameters';
import { UNTIL_STOPPED_MS } from '../../core/plan';
import { formatBytes } from '../../core/quantity';
import type { Target } from '../../core/target';
import { localized } from '../coreText';
import { inputStep, pickStep, type StepResult } from './multiStep';

/** Steps of the guided injection. */
export const TOTAL_STEPS = 5;
const look = (
  step: number,
  title: string,
  placeholder: string,
): { step: number; totalSteps: number; title: string; placeholder: string } => ({
  step,
  totalSteps: TOTAL_STEPS,
  title,
  placeholder,
});

/** ob-operator writes `<cluster>-<id>-<zone>`: the last part is the zone's own name. */
export const shortZone = (zone: string | undefined): string => zone?.split('-').at(-1) ?? '';

/** Step 1: what to inject; the kinds that the user may not create are marked. */
export async function typeStep(locked: readonly string[]): Promise<StepResult<AnomalyType>> {
  const items = ANOMALIES.map(({ type, title, description, kind }) => ({
    label: localized(title),
    description: locked.includes(kind) ? `${kind} $(lock) ${vscode.l10n.t('not permitted')}` : kind,
    detail: localized(description),
    type,
  }));
  const result = await pickStep(look(1, vscode.l10n.t('Inject anomaly'), vscode.l10n.t('Which anomaly?')), items);
  return result.type === 'next' ? { type: 'next', value: (result.value[0] as (typeof items)[number]).type } : result;
}

/** Step 2: which pods. */
export async function targetStep(
  title: string,
  targets: readonly Target[],
  chosen: readonly Target[],
): Promise<StepResult<Target[]>> {
  const items = targets.map((target) => ({
    label: target.pod,
    description: [
      shortZone(target.zone),
      target.phase === 'Running' ? undefined : target.phase,
      target.ready ? undefined : vscode.l10n.t('not ready'),
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
  const result = await pickStep(look(2, title, vscode.l10n.t('Which pods? Only what you tick is hit.')), items, {
    many: true,
    selected,
  });
  return result.type === 'next' ? { type: 'next', value: result.value.map(({ target }) => target) } : result;
}

/** Step 3: how strong; the defaults, or each parameter in turn. */
export async function strengthStep(
  title: string,
  type: AnomalyType,
  targets: readonly Target[],
): Promise<StepResult<AnomalyParameters>> {
  const { parameters } = anomalyDefinition(type);
  const defaults = defaultParameters(type);
  const words = parameters
    .map(({ id, title: name, unit }) => `${localized(name)} ${defaults[id]}${unit === '%' ? ' %' : ''}`)
    .join(', ');
  const standard = { label: vscode.l10n.t('Default strength'), description: words, edit: false };
  const custom = { label: vscode.l10n.t('Choose each value…'), description: '', edit: true };
  for (;;) {
    const result = await pickStep(look(3, title, vscode.l10n.t('How strong?')), [standard, custom]);
    if (result.type !== 'next') return result;
    if (!result.value[0]?.edit) return { type: 'next', value: defaults };
    const edited = await editParameters(title, type, targets, defaults);
    if (edited.type !== 'back') return edited;
  }
}

async function editParameters(
  title: string,
  type: AnomalyType,
  targets: readonly Target[],
  defaults: AnomalyParameters,
): Promise<StepResult<AnomalyParameters>> {
  const { parameters } = anomalyDefinition(type);
  const values: Record<string, string | number> = { ...defaults };
  for (let i = 0; i < parameters.length;) {
    const parameter = parameters[i] as (typeof parameters)[number];
    const mounts =
      parameter.kind === 'path' ? [...new Set(targets.flatMap((target) => target.database?.mounts ?? []))] : [];
    const choices = parameter.choices ?? mounts;
    const at = look(
      3,
      title,
      `${localized(parameter.title)}${parameter.unit === undefined ? '' : ` (${parameter.unit})`}: ${localized(parameter.description)}`,
    );
    let result: StepResult<string>;
    if (choices.length > 0) {
      const picked = await pickStep(
        at,
        choices.map((label) => ({ label })),
      );
      result = picked.type === 'next' ? { type: 'next', value: picked.value[0]?.label ?? '' } : picked;
    } else
      result = await inputStep(at, String(values[parameter.id]), (text) =>
        localized(checkParameter(parameter, text) ?? ''),
      );
    if (result.type === 'cancel') return result;
    if (result.type === 'back') {
      if (i === 0) return result;
      i -= 1;
    } else {
      values[parameter.id] = parameter.kind === 'integer' ? Number(result.value) : result.value.trim();
      i += 1;
    }
  }
  return { type: 'next', value: values };
}

/** Step 4: for how long; there is always an end. */
export async function durationStep(title: string, defaultMs: number): Promise<StepResult<number>> {
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
    const result = await pickStep(look(4, title, vscode.l10n.t('For how long? It ends by itself.')), items);
    if (result.type !== 'next') return result;
    const ms = result.value[0]?.ms ?? defaultMs;
    if (ms >= 0) return { type: 'next', value: ms };
    const typed = await inputStep(
      look(4, title, vscode.l10n.t('A duration such as 90s, 5m or 1h30m.')),
      formatDuration(defaultMs),
      (text) => {
        const parsed = parseDuration(text);
        if (parsed === undefined) return vscode.l10n.t('Write it as 90s, 5m or 1h30m.');
        return parsed < 1000 || parsed > UNTIL_STOPPED_MS
          ? vscode.l10n.t('Between one second and one day.')
          : undefined;
      },
    );
    if (typed.type === 'cancel') return typed;
    if (typed.type === 'next') return { type: 'next', value: parseDuration(typed.value) ?? defaultMs };
  }
}

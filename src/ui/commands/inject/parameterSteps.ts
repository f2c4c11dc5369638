import * as vscode from 'vscode';
import { faultDefinition, type AnomalyParameters, type FaultType } from '../../../core/faults/catalogue';
import { checkParameter } from '../../../core/faults/parameters';
import type { DatabasePod } from '../../../core/cluster/databasePod';
import { localized } from '../../text/coreText';
import type { StepAt } from './injectSteps';
import { inputStep, pickStep, type StepResult } from './multiStep';

/** Mount paths that all targets have. */
function sharedMounts(targets: readonly DatabasePod[]): string[] {
  const [first, ...others] = targets.map((target) => target.database?.mounts ?? []);
  return [...new Set(first ?? [])].filter((mount) => others.every((mounts) => mounts.includes(mount)));
}

/** The second part of a step: asks for the volume, if the fault has one and the targets have several. */
export async function pickVolume(
  at: StepAt,
  type: FaultType,
  targets: readonly DatabasePod[],
  values: AnomalyParameters,
): Promise<StepResult<AnomalyParameters>> {
  const parameter = faultDefinition(type).parameters.find(({ kind }) => kind === 'path');
  const mounts = parameter ? sharedMounts(targets) : [];
  if (!parameter || mounts.length === 0 || (mounts.length === 1 && mounts[0] === values[parameter.id]))
    return { type: 'next', value: values };
  const items = mounts.map((label) => ({ label }));
  const active = items.find(({ label }) => label === values[parameter.id]);
  const placeholder = vscode.l10n.t('Select a volume mounted in the container');
  const result = await pickStep({ ...at, title: `${at.title} (2/2)`, placeholder }, items, active ? { active } : {});
  if (result.type !== 'next') return result;
  return { type: 'next', value: { ...values, [parameter.id]: result.value[0]?.label ?? '' } };
}

/** Asks for each parameter in turn; Back leads to the previous one. */
export async function editParameters(
  at: StepAt,
  type: FaultType,
  targets: readonly DatabasePod[],
  defaults: AnomalyParameters,
): Promise<StepResult<AnomalyParameters>> {
  const { parameters } = faultDefinition(type);
  const values: Record<string, string | number> = { ...defaults };
  for (let i = 0; i < parameters.length;) {
    const parameter = parameters[i] as (typeof parameters)[number];
    const choices = parameter.choices ?? (parameter.kind === 'path' ? sharedMounts(targets) : []);
    const look = {
      ...at,
      title: `${at.title} (${i + 1}/${parameters.length})`, // parts of one step
      placeholder: `${localized(parameter.title)}${parameter.unit === undefined ? '' : ` (${parameter.unit})`}: ${localized(parameter.description)}`,
    };
    let result: StepResult<string>;
    if (choices.length > 0) {
      const items = choices.map((label) => ({ label }));
      const active = items.find(({ label }) => label === values[parameter.id]);
      const picked = await pickStep(look, items, active ? { active } : {});
      result = picked.type === 'next' ? { type: 'next', value: picked.value[0]?.label ?? '' } : picked;
    } else
      result = await inputStep(look, String(values[parameter.id]), (text) =>
        localized(checkParameter(parameter, text) ?? ''),
      );
    if (result.type === 'cancel') return result;
    if (result.type === 'back') {
      if (i === 0) return result;
      i -= 1;
    } else {
      const number = parameter.kind === 'integer' || parameter.kind === 'number';
      values[parameter.id] = number ? Number(result.value) : result.value.trim();
      i += 1;
    }
  }
  return { type: 'next', value: values };
}

import { msg, type Text } from '../base/text';
import {
  faultDefinition,
  ANOMALY_TYPES,
  isAnomalyType,
  type AnomalyParameters,
  type AnomalyType,
} from '../faults/catalogue';
import { parseDuration } from '../time/duration';
import { AppError } from '../base/errors';
import type { DatabasePod } from '../cluster/databasePod';
import { isRecord } from '../base/unknown';

/** The injection that a script or an agent requests, with its shape checked. */
export interface AnomalyRequest {
  type: AnomalyType;
  /** Undefined = choose one. */
  pods: readonly string[] | undefined;
  /** Only what differs from the defaults. */
  parameters: AnomalyParameters;
  /** Undefined = the setting's default. */
  durationMs: number | undefined;
}

const KEYS = ['type', 'pods', 'parameters', 'duration'];

/**
 * Reads `{type, pods?, parameters?, duration?}` from unknown input. Throws AppError `invalid` that names what is wrong;
 * a word that is not known is refused, for a misspelt one would inject something else than was asked for.
 */
export function parseAnomalyRequest(input: unknown): AnomalyRequest {
  if (!isRecord(input)) throw invalid('The request must be an object such as {"type": "cpu_stress"}.');
  refuseUnknown(Object.keys(input), KEYS);
  const { type, pods, parameters = {}, duration } = input;
  if (!isAnomalyType(type)) throw invalid(msg`"type" must be one of ${ANOMALY_TYPES.join(', ')}.`);
  if (!isRecord(parameters)) throw invalid('"parameters" must be an object.');
  refuseUnknown(
    Object.keys(parameters),
    faultDefinition(type).parameters.map(({ id }) => id),
  );
  const values: Record<string, string | number> = {};
  for (const [id, value] of Object.entries(parameters)) {
    if (typeof value !== 'string' && typeof value !== 'number')
      throw invalid(msg`"${id}" must be a string or a number.`);
    values[id] = value;
  }
  return { type, pods: podsOf(pods), parameters: values, durationMs: durationOf(duration) };
}

/**
 * The pods that a request is for: those that it names, each of which must be one of the database's; or, where it names
 * none, one that runs and is ready. Throws AppError `invalid`.
 */
export function targetsOf(request: AnomalyRequest, all: readonly DatabasePod[], random: () => number): DatabasePod[] {
  if (request.pods === undefined) {
    const able = all.filter(({ phase, ready }) => phase === 'Running' && ready);
    const chosen = able[Math.floor(random() * able.length)];
    if (!chosen) throw invalid('No database pod is running and ready.');
    return [chosen];
  }
  return request.pods.map((name) => {
    const target = all.find(({ pod }) => pod === name);
    if (!target)
      throw invalid(
        msg`"${name}" is not a database pod. The pods are ${all.map(({ pod }) => pod).join(', ') || 'none'}.`,
      );
    return target;
  });
}

function podsOf(pods: unknown): readonly string[] | undefined {
  if (pods === undefined) return undefined;
  if (!Array.isArray(pods) || pods.length === 0 || !pods.every((pod) => typeof pod === 'string' && pod !== ''))
    throw invalid('"pods" must be a list of at least one pod name.');
  return [...new Set(pods as string[])];
}

function durationOf(duration: unknown): number | undefined {
  if (duration === undefined) return undefined;
  const ms = typeof duration === 'string' ? parseDuration(duration) : undefined;
  if (ms === undefined || ms <= 0) throw invalid('"duration" must be a time such as "90s" or "3m".');
  return ms;
}

function refuseUnknown(keys: readonly string[], known: readonly string[]): void {
  const unknown = keys.find((key) => !known.includes(key));
  if (unknown !== undefined) throw invalid(msg`Unknown field "${unknown}". Expected one of ${known.join(', ')}.`);
}

const invalid = (message: Text): AppError =>
  new AppError('invalid', message, { hint: 'Nothing was changed in the cluster.' });

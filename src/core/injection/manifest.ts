import { msg } from '../base/text';
import { faultDefinition, type FaultType } from '../faults/catalogue';
import { formatDuration, parseDuration } from '../time/duration';
import { AppError } from '../base/errors';
import type { ChaosObject } from '../experiments/experiment';
import { isOneShot } from '../experiments/kinds';
import { FORCE_CLEAN_ANNOTATION } from '../experiments/parse';
import { effectOf, podsByName } from './faultSpec';
import { asWritten } from '../impact/hits';
import {
  CHAOS_API_VERSION,
  MANAGED_BY_LABEL,
  MANAGED_BY,
  ANOMALY_LABEL,
  CREATED_BY_ANNOTATION,
  SCENARIO_ANNOTATION,
} from '../experiments/labels';
import { planDurationMs, type InjectionPlan } from './plan';
import { randomText } from '../base/randomText';
import { stringsOf, textOf } from '../base/unknown';

/** `cpu-stress-<pod>-x7k2p`: readable, unique, a DNS label of at most 63 characters. */
export function nameOfExperiment(type: FaultType, pods: readonly string[], random: () => number = Math.random): string {
  const suffix = randomText(5, random);
  const what = type.replaceAll('_', '-');
  const whom = pods.length === 1 ? (pods[0] as string) : `${pods.length}-pods`;
  const room = 63 - what.length - suffix.length - 2;
  const middle = whom
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .slice(-room)
    .replace(/^-+|-+$/g, '');
  return [what, middle, suffix].filter((part) => part !== '').join('-');
}

/** The Chaos Mesh object of a plan. The plan must have passed `validatePlan`; two calls give two names. */
export function toManifest(plan: InjectionPlan, random: () => number = Math.random): ChaosObject {
  const { kind, oneShot } = faultDefinition(plan.type);
  return {
    apiVersion: CHAOS_API_VERSION,
    kind,
    metadata: {
      name: nameOfExperiment(
        plan.type,
        plan.targets.map((target) => target.pod),
        random,
      ),
      namespace: plan.chaosNamespace,
      labels: { [MANAGED_BY_LABEL]: MANAGED_BY, [ANOMALY_LABEL]: plan.type },
      annotations: {
        [CREATED_BY_ANNOTATION]: plan.createdBy,
        ...(plan.scenario === undefined ? {} : { [SCENARIO_ANNOTATION]: plan.scenario }),
      },
    },
    spec: {
      mode: 'all',
      selector: podsByName(plan.targets),
      ...effectOf(plan),
      ...(oneShot ? {} : { duration: formatDuration(planDurationMs(plan)) }),
    },
  };
}

/** A clone to run again: the original spec under a new name, without status, owner and the server's fields. */
export function cloneManifest(object: ChaosObject, createdBy: string, random: () => number = Math.random): ChaosObject {
  const { metadata } = object;
  const namespace = textOf(metadata.namespace);
  const anomaly = stringsOf(metadata.labels)[ANOMALY_LABEL];
  const scenario = stringsOf(metadata.annotations)[SCENARIO_ANNOTATION];
  const stem = (textOf(metadata.name) || object.kind.toLowerCase())
    .replace(/-[bcdfghjklmnpqrstvwxz2456789]{5}$/, '')
    .slice(0, 57);
  const suffix = randomText(5, random);
  return {
    apiVersion: object.apiVersion,
    kind: object.kind,
    metadata: {
      name: `${stem.replace(/[-.]+$/, '')}-${suffix}`,
      ...(namespace === '' ? {} : { namespace }),
      labels: { [MANAGED_BY_LABEL]: MANAGED_BY, ...(anomaly === undefined ? {} : { [ANOMALY_LABEL]: anomaly }) },
      annotations: {
        [CREATED_BY_ANNOTATION]: createdBy,
        ...(scenario === undefined ? {} : { [SCENARIO_ANNOTATION]: scenario }),
      },
    },
    spec: structuredClone(asWritten(object).spec),
  };
}

/** The same with this duration, milliseconds, if it would not end otherwise; one-shot faults need none. */
export function endedAfter(object: ChaosObject, durationMs: number): ChaosObject {
  const { kind, spec } = object;
  // Some kinds accept an invalid duration, and then never end.
  if (isOneShot(kind, spec) || parseDuration(textOf(spec['duration'])) !== undefined) return object;
  return { ...object, spec: { ...spec, duration: formatDuration(durationMs) } };
}

/**
 * An object as it is sent, with nothing that only the server writes. The records of a status above all: Chaos Mesh would
 * hit what they name, whatever the selector says. Throws AppError `invalid` where it would not be recovered when it ends.
 */
export function sent({ apiVersion, kind, metadata, spec }: ChaosObject): ChaosObject {
  const { name, generateName, namespace, labels, annotations } = metadata;
  if (stringsOf(annotations)[FORCE_CLEAN_ANNOTATION] !== undefined)
    throw new AppError('invalid', 'It is marked for removal without recovering its targets: the fault would remain.', {
      hint: msg`Remove the annotation ${FORCE_CLEAN_ANNOTATION}. Nothing was changed in the cluster.`,
    });
  const known = Object.entries({ name, generateName, namespace, labels, annotations });
  return { apiVersion, kind, metadata: Object.fromEntries(known.filter(([, value]) => value !== undefined)), spec };
}

/** The same with a name, if the server would generate one: an object whose name is known can be found again. */
export function withName(object: ChaosObject, random: () => number = Math.random): ChaosObject {
  const { name, generateName = `${object.kind.toLowerCase()}-`, ...metadata } = object.metadata;
  return name
    ? object
    : { ...object, metadata: { ...metadata, name: generateName.slice(0, 58) + randomText(5, random) } };
}

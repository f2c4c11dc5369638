import type { Text } from '../base/text';
import { isRecord } from '../base/unknown';
import type { Experiment } from '../experiments/experiment';
import { defaultParameters, faultDefinition, type AnomalyParameters, type FaultType } from '../faults/catalogue';
import { effectOf } from '../injection/faultSpec';

/** A strength of a fault by name: one of its presets, the catalogue's defaults, or something else. */
export interface NamedStrength {
  id: string;
  title: Text;
}

const DEFAULT: NamedStrength = { id: 'default', title: 'Default' };
const CUSTOM: NamedStrength = { id: 'custom', title: 'Custom' };

/** Where a fault acts says nothing of how strong it is. */
const PLACES = new Set(['containerNames', 'volumePath', 'path', 'port', 'patterns']);

/** The strengths of a fault, the defaults first. */
function strengthsOf(type: FaultType): (NamedStrength & { parameters: AnomalyParameters })[] {
  const defaults = defaultParameters(type);
  const { presets } = faultDefinition(type);
  return [
    { ...DEFAULT, parameters: defaults },
    ...presets.map(({ title, parameters }, i) => ({
      id: `preset${i}`,
      title,
      parameters: { ...defaults, ...parameters },
    })),
  ];
}

/** The name of the strength that a step of a scenario has. */
export function strengthOfParameters(type: FaultType, parameters: AnomalyParameters): NamedStrength {
  const effect = withoutPlaces(effectSpec(type, { ...defaultParameters(type), ...parameters }));
  return named(type, (wanted) => contains(effect, wanted));
}

/** The name of the strength that an experiment has, from its spec. */
export const strengthOfExperiment = (type: FaultType, { object }: Pick<Experiment, 'object'>): NamedStrength =>
  named(type, (wanted) => contains(object.spec, wanted));

function named(type: FaultType, fits: (spec: Readonly<Record<string, unknown>>) => boolean): NamedStrength {
  const found = strengthsOf(type).find(({ parameters }) => fits(withoutPlaces(effectSpec(type, parameters))));
  return found ? { id: found.id, title: found.title } : CUSTOM;
}

const effectSpec = (type: FaultType, parameters: AnomalyParameters): Record<string, unknown> =>
  effectOf({
    type,
    parameters,
    targets: [],
    durationMs: 0,
    chaosNamespace: '',
    container: '',
    createdBy: '',
  });

/** The second group of a partition is a place too; the `target` of HTTP is a word. */
const withoutPlaces = (spec: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(spec).filter(([key, value]) => !PLACES.has(key) && !(key === 'target' && isRecord(value))),
  );

/** Everything that is wanted is there with the same value; the server may have added more. */
function contains(spec: unknown, wanted: unknown): boolean {
  if (isRecord(wanted))
    return isRecord(spec) && Object.entries(wanted).every(([key, value]) => contains(spec[key], value));
  if (Array.isArray(wanted)) return JSON.stringify(spec) === JSON.stringify(wanted);
  return String(spec) === String(wanted);
}

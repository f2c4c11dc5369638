import type { FaultType } from './types';

/**
 * How a parameter is written: a whole number, a number, a size (`256MB`), a time (`100ms`), a time that may be negative
 * (`-10m`), a rate (`1mbit`), a mount path, one of a list, or a text that may be empty.
 */
export type ParameterKind = 'integer' | 'number' | 'size' | 'duration' | 'offset' | 'rate' | 'path' | 'choice' | 'text';

/** One strength of an anomaly that the user may change. */
export interface FaultParameter {
  id: string;
  title: string;
  description: string;
  kind: ParameterKind;
  /** For the label of a number: `%`, `threads`. */
  unit: string | undefined;
  default: string | number;
  /** Inclusive limits: of the number, of bytes for a size, of milliseconds for a duration, of bytes a second for a rate. */
  min: number | undefined;
  max: number | undefined;
  /** The values of a choice. */
  choices: readonly string[] | undefined;
}

/** Chosen values by parameter id. */
export type AnomalyParameters = Readonly<Record<string, string | number>>;

/** A strength by name: what differs from the defaults. */
interface Preset {
  title: string;
  parameters: AnomalyParameters;
}

/** Chaos Mesh kinds of the guided command. */
type FaultKind = 'StressChaos' | 'NetworkChaos' | 'IOChaos' | 'PodChaos' | 'TimeChaos' | 'DNSChaos' | 'HTTPChaos';

/** Everything that the user interface and the manifest need to know about one fault. */
export interface FaultDefinition<Type extends FaultType = FaultType> {
  type: Type;
  title: string;
  description: string;
  /** The Chaos Mesh kind that does it. */
  kind: FaultKind;
  parameters: readonly FaultParameter[];
  /** Weaker and stronger than the defaults, weakest first. */
  presets: readonly Preset[];
  /** What may go wrong beyond the fault itself. */
  risk: string | undefined;
  /** Ask before it is injected, even with the defaults. */
  needsConfirmation: boolean;
  /** Over as soon as it has happened: it has no duration, and nothing is recovered. */
  oneShot: boolean;
  /** Acts between the targets and a second group of pods. */
  needsPeers: boolean;
  /** Acts in a container, the database's, rather than in the whole pod. */
  inContainer: boolean;
}

type Limits = Partial<Pick<FaultParameter, 'unit' | 'min' | 'max' | 'choices'>>;

/** An entry of a fault's parameters. */
export function parameter(
  id: string,
  title: string,
  description: string,
  kind: ParameterKind,
  initial: string | number,
  limits: Limits = {},
): FaultParameter {
  return {
    id,
    title,
    description,
    kind,
    default: initial,
    unit: undefined,
    min: undefined,
    max: undefined,
    choices: undefined,
    ...limits,
  };
}

type Optional = 'presets' | 'parameters' | 'risk' | 'needsConfirmation' | 'oneShot' | 'needsPeers' | 'inContainer';

/** A definition with what most faults have in common. */
export function fault<Type extends FaultType>(
  given: Omit<FaultDefinition<Type>, Optional> & Partial<FaultDefinition<Type>>,
): FaultDefinition<Type> {
  return {
    parameters: [],
    presets: [],
    risk: undefined,
    needsConfirmation: given.risk !== undefined,
    oneShot: false,
    needsPeers: false,
    inContainer: false,
    ...given,
  };
}

/** Milliseconds of a second. */
const SECOND = 1000;
/** Milliseconds of a minute. */
export const MINUTE = 60 * SECOND;

/** Limits of a share of what is hit. */
export const PERCENT = { unit: '%', min: 1, max: 100 };

/** The volume of an I/O fault. */
export const volumePath = parameter(
  'volumePath',
  'Volume',
  'Mount path of the volume in the container, never "/".',
  'path',
  '/home/admin/data-file',
);

import type { ParseArgsOptionsConfig } from 'node:util';
import type { ChaosControls } from './chaos/controls';
import type { DemoPod } from './topology';

/** Command-line options that make Chaos Mesh fail, whatever database is behind it. */
export const CHAOS_OPTIONS = {
  'missing-daemon': { type: 'string', multiple: true, default: [] as string[] },
  'broken-network': { type: 'string', multiple: true, default: [] as string[] },
  'chaos-delay': { type: 'string', default: '0.4' },
  'without-controller': { type: 'boolean', default: false },
} satisfies ParseArgsOptionsConfig;

/** Their values, as `parseArgs` gives them. */
interface ChaosValues {
  'missing-daemon': string[];
  'broken-network': string[];
  'chaos-delay': string;
  'without-controller': boolean;
}

/** The controls that the options mean; throws where they name what the cluster does not have. */
export function controlsOf(values: ChaosValues, pods: readonly DemoPod[]): ChaosControls {
  return {
    missingDaemons: namesOf(
      'missing-daemon',
      values['missing-daemon'],
      pods.map(({ hostNode }) => hostNode),
    ),
    brokenNetwork: namesOf(
      'broken-network',
      values['broken-network'],
      pods.map(({ name }) => name),
    ),
    delayMs: numberOf('chaos-delay', values['chaos-delay'], 0, 3600) * 1000,
    stopped: values['without-controller'],
  };
}

/** A number given on the command line, within limits; throws with the option's name. */
export function numberOf(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= least && value <= most))
    throw new Error(`--${name} takes a number from ${least} to ${most}, not ${JSON.stringify(text)}`);
  return value;
}

/** Names given on the command line; throws where the cluster has none of that name. */
function namesOf(name: string, given: readonly string[], known: readonly string[]): Set<string> {
  const wrong = given.find((one) => !known.includes(one));
  if (wrong !== undefined) throw new Error(`--${name} takes ${known.join(', ')}, not ${JSON.stringify(wrong)}`);
  return new Set(given);
}

import type { Text } from '../base/text';
import { RISKS } from '../faults/risks';
import type { ChaosObject } from '../experiments/experiment';
import { isRecord, textOf } from '../base/unknown';

const IO_RISKS: Readonly<Record<string, string>> = {
  latency: RISKS.ioLatency,
  fault: RISKS.ioFault,
  attrOverride: RISKS.ioFault,
  mistake: RISKS.ioMistake,
};
const POD_RISKS: Readonly<Record<string, string>> = {
  'pod-kill': RISKS.podKill,
  'pod-failure': RISKS.podFailure,
  'container-kill': RISKS.containerKill,
};

/** The risk of an object by its kind and action; undefined where it does what it says and no more. */
export function riskOf({ kind, spec }: Pick<ChaosObject, 'kind' | 'spec'>): string | undefined {
  const action = textOf(spec['action']);
  switch (kind) {
    case 'StressChaos':
      return isRecord(spec['stressors']) && isRecord(spec['stressors']['memory']) ? RISKS.memory : undefined;
    case 'NetworkChaos':
      return action === 'partition' ? RISKS.partition : undefined;
    case 'IOChaos':
      return IO_RISKS[action];
    case 'PodChaos':
      return POD_RISKS[action];
    case 'TimeChaos':
      return RISKS.clock;
    case 'HTTPChaos':
      return RISKS.http;
    case 'DNSChaos':
      return RISKS.dns;
    case 'JVMChaos':
      return RISKS.agent;
    case 'KernelChaos':
    case 'BlockChaos':
      return RISKS.kernel;
    case 'AWSChaos':
    case 'AzureChaos':
    case 'GCPChaos':
    case 'PhysicalMachineChaos':
      return RISKS.cloud;
    default:
      return undefined;
  }
}

/** Texts of a JVMChaos that become parts of a rule of Byteman, and so may be code; and how its examples have them. */
const RULE_PARTS = [
  'class',
  'method',
  'exception',
  'returnValue',
  'database',
  'table',
  'sqlType',
  'memType',
  'mysqlConnectorVersion',
];
const PLAIN_JAVA = /^[\w.$<>-]*(\(("[^"\\]*")?\))?$|^"[^"\\]*"$/;

/** Possible effects of an object that cannot be determined from it, in plain words. */
export function unknownsOf({ kind, spec }: Pick<ChaosObject, 'kind' | 'spec'>): Text[] {
  const found: Text[] = [];
  const risk = riskOf({ kind, spec });
  if (risk === RISKS.kernel || risk === RISKS.cloud) found.push(risk);
  if (kind === 'JVMChaos') {
    const isPlain = RULE_PARTS.every((key) => PLAIN_JAVA.test(textOf(spec[key])));
    // The first line of the rule is its name: with a line of its own it is a rule of its own.
    if (textOf(spec['ruleData']) !== '' || !isPlain || /[\r\n]/.test(textOf(spec['name'])))
      found.push('Custom code runs inside the Java process, with all of its permissions.');
  }
  if (kind !== 'StressChaos') return found;
  const stressors = isRecord(spec['stressors']) ? Object.values(spec['stressors']).filter(isRecord) : [];
  const options = [spec['stressngStressors'], ...stressors.map((one) => one['options'])];
  if (options.some((one) => textOf(one) !== '' || (Array.isArray(one) && one.length > 0)))
    found.push('Its options are passed to the stressor’s command line unchecked: their effect is unknown.');
  if (stressors.some(({ oomScoreAdj }) => Number(textOf(oomScoreAdj)) < 0))
    found.push('If memory runs out, the kernel kills the database before the stressor (oomScoreAdj).');
  return found;
}

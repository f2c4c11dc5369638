import type { ChaosObject } from '../experiment';
import { isRecord, textOf } from '../unknown';

/** What may go wrong beyond the fault itself, in plain words. */
export const RISKS = {
  memory: 'When the container passes its memory limit the kernel ends a process in it, and that may be the database.',
  ioLatency:
    'The volume is mounted anew through a filter while the database runs: it may stop or damage files, and asynchronous I/O (io_submit) is not delayed. Use it only on data that you can lose.',
  ioFault:
    'The volume is mounted anew through a filter while the database runs, and its file operations fail: the database may stop or damage its files. Use it only on data that you can lose.',
  ioMistake:
    'Wrong bytes are read and written: the database’s files are damaged for good, also after the experiment has ended. Use it only on data that you can lose.',
  podKill:
    'The pod is deleted, and what is not on its volumes is lost. Nothing can be undone; its operator makes a new one.',
  podFailure:
    'The pod’s containers are replaced by ones that do nothing and start anew when it ends. A database that loses its majority stops serving.',
  containerKill:
    'The container’s processes are killed without a chance to write. Nothing can be undone; Kubernetes starts it again.',
  partition:
    'A part of the database that is cut off stops serving, and clients may see errors for longer than the partition lasts.',
  clock:
    'A database that trusts its clock may end leases, elections and transactions wrongly, and may store wrong times for good.',
  dns: 'Names are resolved by Chaos Mesh’s own DNS server, which has to be installed: else the injection fails.',
  http: 'Requests are cut by a proxy in the pod, which also answers those of Kubernetes’s probes on that port: the pod may be restarted.',
  kernel: 'The kernel of the whole host is made to fail: every pod on it may be hit, not the chosen ones alone.',
  cloud: 'A machine outside the cluster is hit, and all that runs on it.',
  agent: 'An agent is loaded into the Java process, and stays in it.',
} as const;

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

/** What an object may do that nobody can tell from it, in plain words. */
export function unknownsOf({ kind, spec }: Pick<ChaosObject, 'kind' | 'spec'>): string[] {
  const found: string[] = [];
  const risk = riskOf({ kind, spec });
  if (risk === RISKS.kernel || risk === RISKS.cloud) found.push(risk);
  if (kind === 'JVMChaos') {
    const isPlain = RULE_PARTS.every((key) => PLAIN_JAVA.test(textOf(spec[key])));
    // The first line of the rule is its name: with a line of its own it is a rule of its own.
    if (textOf(spec['ruleData']) !== '' || !isPlain || /[\r\n]/.test(textOf(spec['name'])))
      found.push('Code of its own runs inside the Java process, with all that this process may do.');
  }
  if (kind !== 'StressChaos') return found;
  const stressors = isRecord(spec['stressors']) ? Object.values(spec['stressors']).filter(isRecord) : [];
  const options = [spec['stressngStressors'], ...stressors.map((one) => one['options'])];
  if (options.some((one) => textOf(one) !== '' || (Array.isArray(one) && one.length > 0)))
    found.push('Its options are put on the command line of the stressor as they are: what they do is not known.');
  if (stressors.some(({ oomScoreAdj }) => Number(textOf(oomScoreAdj)) < 0))
    found.push('Where the memory runs out, the kernel ends the database before the stressor (oomScoreAdj).');
  return found;
}

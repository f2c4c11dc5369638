import { isRecord } from '../base/unknown';
import type { FaultType } from './types';

type Spec = Readonly<Record<string, unknown>>;

const POD: Readonly<Record<string, FaultType>> = {
  'pod-kill': 'pod_kill',
  'pod-failure': 'pod_failure',
  'container-kill': 'container_kill',
};
const IO: Readonly<Record<string, FaultType>> = {
  latency: 'disk_stress',
  fault: 'io_fault',
  mistake: 'io_mistake',
};
const NETEM: readonly (readonly [string, FaultType])[] = [
  ['delay', 'network_delay'],
  ['loss', 'network_loss'],
  ['corrupt', 'network_corrupt'],
  ['duplicate', 'network_duplicate'],
];

/** What an object without our label most resembles; undefined where two answers are as good. */
export function guessFault(kind: string, spec: Spec): FaultType | undefined {
  const action = typeof spec['action'] === 'string' ? spec['action'] : '';
  switch (kind) {
    case 'StressChaos':
      return stress(spec);
    case 'NetworkChaos':
      return network(spec, action);
    case 'IOChaos':
      return Object.hasOwn(IO, action) ? IO[action] : undefined;
    case 'PodChaos':
      return Object.hasOwn(POD, action) ? POD[action] : undefined;
    case 'TimeChaos':
      return 'clock_skew';
    case 'DNSChaos':
      return action === 'error' ? 'dns_error' : undefined;
    case 'HTTPChaos':
      return http(spec);
    default:
      return undefined;
  }
}

function stress({ stressors }: Spec): FaultType | undefined {
  if (!isRecord(stressors)) return undefined;
  const cpu = isRecord(stressors['cpu']);
  if (cpu === isRecord(stressors['memory'])) return undefined;
  return cpu ? 'cpu_stress' : 'memory_stress';
}

/** All blocks act together, whatever the action is called; a delay is what is felt most. */
function network(spec: Spec, action: string): FaultType | undefined {
  if (action === 'partition') return 'network_partition';
  if (action === 'bandwidth') return isRecord(spec['bandwidth']) ? 'network_bandwidth' : undefined;
  if (action !== 'netem') return NETEM.find(([block]) => block === action && isRecord(spec[block]))?.[1];
  const blocks = NETEM.filter(([block]) => isRecord(spec[block]));
  return blocks.length === 1 || blocks[0]?.[0] === 'delay' ? blocks[0]?.[1] : undefined;
}

function http(spec: Spec): FaultType | undefined {
  const abort = spec['abort'] === true;
  const delay = typeof spec['delay'] === 'string';
  return abort === delay ? undefined : abort ? 'http_abort' : 'http_delay';
}

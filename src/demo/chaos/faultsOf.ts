import { parseDuration } from '../../core/time/duration';
import { parseQuantity, parseSize } from '../../core/base/quantity';
import type { Fault } from '../faults';
import type { KubeObject } from '../kubernetes/objects/objects';

type Spec = Record<string, unknown>;
const part = (spec: Spec, key: string): Spec => (spec[key] as Spec | undefined) ?? {};
const milliseconds = (value: unknown): number => (typeof value === 'string' ? (parseDuration(value) ?? 0) : 0);

/** What a chaos object does to a pod, in the simulator's terms; several for a StressChaos with both stressors. */
export function faultsOf(object: KubeObject, pod: KubeObject, peers: readonly string[]): Fault[] {
  const spec = object.spec ?? {};
  switch (object.kind) {
    case 'StressChaos':
      return stress(spec, pod);
    case 'NetworkChaos':
      return network(spec, peers);
    case 'IOChaos': {
      const percent = typeof spec['percent'] === 'number' ? spec['percent'] : 100;
      const volumePath = String(spec['volumePath']);
      if (spec['action'] === 'latency')
        return [{ type: 'ioLatency', delayMs: milliseconds(spec['delay']), percent, volumePath }];
      if (spec['action'] === 'fault') return [{ type: 'ioFault', percent, volumePath }];
      if (spec['action'] === 'mistake') return [{ type: 'ioMistake', percent, volumePath }];
      return [{ type: 'other', kind: object.kind }];
    }
    case 'PodChaos':
      return [{ type: spec['action'] === 'pod-failure' ? 'podFailure' : 'podKill' }];
    case 'TimeChaos':
      return [{ type: 'clock', offsetMs: signed(String(spec['timeOffset'])) }];
    case 'HTTPChaos':
      return http(spec);
    default:
      // Names are looked up when a server starts, not while it runs; the others act in what the demo does not have.
      return [{ type: 'other', kind: object.kind }];
  }
}

const signed = (offset: string): number =>
  (offset.startsWith('-') ? -1 : 1) * (parseDuration(offset.replace(/^[+-]/, '')) ?? 0);

function http(spec: Spec): Fault[] {
  const delayMs = spec['abort'] === true ? Infinity : milliseconds(spec['delay']);
  if (delayMs === 0) return [{ type: 'other', kind: 'HTTPChaos' }];
  return [{ type: 'http', port: Number(spec['port']), path: String(spec['path'] ?? '*'), delayMs }];
}

function stress(spec: Spec, pod: KubeObject): Fault[] {
  const faults: Fault[] = [];
  const { cpu, memory } = part(spec, 'stressors') as {
    cpu?: { workers: number; load?: number };
    memory?: { workers: number; size?: string };
  };
  if (cpu && cpu.workers > 0) faults.push({ type: 'cpu', workers: cpu.workers, load: cpu.load ?? 100 });
  if (memory && memory.workers > 0) {
    const size = memory.size ?? '';
    const bytes = size.endsWith('%')
      ? (memoryLimit(spec, pod) * Number.parseFloat(size)) / 100
      : (parseSize(size) ?? 0);
    faults.push({ type: 'memory', bytes });
  }
  return faults;
}

/** The memory limit, in bytes, of the container that the stressors join: the first one named, else the pod's first. */
function memoryLimit(spec: Spec, pod: KubeObject): number {
  const containers =
    (pod.spec?.['containers'] as { name: string; resources?: { limits?: { memory?: string } } }[] | undefined) ?? [];
  const wanted = (spec['containerNames'] as string[] | undefined)?.[0];
  const container = containers.find(({ name }) => name === wanted) ?? containers[0];
  return parseQuantity(container?.resources?.limits?.memory ?? '') ?? 0;
}

function network(spec: Spec, peers: readonly string[]): Fault[] {
  const direction = (spec['direction'] as 'to' | 'from' | 'both' | undefined) ?? 'to';
  if (spec['action'] === 'partition') return [{ type: 'networkPartition', direction, peers }];
  const faults: Fault[] = [];
  const delay = part(spec, 'delay');
  if (delay['latency'])
    faults.push({
      type: 'networkDelay',
      latencyMs: milliseconds(delay['latency']),
      jitterMs: milliseconds(delay['jitter']),
      direction,
      peers,
    });
  for (const [block, type] of [
    ['loss', 'networkLoss'],
    ['corrupt', 'networkCorrupt'],
    ['duplicate', 'networkDuplicate'],
  ] as const) {
    const value = part(spec, block)[block];
    if (value !== undefined) faults.push({ type, percent: Number(value), direction, peers });
  }
  const rate = /^(\d+(?:\.\d+)?)\s*([kmgt]?)(bps|bit)$/i.exec(String(part(spec, 'bandwidth')['rate'] ?? ''));
  if (rate) {
    const power = ['', 'k', 'm', 'g', 't'].indexOf((rate[2] as string).toLowerCase());
    const bits = (rate[3] as string).toLowerCase() === 'bit';
    faults.push({ type: 'networkBandwidth', bytesPerSecond: (Number(rate[1]) * 1024 ** power) / (bits ? 8 : 1) });
  }
  return faults;
}

import type { ChaosObject } from './experiment';
import { isRecord, textOf } from './unknown';

/** One line that says what an experiment does: "delay 100ms ± 10ms on egress". Never throws, whatever the spec holds. */
export function summarize(object: Pick<ChaosObject, 'kind' | 'spec'>): string {
  const spec = isRecord(object.spec) ? object.spec : {};
  const writer = Object.hasOwn(WRITERS, object.kind) ? WRITERS[object.kind] : undefined;
  const text = writer ? writer(spec).replace(/\s+/g, ' ').trim() : '';
  return text === '' ? textOf(spec['action']) || object.kind : text;
}

type Spec = Readonly<Record<string, unknown>>;

const part = (spec: Spec, key: string): Spec => (isRecord(spec[key]) ? spec[key] : {});
const text = (spec: Spec, key: string): string => textOf(spec[key]);
const suffix = (label: string, value: string): string => (value === '' || value === '0' ? '' : ` ${label}${value}`);
const action = (spec: Spec): string => text(spec, 'action');

const WRITERS: Readonly<Record<string, (spec: Spec) => string>> = {
  StressChaos: stress,
  NetworkChaos: network,
  IOChaos: io,
  PodChaos: (spec) => {
    const names = Array.isArray(spec['containerNames']) ? spec['containerNames'].map(textOf).join(', ') : '';
    return `${action(spec).replace('-', ' ')}${suffix('of ', action(spec) === 'container-kill' ? names : '')}`;
  },
  TimeChaos: (spec) => `clock shifted by ${text(spec, 'timeOffset')}`,
  DNSChaos: (spec) => `DNS ${action(spec)}${patterns(spec)}`,
  HTTPChaos: (spec) =>
    `HTTP ${text(spec, 'target').toLowerCase()} ${text(spec, 'method')} ${text(spec, 'path')}${suffix('on port ', text(spec, 'port'))}${spec['abort'] === true ? ': abort' : suffix(': delay ', text(spec, 'delay'))}`,
  JVMChaos: (spec) =>
    `JVM ${action(spec)} ${[text(spec, 'class'), text(spec, 'method')].filter((one) => one !== '').join('.')}`,
  KernelChaos: (spec) => `kernel fault type ${text(part(spec, 'failKernRequest'), 'failtype')} in ${callChain(spec)}`,
  BlockChaos: (spec) => `block ${action(spec)} ${text(part(spec, 'delay'), 'latency')} on ${text(spec, 'volumeName')}`,
  AWSChaos: (spec) => `AWS ${action(spec)} ${text(spec, 'ec2Instance')}`,
  AzureChaos: (spec) => `Azure ${action(spec)} ${text(spec, 'vmName')}`,
  GCPChaos: (spec) => `GCP ${action(spec)} ${text(spec, 'instance')}`,
  PhysicalMachineChaos: (spec) => `machine ${action(spec)}`,
};

function stress(spec: Spec): string {
  const stressors = part(spec, 'stressors');
  const cpu = part(stressors, 'cpu');
  const memory = part(stressors, 'memory');
  const workers = (of: Spec): string => `${text(of, 'workers') || '?'} worker${text(of, 'workers') === '1' ? '' : 's'}`;
  return [
    isRecord(stressors['cpu']) ? `CPU ${workers(cpu)} at ${text(cpu, 'load') || '100'} %` : '',
    isRecord(stressors['memory']) ? `memory ${workers(memory)} × ${text(memory, 'size') || 'all'}` : '',
  ]
    .filter((one) => one !== '')
    .join(', ');
}

const DIRECTIONS: Readonly<Record<string, string>> = { to: 'egress', from: 'ingress', both: 'both directions' };

function network(spec: Spec): string {
  const delay = part(spec, 'delay');
  const bandwidth = part(spec, 'bandwidth');
  const percent = (block: string): string =>
    isRecord(spec[block]) ? `${block} ${text(part(spec, block), block)} %` : '';
  const jitter = text(delay, 'jitter');
  // All netem blocks act together, whatever the action is called.
  const effects = [
    isRecord(spec['delay'])
      ? `delay ${text(delay, 'latency')}${/^0+[a-zµ]*$/.test(jitter) ? '' : suffix('± ', jitter)}`
      : '',
    percent('loss'),
    percent('duplicate'),
    percent('corrupt'),
    isRecord(spec['bandwidth']) ? `bandwidth ${text(bandwidth, 'rate')}` : '',
  ].filter((one) => one !== '');
  const what = effects.length > 0 && action(spec) !== 'partition' ? effects.join(', ') : action(spec);
  const direction = text(spec, 'direction') || 'to';
  return what === '' ? '' : `${what} on ${DIRECTIONS[direction] ?? direction}`;
}

function io(spec: Spec): string {
  const share = text(spec, 'percent');
  const what: Readonly<Record<string, string>> = {
    latency: `I/O latency ${text(spec, 'delay')}`,
    fault: `I/O fault errno ${text(spec, 'errno')}`,
    attrOverride: 'file attributes overridden',
    mistake: 'wrong bytes in reads and writes',
  };
  return `${what[action(spec)] ?? action(spec)}${suffix('on ', text(spec, 'volumePath'))}${share === '' || share === '100' ? '' : ` for ${share} %`}`;
}

function patterns(spec: Spec): string {
  return Array.isArray(spec['patterns']) && spec['patterns'].length > 0
    ? ` for ${spec['patterns'].map(textOf).join(', ')}`
    : '';
}

function callChain(spec: Spec): string {
  const chain = part(spec, 'failKernRequest')['callchain'];
  const frames = Array.isArray(chain) ? chain.filter(isRecord).map((frame) => text(frame, 'funcname')) : [];
  return frames.join(' → ') || 'the kernel';
}

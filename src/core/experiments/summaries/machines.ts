import { delayed, join, list, part, suffix, textField, type Spec } from './spec';

/** What an AWSChaos does: `AWS stop EC2 i-1 in eu-west-1`. */
export function awsSummary(spec: Spec): string {
  const where = `EC2 ${textField(spec, 'ec2Instance')}${suffix('in ', textField(spec, 'awsRegion'))}`;
  if (textField(spec, 'action') === 'detach-volume')
    return join(' ', 'AWS detach volume', textField(spec, 'volumeID'), 'from', where);
  return `AWS ${textField(spec, 'action').replace('ec2-', '')} ${where}`;
}

/** What an AzureChaos does: `Azure stop VM v in group`. */
export function azureSummary(spec: Spec): string {
  const where = `VM ${textField(spec, 'vmName')}${suffix('in ', textField(spec, 'resourceGroupName'))}`;
  if (textField(spec, 'action') === 'disk-detach')
    return join(' ', 'Azure detach disk', textField(spec, 'diskName'), 'from', where);
  return `Azure ${textField(spec, 'action').replace('vm-', '')} ${where}`;
}

/** What a GCPChaos does: `GCP stop node g in zone`. */
export function gcpSummary(spec: Spec): string {
  const where = `${textField(spec, 'instance')}${suffix('in ', textField(spec, 'zone'))}`;
  if (textField(spec, 'action') === 'disk-loss')
    return join(' ', 'GCP loss of disk', list(spec['deviceNames']), 'of', where);
  return join(' ', 'GCP', textField(spec, 'action').replace('node-', ''), 'node', where);
}

/** `machine network delay: 100ms ± 10ms on eth0`. What it does is in a block that is called like the action. */
export function machineSummary(spec: Spec): string {
  const action = textField(spec, 'action');
  const block = part(spec, action);
  const details = DETAILS.find(([pattern]) => pattern.test(action))?.[1](block) ?? '';
  const addresses = list(spec['address']);
  return `machine ${action.replace(/[-_]/g, ' ')}${details === '' ? '' : `: ${details}`}${suffix('on ', addresses)}`;
}

const texts =
  (...keys: readonly string[]) =>
  (block: Spec): string =>
    join(' ', ...keys.map((key) => textField(block, key)));

/** The part of each block that says how strong it is; what may be secret, such as a password, is in none. */
const DETAILS: readonly (readonly [RegExp, (block: Spec) => string])[] = [
  [/^stress-cpu$/, (block) => `${textField(block, 'workers') || '?'} workers at ${textField(block, 'load') || '100'}%`],
  [/^stress-mem$/, texts('size')],
  [/^disk-(read|write)-payload$|^disk-fill$/, texts('size', 'path')],
  [
    /^network-(corrupt|duplicate|loss)$/,
    (block) => join(' on ', `${textField(block, 'percent')}%`, textField(block, 'device')),
  ],
  [/^network-delay$/, (block) => join(' on ', delayed(block), textField(block, 'device'))],
  [/^network-bandwidth$/, (block) => join(' on ', textField(block, 'rate'), textField(block, 'device'))],
  [
    /^network-partition$/,
    (block) => join(' ', textField(block, 'direction'), textField(block, 'ip-address'), textField(block, 'hostname')),
  ],
  [/^network-dns$/, texts('dns-domain-name', 'dns-ip')],
  [/^network-flood$/, texts('rate', 'ip-address')],
  [/^network-down$/, texts('device', 'duration')],
  [/^process$/, (block) => `${textField(block, 'process')}${suffix('signal ', textField(block, 'signal'))}`],
  [/^jvm-mysql$/, texts('sqlType', 'database', 'table')],
  [/^jvm-stress$/, texts('cpu-count', 'mem-type')],
  [/^jvm-(exception|latency|return)$/, (block) => join('.', textField(block, 'class'), textField(block, 'method'))],
  [/^clock$/, texts('time-offset')],
  [/^redis-/, texts('addr', 'key')],
  [/^kafka-/, texts('topic')],
  [/^file-/, texts('file-name', 'dir-name', 'source-file')],
  [/^vm$/, texts('vm-name')],
];

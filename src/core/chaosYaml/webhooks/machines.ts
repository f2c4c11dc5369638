import { floatError, unitError } from '../goFormats';
import { record, refused, stringOf, type Problem, type Validator } from './problem';
import type { Json } from './walk';

type Config = Readonly<Json>;
/** Chaos Mesh's words about a field of an action's block, and the field; undefined where nothing is wrong of it. */
type Check = (config: Config) => readonly [why: string, key: string] | undefined;

const has = (config: Config, key: string): boolean => {
  const value = config[key];
  return typeof value === 'number' ? value !== 0 : value === true || stringOf(value) !== '';
};

/** The first of these keys has to be there, or one of them. */
const need =
  (why: string, ...keys: [string, ...string[]]): Check =>
  (config) =>
    keys.some((key) => has(config, key)) ? undefined : [why, keys[0]];

const size: readonly Check[] = [
  need('size is required', 'size'),
  (config) => {
    const wrong = unitError(stringOf(config['size']));
    return wrong === undefined ? undefined : [wrong, 'size'];
  },
];

function isPercent(given: string, allowZero: boolean): boolean {
  if (given === '') return allowZero;
  if (floatError(given, 32) !== undefined) return false;
  const value = Number(given);
  return !((value === 0 && !allowZero) || value < 0 || value > 100 || /inf/i.test(given));
}

const common: readonly Check[] = [
  (config) => {
    const given = stringOf(config['correlation']);
    return isPercent(given, true) ? undefined : [`correlation ${given} is invalid`, 'correlation'];
  },
  need('device is required', 'device'),
];

const percent: readonly Check[] = [
  ...common,
  (config) => (isPercent(stringOf(config['percent']), false) ? undefined : ['percent is invalid', 'percent']),
];

const flags: Check = (config) =>
  has(config, 'accept-tcp-flags') && config['ip-protocol'] !== 'tcp'
    ? ["protocol should be 'tcp' when set accept-tcp-flags", 'ip-protocol']
    : undefined;

const pid: Check = (config) => {
  if (!has(config, 'pid')) return ['pid is required', 'pid'];
  return Number(config['pid']) < 0 ? ['pid is invalid', 'pid'] : undefined;
};
const method: readonly Check[] = [pid, need('class is required', 'class'), need('method is required', 'method')];
const redis = need('addr of redis server is required', 'addr');
const kafka: readonly Check[] = [need('host is required', 'host'), need('port is required', 'port')];
const named = need('one of file-name and dir-name is required', 'file-name', 'dir-name');
const payload: readonly Check[] = [need("payload-process-num can't be 0", 'payload-process-num'), ...size];

/** What the `validate…Action` functions of `physical_machine_chaos_webhook.go` look at, in their order: the first is said. */
const ACTIONS: Readonly<Record<string, readonly Check[]>> = {
  'stress-cpu': [need("load can't be 0", 'load'), need("workers can't be 0", 'workers')],
  'stress-mem': size,
  'disk-write-payload': payload,
  'disk-read-payload': payload,
  'disk-fill': size,
  'network-corrupt': percent,
  'network-duplicate': percent,
  'network-loss': percent,
  'network-delay': [...common, need('latency is invalid', 'latency'), flags],
  'network-partition': [
    need('device is required', 'device'),
    need('one of ip-address and hostname is required', 'ip-address', 'hostname'),
    ({ direction }) =>
      direction === 'to' || direction === 'from'
        ? undefined
        : ["direction should be one of 'to' and 'from'", 'direction'],
    flags,
  ],
  'network-bandwidth': [
    need('device is required', 'device'),
    (config) => {
      const missing = ['rate', 'limit', 'buffer'].find((key) => !has(config, key));
      return missing === undefined
        ? undefined
        : ['rate, limit and buffer both are required when action is bandwidth', missing];
    },
  ],
  'network-dns': [
    (config) => {
      const [name, ip] = [stringOf(config['dns-domain-name']), stringOf(config['dns-ip'])];
      if ((name === '') === (ip === '')) return undefined;
      return [['DNS host', name, 'must match a DNS ip', ip].join(' '), name === '' ? 'dns-domain-name' : 'dns-ip'];
    },
  ],
  'network-flood': [
    need('ip-address is required', 'ip-address'),
    need('port is required', 'port'),
    need('rate is required', 'rate'),
    need('duration is required', 'duration'),
  ],
  'network-down': [need('device is required', 'device'), need('duration is required', 'duration')],
  process: [need('process is required', 'process'), need('signal is required', 'signal')],
  'jvm-exception': [...method, need('exception is required', 'exception')],
  'jvm-gc': [pid],
  'jvm-latency': [...method, need('latency is required', 'latency')],
  'jvm-return': [...method, need('value is required', 'value')],
  'jvm-stress': [
    pid,
    need('one of cpu-count and mem-type is required', 'cpu-count', 'mem-type'),
    (config) =>
      Number(config['cpu-count']) > 0 && has(config, 'mem-type')
        ? ['inject stress on both CPU and memory is not support', 'mem-type']
        : undefined,
  ],
  'jvm-rule-data': [pid, need('rule-data is required', 'rule-data')],
  'jvm-mysql': [
    pid,
    need('MySQL connector version not provided', 'mysqlConnectorVersion'),
    need('must set one of exception or latency', 'exception', 'latency'),
  ],
  clock: [pid, need('time-offset is required', 'time-offset')],
  'redis-expiration': [
    redis,
    // Chaos Mesh refuses the options that Redis knows, and takes the others.
    ({ option }) => (['XX', 'NX', 'GT', 'LT'].includes(stringOf(option)) ? ['option invalid', 'option'] : undefined),
  ],
  'redis-cacheLimit': [
    redis,
    (config) =>
      config['cacheSize'] !== '0' && has(config, 'percent')
        ? ['only one of size and percent can be set', 'percent']
        : undefined,
  ],
  'redis-penetration': [redis, need('requestNum is required', 'requestNum')],
  'redis-stop': [redis],
  'redis-restart': [redis, need('conf is required to restart the sentinel', 'conf')],
  'kafka-fill': [
    ...kafka,
    need('max bytes is required', 'maxBytes'),
    need('reload command is required', 'reloadCommand'),
  ],
  'kafka-flood': [...kafka, need('threads is required', 'threads')],
  'kafka-io': [need('at least one of non-readable or non-writable is required', 'nonReadable', 'nonWritable')],
  'file-create': [named],
  'file-modify': [need('file name is required', 'file-name'), need('file privilege is required', 'privilege')],
  'file-delete': [named],
  'file-rename': [bothOf('both source file and destination file are required', 'source-file', 'dest-file')],
  'file-append': [need('file-name is required', 'file-name'), need('append data is required', 'data')],
  'file-replace': [
    need('file-name is required', 'file-name'),
    bothOf('both origin and destination string are required', 'origin-string', 'dest-string'),
  ],
  user_defined: [need('attack command not provided', 'attackCmd'), need('recover command not provided', 'recoverCmd')],
};

function bothOf(why: string, first: string, second: string): Check {
  return (config) => {
    const missing = [first, second].find((key) => !has(config, key));
    return missing === undefined ? undefined : [why, missing];
  };
}

/** `PhysicalMachineChaosSpec.Validate`. Of an action's block it names the whole spec; the path is that of the field. */
export const machineProblems: Validator = (visited) => {
  const spec = record(visited.value);
  const action = stringOf(spec['action']);
  const problems: Problem[] = [];
  const inSpec = (why: string, rule: string, ...path: string[]): number =>
    problems.push({
      rule,
      path: [...visited.path, ...path],
      field: `${visited.goPath}.spec`,
      value: visited.value,
      why,
    });
  const config = spec[action];
  const there = config !== undefined && config !== null;
  if (!there) inSpec('the configuration corresponding to action is required', 'machineBlock', action || 'action');
  problems.push(...addressProblems(visited, spec));
  if (there) {
    const found = ACTIONS[action]?.map((check) => check(record(config))).find((one) => one !== undefined);
    if (found) inSpec(found[0], 'machine', action, found[1]);
  }
  return problems;
};

function addressProblems(visited: Parameters<Validator>[0], spec: Config): Problem[] {
  const address = Array.isArray(spec['address']) ? (spec['address'] as unknown[]) : [];
  const selects = [
    'annotationSelectors',
    'fieldSelectors',
    'labelSelectors',
    'namespaces',
    'physicalMachines',
    'expressionSelectors',
  ].some((key) => Object.keys(Object(record(spec['selector'])[key]) as object).length > 0);
  const no = (why: string): Problem => refused(visited, 'machineAddress', why, 'address');
  return [
    ...(address.length === 0 && !selects ? [no('one of address or selector should be specified')] : []),
    ...(address.length > 0 && selects ? [no('only one of address or selector could be specified')] : []),
    ...address.filter((one) => one === '').map(() => no('the address is required')),
  ];
}

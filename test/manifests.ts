import { Random } from '../src/core/base/random';
import { CHAOS_CRDS } from '../src/demo/chaos/definitions';
import { embedKey } from '../src/core/chaosYaml/kinds';

type Json = Record<string, unknown>;
type Path = (string | number)[];

/** An object of Chaos Mesh as a person might write it, right or with one thing wrong. */
export interface MadeManifest {
  /** What was changed of a right one. */
  change: string;
  object: { apiVersion: string; kind: string; metadata: Json; spec: Json };
}

const pods: Json = { mode: 'one', selector: { labelSelectors: { app: 'x' } } };
const containers: Json = { ...pods, containerNames: ['observer'] };
const jvm = (more: Json): Json => ({ ...pods, ...more });
const network = (action: string, more: Json): Json => ({ ...pods, action, ...more });
const machine = (action: string, block: Json): Json => ({ action, address: ['10.0.0.1:31767'], [action]: block });
const ON_DEVICE = { device: 'eth0' };
const IN_METHOD = { pid: 1, class: 'Main', method: 'run' };
const REDIS = { addr: '10.0.0.9:6379' };
const KAFKA = { host: 'kafka', port: 9092, topic: 't' };

/** Right specs of each kind; every action is in one of them. */
const RIGHT: Readonly<Record<string, readonly Json[]>> = {
  AWSChaos: ['ec2-stop', 'ec2-restart', 'detach-volume'].map((action) => ({
    action,
    awsRegion: 'us-east-2',
    ec2Instance: 'i-1',
    volumeID: 'vol-1',
    deviceName: '/dev/sdf',
  })),
  AzureChaos: ['vm-stop', 'vm-restart', 'disk-detach'].map((action) => ({
    action,
    subscriptionID: 's',
    resourceGroupName: 'g',
    vmName: 'v',
    diskName: 'd',
    lun: 0,
  })),
  BlockChaos: [
    { ...pods, action: 'delay', volumeName: 'data', delay: { latency: '10ms', correlation: '50', jitter: '1ms' } },
  ],
  DNSChaos: [
    { ...containers, action: 'error', patterns: ['x.*'] },
    { ...pods, action: 'random' },
  ],
  GCPChaos: ['node-stop', 'node-reset', 'disk-loss'].map((action) => ({
    action,
    project: 'p',
    zone: 'z',
    instance: 'i',
    deviceNames: ['d'],
  })),
  HTTPChaos: [
    { ...pods, target: 'Request', port: 80, method: 'GET', path: '/*', abort: true },
    { ...pods, target: 'Response', port: 80, delay: '1s', code: 404, patch: { headers: [['a', 'b']] } },
    { ...pods, target: 'Request', port: 80, replace: { method: 'POST', path: '/x' } },
  ],
  IOChaos: [
    { ...containers, action: 'latency', volumePath: '/data', delay: '10ms', percent: 50, path: '/data/*' },
    { ...pods, action: 'fault', volumePath: '/data', errno: 5, methods: ['read'] },
    { ...pods, action: 'attrOverride', volumePath: '/data', attr: { perm: 72 } },
    { ...pods, action: 'mistake', volumePath: '/data', mistake: { filling: 'zero', maxOccurrences: 1, maxLength: 1 } },
  ],
  JVMChaos: [
    jvm({ action: 'latency', class: 'Main', method: 'run', latency: 100 }),
    jvm({ action: 'return', class: 'Main', method: 'run', returnValue: '9' }),
    jvm({ action: 'exception', class: 'Main', method: 'run', exception: 'java.io.IOException("x")', port: 9000 }),
    jvm({ action: 'stress', cpuCount: 1 }),
    jvm({ action: 'stress', memType: 'heap' }),
    jvm({ action: 'gc' }),
    jvm({ action: 'ruleData', ruleData: 'RULE x', name: 'x' }),
    jvm({ action: 'mysql', mysqlConnectorVersion: '8', exception: 'x', database: 'd', table: 't', sqlType: 'select' }),
  ],
  KernelChaos: [
    {
      ...pods,
      failKernRequest: { failtype: 0, headers: ['a.h'], callchain: [{ funcname: 'f' }], probability: 1, times: 1 },
    },
  ],
  NetworkChaos: [
    network('delay', {
      delay: {
        latency: '90ms',
        correlation: '25',
        jitter: '9ms',
        reorder: { reorder: '50', correlation: '50', gap: 2 },
      },
      target: pods,
      direction: 'both',
    }),
    network('loss', { loss: { loss: '25', correlation: '5' }, direction: 'to', externalTargets: ['example.com'] }),
    network('duplicate', { duplicate: { duplicate: '40', correlation: '25' } }),
    network('corrupt', { corrupt: { corrupt: '40', correlation: '25' }, device: 'eth0' }),
    network('bandwidth', { bandwidth: { rate: '1mbps', limit: 20971520, buffer: 10000, peakrate: 1, minburst: 1 } }),
    network('partition', { direction: 'from', target: { ...pods, mode: 'fixed', value: '2' } }),
    network('netem', { delay: { latency: '1ms' }, rate: { rate: '1mbit' }, loss: { loss: '1' } }),
  ],
  PhysicalMachine: [{ address: 'https://10.0.0.1:31768' }, { address: '10.0.0.1:31767' }],
  PhysicalMachineChaos: [
    machine('stress-cpu', { load: 10, workers: 1 }),
    machine('stress-mem', { size: '256M' }),
    machine('disk-read-payload', { size: '1G', 'payload-process-num': 1, path: '/x' }),
    machine('disk-write-payload', { size: '1G', 'payload-process-num': 1 }),
    machine('disk-fill', { size: '1GB', 'fill-by-fallocate': true }),
    machine('network-corrupt', { ...ON_DEVICE, percent: '10', correlation: '1' }),
    machine('network-duplicate', { ...ON_DEVICE, percent: '10' }),
    machine('network-loss', { ...ON_DEVICE, percent: '10' }),
    machine('network-delay', { ...ON_DEVICE, latency: '10ms', 'accept-tcp-flags': 'SYN', 'ip-protocol': 'tcp' }),
    machine('network-partition', { ...ON_DEVICE, 'ip-address': '10.0.0.2', direction: 'to' }),
    machine('network-dns', { 'dns-server': '1.1.1.1', 'dns-ip': '1.1.1.2', 'dns-domain-name': 'x.y' }),
    machine('network-bandwidth', { ...ON_DEVICE, rate: '1mbps', limit: 1, buffer: 1 }),
    machine('network-flood', { 'ip-address': '1.1.1.1', port: '80', rate: '1m', duration: '1s', parallel: 1 }),
    machine('network-down', { ...ON_DEVICE, duration: '1s' }),
    machine('process', { process: 'x', signal: 9 }),
    machine('jvm-exception', { ...IN_METHOD, exception: 'x' }),
    machine('jvm-gc', { pid: 1 }),
    machine('jvm-latency', { ...IN_METHOD, latency: 1 }),
    machine('jvm-return', { ...IN_METHOD, value: '1' }),
    machine('jvm-stress', { pid: 1, 'cpu-count': 1 }),
    machine('jvm-rule-data', { pid: 1, 'rule-data': 'x' }),
    machine('jvm-mysql', { pid: 1, mysqlConnectorVersion: '8', latency: 1 }),
    machine('clock', { pid: 1, 'time-offset': '1s' }),
    machine('redis-expiration', { ...REDIS, key: 'k', expiration: '1s' }),
    machine('redis-cacheLimit', { ...REDIS, cacheSize: '0', percent: '50%' }),
    machine('redis-penetration', { ...REDIS, requestNum: 1 }),
    machine('redis-restart', { ...REDIS, conf: '/x' }),
    machine('redis-stop', REDIS),
    machine('kafka-fill', { ...KAFKA, maxBytes: 1, reloadCommand: 'x' }),
    machine('kafka-flood', { ...KAFKA, threads: 1 }),
    machine('kafka-io', { topic: 't', nonReadable: true }),
    machine('file-create', { 'file-name': 'x' }),
    machine('file-modify', { 'file-name': 'x', privilege: 7 }),
    machine('file-delete', { 'dir-name': 'x' }),
    machine('file-rename', { 'source-file': 'x', 'dest-file': 'y' }),
    machine('file-append', { 'file-name': 'x', data: 'y', count: 1 }),
    machine('file-replace', { 'file-name': 'x', 'origin-string': 'a', 'dest-string': 'b', line: 1 }),
    machine('user_defined', { attackCmd: 'a', recoverCmd: 'b' }),
    machine('vm', { 'vm-name': 'x' }),
    {
      action: 'stress-cpu',
      mode: 'one',
      selector: { physicalMachines: { oceanbase: ['m'] } },
      'stress-cpu': { load: 1, workers: 1 },
    },
  ],
  PodChaos: [
    { ...pods, action: 'pod-failure' },
    { ...pods, action: 'pod-kill', gracePeriod: 1 },
    { ...containers, action: 'container-kill' },
    { ...pods, action: 'pod-failure', mode: 'random-max-percent', value: '50' },
  ],
  RemoteCluster: [{ namespace: 'chaos-mesh', kubeConfig: { secretRef: { name: 's', namespace: 'n', key: 'k' } } }],
  StatusCheck: [
    { type: 'HTTP', http: { url: 'http://x.y:80/a?b=c', method: 'GET', criteria: { statusCode: '200-299' } } },
    {
      type: 'HTTP',
      mode: 'Continuous',
      intervalSeconds: 5,
      http: { url: 'https://x', criteria: { statusCode: '200' } },
    },
  ],
  StressChaos: [
    { ...containers, stressors: { cpu: { workers: 1, load: 50, options: ['--x'] } } },
    { ...pods, stressors: { memory: { workers: 1, size: '256MB' } } },
    { ...pods, stressngStressors: '--cpu 1' },
  ],
  TimeChaos: [
    { ...containers, timeOffset: '-10m100ns', clockIds: ['CLOCK_REALTIME'] },
    { ...pods, timeOffset: '1s' },
  ],
};

/** Texts that some field takes and others do not. */
const TEXTS = [
  '',
  ' ',
  '0',
  '1',
  '-1',
  '10',
  '50',
  '100',
  '101',
  '1.5',
  '1e3',
  '1e39',
  '0x1p4',
  '1_0',
  '.5',
  '5.',
  'inf',
  'NaN',
  '50%',
  '110%',
  '-5%',
  '1s',
  '1.5h',
  '10',
  '1d',
  '1 s',
  '-1m',
  '+1h30m',
  '1H',
  '300000h',
  '9999999h',
  '100us',
  '100µs',
  '1ms1',
  's',
  '1mbps',
  '1 Mbit',
  '1.5mbps',
  'mbps',
  '-1bit',
  '18446744073709551616bps',
  '5kbps ',
  '1Gi',
  '1GiB',
  '1 GB',
  '1  GB',
  '12b',
  '1KiBB',
  '256M',
  '1c',
  '1KB2MB',
  '1kB',
  '9223372036854775808',
  'http://x',
  'https://x:1/y z',
  'http://x:port/',
  'http:// x/',
  '/path',
  'x.y:80',
  '10.0.0.1:31767',
  '*',
  'http://[::1]:80/',
  'http://[::1',
  'http://a b@c/',
  'http://u:p@c/%zz',
  'mailto:x',
  ':80',
  'not-a-url',
  'http://x/%41',
  '200',
  '200-',
  '200-299',
  '-200',
  '1000',
  '200-1000',
  '+200',
  '2xx',
  'get',
  'GET',
  'Request',
  'to',
  'from',
  'both',
  'stack',
  'heap',
  '5',
  '8',
  'XX',
  'tcp',
  'eth0@if5',
  'CLOCK_REALTIME',
  'name',
  'UPPER',
  'a.b',
  'a..b',
  '-a',
  '* * * * *',
  '@every 1m',
  '*/30 * * * * *',
  '@never',
  '60 * * * *',
];
const NUMBERS = [0, 1, -1, 5, 50, 100, 101, 80, 65535, 65536, 70000, 2147483647, 4294967295, 1.5];

interface Schema extends Json {
  type?: string;
  enum?: unknown[];
  properties?: Record<string, Schema>;
  items?: Schema;
  additionalProperties?: Schema;
}

const specSchema = (kind: string): Schema => {
  const crd = CHAOS_CRDS.find(({ spec }) => spec.names.kind === kind);
  const schema = crd?.spec.versions[0]?.schema.openAPIV3Schema as unknown as Schema;
  return schema.properties?.['spec'] as Schema;
};

/** Fields of a schema that a value may have, there or not, each with its path. */
function fieldsOf(schema: Schema, value: unknown, path: Path = []): { path: Path; schema: Schema; there: boolean }[] {
  if (Array.isArray(value))
    return value.flatMap((one, i) => (schema.items ? fieldsOf(schema.items, one, [...path, i]) : []));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(schema.properties ?? {}).flatMap(([key, inner]) => {
    const at = [...path, key];
    const there = Object.hasOwn(value, key);
    return [{ path: at, schema: inner, there }, ...(there ? fieldsOf(inner, (value as Json)[key], at) : [])];
  });
}

/** Sets, or with `undefined` removes, what is at a path of a copy. */
function changed(spec: Json, path: Path, value: unknown): Json {
  const copy = structuredClone(spec);
  const last = path.at(-1) as string | number;
  const holder = path
    .slice(0, -1)
    .reduce<unknown>((inner, key) => (inner as Record<string | number, unknown>)[key], copy);
  if (value === undefined) delete (holder as Record<string | number, unknown>)[last];
  else (holder as Record<string | number, unknown>)[last] = value;
  return copy;
}

/** Some value for a schema: mostly of its type. */
function valueFor(schema: Schema, random: Random): unknown {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random.next() * list.length)] as T;
  const odd = random.next();
  if (odd < 0.04) return null;
  if (odd < 0.08) return pick<unknown>(['text', 7, true, [], {}]);
  if (schema.enum && random.next() < 0.85) return pick(schema.enum);
  switch (schema.type) {
    case 'string':
      return pick(TEXTS);
    case 'integer':
      return pick(NUMBERS);
    case 'number':
      return pick(NUMBERS);
    case 'boolean':
      return random.next() < 0.5;
    case 'array':
      return random.next() < 0.3 ? [] : [valueFor(schema.items ?? { type: 'string' }, random)];
    default: {
      const entries = Object.entries(schema.properties ?? {}).filter(() => random.next() < 0.5);
      return Object.fromEntries(entries.map(([key, inner]) => [key, valueFor(inner, random)]));
    }
  }
}

/** Whether a field is worth a change: what is deep in a pod's container is Kubernetes' own. */
const ours = ({ path }: { path: Path }): boolean => !path.some((key) => key === 'task' || key === 'container');

function broken(kind: string, spec: Json, random: Random): { change: string; spec: Json } {
  const fields = fieldsOf(specSchema(kind), spec).filter(ours);
  const there = fields.filter((one) => one.there);
  const list = random.next() < 0.7 && there.length > 0 ? there : fields;
  const { path, schema, there: has } = list[Math.floor(random.next() * list.length)] as (typeof fields)[number];
  const value = has && random.next() < 0.25 ? undefined : valueFor(schema, random);
  return { change: `${path.join('.')} = ${JSON.stringify(value)}`, spec: changed(spec, path, value) };
}

/** A schedule or a workflow that starts a spec. */
function within(kind: string, spec: Json, random: Random): { kind: string; spec: Json } {
  const key = embedKey(kind);
  if (random.next() < 0.5)
    return { kind: 'Schedule', spec: { schedule: '@every 1h', type: kind, historyLimit: 1, [key]: spec } };
  const others: Json[] = [
    { name: 'wait', templateType: 'Suspend', deadline: '1s' },
    { name: 'check', templateType: 'StatusCheck', deadline: '1s', statusCheck: RIGHT['StatusCheck']?.[0] },
    {
      name: 'again',
      templateType: 'Schedule',
      deadline: '9s',
      schedule: { schedule: '@hourly', type: kind, [key]: spec },
    },
  ];
  const extra = others[Math.floor(random.next() * others.length)] as Json;
  const templates = [
    { name: 'all', templateType: random.next() < 0.5 ? 'Serial' : 'Parallel', children: ['one', extra['name']] },
    { name: 'one', templateType: kind, deadline: '10s', [key]: spec },
    extra,
  ];
  return { kind: 'Workflow', spec: { entry: 'all', templates } };
}

const INJECTED = Object.keys(RIGHT).filter((kind) => kind.endsWith('Chaos'));

/** As many manifests as asked for, the same each time: right ones, and such with one or two fields changed. */
export function makeManifests(count: number, seed: number): MadeManifest[] {
  const random = new Random(seed);
  const kinds = Object.keys(RIGHT);
  const made: MadeManifest[] = [];
  const all = kinds.flatMap((kind) => (RIGHT[kind] ?? []).map((spec) => ({ kind, spec })));
  for (let i = 0; made.length < count; i += 1) {
    const kind = kinds[Math.floor(random.next() * kinds.length)] as string;
    const list = RIGHT[kind] as Json[];
    // First every right one as it is.
    let one = all[i] ?? { kind, spec: list[Math.floor(random.next() * list.length)] as Json };
    const changes: string[] = [];
    if (i >= all.length) {
      if (INJECTED.includes(one.kind) && random.next() < 0.25) one = within(one.kind, one.spec, random);
      for (let n = random.next() < 0.15 ? 2 : random.next() < 0.97 ? 1 : 0; n > 0; n -= 1) {
        const { change, spec } = broken(one.kind, one.spec, random);
        changes.push(change);
        one = { ...one, spec };
      }
    }
    made.push({
      change: changes.join(', '),
      object: {
        apiVersion: 'chaos-mesh.org/v1alpha1',
        kind: one.kind,
        metadata: { name: `made-${i}`, namespace: 'oceanbase' },
        spec: one.spec,
      },
    });
  }
  return made;
}

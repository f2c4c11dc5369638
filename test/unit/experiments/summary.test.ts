import { describe, expect, it } from 'vitest';
import { INJECTABLE_KINDS } from '../../../src/core/experiments/kinds';
import { toExperiment } from '../../../src/core/experiments/parse';
import { summarize } from '../../../src/core/experiments/summary';
import { CHAOS_CRDS } from '../../../src/demo/chaos/definitions';
import { chaosObject } from './experiments';

interface Schema {
  type?: string;
  format?: string;
  enum?: string[];
  properties?: Record<string, Schema>;
  items?: Schema;
  required?: string[];
}

const schemas = new Map(
  CHAOS_CRDS.map(({ spec: { names, versions } }) => {
    const { properties } = versions[0]?.schema.openAPIV3Schema as { properties: { spec?: Schema } };
    return [names.kind, properties.spec ?? {}] as const;
  }),
);

/** Something of a schema's shape, each text called like its field. */
function example({ type, enum: allowed, properties, items }: Schema, name: string): unknown {
  if (allowed) return allowed[0];
  if (type === 'object')
    return Object.fromEntries(Object.entries(properties ?? {}).map(([key, inner]) => [key, example(inner, key)]));
  if (type === 'array') return [example(items ?? {}, name)];
  if (type === 'boolean') return true;
  return type === 'integer' ? 7 : `<${name}>`;
}

/** For each action of a kind a spec with all that the schema knows. */
function specs(kind: string): { action: string; spec: Record<string, unknown> }[] {
  const schema = schemas.get(kind) as Schema;
  const full = example(schema, kind) as Record<string, unknown>;
  const actions = schema.properties?.['action']?.enum;
  if (!actions) return [{ action: '', spec: full }];
  return actions.map((action) => ({ action, spec: { ...full, action } }));
}

const all = INJECTABLE_KINDS.flatMap((kind) => specs(kind).map((one) => ({ kind, ...one })));

describe('a summary', () => {
  it.each(all)('of $kind $action is one readable line without holes', ({ kind, action, spec }) => {
    const line = summarize({ kind, spec });
    expect(line).not.toMatch(/undefined|NaN|\[object|null|\n| {2}/);
    expect(line.split(' ').length, line).toBeGreaterThan(1);
    // Never the bare action: it says what is done, and how strongly or where.
    expect(line).not.toBe(action);
    expect(line).not.toMatch(/password|attackCmd|secret/i);
  });

  it.each(INJECTABLE_KINDS)('of %s tells its actions apart', (kind) => {
    const lines = specs(kind).map(({ spec }) => summarize({ kind, spec }));
    // The blocks of a NetworkChaos act together, whatever the action is called.
    if (kind !== 'NetworkChaos') expect(new Set(lines).size).toBe(lines.length);
  });

  it.each(all)('of $kind $action with what is required alone has no hole', ({ kind, action, spec }) => {
    const required = schemas.get(kind)?.required ?? [];
    const bare = Object.fromEntries(Object.entries(spec).filter(([key]) => required.includes(key)));
    expect(summarize({ kind, spec: bare }), action).not.toMatch(/undefined|NaN|\[object/);
  });

  it.each<[string, Record<string, unknown>, string]>([
    [
      'NetworkChaos',
      { action: 'netem', delay: { latency: '1s', reorder: { reorder: '5', gap: 2 } }, rate: { rate: '1mbit' } },
      'delay 1s, reorder 5%, rate 1mbit on egress',
    ],
    [
      'NetworkChaos',
      { action: 'partition', direction: 'both', target: { mode: 'all', selector: { pods: { a: ['b', 'c'] } } } },
      'partition on both directions ⇄ b, c',
    ],
    [
      'NetworkChaos',
      { action: 'loss', loss: { loss: '5' }, target: { mode: 'all', selector: {} } },
      'loss 5% on egress → selected pods',
    ],
    [
      'NetworkChaos',
      { action: 'loss', loss: { loss: '5' }, externalTargets: ['example.com'] },
      'loss 5% on egress → example.com',
    ],
    [
      'IOChaos',
      { action: 'attrOverride', attr: { perm: 72 }, volumePath: '/d' },
      'file attributes overridden perm on /d',
    ],
    [
      'IOChaos',
      { action: 'mistake', mistake: { filling: 'zero' }, methods: ['READ'], volumePath: '/d' },
      'wrong bytes zero in READ on /d',
    ],
    ['PodChaos', { action: 'pod-kill', gracePeriod: 30 }, 'pod kill after 30s'],
    ['DNSChaos', { action: 'random' }, 'DNS random addresses'],
    [
      'HTTPChaos',
      { target: 'Response', port: 80, path: '*', delay: '1s', replace: { code: 500 } },
      'HTTP response * on port 80: delay 1s, replace code',
    ],
    ['JVMChaos', { action: 'latency', class: 'A', method: 'run', latency: 500 }, 'JVM latency 500ms in A.run'],
    [
      'JVMChaos',
      { action: 'mysql', sqlType: 'select', database: 'd', table: 't', exception: 'x' },
      'JVM MySQL select d.t exception x',
    ],
    [
      'KernelChaos',
      {
        failKernRequest: { failtype: 1, probability: 10, times: 3, callchain: [{ funcname: 'a' }, { funcname: 'b' }] },
      },
      'kernel: page allocations fail in a → b for 10% at most × 3',
    ],
    [
      'BlockChaos',
      { action: 'delay', delay: { latency: '1s', jitter: '5ms' }, volumeName: 'v' },
      'block delay 1s ± 5ms on v',
    ],
    [
      'AWSChaos',
      { action: 'detach-volume', ec2Instance: 'i-1', volumeID: 'vol-1', awsRegion: 'eu' },
      'AWS detach volume vol-1 from EC2 i-1 in eu',
    ],
    ['AzureChaos', { action: 'disk-detach', vmName: 'v', diskName: 'd' }, 'Azure detach disk d from VM v'],
    ['GCPChaos', { action: 'disk-loss', instance: 'g', deviceNames: ['d'], zone: 'z' }, 'GCP loss of disk d of g in z'],
    [
      'PhysicalMachineChaos',
      { action: 'network-delay', 'network-delay': { latency: '1s', device: 'eth0' }, address: ['http://m'] },
      'machine network delay: 1s on eth0 on http://m',
    ],
    [
      'PhysicalMachineChaos',
      { action: 'redis-stop', 'redis-stop': { addr: 'r:1', password: 'p' } },
      'machine redis stop: r:1',
    ],
  ])('%s %j is "%s"', (kind, spec, line) => expect(summarize({ kind, spec })).toBe(line));
});

it('a target outside the cluster is called by its machine', () => {
  const names = [
    '{"ec2Instance":"i-1","awsRegion":"eu"}',
    '{"vmName":"v"}',
    '{"instance":"g"}',
    'http://10.0.0.1:31768',
    '{bad',
  ];
  const object = chaosObject({ kind: 'AWSChaos', records: names.map(() => ({})) });
  const records = (object.status as { experiment: { containerRecords: { id: string }[] } }).experiment.containerRecords;
  records.forEach((record, i) => (record.id = names[i] as string));
  expect(toExperiment(object).targets.map(({ pod }) => pod)).toEqual([
    'i-1',
    'v',
    'g',
    'http://10.0.0.1:31768',
    '{bad',
  ]);
});

import { describe, expect, it } from 'vitest';
import {
  ANOMALIES,
  ANOMALY_TYPES,
  faultDefinition,
  faultTitle,
  defaultParameters,
  FAULT_TYPES,
  FAULTS,
  isAnomalyType,
  type FaultParameter,
  type FaultType,
} from '../../../src/core/faults/catalogue';
import { DISTANCE_TYPES } from '../../../src/core/diagnosis/distance/distanceDetector';
import { isOneShot } from '../../../src/core/experiments/kinds';
import { toExperiment } from '../../../src/core/experiments/parse';
import { toManifest } from '../../../src/core/injection/manifest';
import { checkParameter } from '../../../src/core/faults/parameters';
import { validatePlan, type InjectionPlan, type InjectionPolicy } from '../../../src/core/injection/plan';
import { riskOf } from '../../../src/core/impact/risks';
import { admit } from '../../../src/demo/kubernetes/requests/admission';
import type { KubeObject } from '../../../src/demo/kubernetes/objects/objects';
import { RESOURCES, type Resource } from '../../../src/demo/kubernetes/objects/resources';
import { target } from '../cluster/targets';

const policy: InjectionPolicy = { context: 'dev', protectedContexts: [], protectedNamespaces: ['kube-system'] };

function plan(type: FaultType, parameters = {}, change: Partial<InjectionPlan> = {}): InjectionPlan {
  return {
    type,
    targets: [target()],
    ...(faultDefinition(type).needsPeers ? { peers: [target({ pod: 'b' }), target({ pod: 'c' })] } : {}),
    parameters: { ...defaultParameters(type), ...parameters },
    durationMs: 180_000,
    chaosNamespace: 'oceanbase',
    container: 'observer',
    createdBy: 'test',
    ...change,
  };
}

const strengths = FAULTS.flatMap(({ type, presets }) => [
  { type, strength: 'default', parameters: {} },
  ...presets.map(({ title, parameters }) => ({ type, strength: title, parameters })),
]);
const fields = (of: InjectionPlan): string[] => validatePlan(of, policy).problems.map(({ field }) => field);

describe('the catalogue', () => {
  it('holds every fault once, and the diagnosis names no more than it did', () => {
    expect(FAULTS.map(({ type }) => type)).toEqual([...FAULT_TYPES]);
    expect(ANOMALIES.map(({ type }) => type)).toEqual([...ANOMALY_TYPES]);
    expect(FAULT_TYPES.filter(isAnomalyType)).toEqual([...ANOMALY_TYPES]);
    for (const type of FAULT_TYPES) if (!isAnomalyType(type)) expect(DISTANCE_TYPES).not.toContain(type);
    expect(faultTitle('clock_skew')).toBe('Clock skew');
  });

  it.each(FAULTS)('$type asks before it does lasting damage', ({ type, risk, needsConfirmation, oneShot }) => {
    expect(needsConfirmation).toBe(risk !== undefined);
    expect(riskOf(toManifest(plan(type)))).toBe(risk);
    if (oneShot) expect(risk).toBeDefined();
  });
});

describe('a fault', () => {
  it.each(strengths)('$type ($strength) passes its own checks, the schema and the webhooks', ({ type, parameters }) => {
    const given = plan(type, parameters);
    expect(fields(given)).toEqual([]);
    const manifest = toManifest(given);
    const resource = RESOURCES.find(({ kind }) => kind === manifest.kind) as Resource;
    const { object, warnings } = admit(resource, manifest as unknown as KubeObject, 'Strict');
    expect(warnings).toEqual([]);
    expect(object.spec).toMatchObject(manifest.spec); // nothing was dropped or filled in otherwise
  });

  it.each(strengths)('$type ($strength) reads back as itself, with and without our label', ({ type, parameters }) => {
    const manifest = toManifest(plan(type, parameters));
    expect(toExperiment(manifest)).toMatchObject({ fault: type, ours: true });
    delete manifest.metadata.labels;
    expect(toExperiment(manifest).fault).toBe(type);
  });

  it.each(FAULTS)('$type has an end, unless it happens once', ({ type, oneShot }) => {
    const { kind, spec } = toManifest(plan(type));
    expect(isOneShot(kind, spec)).toBe(oneShot);
    expect(spec['duration']).toBe(oneShot ? undefined : '3m');
    const warned = validatePlan(plan(type, {}, { durationMs: NaN }), policy);
    expect(warned.problems.map(({ field }) => field)).toEqual(oneShot ? [] : ['duration']);
    if (oneShot) expect(warned.warnings[0]?.message).toMatch(/happens once/);
  });

  it.each(FAULTS.filter(({ kind }) => kind === 'NetworkChaos'))('$type is refused on a host’s network', ({ type }) => {
    expect(fields(plan(type, {}, { targets: [target({ hostNetwork: true })] }))).toEqual(['targets']);
  });

  it.each(FAULTS.filter(({ inContainer }) => inContainer))('$type needs the database’s container', ({ type }) => {
    expect(fields(plan(type, {}, { container: 'postgres' }))).toContain('targets');
  });

  it('of a pod needs no container', () => {
    expect(fields(plan('pod_kill', {}, { container: 'postgres' }))).toEqual([]);
  });

  it('between two groups needs two groups without a pod in both', () => {
    expect(fields(plan('network_partition', {}, { peers: [] }))).toEqual(['peers']);
    expect(fields(plan('network_partition', {}, { peers: [target()] }))).toEqual(['peers']);
    expect(fields(plan('network_partition', {}, { peers: [target({ pod: 'b', hostNetwork: true })] }))).toEqual([
      'peers',
    ]);
    expect(fields(plan('network_partition', {}, { peers: [target({ pod: 'b', namespace: 'kube-system' })] }))).toEqual([
      'namespace',
    ]);
    expect(toManifest(plan('network_partition')).spec).toMatchObject({
      action: 'partition',
      direction: 'both',
      target: { mode: 'all', selector: { pods: { oceanbase: ['b', 'c'] } } },
    });
  });

  it.each<[FaultType, Record<string, unknown>]>([
    ['pod_kill', { action: 'pod-kill', gracePeriod: 0 }],
    ['container_kill', { action: 'container-kill', containerNames: ['observer'] }],
    ['network_loss', { action: 'loss', loss: { loss: '10', correlation: '0' } }],
    ['network_bandwidth', { bandwidth: { rate: '1mbps', limit: 20_971_520, buffer: 10_486 } }],
    ['io_fault', { action: 'fault', errno: 5, percent: 10, path: '/home/admin/data-file/**/*' }],
    ['io_mistake', { methods: ['READ'], mistake: { filling: 'zero', maxOccurrences: 1, maxLength: 16 } }],
    ['clock_skew', { timeOffset: '30000ms', clockIds: ['CLOCK_REALTIME'] }],
    ['http_delay', { target: 'Request', port: 8088, path: '*', delay: '1000ms' }],
  ])('%s is written as Chaos Mesh wants it', (type, spec) => expect(toManifest(plan(type)).spec).toMatchObject(spec));

  it('takes names with commas, a clock that is behind, and both operations', () => {
    expect(toManifest(plan('dns_error', { patterns: ' a.b, *.c ,, ' })).spec['patterns']).toEqual(['a.b', '*.c']);
    expect(toManifest(plan('dns_error')).spec).not.toHaveProperty('patterns');
    expect(toManifest(plan('clock_skew', { offset: '-1h30m' })).spec['timeOffset']).toBe('-5400000ms');
    expect(toManifest(plan('io_mistake', { methods: 'READ and WRITE' })).spec['methods']).toEqual(['READ', 'WRITE']);
  });

  it('has a short name, however long its pod’s is', () => {
    for (const type of FAULT_TYPES) {
      const { metadata } = toManifest(plan(type, {}, { targets: [target({ pod: 'p'.repeat(253) })] }));
      expect(metadata.name?.length).toBeLessThanOrEqual(63);
    }
  });
});

describe('a value', () => {
  const parameter = (type: FaultType, id: string): FaultParameter =>
    faultDefinition(type).parameters.find((one) => one.id === id) as FaultParameter;

  it.each<[FaultType, string, string | number, RegExp | undefined]>([
    ['network_loss', 'percent', '0.5', undefined],
    ['network_loss', 'percent', '80%', /must be a number such as/],
    ['network_loss', 'percent', 0, /at least 0\.001%/],
    ['network_loss', 'percent', 101, /at most 100%/],
    ['network_bandwidth', 'rate', '1 mbit', undefined],
    ['network_bandwidth', 'rate', '1MB/s', /must be a rate such as/],
    ['network_bandwidth', 'rate', '1.5mbps', /must be a rate such as/],
    ['network_bandwidth', 'rate', '0kbps', /at least 125bps/],
    ['clock_skew', 'offset', '-10m', undefined],
    ['clock_skew', 'offset', '+10m', undefined],
    ['clock_skew', 'offset', '0s', /must be a time such as 30s, or -10m/],
    ['clock_skew', 'offset', 'tomorrow', /must be a time such as/],
    ['clock_skew', 'offset', '999999h', /at most/],
    ['pod_kill', 'gracePeriod', -1, /at least 0/],
    ['http_abort', 'port', 70_000, /at most 65535/],
    ['http_abort', 'path', '', undefined],
    ['io_fault', 'errno', 'EWHAT', /must be one of EIO/],
    ['io_fault', 'volumePath', '/', /below "\/"/],
    ['dns_error', 'patterns', '', undefined],
  ])('%s %s = %j', (type, id, value, expected) => {
    const said = checkParameter(parameter(type, id), value);
    if (expected) expect(String(said)).toMatch(expected);
    else expect(said).toBeUndefined();
  });
});

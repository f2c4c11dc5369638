import { describe, expect, it } from 'vitest';
import {
  ANOMALIES,
  faultDefinition,
  faultTitle,
  defaultParameters,
  type AnomalyType,
} from '../../../src/core/faults/catalogue';
import { checkParameter } from '../../../src/core/faults/parameters';
import { UNTIL_STOPPED_MS } from '../../../src/core/time/duration';
import { validatePlan, type InjectionPlan, type InjectionPolicy } from '../../../src/core/injection/plan';
import { target } from '../cluster/targets';

const policy: InjectionPolicy = {
  context: 'dev',
  protectedContexts: ['production'],
  protectedNamespaces: ['kube-system', 'chaos-mesh'],
};

function plan(
  type: AnomalyType,
  change: Partial<InjectionPlan> = {},
  parameters: Record<string, string | number> = {},
): InjectionPlan {
  return {
    type,
    targets: [target()],
    parameters: { ...defaultParameters(type), ...parameters },
    durationMs: 180_000,
    chaosNamespace: 'oceanbase',
    container: 'observer',
    createdBy: 'test',
    ...change,
  };
}

const fields = (of: InjectionPlan, under: InjectionPolicy = policy): string[] =>
  validatePlan(of, under).problems.map(({ field }) => field);
const warnings = (of: InjectionPlan, under: InjectionPolicy = policy): string[] =>
  validatePlan(of, under).warnings.map(({ field }) => field);

describe('a plan', () => {
  it.each(ANOMALIES)('$type with its defaults has no problem', ({ type }) => expect(fields(plan(type))).toEqual([]));

  it('that is risky says so', () => {
    expect(warnings(plan('disk_stress'))).toContain('type');
    expect(warnings(plan('cpu_stress'))).toEqual([]);
    expect(ANOMALIES.filter(({ needsConfirmation }) => needsConfirmation).map(({ type }) => type)).toEqual([
      'memory_stress',
      'disk_stress',
    ]);
  });

  it.each<[string, InjectionPlan, InjectionPolicy, string[]]>([
    ['in a protected context', plan('cpu_stress'), { ...policy, context: 'production' }, ['context']],
    [
      'for a protected namespace',
      plan('cpu_stress', { targets: [target({ namespace: 'kube-system' })] }),
      policy,
      ['namespace'],
    ],
    ['kept in a protected namespace', plan('cpu_stress', { chaosNamespace: 'chaos-mesh' }), policy, ['namespace']],
    ['without a namespace', plan('cpu_stress', { chaosNamespace: ' ' }), policy, ['namespace']],
    ['without targets', plan('cpu_stress', { targets: [] }), policy, ['targets']],
    ['for a pending pod', plan('cpu_stress', { targets: [target({ phase: 'Pending' })] }), policy, ['targets']],
    ['for a pod without the container', plan('memory_stress', { container: 'postgres' }), policy, ['targets']],
    [
      'for the network of a host',
      plan('network_delay', { targets: [target({ hostNetwork: true })] }),
      policy,
      ['targets'],
    ],
    ['for a path that is no mount', plan('disk_stress', {}, { volumePath: '/data' }), policy, ['volumePath']],
    ['for the root', plan('disk_stress', {}, { volumePath: '/' }), policy, ['volumePath', 'volumePath']],
    ['without time', plan('cpu_stress', { durationMs: 0 }), policy, ['duration']],
    ['with no number as its time', plan('cpu_stress', { durationMs: NaN }), policy, ['duration']],
    ['for two days', plan('cpu_stress', { durationMs: 2 * UNTIL_STOPPED_MS }), policy, ['duration']],
    ['with more memory than the limit', plan('memory_stress', {}, { size: '50GB' }), policy, ['size']],
    ['without workers', plan('cpu_stress', {}, { workers: 0 }), policy, ['workers']],
    ['with a load over 100', plan('cpu_stress', {}, { load: 101 }), policy, ['load']],
    ['with half a worker', plan('cpu_stress', {}, { workers: 1.5 }), policy, ['workers']],
    ['with a latency that is none', plan('network_delay', {}, { latency: 'slow' }), policy, ['latency']],
  ])('%s is refused', (_, of, under, expected) => expect(fields(of, under)).toEqual(expected));

  it('that acts until stopped, or for long, is warned of', () => {
    expect(warnings(plan('cpu_stress', { durationMs: 'untilStopped' }))).toEqual(['duration']);
    expect(warnings(plan('cpu_stress', { durationMs: 2 * 3_600_000 }))).toEqual(['duration']);
  });

  it('that fills the CPU, hits a majority or a pod that is not ready is warned of', () => {
    expect(warnings(plan('cpu_stress', {}, { workers: 4 }))).toEqual(['workers']);
    const two = [target(), target({ pod: 'b' })];
    expect(warnings(plan('cpu_stress', { targets: two }), { ...policy, clusterSize: 3 })).toEqual(['targets']);
    expect(warnings(plan('cpu_stress', { targets: [target({ ready: false })] }))).toEqual(['targets']);
  });

  it('that takes more memory than is left is warned of, with the headroom', () => {
    const tight = { ...policy, memoryUsed: { [target().pod]: 10 * 1024 ** 3 - 100e6 } };
    const report = validatePlan(plan('memory_stress'), tight);
    expect(report.problems).toEqual([]);
    expect(String(report.warnings.find(({ field }) => field === 'size')?.message)).toMatch(/95\.4 MiB of free memory/);
    expect(warnings(plan('memory_stress'), { ...policy, memoryUsed: { [target().pod]: 1e9 } })).toEqual(['type']);
  });

  it('for a container without a memory limit is warned of', () => {
    const database = { name: 'observer', cpuLimit: undefined, memoryLimit: undefined, mounts: [] };
    expect(warnings(plan('memory_stress', { targets: [target({ containers: [database], database })] }))).toEqual([
      'size',
      'type',
    ]);
  });
});

describe('a parameter', () => {
  it('is checked alone, as a form does', () => {
    const [latency] = faultDefinition('network_delay').parameters;
    if (!latency) throw new Error('no parameter');
    expect(checkParameter(latency, '2s')).toBeUndefined();
    expect(checkParameter(latency, '1h')).toEqual('Latency must be at most 10m.');
    expect(checkParameter(latency, '0ms')).toEqual('Latency must be at least 1ms.');
    expect(checkParameter(latency, undefined)).toEqual('Latency is missing.');
  });
});

it('a type that only a model knows has a title in plain words', () => {
  expect(faultTitle('workload_spike')).toBe('Workload spike');
  expect(faultTitle('cpu_stress')).toBe('CPU stress');
});

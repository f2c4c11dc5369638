import { describe, expect, it } from 'vitest';
import { defaultParameters } from '../../../src/core/faults/catalogue';
import { FAMILIES, FAMILY_DEFINITIONS, familyScenario } from '../../../src/core/scenario/families';
import { planScenario } from '../../../src/core/scenario/planScenario';
import { planned, PODS, POLICY, scenario, step, TARGETS } from './scenarios';

const setting = {
  targets: TARGETS,
  policy: POLICY,
  defaultDurationMs: 180_000,
  chaosNamespace: 'oceanbase',
  container: 'observer',
  createdBy: 'test',
};

describe('a plan', () => {
  it('lays the steps out by their offsets, on the pods that they mean', () => {
    const plan = planned([
      step({ name: 'last', offsetMs: 90_000, targets: [{ index: 2 }], durationMs: undefined }),
      step({ name: 'zone', targets: [{ labels: { 'ref-obzone': 'zone2' } }, { pod: 'db-1' }] }),
    ]);
    expect(plan.problems).toEqual([]);
    expect(
      plan.steps.map(({ name, index, injection }) => [name, index, injection.targets.map(({ pod }) => pod)]),
    ).toEqual([
      ['zone', 1, ['db-1']],
      ['last', 0, ['db-2']],
    ]);
    expect(plan.totalMs).toBe(270_000);
  });

  it('finds the moment at which the most pods are hit, and warns when that is a majority', () => {
    const plan = planned([
      step({ name: 'a', durationMs: 60_000 }),
      step({ name: 'b', offsetMs: 30_000, targets: [{ pod: 'db-1' }] }),
      step({ name: 'c', offsetMs: 60_000, targets: [{ pod: 'db-2' }] }),
    ]);
    expect(plan.worst).toEqual({ atMs: 30_000, pods: ['db-0', 'db-1'], steps: [0, 1] });
    expect(plan.warnings.map(({ message }) => String(message))).toContain(
      '2 of 3 nodes are affected at once, from 30s: the database may lose its majority.',
    );
    const apart = planned([step({ name: 'a' }), step({ name: 'b', offsetMs: 60_000, targets: [{ pod: 'db-1' }] })]);
    expect(apart.worst.pods).toHaveLength(1);
    expect(apart.warnings).toEqual([]);
  });

  it('names what is not there', () => {
    const { problems } = planned([
      step({ name: 'a', targets: [{ pod: 'db-9' }] }),
      step({ name: 'b', targets: [{ index: 3 }] }),
      step({ name: 'c', targets: [{ labels: { zone: 'x', app: 'y' } }] }),
    ]);
    expect(problems.map(({ field, message }) => `${field}: ${String(message)}`)).toEqual([
      'a: Step "a" names the pod "db-9", which is not a database pod.',
      'b: Step "b" names the index 3, but the database has 3 pods and the first is 0.',
      'c: Step "c" names the labels zone=x, app=y, which no database pod has.',
    ]);
  });

  it('is refused by the policy, once for all steps', () => {
    const policy = { ...POLICY, protectedContexts: ['dev'] };
    const { problems } = planScenario(scenario([step(), step({ name: 'b' })]), { ...setting, policy });
    expect(problems.map(({ field }) => field)).toEqual(['context']);
  });

  it('cuts a partition’s pods off from the others that are named, or from all others', () => {
    const cut = { name: 'cut', anomaly: 'network_partition' } as const;
    const peersOf = (change: object): (string | undefined)[] =>
      planned([step({ ...cut, ...change })]).steps.flatMap(({ injection }) => injection.peers?.map(({ pod }) => pod));
    expect(peersOf({})).toEqual(['db-1', 'db-2']);
    expect(peersOf({ peers: [{ index: 2 }] })).toEqual(['db-2']);
    const problems = (change: object): string[] =>
      planned([step({ ...cut, ...change })]).problems.map(({ message }) => String(message));
    expect(problems({ peers: [{ pod: 'db-0' }] })).toEqual(['db-0 is in both groups.']);
    expect(problems({ peers: [{ pod: 'db-9' }] })[0]).toContain('names the pod "db-9"');
    expect(problems({ targets: [{ labels: { app: 'db' } }] })).toEqual(['No pods are selected for the other group.']);
  });

  it('counts the smaller group of a partition, and what was killed for as long as it takes to be back', () => {
    const two = planned([step({ anomaly: 'network_partition', targets: [{ index: 0 }, { index: 1 }] })]);
    expect(two.worst.pods).toEqual(['db-2']);
    const kills = (offsetMs: number): string[] =>
      planned([
        step({ name: 'a', anomaly: 'pod_kill', durationMs: undefined }),
        step({ name: 'b', anomaly: 'container_kill', targets: [{ index: 1 }], durationMs: undefined, offsetMs }),
      ]).worst.pods as string[];
    expect(kills(30_000)).toEqual(['db-0', 'db-1']);
    expect(kills(90_000)).toEqual(['db-0']);
  });

  it('gives what happens once no time, and checks each fault as an injection of its own', () => {
    const { steps, totalMs } = planned([
      step({ name: 'a', anomaly: 'pod_kill', durationMs: undefined, offsetMs: 5000 }),
      step({ name: 'b', durationMs: 1000 }),
    ]);
    expect(steps.map(({ durationMs }) => durationMs)).toEqual([1000, 0]);
    expect(totalMs).toBe(5000);
    const faulty = step({
      name: 'files',
      anomaly: 'io_fault',
      parameters: { ...defaultParameters('io_fault'), volumePath: '/nowhere' },
    });
    expect(planned([faulty]).problems.map(({ field, message }) => `${field}: ${String(message)}`)).toEqual([
      expect.stringMatching(/^files: "\/nowhere" is not a mount of db-0/) as unknown,
    ]);
    const onHost = { ...setting, targets: [{ ...(TARGETS[0] as (typeof TARGETS)[0]), hostNetwork: true }] };
    const lossy = scenario([step({ anomaly: 'network_loss' })]);
    expect(String(planScenario(lossy, onHost).problems[0]?.message)).toContain('uses the host network');
  });

  it('warns of the same anomaly twice on one pod at once', () => {
    const { warnings } = planned([step({ name: 'a' }), step({ name: 'b', offsetMs: 59_000 })]);
    expect(warnings.map(({ message }) => message)).toEqual([
      'CPU stress runs twice on db-0 at the same time: "a" and "b".',
    ]);
  });
});

describe("the paper's families", () => {
  it('A, B, C and W are what the paper calls them', () => {
    expect(FAMILY_DEFINITIONS.map(({ family }) => family)).toEqual([...FAMILIES]);
    const of = (
      family: (typeof FAMILIES)[number],
      pods: string[],
      types: Parameters<typeof familyScenario>[2],
    ): string[] =>
      familyScenario(family, pods, types, 60_000).steps.map(
        ({ anomaly, targets }) => `${anomaly} on ${targets.map((one) => ('pod' in one ? one.pod : '?')).join('+')}`,
      );
    expect(of('A', ['db-0'], ['cpu_stress'])).toEqual(['cpu_stress on db-0']);
    expect(of('B', ['db-0', 'db-1'], ['disk_stress'])).toEqual(['disk_stress on db-0+db-1']);
    expect(of('C', ['db-0'], ['cpu_stress', 'network_delay'])).toEqual(['cpu_stress on db-0', 'network_delay on db-0']);
    expect(of('W', PODS, ['cpu_stress', 'network_delay', 'memory_stress'])).toEqual([
      'cpu_stress on db-0',
      'network_delay on db-1',
      'memory_stress on db-2',
    ]);
  });

  it('refuse what is none of them', () => {
    for (const [family, pods, types] of [
      ['A', ['db-0', 'db-1'], ['cpu_stress']],
      ['B', ['db-0'], ['cpu_stress']],
      ['C', ['db-0'], ['cpu_stress', 'cpu_stress']],
      ['W', ['db-0', 'db-1'], ['cpu_stress', 'network_delay', 'disk_stress']],
    ] as const)
      expect(() => familyScenario(family, pods, types, 60_000), family).toThrow(RangeError);
  });

  it('make plans without problems', () => {
    const made = familyScenario('W', PODS.slice(0, 2), ['cpu_stress', 'network_delay'], 60_000);
    const plan = planScenario(made, setting);
    expect(plan.problems).toEqual([]);
    expect(plan.worst.pods).toHaveLength(2);
  });
});

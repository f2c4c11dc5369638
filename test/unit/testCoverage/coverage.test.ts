import { describe, expect, it } from 'vitest';
import { toExperiment } from '../../../src/core/experiments/parse';
import { FAULT_TYPES, faultDefinition, defaultParameters, type FaultType } from '../../../src/core/faults/catalogue';
import { toEntry, type HistoryEntry } from '../../../src/core/history/entry';
import { toManifest } from '../../../src/core/injection/manifest';
import type { Verdict } from '../../../src/core/resilience/outcome';
import type { TestRun } from '../../../src/core/resilience/runs/testRun';
import { coverageOf, type Coverage, type CoverageCell } from '../../../src/core/testCoverage/coverage';
import { testOfUntried, untried } from '../../../src/core/testCoverage/missing';
import { strengthOfExperiment, strengthOfParameters } from '../../../src/core/testCoverage/strength';
import { chaosObject, CREATED, experiment } from '../experiments/experiments';
import { target } from '../cluster/targets';

const minute = (count: number): number => CREATED + count * 60_000;
const node = (pod: string, zone?: string): { pod: string; zone: string | undefined } => ({ pod, zone });
const THREE = ['n0', 'n1', 'n2'].map((pod) => node(pod));

/** CPU stress that hit these pods, as the history keeps it. */
const entry = (pods: readonly string[], spec?: Record<string, unknown>): HistoryEntry =>
  toEntry(
    experiment({
      desired: 'Stop',
      records: pods.map((pod) => ({ pod, phase: 'Not Injected', appliedAfterMs: 1000, recoveredAfterMs: 9000 })),
      ...(spec ? { spec } : {}),
    }),
    { where: 'w', context: 'c', nowMs: minute(1), removed: true },
  );

/** A test of one fault on these pods. */
const run = (
  verdict: Verdict,
  atMs: number | undefined,
  pods: readonly string[],
  parameters: Record<string, string | number> = {},
  fault: FaultType = 'cpu_stress',
): TestRun => ({
  id: `${verdict}${atMs}`,
  where: 'w',
  context: 'c',
  scenario: 'busy',
  verdict,
  reason: undefined,
  phases: { before: { fromMs: 0, toMs: atMs ?? 0 }, faultFromMs: atMs, faultToMs: atMs, endMs: atMs },
  steps: [{ fault, pods, parameters }],
  outcomes: [],
});

const cellsOf = ({ rows }: Coverage, fault: FaultType): readonly CoverageCell[] =>
  rows.find((row) => row.fault === fault)?.cells ?? [];
const states = (coverage: Coverage, fault: FaultType = 'cpu_stress'): string[] =>
  cellsOf(coverage, fault).map(({ state }) => state);

describe('coverage', () => {
  it('has every fault on every node, and nothing was tried at first', () => {
    const { by, targets, rows, tried, all } = coverageOf({ entries: [], runs: [], nodes: THREE });
    expect([by, targets.map(({ name }) => name)]).toEqual(['node', ['n0', 'n1', 'n2']]);
    expect(rows.map(({ fault }) => fault)).toEqual(FAULT_TYPES);
    expect([tried, all]).toEqual([0, FAULT_TYPES.length * 3]);
  });

  it('tells what was injected as tried, and what injected nothing not', () => {
    const failed = toEntry(
      experiment({ name: 'two', records: [{ pod: 'n2', phase: 'Not Injected', failure: 'no daemon' }] }),
      { where: 'w', context: 'c', nowMs: minute(1), removed: true },
    );
    const coverage = coverageOf({ entries: [entry(['n0']), failed], runs: [], nodes: THREE });
    expect(states(coverage)).toEqual(['tried', 'never', 'never']);
    expect(cellsOf(coverage, 'cpu_stress')[0]?.strengths).toEqual([
      { strength: { id: 'default', title: 'Default' }, state: 'tried', at: CREATED + 1000 },
    ]);
    expect(coverage.tried).toBe(1);
  });

  it('takes a fault before which its run was ended for not tried', () => {
    const one = run('aborted', minute(-30), ['n0']);
    const steps = one.steps.flatMap((step) => [step, { ...step, pods: ['n1'], injected: false as const }]);
    const coverage = coverageOf({ entries: [], runs: [{ ...one, steps }], nodes: THREE });
    expect(states(coverage)).toEqual(['aborted', 'never', 'never']);
  });

  it('shows the newest verdict, which counts for more than a later injection', () => {
    const runs = [run('passed', minute(-30), ['n0', 'n1']), run('failed', minute(-20), ['n1'])];
    const coverage = coverageOf({ entries: [entry(['n0'])], runs, nodes: THREE });
    expect(states(coverage)).toEqual(['passed', 'failed', 'never']);
  });

  it('tells what was tried on the leader, where it is known of any test who led', () => {
    const led = (pod: string, leader: string | undefined, verdict: Verdict, at: number): TestRun => {
      const one = run(verdict, minute(at), [pod]);
      return { ...one, steps: one.steps.map((step) => (leader === undefined ? step : { ...step, leader })) };
    };
    const onLeader = ({ rows }: Coverage, fault: FaultType): CoverageCell | undefined =>
      rows.find((row) => row.fault === fault)?.onLeader;
    const unknown = coverageOf({ entries: [], runs: [led('n0', undefined, 'passed', -9)], nodes: THREE });
    expect(unknown.rows.every((row) => row.onLeader === undefined)).toBe(true);
    expect(cellsOf(unknown, 'cpu_stress')[0]?.strengths[0]).not.toHaveProperty('onLeader');
    // As a follower only: the leader was not tried.
    const follower = coverageOf({ entries: [], runs: [led('n0', 'n1', 'passed', -9)], nodes: THREE });
    expect(onLeader(follower, 'cpu_stress')).toMatchObject({ state: 'never', strengths: [] });
    // Whichever pod it was then.
    const runs = [led('n0', 'n0', 'failed', -8), led('n1', 'n1', 'passed', -7), led('n0', 'n1', 'aborted', -6)];
    const coverage = coverageOf({ entries: [], runs, nodes: THREE });
    expect(onLeader(coverage, 'cpu_stress')).toMatchObject({ state: 'passed', nodes: ['n0', 'n1'] });
    expect(onLeader(coverage, 'pod_kill')).toMatchObject({ state: 'never' });
    expect(cellsOf(coverage, 'cpu_stress')[0]?.strengths[0]).toMatchObject({ state: 'aborted', onLeader: false });
    expect([coverage.tried, coverage.all]).toEqual([2, FAULT_TYPES.length * 3]);
  });

  it('counts a test that was imported as one of its own, and says where it came from', () => {
    const imported = { ...run('passed', minute(-5), ['n1']), imported: { from: 'ci/a.json', at: minute(0) } };
    const coverage = coverageOf({ entries: [], runs: [imported], nodes: THREE });
    expect(states(coverage)).toEqual(['never', 'passed', 'never']);
    expect(cellsOf(coverage, 'cpu_stress')[1]?.strengths[0]).toMatchObject({ importedFrom: 'ci/a.json' });
  });

  it('keeps strengths apart, the newest first', () => {
    const runs = [
      run('failed', minute(2), ['n0'], { load: 100, workers: 4 }),
      run('passed', minute(1), ['n0'], { load: 50, workers: 1 }),
      run('passed', minute(3), ['n0'], { load: 33, workers: 1 }),
    ];
    const [cell] = cellsOf(coverageOf({ entries: [], runs, nodes: THREE }), 'cpu_stress');
    expect(cell?.strengths.map(({ strength, state }) => `${String(strength.title)} ${state}`)).toEqual([
      'Custom passed',
      'Severe failed',
      'Mild passed',
    ]);
  });

  it('takes no test that injected nothing for one that tried it', () => {
    const coverage = coverageOf({ entries: [], runs: [run('inconclusive', undefined, ['n0'])], nodes: THREE });
    expect(coverage.tried).toBe(0);
  });

  it('tells many nodes by zone, and on how many of its nodes a fault was tried', () => {
    const nodes = Array.from({ length: 9 }, (_, i) => node(`n${i}`, `zone${i % 3}`));
    const coverage = coverageOf({ entries: [entry(['n0', 'n3'])], runs: [run('passed', minute(1), ['n4'])], nodes });
    expect([coverage.by, coverage.targets.map(({ name, nodes: of }) => `${name} ${of.length}`)]).toEqual([
      'zone',
      ['zone0 3', 'zone1 3', 'zone2 3'],
    ]);
    expect(states(coverage)).toEqual(['tried', 'passed', 'never']);
    expect(cellsOf(coverage, 'cpu_stress').map((cell) => cell.nodes)).toEqual([['n0', 'n3'], ['n4'], []]);
    const without = nodes.map(({ pod }, i) => node(pod, i === 0 ? undefined : 'zone'));
    expect(coverageOf({ entries: [], runs: [], nodes: without }).by).toBe('node');
  });
});

describe('a strength', () => {
  const plan = (type: FaultType, parameters: Record<string, string | number>): Parameters<typeof toManifest>[0] => ({
    type,
    targets: [target({ pod: 'n0' })],
    peers: [target({ pod: 'n1' })],
    parameters: { ...defaultParameters(type), ...parameters },
    durationMs: 60_000,
    chaosNamespace: 'oceanbase',
    container: 'observer',
    createdBy: 'test',
  });

  it.each(FAULT_TYPES)('of %s is told by its name, from the file and from the experiment alike', (type) => {
    const { presets } = faultDefinition(type);
    for (const { title, parameters } of [{ title: 'Default', parameters: {} }, ...presets]) {
      const spec = toManifest(plan(type, parameters)).spec;
      const seen = strengthOfExperiment(type, toExperiment({ ...chaosObject(), spec }));
      expect([String(seen.title), seen]).toEqual([title, strengthOfParameters(type, parameters)]);
    }
  });

  it('is the same wherever the fault acts', () => {
    expect(strengthOfParameters('disk_stress', { volumePath: '/elsewhere' }).id).toBe('default');
    expect(strengthOfParameters('http_abort', { port: 80, path: '/x' }).id).toBe('default');
    expect(strengthOfParameters('disk_stress', { percent: 3 }).id).toBe('custom');
    expect(strengthOfParameters('http_abort', { target: 'Response' }).id).toBe('custom');
  });
});

describe('what was never tried', () => {
  it('becomes a test of exactly that', () => {
    const missing = untried(coverageOf({ entries: [entry(['n0'])], runs: [], nodes: THREE }));
    expect(missing).toHaveLength(FAULT_TYPES.length * 3 - 1);
    expect(missing.slice(0, 2)).toEqual([
      { fault: 'cpu_stress', target: 'n1', node: 'n1' },
      { fault: 'cpu_stress', target: 'n2', node: 'n2' },
    ]);
    const { steps } = testOfUntried(missing.slice(0, 2));
    expect(steps.map(({ anomaly, targets }) => [anomaly, targets])).toEqual([
      ['cpu_stress', [{ pod: 'n1' }]],
      ['cpu_stress', [{ pod: 'n2' }]],
    ]);
  });

  it('of a zone is one node of it', () => {
    const nodes = Array.from({ length: 9 }, (_, i) => node(`n${i}`, `zone${i % 3}`));
    const [first] = untried(coverageOf({ entries: [], runs: [], nodes }));
    expect(first).toEqual({ fault: 'cpu_stress', target: 'zone0', node: 'n0' });
  });
});

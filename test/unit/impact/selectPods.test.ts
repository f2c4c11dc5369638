import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countOf } from '../../../src/core/impact/mode';
import { selectPods } from '../../../src/core/impact/selectPods';
import { applyMode, simulatedSelection as demoSelectPods } from '../../../src/demo/chaos/selection';
import type { KubeObject } from '../../../src/demo/kubernetes/objects/objects';
import { pod, podObject, type PodSpec } from './pods';

const given: PodSpec[] = [
  { name: 'a', node: 'w1', labels: { zone: '1', db: 'yes' }, annotations: { team: 'x' } },
  { name: 'b', node: 'w2', labels: { zone: '2', db: 'yes' } },
  { name: 'c', node: 'w2', labels: { zone: '3' }, phase: 'Pending' },
  { name: 'd', namespace: 'other', node: 'w1', labels: { zone: '1', db: 'yes' } },
];
const pods = given.map(pod);
const nodes = new Map([
  ['w1', { disk: 'ssd' }],
  ['w2', { disk: 'hdd' }],
]);
const names = (selector: unknown, known: typeof nodes | undefined = nodes): string[] =>
  selectPods(selector, 'oceanbase', pods, known).pods.map(({ target }) => target.pod);

describe('a selector', () => {
  it.each<[string, unknown, string[]]>([
    ['that is empty takes its own namespace', {}, ['a', 'b', 'c']],
    ['that is none takes its own namespace', null, ['a', 'b', 'c']],
    ['of namespaces', { namespaces: ['other', 'gone'] }, ['d']],
    ['of labels', { labelSelectors: { db: 'yes', zone: '2' } }, ['b']],
    ['of labels that look like an object’s own', { labelSelectors: { constructor: 'x' } }, []],
    ['of annotations', { annotationSelectors: { team: 'x' } }, ['a']],
    ['of fields', { fieldSelectors: { 'status.phase': 'Pending' } }, ['c']],
    ['In', { expressionSelectors: [{ key: 'zone', operator: 'In', values: ['1', '3'] }] }, ['a', 'c']],
    [
      'NotIn, which takes what has no such label',
      { expressionSelectors: [{ key: 'db', operator: 'NotIn', values: ['yes'] }] },
      ['c'],
    ],
    ['Exists', { expressionSelectors: [{ key: 'db', operator: 'Exists' }] }, ['a', 'b']],
    ['DoesNotExist', { expressionSelectors: [{ key: 'db', operator: 'DoesNotExist' }] }, ['c']],
    ['of an operator that is none', { expressionSelectors: [{ key: 'db', operator: 'Like' }] }, []],
    ['of phases', { podPhaseSelectors: ['Running'] }, ['a', 'b']],
    ['of phases that are excluded', { podPhaseSelectors: ['!Running'] }, ['c']],
    ['of nodes', { nodes: ['w2'] }, ['b', 'c']],
    ['of nodes and their labels together', { nodes: ['w2'], nodeSelectors: { disk: 'ssd' } }, ['a', 'b', 'c']],
    ['of labels that no node has', { nodeSelectors: { disk: 'tape' } }, []],
    [
      'of pods, which overrides the rest',
      { pods: { other: ['d'], oceanbase: ['b', 'gone'] }, nodes: ['w1'] },
      ['d', 'b'],
    ],
    ['of no pods of a namespace', { pods: { oceanbase: [] } }, []],
  ])('%s', (_, selector, expected) => expect(names(selector)).toEqual(expected));

  it('tells the pods that are not there, and why nothing can be selected', () => {
    const of = (selector: unknown): ReturnType<typeof selectPods> => selectPods(selector, 'oceanbase', pods, nodes);
    expect(of({ pods: { oceanbase: ['a', 'gone'] } }).missing).toEqual(['oceanbase/gone']);
    expect(String(of({ nodes: ['w9'] }).problem)).toContain('w9');
    expect(String(of({ fieldSelectors: { 'spec.dnsPolicy': 'Default' } }).problem)).toContain('spec.dnsPolicy');
  });

  it('takes every pod for a match where the nodes’ labels are not known, and says so', () => {
    const blind = selectPods({ nodeSelectors: { disk: 'ssd' } }, 'oceanbase', pods, undefined);
    expect(blind.pods).toHaveLength(3);
    expect(blind.uncertain).toBe(true);
    expect(names({ nodes: ['w2'] }, undefined)).toEqual(['b', 'c']);
  });

  it('selects what the demo cluster’s controller selects', () => {
    const some = <T>(...all: T[]): fc.Arbitrary<T[]> => fc.subarray(all);
    const map = (keys: string[], values: string[]): fc.Arbitrary<Record<string, string>> =>
      fc.dictionary(fc.constantFrom(...keys), fc.constantFrom(...values), { maxKeys: 2 });
    const selectors = fc.record(
      {
        namespaces: fc.array(fc.constantFrom('oceanbase', 'other', 'gone'), { maxLength: 3 }),
        labelSelectors: map(['zone', 'db'], ['1', '2', 'yes']),
        annotationSelectors: map(['team'], ['x', 'y']),
        fieldSelectors: map(
          ['metadata.name', 'status.phase', 'spec.nodeName', 'spec.priority'],
          ['a', 'Running', 'w1'],
        ),
        nodes: some('w1', 'w2', 'w9'),
        nodeSelectors: map(['disk'], ['ssd', 'hdd', 'tape']),
        podPhaseSelectors: some('Running', 'Pending', '!Pending'),
        expressionSelectors: fc.array(
          fc.record({
            key: fc.constantFrom('zone', 'db'),
            operator: fc.constantFrom('In', 'NotIn', 'Exists', 'DoesNotExist'),
            values: some('1', '2', 'yes'),
          }),
          { maxLength: 2 },
        ),
        pods: fc.dictionary(
          fc.constantFrom('oceanbase', 'other'),
          fc.array(fc.constantFrom('a', 'b', 'd', 'gone'), { maxLength: 4 }),
          { maxKeys: 2 },
        ),
      },
      { requiredKeys: [] },
    );
    const objects = given.map((one) => ({ apiVersion: 'v1', kind: 'Pod', ...podObject(one) }) as unknown as KubeObject);
    const hosts = [...nodes].map(([name, labels]): KubeObject => ({
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name, labels },
    }));
    const chaos = {
      apiVersion: '',
      kind: 'StressChaos',
      metadata: { name: 'x', namespace: 'oceanbase' },
    } as KubeObject;
    fc.assert(
      fc.property(selectors, (selector) => {
        const theirs = demoSelectPods(chaos, selector, objects, hosts).map(({ metadata }) => metadata.name);
        expect(names(selector).sort()).toEqual([...new Set(theirs)].sort());
        // A namespace or a pod that is named twice counts twice for the mode.
        expect(selectPods(selector, 'oceanbase', pods, nodes).listed).toBe(theirs.length);
      }),
      { numRuns: 500 },
    );
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.anything(), (selector) => void selectPods(selector, 'oceanbase', pods, nodes)));
  });
});

describe('a mode', () => {
  it.each<[string, string, number, number, boolean]>([
    ['all', '', 4, 4, false],
    ['one', '', 1, 1, true],
    ['fixed', '2', 2, 2, true],
    ['fixed', '9', 4, 4, false],
    ['fixed', 'two', 0, 0, false],
    ['fixed-percent', '50', 2, 2, true],
    ['fixed-percent', '60', 3, 3, true],
    ['fixed-percent', '10', 1, 1, true],
    ['fixed-percent', '0', 0, 0, false],
    ['fixed-percent', '100', 4, 4, false],
    ['random-max-percent', '60', 0, 3, true],
  ])('%s %s hits %i to %i of four', (mode, value, atLeast, atMost, random) => {
    expect(countOf(mode, value, 4)).toEqual({ atLeast, atMost, random });
    const draws = [0, 0.3, 0.6, 0.99].map(
      (draw) => applyMode([1, 2, 3, 4] as unknown as KubeObject[], mode, value, () => draw).length,
    );
    if (value !== 'two')
      for (const count of draws) expect(count >= atLeast && count <= atMost, `${count} drawn`).toBe(true);
  });

  // chaos-mesh/chaos-mesh#3036: half of three servers is a majority.
  it('of percents is rounded up', () => {
    expect(countOf('fixed-percent', '50', 3)).toEqual({ atLeast: 2, atMost: 2, random: true });
    expect(countOf('random-max-percent', '50', 3)).toEqual({ atLeast: 0, atMost: 2, random: true });
  });

  it('one of one pod is no choice', () => expect(countOf('one', '', 1).random).toBe(false));
});

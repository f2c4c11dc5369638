import { describe, expect, it } from 'vitest';
import { applyMode, recordIds, simulatedSelection } from '../../../../src/demo/chaos/selection';
import type { KubeObject } from '../../../../src/demo/kubernetes/objects/objects';

const pod = (
  name: string,
  namespace: string,
  node: string,
  labels: Record<string, string>,
  phase = 'Running',
): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace, labels, annotations: { team: name } },
  spec: { nodeName: node, containers: [{ name: 'observer' }, { name: 'obagent' }] },
  status: { phase },
});
const pods = [
  pod('a', 'oceanbase', 'w1', { zone: '1', db: 'yes' }),
  pod('b', 'oceanbase', 'w2', { zone: '2', db: 'yes' }),
  pod('c', 'oceanbase', 'w2', { zone: '3' }, 'Pending'),
  pod('d', 'other', 'w1', { zone: '1', db: 'yes' }),
];
const nodes: KubeObject[] = ['w1', 'w2'].map((name) => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels: { host: name } },
}));
const chaos = (kind: string, spec: Record<string, unknown> = {}): KubeObject => ({
  apiVersion: '',
  kind,
  metadata: { name: 'x', namespace: 'oceanbase' },
  spec,
});
const names = (selector: object): string[] =>
  simulatedSelection(chaos('StressChaos'), selector, pods, nodes).map(({ metadata }) => metadata.name);

describe('selector', () => {
  it.each([
    ['nothing: all of its own namespace', {}, ['a', 'b', 'c']],
    ['namespaces', { namespaces: ['other'] }, ['d']],
    ['labels', { labelSelectors: { db: 'yes' } }, ['a', 'b']],
    [
      'expressions',
      {
        expressionSelectors: [
          { key: 'zone', operator: 'In', values: ['2', '3'] },
          { key: 'db', operator: 'Exists' },
        ],
      },
      ['b'],
    ],
    ['absence', { expressionSelectors: [{ key: 'db', operator: 'DoesNotExist' }] }, ['c']],
    ['annotations', { annotationSelectors: { team: 'a' } }, ['a']],
    ['fields', { fieldSelectors: { 'metadata.name': 'b' } }, ['b']],
    ['nodes', { nodes: ['w2'] }, ['b', 'c']],
    ['node labels', { nodeSelectors: { host: 'w1' } }, ['a']],
    ['names and labels of nodes together', { nodes: ['w2'], nodeSelectors: { host: 'w1' } }, ['a', 'b', 'c']],
    ['a node that is not there', { nodes: ['w9'] }, []],
    ['labels that no node has', { nodeSelectors: { host: 'w9' } }, []],
    ['a field that an API server does not select by', { fieldSelectors: { 'spec.dnsPolicy': 'x' } }, []],
    ['phases that are excluded', { podPhaseSelectors: ['!Pending'] }, ['a', 'b']],
    ['phases', { podPhaseSelectors: ['Pending'] }, ['c']],
    ['pods, which override the rest', { pods: { other: ['d'], oceanbase: ['a', 'gone'] }, nodes: ['w2'] }, ['d', 'a']],
    ['an empty list of pods', { pods: { oceanbase: [] } }, []],
  ])('by %s', (_title, selector, expected) => {
    expect(names(selector)).toEqual(expected);
  });
});

describe('mode', () => {
  const count = (mode: string, value: string, random = (): number => 0.5): number =>
    applyMode(pods, mode, value, random).length;

  it('takes as many as it says', () => {
    expect(count('all', '')).toBe(4);
    expect(count('one', '')).toBe(1);
    expect(count('fixed', '3')).toBe(3);
    expect(count('fixed', '9')).toBe(4);
    expect(count('fixed-percent', '50')).toBe(2);
    expect(count('fixed-percent', '10')).toBe(1);
    expect(count('random-max-percent', '100', () => 0)).toBe(0);
  });

  it('never takes a pod twice', () => {
    const chosen = applyMode(pods, 'fixed', '4', () => 0.3).map(({ metadata }) => metadata.name);
    expect(new Set(chosen).size).toBe(4);
  });
});

describe('records', () => {
  it('name the first container, the wanted ones, or the pod, by kind', () => {
    const one = pods.slice(0, 1);
    expect(recordIds(chaos('StressChaos'), one)).toEqual(['oceanbase/a/observer']);
    expect(recordIds(chaos('IOChaos', { containerNames: ['obagent', 'none'] }), one)).toEqual(['oceanbase/a/obagent']);
    expect(recordIds(chaos('NetworkChaos'), one)).toEqual(['oceanbase/a']);
    expect(recordIds(chaos('PodChaos', { action: 'pod-kill' }), one)).toEqual(['oceanbase/a']);
    expect(recordIds(chaos('PodChaos', { action: 'container-kill', containerNames: ['observer'] }), one)).toEqual([
      'oceanbase/a/observer',
    ]);
  });
});

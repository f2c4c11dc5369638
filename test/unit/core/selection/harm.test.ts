import { describe, expect, it } from 'vitest';
import type { ChaosObject, Experiment } from '../../../../src/core/experiment';
import { toExperiment } from '../../../../src/core/experimentParse';
import { INJECTABLE_KINDS } from '../../../../src/core/experimentKinds';
import { harmOf, type Harm, type HarmWorld } from '../../../../src/core/selection/harm';
import { hitsOf, narrowed, selectedNamespaces } from '../../../../src/core/selection/hits';
import { riskOf } from '../../../../src/core/selection/risks';
import { CREATED, chaosObject } from '../experiments';
import { pod } from './pods';

const pods = ['ob-1', 'ob-2', 'ob-3'].map((name, i) => pod({ name, node: `w${i + 1}`, labels: { app: 'ob' } }));
const GiB = 1024 ** 3;

function world(change: Partial<HarmWorld> = {}): HarmWorld {
  return {
    pods,
    nodes: undefined,
    unseen: [],
    database: pods.map(({ target }) => target),
    experiments: [],
    memoryUsed: {},
    nowMs: CREATED + 1000,
    ...change,
  };
}

const object = (spec: Record<string, unknown>, kind = 'StressChaos'): ChaosObject => {
  const made = chaosObject({ kind, spec });
  delete made.status;
  return made;
};
const only = (...names: string[]): Record<string, unknown> => ({ selector: { pods: { oceanbase: names } } });
const cpu = { stressors: { cpu: { workers: 1 } } };
const harm = (manifests: ChaosObject | ChaosObject[], change: Partial<HarmWorld> = {}): Harm =>
  harmOf([manifests].flat(), world(change));

describe('what would be hit', () => {
  it('is the share of the database, and nothing to speak of where one of three is hit', () => {
    const { share, grave, warnings, problems } = harm(object({ ...cpu, ...only('ob-1') }));
    expect(share).toEqual({ hit: 1, withRunning: 1, of: 3 });
    expect([grave, warnings, problems]).toEqual([[], [], []]);
  });

  it('is grave where a majority is hit, also by chance', () => {
    expect(harm(object({ ...cpu, selector: {} })).grave).toEqual([
      "3 of the database's 3 pods are hit: it may lose its majority and stop.",
    ]);
    expect(harm(object({ ...cpu, selector: {}, mode: 'random-max-percent', value: '70' })).share.hit).toBe(2);
    expect(harm(object({ ...cpu, selector: {}, mode: 'one' })).grave).toEqual([]);
  });

  it('counts what runs already, of anyone, in any state in which it may act', () => {
    const running = (spec: Parameters<typeof chaosObject>[0]): Experiment => toExperiment(chaosObject(spec));
    const experiments = [running({ ours: false, records: [{ pod: 'ob-2' }] })];
    const next = object({ ...cpu, ...only('ob-1') });
    expect(harm(next, { experiments }).grave).toEqual([
      "With what runs already, 2 of the database's 3 pods are hit: it may lose its majority and stop.",
    ]);
    const over = running({ desired: 'Stop', records: [{ pod: 'ob-2', phase: 'Not Injected' }] });
    expect(harm(next, { experiments: [over] }).grave).toEqual([]);
    const fresh = running({ noStatus: true, spec: { ...cpu, ...only('ob-3') } });
    expect(harm(next, { experiments: [fresh] }).share.withRunning).toBe(2);
    // Where Chaos Mesh chooses it may choose a pod that is not hit yet.
    expect(harm(object({ ...cpu, selector: {}, mode: 'one' }), { experiments }).share.withRunning).toBe(2);
    expect(harm(object({ ...cpu, ...only('ob-2') }), { experiments }).grave).toEqual([]);
  });

  it('is the worst of its moments where not all act at the same time', () => {
    const all = ['ob-1', 'ob-2', 'ob-3'].map((name) => object({ ...cpu, ...only(name) }));
    const { share, grave, parts } = harmOf(all, world(), [[0], [1], [2]]);
    expect([share.hit, grave, parts.length]).toEqual([1, [], 3]);
    expect(harmOf(all, world(), [[0], [1, 2]]).grave).toEqual([
      "2 of the database's 3 pods are hit: it may lose its majority and stop.",
    ]);
    const running = toExperiment(chaosObject({ ours: false, records: [{ pod: 'ob-3' }] }));
    const after = harmOf(all, world({ experiments: [running] }), [[2], [0]]).share;
    expect(after).toEqual({ hit: 1, withRunning: 2, of: 3 });
    expect(harmOf(all, world(), []).share.hit).toBe(3);
  });

  it('is counted together for objects that are created together', () => {
    const all = ['ob-1', 'ob-2'].map((name) => object({ ...cpu, ...only(name) }));
    expect(harm(all).share.hit).toBe(2);
    expect(harm(all).grave).toHaveLength(1);
  });

  it('of a partition is its smaller side', () => {
    const partition = (from: string[], to: string[]): ChaosObject =>
      object(
        { action: 'partition', direction: 'both', ...only(...from), target: { mode: 'all', ...only(...to) } },
        'NetworkChaos',
      );
    expect(harm(partition(['ob-1', 'ob-2'], ['ob-3'])).share.hit).toBe(1);
    expect(harm(partition(['ob-1'], ['ob-2', 'ob-3'])).grave).toEqual([]);
    expect(harm(object({ action: 'partition', selector: {} }, 'NetworkChaos')).grave).toHaveLength(1);
    expect(harm(partition(['ob-1'], ['gone'])).problems).toEqual(['The target of one matches no pod.']);
  });

  it('is grave on a host’s network, and where it cannot be seen', () => {
    const host = [...pods, pod({ name: 'host', hostNetwork: true })];
    expect(harm(object({ ...cpu, ...only('host') }), { pods: host }).grave).toEqual([
      "host uses its host's network: the whole host may be hit.",
    ]);
    const unseen = [{ namespace: 'secret', reason: 'It is forbidden.' }];
    const blind = harm(object({ ...cpu, selector: { namespaces: ['secret'] } }), { unseen });
    expect(blind.grave).toEqual([
      'What would be hit in secret is not known: its pods cannot be listed. It is forbidden.',
    ]);
    expect(blind.problems).toEqual([]);
  });

  it.each<[string, Record<string, unknown>, RegExp]>([
    ['no pod', { selector: { labelSelectors: { app: 'none' } } }, /matches no pod/],
    ['a namespace that has vanished', { selector: { namespaces: ['vanished'] } }, /matches no pod/],
    ['pods that are gone', only('gone'), /names pods that do not exist: oceanbase\/gone/],
    ['too small a share', { selector: {}, mode: 'fixed-percent', value: '10' }, /chooses none of the 3 pods/],
    ['a field that is none', { selector: { fieldSelectors: { 'spec.x': '1' } } }, /spec\.x/],
  ])('is a problem with %s', (_, spec, expected) => {
    expect(harm(object({ ...cpu, ...spec })).problems.join()).toMatch(expected);
  });

  it('tells the headroom to the memory limit', () => {
    const memory = (size: string): ChaosObject =>
      object({ stressors: { memory: { workers: 2, size } }, ...only('ob-1') });
    const memoryUsed = { 'ob-1': 9.5 * GiB };
    const tight = harm(memory('512MiB'), { memoryUsed });
    expect(tight.headroom).toEqual([{ pod: 'ob-1', limit: 10 * GiB, used: 9.5 * GiB, wanted: GiB }]);
    expect(tight.warnings[0]).toMatch(/512 MiB of headroom, less than the 1 GiB/);
    expect(harm(memory('50%')).warnings[0]).toMatch(/10 GiB do not fit/);
    expect(harm(memory('nonsense')).warnings).toHaveLength(1); // the risk alone
  });

  it('warns of a volume that is no mount, a pod that is not running, no end, and pods that are passed over', () => {
    const io = { action: 'latency', delay: '1s', volumePath: '/none' };
    expect(harm(object({ ...io, ...only('ob-1') }, 'IOChaos')).warnings[0]).toBe(
      '"/none" is not a mount of ob-1. Its mounts: /data.',
    );
    const pending = [pod({ name: 'ob-1', phase: 'Pending' })];
    expect(harm(object({ ...cpu, ...only('ob-1') }), { pods: pending }).warnings[0]).toMatch(/ob-1 is pending/);
    expect(harm(object({ ...cpu, duration: '', ...only('ob-1') })).warnings[0]).toMatch(/until it is stopped/);
    expect(harm(object({ ...cpu, ...only('ob-1', 'gone') })).warnings[0]).toMatch(/gone does not exist/);
    const kill = object({ action: 'pod-kill', duration: undefined, ...only('ob-1') }, 'PodChaos');
    expect(harm(kill).warnings).toEqual([riskOf(kill)]);
  });

  it('selects no pod for machines, and finds nothing wrong with that', () => {
    const aws = object({ action: 'ec2-stop', ec2Instance: 'i-1', awsRegion: 'eu' }, 'AWSChaos');
    expect(selectedNamespaces(aws)).toEqual([]);
    expect(harm(aws)).toMatchObject({ problems: [], share: { hit: 0 }, warnings: [riskOf(aws)] });
  });

  it('looks into the namespaces of both ends', () => {
    const both = object(
      { selector: { namespaces: ['a'] }, target: { selector: { pods: { b: ['x'] } } } },
      'NetworkChaos',
    );
    expect(selectedNamespaces(both)).toEqual(['a', 'b']);
  });

  it('can be narrowed to some pods, and keeps its mode', () => {
    const wide = object({ ...cpu, selector: { labelSelectors: { app: 'ob' } }, mode: 'fixed', value: '2' });
    const few = narrowed(wide, pods.slice(0, 1));
    expect(few.spec).toMatchObject({ mode: 'fixed', value: '2', selector: { pods: { oceanbase: ['ob-1'] } } });
    expect(hitsOf(few, pods, undefined)).toMatchObject({ atLeast: 1, atMost: 1, random: false });
    expect(wide.spec['selector']).toEqual({ labelSelectors: { app: 'ob' } });
  });

  it('takes whatever an object holds', () => {
    for (const kind of [...INJECTABLE_KINDS, 'Workflow', ''])
      for (const spec of [{}, { selector: 7, target: [], stressors: null, containerNames: 'x' }])
        expect(() => harm(object(spec, kind))).not.toThrow();
  });
});

import { describe, expect, it } from 'vitest';
import type { ChaosObject, Experiment } from '../../../src/core/experiments/experiment';
import { toExperiment } from '../../../src/core/experiments/parse';
import { INJECTABLE_KINDS } from '../../../src/core/experiments/kinds';
import { impactOf, type Impact } from '../../../src/core/impact/impact';
import { asWritten, hitsOf, narrowed, pinned, selectedNamespaces } from '../../../src/core/impact/hits';
import { riskOf } from '../../../src/core/impact/risks';
import type { ImpactScope } from '../../../src/core/impact/scope';
import { CREATED, chaosObject } from '../experiments/experiments';
import { pod } from './pods';

const pods = ['ob-1', 'ob-2', 'ob-3'].map((name, i) => pod({ name, node: `w${i + 1}`, labels: { app: 'ob' } }));
const GiB = 1024 ** 3;

function world(change: Partial<ImpactScope> = {}): ImpactScope {
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
const harm = (manifests: ChaosObject | ChaosObject[], change: Partial<ImpactScope> = {}): Impact =>
  impactOf([manifests].flat(), world(change));

describe('what would be hit', () => {
  it('is the share of the database, and nothing to speak of where one of three is hit', () => {
    const { share, grave, warnings, problems } = harm(object({ ...cpu, ...only('ob-1') }));
    expect(share).toEqual({ hit: 1, withRunning: 1, of: 3 });
    expect([grave, warnings, problems]).toEqual([[], [], []]);
  });

  it('is grave where a majority is hit, also by chance', () => {
    expect(harm(object({ ...cpu, selector: {} })).grave).toEqual([
      '3 of the 3 database pods are affected: the database may lose its majority and stop.',
    ]);
    expect(harm(object({ ...cpu, selector: {}, mode: 'random-max-percent', value: '60' })).share.hit).toBe(2);
    expect(harm(object({ ...cpu, selector: {}, mode: 'one' })).grave).toEqual([]);
  });

  it('is counted as Chaos Mesh counts where a namespace or a pod is named twice', () => {
    const half = { ...cpu, mode: 'fixed-percent', value: '50' };
    const twice = harm(object({ ...half, selector: { namespaces: ['oceanbase', 'oceanbase'] } }));
    expect(twice.share.hit).toBe(3);
    expect(twice.parts[0]?.hits).toMatchObject({ atLeast: 1, atMost: 3, random: true });
    expect(harm(object({ ...half, ...only('ob-1', 'ob-1', 'ob-2', 'ob-2') })).share.hit).toBe(2);
    const [all] = harm(object({ ...cpu, ...only('ob-1', 'ob-1') })).parts;
    expect(all?.hits).toMatchObject({ pods: [{ target: { pod: 'ob-1' } }], atLeast: 1, atMost: 1, random: false });
  });

  it('counts what runs already, of anyone, in any state in which it may act', () => {
    const running = (spec: Parameters<typeof chaosObject>[0]): Experiment => toExperiment(chaosObject(spec));
    const experiments = [running({ ours: false, records: [{ pod: 'ob-2' }] })];
    const next = object({ ...cpu, ...only('ob-1') });
    expect(harm(next, { experiments }).grave).toEqual([
      'Including running experiments, 2 of the 3 database pods are affected: the database may lose its majority and stop.',
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
    const { share, grave, parts } = impactOf(all, world(), [[0], [1], [2]]);
    expect([share.hit, grave, parts.length]).toEqual([1, [], 3]);
    expect(impactOf(all, world(), [[0], [1, 2]]).grave).toEqual([
      '2 of the 3 database pods are affected: the database may lose its majority and stop.',
    ]);
    const running = toExperiment(chaosObject({ ours: false, records: [{ pod: 'ob-3' }] }));
    const after = impactOf(all, world({ experiments: [running] }), [[2], [0]]).share;
    expect(after).toEqual({ hit: 1, withRunning: 2, of: 3 });
    expect(impactOf(all, world(), []).share.hit).toBe(3);
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
      'host uses the host network: the whole host may be affected.',
    ]);
    const unseen = [{ namespace: 'secret', reason: 'It is forbidden.' }];
    const blind = harm(object({ ...cpu, selector: { namespaces: ['secret'] } }), { unseen });
    expect(blind.grave).toEqual([
      'The targets in secret are unknown because its pods cannot be listed. It is forbidden.',
    ]);
    expect(blind.problems).toEqual([]);
  });

  it.each<[string, Record<string, unknown>, RegExp]>([
    ['no pod', { selector: { labelSelectors: { app: 'none' } } }, /matches no pod/],
    ['a namespace that has vanished', { selector: { namespaces: ['vanished'] } }, /matches no pod/],
    ['pods that are gone', only('gone'), /names pods that do not exist: oceanbase\/gone/],
    ['too small a share', { selector: {}, mode: 'fixed-percent', value: '0' }, /selects none of the 3 matching pods/],
    ['a field that is none', { selector: { fieldSelectors: { 'spec.x': '1' } } }, /spec\.x/],
  ])('is a problem with %s', (_, spec, expected) => {
    expect(harm(object({ ...cpu, ...spec })).problems.join()).toMatch(expected);
  });

  // The workers share the size: chaos-mesh pull request 3186, issue 3427.
  it('tells the headroom to the memory limit', () => {
    const memory = (size: string): ChaosObject =>
      object({ stressors: { memory: { workers: 2, size } }, ...only('ob-1') });
    const memoryUsed = { 'ob-1': 9.5 * GiB };
    const tight = harm(memory('1GiB'), { memoryUsed });
    expect(tight.headroom).toEqual([{ pod: 'ob-1', limit: 10 * GiB, used: 9.5 * GiB, wanted: GiB }]);
    expect(String(tight.warnings[0])).toMatch(/512 MiB of free memory, less than the 1 GiB requested/);
    expect(String(harm(memory('100%')).warnings[0])).toMatch(/10 GiB do not fit/);
    expect(harm(memory('nonsense')).serious).toEqual(['The memory taken from ob-1 is unknown.']);
  });

  it('warns of a volume that is no mount, a pod that is not running, no end, and pods that are passed over', () => {
    const io = { action: 'latency', delay: '1s', volumePath: '/none' };
    expect(String(harm(object({ ...io, ...only('ob-1') }, 'IOChaos')).warnings[0])).toBe(
      '"/none" is not a mount of ob-1. Its mounts: /data.',
    );
    const pending = [pod({ name: 'ob-1', phase: 'Pending' })];
    expect(String(harm(object({ ...cpu, ...only('ob-1') }), { pods: pending }).warnings[0])).toMatch(/ob-1 is pending/);
    expect(String(harm(object({ ...cpu, duration: '', ...only('ob-1') })).warnings[0])).toMatch(/until it is stopped/);
    expect(String(harm(object({ ...cpu, ...only('ob-1', 'gone') })).warnings[0])).toMatch(/gone does not exist/);
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

  it('counts what runs by what it chooses, not by all that it could', () => {
    const fresh = toExperiment(
      chaosObject({ noStatus: true, ours: false, spec: { ...cpu, selector: {}, mode: 'one' } }),
    );
    expect(harm(object({ ...cpu, ...only('ob-1') }), { experiments: [fresh] }).share).toMatchObject({ withRunning: 2 });
    const away = toExperiment(
      chaosObject({ records: [{ pod: 'ob-2' }], spec: { ...cpu, ...only('ob-2'), remoteCluster: 'other' } }),
    );
    expect(harm(object({ ...cpu, ...only('ob-1') }), { experiments: [away] }).share.withRunning).toBe(1);
  });

  it('is counted as often as it may act at once', () => {
    const one = object({ ...cpu, selector: {}, mode: 'one' });
    expect(impactOf([one], world(), [[0, 0]]).share.hit).toBe(2);
    expect(impactOf([one], world(), [[0]]).share.hit).toBe(1);
  });

  it('of a partition that also cuts off addresses is the whole of it', () => {
    const cut = { action: 'partition', direction: 'to', target: { mode: 'all', ...only('ob-3') } };
    const both = object({ ...cut, ...only('ob-1', 'ob-2'), externalTargets: ['0.0.0.0/0'] }, 'NetworkChaos');
    expect(harm(both).share.hit).toBe(2);
  });

  it('adds up load and memory, with what runs already', () => {
    const part = { stressors: { cpu: { workers: 3 }, memory: { workers: 1, size: '3GiB' } }, ...only('ob-1') };
    const running = toExperiment(chaosObject({ spec: part, records: [{ pod: 'ob-1' }] }));
    expect(harm(object(part)).serious).toEqual([]);
    for (const both of [harm([object(part), object(part)]), harm(object(part), { experiments: [running] })]) {
      expect(both.headroom).toMatchObject([{ wanted: 6 * GiB }]);
      expect(both.serious).toEqual([expect.stringContaining('6 GiB may not fit')]);
      expect(both.warnings.join()).toContain("6 cores of load exhaust ob-1's limit of 4");
    }
    // In use already, it is not counted again; one after the other, it is not counted together.
    const known = { experiments: [running], memoryUsed: { 'ob-1': 5 * GiB } };
    const later = harm(object(part), { ...known, nowMs: CREATED + 100_000 });
    expect(later.headroom).toMatchObject([{ wanted: 3 * GiB }]);
    // What has just begun is not in the metrics yet.
    expect(harm(object(part), known).headroom).toMatchObject([{ wanted: 6 * GiB }]);
    expect(impactOf([object(part), object(part)], world(), [[0], [1]]).serious).toEqual([]);
  });

  it.each<[string, object, RegExp]>([
    ['all the memory', { memory: { workers: 1 } }, /10 GiB do not fit/],
    ['a share of it', { memory: { workers: 3, size: '120%' } }, /12 GiB do not fit/],
    [
      'any memory',
      { memory: { workers: 1, size: '1MB', options: ['-size 100%'] } },
      /The memory taken from \S+ is unknown/,
    ],
    ['any load', { cpu: { workers: 1, options: ['--hdd 8'] } }, /The load on \S+ is unknown/],
    ['load out of all proportion', { cpu: { workers: 8192, load: 100 } }, /8192 cores of load/],
  ])('is serious where stressors take %s', (_, stressors, message) => {
    expect(harm(object({ stressors, ...only('ob-1') })).serious.join()).toMatch(message);
  });

  it.each<[string, string, Record<string, unknown>, boolean]>([
    ['an exception', 'exception', { class: 'a.B', method: 'run', exception: 'java.io.IOException("x")' }, false],
    ['a value', 'return', { class: 'a.B', method: 'run', returnValue: '"9"' }, false],
    ['a rule', 'ruleData', { ruleData: 'RULE x' }, true],
    [
      'code in an exception',
      'exception',
      { class: 'a.B', method: 'run', exception: 'Runtime.getRuntime().exec("x")' },
      true,
    ],
    ['code in a value', 'return', { class: 'a.B', method: 'run', returnValue: '1; run()' }, true],
    ['code in a name', 'latency', { class: 'a.B', method: 'run\nDO x()', latency: 1 }, true],
    ['a name of its own', 'gc', { name: 'collect it, now' }, false],
    ['a rule in its name', 'gc', { name: 'x\nGC\nENDRULE\nRULE y\nCLASS a.B\nMETHOD run\nDO x()' }, true],
    ['a rule in the kind of memory', 'stress', { memType: 'heap\nENDRULE\nRULE y' }, true],
  ])('of a JVMChaos with %s is grave where it is code', (_, action, spec, grave) => {
    expect(harm(object({ action, ...spec, ...only('ob-1') }, 'JVMChaos')).grave.length > 0).toBe(grave);
  });

  it('can be pinned to what was seen, and is again as it was written', () => {
    const peers = { target: { mode: 'all', selector: { labelSelectors: { app: 'ob' } } } };
    const both = object({ action: 'delay', selector: { nodes: ['w1'] }, ...peers, mode: 'one' }, 'NetworkChaos');
    const nodes = new Map([['w1', {}]]);
    const sent = pinned(both, hitsOf(both, pods, nodes));
    expect(sent.spec).toMatchObject({
      mode: 'one',
      selector: { pods: { oceanbase: ['ob-1'] } },
      target: { selector: { pods: { oceanbase: ['ob-1', 'ob-2', 'ob-3'] } } },
    });
    expect(asWritten(sent).spec).toEqual(both.spec);
    expect(pinned(sent, hitsOf(sent, pods, nodes))).toBe(sent);
    const unsure = object({ ...cpu, selector: { nodeSelectors: { a: 'b' } } });
    expect(pinned(unsure, hitsOf(unsure, pods, undefined))).toBe(unsure);
    for (const kept of ['{', '7', '{"selector":1}']) {
      const odd = { ...sent, metadata: { ...sent.metadata, annotations: { 'distdiag.io/selectors': kept } } };
      expect(asWritten(odd).spec).toEqual(sent.spec);
    }
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

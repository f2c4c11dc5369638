import { describe, expect, it } from 'vitest';
import { derivePhase } from '../../../src/core/experiments/phase';
import { listingOf } from '../../../src/core/experiments/listed';
import { needsItsPod, withPodLives } from '../../../src/core/experiments/podLives';
import { toSpan } from '../../../src/core/experiments/spans';
import { hitsOf } from '../../../src/core/impact/hits';
import { impactOf } from '../../../src/core/impact/impact';
import { pod } from '../impact/pods';
import { CREATED, chaosObject, experiment, type ObjectSpec } from './experiments';

// Chaos Mesh #4219: an experiment with `remoteCluster` is created there, and its status is copied back
// (controllers/multicluster/remotechaosmonitor); the pods in it are those of the other cluster.
const NOW = CREATED + 60_000;
const spec = { stressors: { cpu: { workers: 1 } }, remoteCluster: 'berlin' };
const remote = (given: ObjectSpec = {}): ReturnType<typeof experiment> => experiment({ spec, ...given });
const records = [{ pod: 'ob-1', appliedAfterMs: 1000 }];
const phase = (given: ObjectSpec): string => derivePhase(remote(given), NOW).phase;

describe('an experiment in another cluster', () => {
  it('has targets that are no pods of this one, though they have the same names', () => {
    const one = remote({ records });
    expect(one.targets).toMatchObject([{ namespace: '', pod: 'berlin/ob-1', id: 'oceanbase/ob-1/observer' }]);
    expect(one.targets.map((target) => needsItsPod(one, target))).toEqual([false]);
    expect(withPodLives(one, new Map([['oceanbase/ob-1', undefined]]))).toBe(one);
  });

  it('runs by its own conditions, and says where', () => {
    const running = derivePhase(remote({ records, conditions: { Selected: true, AllInjected: true } }), NOW);
    expect(running).toEqual({
      phase: 'running',
      reason: 'It runs in the cluster "berlin", which DistDiag is not connected to.',
    });
    expect(listingOf(remote({ records }), NOW)).toMatchObject({
      phase: 'running',
      pods: ['berlin/ob-1'],
      summary: expect.stringContaining('in the cluster berlin'),
    });
  });

  it.each<[string, ObjectSpec]>([
    ['running', { conditions: { Selected: true, AllInjected: true } }],
    ['injecting', { conditions: { Selected: true, AllInjected: false } }],
    ['injecting', { noStatus: true }],
    ['noTargets', { conditions: { Selected: false } }],
    ['recovering', { desired: 'Stop', conditions: { Selected: true, AllRecovered: false } }],
    ['finished', { desired: 'Stop', conditions: { Selected: true, AllRecovered: true } }],
    ['failing', { records: [{ pod: 'ob-1', phase: 'Not Injected', failure: 'no daemon' }] }],
    ['stuck', { records, deletedAfterMs: 1000 }],
  ])('is %s where its status says so: %j', (expected, given) => {
    expect(phase(given)).toBe(expected);
  });

  it('goes on though it is paused here', () => {
    const { phase: state, reason } = derivePhase(remote({ records, paused: true }), NOW);
    expect(state).toBe('running');
    expect(String(reason)).toContain('A pause is not forwarded');
  });

  it('has no span: charts and diagnosis are of this cluster', () => {
    expect(toSpan(remote({ records }), NOW)).toBeUndefined();
    expect(toSpan(experiment({ records }), NOW)).toBeDefined();
  });

  it('hits no pod of this cluster, and is grave all the same', () => {
    const target = { namespace: 'oceanbase', pod: 'ob-1', ip: '10.0.0.1', container: 'observer', phase: 'Running' };
    const pods = [
      { target: { ...target, hostNode: 'n', hostNetwork: false, mounts: [] }, labels: {}, annotations: {} },
    ];
    const manifest = chaosObject({ spec, noStatus: true });
    const hits = hitsOf(manifest, pods as unknown as Parameters<typeof hitsOf>[1], undefined);
    expect(hits).toMatchObject({ pods: [], elsewhere: 'berlin' });
    const world = {
      pods,
      nodes: undefined,
      unseen: [],
      unlisted: undefined,
      experiments: [],
      nowMs: NOW,
      database: pods,
    };
    const harm = impactOf([manifest], world as unknown as Parameters<typeof impactOf>[1]);
    expect(harm.problems).toEqual([]);
    expect(harm.clusters).toEqual(['berlin']);
    expect(harm.grave.map(String)).toContain(
      'It runs in another cluster, "berlin" (remoteCluster), which DistDiag is not connected to: its targets there are unknown.',
    );
  });
});

it('a label of that name in a selector leads to no other cluster', () => {
  const labelSelectors = { app: 'ob', remoteCluster: 'dr' };
  const object = chaosObject({ kind: 'NetworkChaos', spec: { mode: 'all', selector: { labelSelectors } } });
  const pods = ['ob-1', 'ob-2'].map((name) =>
    pod({ name, namespace: object.metadata.namespace ?? '', labels: labelSelectors }),
  );
  expect(hitsOf(object, pods, undefined)).toMatchObject({ listed: 2, elsewhere: undefined });
});

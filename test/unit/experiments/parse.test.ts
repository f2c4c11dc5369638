import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { INJECTABLE_KINDS } from '../../../src/core/experiments/kinds';
import { toExperiment } from '../../../src/core/experiments/parse';
import { derivePhase, timeLeft } from '../../../src/core/experiments/phase';
import { summarize } from '../../../src/core/experiments/summary';
import { toSpan } from '../../../src/core/experiments/spans';
import { CREATED, chaosObject, experiment } from './experiments';

describe('reading a Chaos Mesh object', () => {
  it('takes its identity, times, conditions and records', () => {
    const one = experiment({
      records: [
        { pod: 'a', appliedAfterMs: 500 },
        { pod: 'b', phase: 'Not Injected', failure: 'no daemon' },
      ],
      conditions: { Selected: true, AllInjected: false },
    });
    expect(one).toMatchObject({
      key: 'StressChaos/oceanbase/one/uid-one',
      ref: { kind: 'StressChaos', namespace: 'oceanbase', name: 'one', uid: 'uid-one' },
      fault: 'cpu_stress',
      ours: true,
      createdAt: CREATED,
      durationMs: 180_000,
      paused: false,
      desiredPhase: 'Run',
      conditions: { Selected: true, AllInjected: false },
      injectedAt: CREATED + 500,
      recoveredAt: undefined,
    });
    expect(one.targets[0]).toMatchObject({
      namespace: 'oceanbase',
      pod: 'a',
      container: 'observer',
      lastFailure: undefined,
    });
    expect(one.targets[1]).toMatchObject({ pod: 'b', lastFailure: 'no daemon' });
  });

  it('takes a record without a container, as NetworkChaos has it', () => {
    const object = chaosObject({ kind: 'NetworkChaos', records: [{}] });
    (object.status as { experiment: { containerRecords: { id: string }[] } }).experiment.containerRecords[0]!.id =
      'ns/pod';
    expect(toExperiment(object).targets[0]).toMatchObject({ namespace: 'ns', pod: 'pod', container: undefined });
  });

  it('guesses the type only where one is the best', () => {
    const guess = (kind: string, spec: Record<string, unknown>): unknown => toExperiment({ kind, spec }).fault;
    expect(guess('StressChaos', { stressors: { memory: {} } })).toBe('memory_stress');
    expect(guess('StressChaos', { stressors: { memory: {}, cpu: {} } })).toBeUndefined();
    expect(guess('NetworkChaos', { action: 'delay', delay: { latency: '1s' } })).toBe('network_delay');
    expect(guess('NetworkChaos', { action: 'partition' })).toBe('network_partition');
    expect(guess('NetworkChaos', { action: 'netem', loss: {}, corrupt: {} })).toBeUndefined();
    expect(guess('NetworkChaos', { action: 'netem', loss: {} })).toBe('network_loss');
    expect(guess('NetworkChaos', { action: 'loss', delay: {} })).toBeUndefined();
    expect(guess('NetworkChaos', { action: 'bandwidth', bandwidth: {} })).toBe('network_bandwidth');
    expect(guess('IOChaos', { action: 'constructor' })).toBeUndefined();
    expect(guess('HTTPChaos', { abort: true, delay: '1s' })).toBeUndefined();
    expect(guess('HTTPChaos', { delay: '1s' })).toBe('http_delay');
    expect(guess('DNSChaos', { action: 'random' })).toBeUndefined();
    expect(guess('JVMChaos', { action: 'gc' })).toBeUndefined();
    expect(guess('IOChaos', { action: 'latency' })).toBe('disk_stress');
    expect(guess('PodChaos', { action: 'pod-kill' })).toBe('pod_kill');
  });

  it('never throws, whatever it is given, nor does what follows from it', () => {
    const anything = fc.anything({ withNullPrototype: true, maxDepth: 4 });
    const shaped = fc.record(
      {
        kind: fc.oneof(fc.constantFrom(...INJECTABLE_KINDS), anything),
        metadata: fc.oneof(
          fc.record({
            name: anything,
            labels: anything,
            annotations: anything,
            creationTimestamp: anything,
            deletionTimestamp: anything,
            finalizers: anything,
          }),
          anything,
        ),
        spec: fc.oneof(
          fc.record({
            action: anything,
            duration: anything,
            stressors: anything,
            delay: anything,
            patterns: anything,
            containerNames: anything,
          }),
          anything,
        ),
        status: fc.oneof(
          fc.record({
            conditions: anything,
            experiment: fc.oneof(
              fc.record({
                desiredPhase: anything,
                containerRecords: fc.array(
                  fc.oneof(fc.record({ id: anything, events: fc.array(anything), phase: anything }), anything),
                ),
              }),
              anything,
            ),
          }),
          anything,
        ),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(anything, shaped), (input) => {
        const one = toExperiment(input);
        expect(typeof one.summary).toBe('string');
        derivePhase(one, CREATED);
        timeLeft(one, CREATED);
        toSpan(one, CREATED);
      }),
    );
  });

  it('takes a bad duration for none, as Chaos Mesh does', () => {
    expect(experiment({ duration: '3 minutes' }).durationMs).toBeUndefined();
  });
});

describe('the summary', () => {
  it.each<[string, Record<string, unknown>, string]>([
    ['StressChaos', { stressors: { cpu: { workers: 1, load: 100 } } }, 'CPU 1 worker at 100%'],
    [
      'StressChaos',
      { stressors: { cpu: { workers: 2 }, memory: { workers: 1, size: '256MB' } } },
      'CPU 2 workers at 100%, memory 1 worker × 256MB (244 MiB)',
    ],
    [
      'NetworkChaos',
      { action: 'delay', delay: { latency: '100ms', jitter: '10ms' }, direction: 'to' },
      'delay 100ms ± 10ms on egress',
    ],
    ['NetworkChaos', { action: 'delay', delay: { latency: '100ms', jitter: '0ms' } }, 'delay 100ms on egress'],
    [
      'NetworkChaos',
      { action: 'netem', loss: { loss: '80' }, corrupt: { corrupt: '5' }, direction: 'both' },
      'loss 80%, corrupt 5% on both directions',
    ],
    ['NetworkChaos', { action: 'partition', direction: 'from' }, 'partition on ingress'],
    ['NetworkChaos', { action: 'bandwidth', bandwidth: { rate: '1mbps' } }, 'bandwidth 1mbps on egress'],
    [
      'IOChaos',
      { action: 'latency', delay: '100ms', volumePath: '/data', percent: 50 },
      'I/O latency 100ms on /data for 50%',
    ],
    ['IOChaos', { action: 'fault', errno: 5, volumePath: '/data' }, 'I/O fault errno 5 on /data'],
    ['PodChaos', { action: 'pod-kill' }, 'pod kill'],
    ['PodChaos', { action: 'container-kill', containerNames: ['observer'] }, 'container kill of observer'],
    ['TimeChaos', { timeOffset: '-10m' }, 'clock shifted by -10m'],
    ['DNSChaos', { action: 'error', patterns: ['a.b', 'c'] }, 'DNS error for a.b, c'],
    [
      'HTTPChaos',
      { target: 'Request', method: 'GET', path: '/x', port: 80, abort: true },
      'HTTP request GET /x on port 80: abort',
    ],
    ['JVMChaos', { action: 'latency', class: 'A', method: 'run' }, 'JVM latency in A.run'],
    [
      'KernelChaos',
      { failKernRequest: { failtype: 0, callchain: [{ funcname: '__x64_sys_mount' }] } },
      'kernel: slab allocations fail in __x64_sys_mount',
    ],
    ['BlockChaos', { action: 'delay', delay: { latency: '1s' }, volumeName: 'data' }, 'block delay 1s on data'],
    ['AWSChaos', { action: 'ec2-stop', ec2Instance: 'i-1' }, 'AWS stop EC2 i-1'],
    ['AzureChaos', { action: 'vm-stop', vmName: 'v' }, 'Azure stop VM v'],
    ['GCPChaos', { action: 'node-stop', instance: 'g' }, 'GCP stop node g'],
    [
      'PhysicalMachineChaos',
      { action: 'stress-cpu', 'stress-cpu': { load: 10, workers: 2 } },
      'machine stress cpu: 2 workers at 10%',
    ],
    ['NewChaos', { action: 'new-thing' }, 'new-thing'],
    ['NewChaos', {}, 'NewChaos'],
  ])('%s %j is "%s"', (kind, spec, text) => expect(summarize({ kind, spec })).toBe(text));

  it('has words for every injectable kind', () => {
    for (const kind of INJECTABLE_KINDS) expect(summarize({ kind, spec: { action: 'x' } })).not.toBe('');
  });
});

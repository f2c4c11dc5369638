import { expect, it } from 'vitest';
import { faultsOf } from '../../../../src/demo/chaos/faultsOf';
import type { KubeObject } from '../../../../src/demo/kubernetes/objects/objects';

const GiB = 2 ** 30;
const pod: KubeObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'a', namespace: 'n' },
  spec: {
    containers: [
      { name: 'observer', resources: { limits: { memory: '10Gi' } } },
      { name: 'obagent', resources: { limits: { memory: '1Gi' } } },
    ],
  },
};
const faults = (kind: string, spec: Record<string, unknown>, peers: string[] = []): unknown[] =>
  faultsOf({ apiVersion: '', kind, metadata: { name: 'x' }, spec }, pod, peers);

it.each([
  ['StressChaos', { stressors: { cpu: { workers: 2, load: 50 } } }, [{ type: 'cpu', workers: 2, load: 50 }]],
  ['StressChaos', { stressors: { cpu: { workers: 0 } } }, []],
  ['StressChaos', { stressors: { memory: { workers: 2, size: '256MB' } } }, [{ type: 'memory', bytes: 256e6 }]],
  ['StressChaos', { stressors: { memory: { workers: 1, size: '50%' } } }, [{ type: 'memory', bytes: 5 * GiB }]],
  [
    'StressChaos',
    { containerNames: ['obagent'], stressors: { memory: { workers: 1, size: '50%' } } },
    [{ type: 'memory', bytes: GiB / 2 }],
  ],
  [
    'NetworkChaos',
    { action: 'partition', direction: 'both' },
    [{ type: 'networkPartition', direction: 'both', peers: [] }],
  ],
  [
    'NetworkChaos',
    { action: 'loss', loss: { loss: '80' } },
    [{ type: 'networkLoss', percent: 80, direction: 'to', peers: [] }],
  ],
  [
    'NetworkChaos',
    { action: 'bandwidth', bandwidth: { rate: '8kbit', limit: 1, buffer: 1 } },
    [{ type: 'networkBandwidth', bytesPerSecond: 1024 }],
  ],
  [
    'IOChaos',
    { action: 'latency', delay: '100ms', volumePath: '/v' },
    [{ type: 'ioLatency', delayMs: 100, percent: 100, volumePath: '/v' }],
  ],
  [
    'IOChaos',
    { action: 'fault', errno: 5, percent: 10, volumePath: '/v' },
    [{ type: 'ioFault', percent: 10, volumePath: '/v' }],
  ],
  ['PodChaos', { action: 'pod-failure' }, [{ type: 'podFailure' }]],
  [
    'IOChaos',
    { action: 'mistake', percent: 1, volumePath: '/v' },
    [{ type: 'ioMistake', percent: 1, volumePath: '/v' }],
  ],
  ['IOChaos', { action: 'attrOverride', volumePath: '/v' }, [{ type: 'other', kind: 'IOChaos' }]],
  ['TimeChaos', { timeOffset: '-1h30m' }, [{ type: 'clock', offsetMs: -5_400_000 }]],
  ['HTTPChaos', { port: 80, abort: true }, [{ type: 'http', port: 80, path: '*', delayMs: Infinity }]],
  ['HTTPChaos', { port: 80, path: '/x', delay: '1s' }, [{ type: 'http', port: 80, path: '/x', delayMs: 1000 }]],
  ['HTTPChaos', { port: 80 }, [{ type: 'other', kind: 'HTTPChaos' }]],
  ['DNSChaos', { action: 'error' }, [{ type: 'other', kind: 'DNSChaos' }]],
])('%s %j', (kind, spec, expected) => {
  expect(faults(kind, spec)).toEqual(expected);
});

it('merges all netem blocks, whatever the action says', () => {
  const both = faults(
    'NetworkChaos',
    { action: 'delay', delay: { latency: '10ms', jitter: '1ms' }, loss: { loss: '5' } },
    ['b'],
  );
  expect(both).toEqual([
    { type: 'networkDelay', latencyMs: 10, jitterMs: 1, direction: 'to', peers: ['b'] },
    { type: 'networkLoss', percent: 5, direction: 'to', peers: ['b'] },
  ]);
});

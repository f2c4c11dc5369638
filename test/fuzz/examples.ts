/** Objects and answers as real servers give them: what near misses are made of. */
const metadata = {
  name: 'one',
  namespace: 'oceanbase',
  uid: 'u-1',
  resourceVersion: '11',
  creationTimestamp: '2026-01-01T00:00:00Z',
  labels: { 'app.kubernetes.io/managed-by': 'distdiag', 'distdiag.io/anomaly': 'cpu_stress' },
  annotations: {
    'distdiag.io/scenario': 'both',
    'distdiag.io/scenario-run': 'bcdf2345',
    'distdiag.io/scenario-step': '0',
    'distdiag.io/scenario-plan':
      '{"startedAt":1,"steps":[{"name":"a","anomaly":"cpu_stress","offsetMs":0,"durationMs":1}]}',
  },
};
const status = {
  conditions: [
    { type: 'Selected', status: 'True' },
    { type: 'AllInjected', status: 'True' },
  ],
  experiment: {
    desiredPhase: 'Run',
    containerRecords: [
      {
        id: 'oceanbase/ob-1/observer',
        phase: 'Injected',
        selectorKey: '.',
        injectedCount: 1,
        recoveredCount: 0,
        events: [
          { type: 'Failed', operation: 'Apply', message: 'no daemon', timestamp: '2026-01-01T00:00:01Z' },
          { type: 'Succeeded', operation: 'Apply', timestamp: '2026-01-01T00:00:02Z' },
        ],
      },
    ],
  },
};
const chaos = { apiVersion: 'chaos-mesh.org/v1alpha1' };

export const EXPERIMENT = {
  ...chaos,
  kind: 'StressChaos',
  metadata,
  spec: {
    mode: 'all',
    duration: '3m',
    selector: { namespaces: ['oceanbase'], pods: { oceanbase: ['ob-1'] } },
    stressors: { cpu: { workers: 4, load: 100 }, memory: { workers: 1, size: '1GB' } },
    containerNames: ['observer'],
  },
  status,
};

export const NETWORK = {
  ...chaos,
  kind: 'NetworkChaos',
  metadata,
  spec: {
    action: 'delay',
    mode: 'fixed',
    value: '1',
    duration: '1h30m',
    direction: 'both',
    selector: { labelSelectors: { app: 'ob' } },
    target: { mode: 'all', selector: { namespaces: ['oceanbase'] } },
    delay: { latency: '100ms', jitter: '10ms', correlation: '50' },
    loss: { loss: '10' },
  },
  status,
};

export const WORKFLOW = {
  ...chaos,
  kind: 'Workflow',
  metadata,
  spec: {
    entry: 'entry',
    templates: [
      { name: 'entry', templateType: 'Parallel', deadline: '5m', children: ['a'] },
      { name: 'a', templateType: 'StressChaos', stressChaos: EXPERIMENT.spec },
    ],
  },
  status: { conditions: [{ type: 'Accomplished', status: 'False' }], entryNode: 'entry-x' },
};

export const WORKFLOW_NODE = {
  ...chaos,
  kind: 'WorkflowNode',
  metadata: {
    ...metadata,
    name: 'entry-x',
    labels: { 'chaos-mesh.org/workflow': 'one', 'chaos-mesh.org/controlled-by': 'one' },
  },
  spec: { type: 'Parallel', templateName: 'entry', children: ['a', 'b'], deadline: '2026-01-01T00:05:00Z' },
  status: { conditions: [{ type: 'Accomplished', status: 'True' }] },
};

export const SCHEDULE = {
  ...chaos,
  kind: 'Schedule',
  metadata,
  spec: {
    schedule: '*/5 * * * *',
    type: 'StressChaos',
    historyLimit: 1,
    concurrencyPolicy: 'Forbid',
    stressChaos: EXPERIMENT.spec,
  },
  status: { time: '2026-01-01T00:00:00Z', active: [{ name: 'one' }] },
};

export const STATUS = {
  kind: 'Status',
  apiVersion: 'v1',
  status: 'Failure',
  message: 'admission webhook "v.chaos-mesh.org" denied the request: spec.duration: Invalid value: "x"',
  reason: 'Invalid',
  details: { causes: [{ field: 'spec.duration', message: 'Invalid value' }] },
  code: 422,
};

export const POD = {
  metadata: {
    name: 'ob-1',
    namespace: 'oceanbase',
    labels: { 'ref-obcluster': 'c', 'ref-obzone': 'z' },
    annotations: { a: 'b' },
  },
  spec: {
    nodeName: 'n1',
    hostNetwork: false,
    containers: [
      {
        name: 'observer',
        resources: { limits: { cpu: '500m', memory: '10Gi' } },
        volumeMounts: [{ mountPath: '/data' }],
      },
    ],
  },
  status: {
    phase: 'Running',
    podIP: '10.0.0.1',
    conditions: [{ type: 'Ready', status: 'True' }],
    containerStatuses: [
      { name: 'observer', restartCount: 1, state: { running: { startedAt: '2026-01-01T00:00:00Z' } } },
    ],
  },
};

export const SERVICE = {
  metadata: {
    name: 'prometheus-k8s',
    namespace: 'monitoring',
    labels: { app: 'prometheus', 'operated-prometheus': 'true' },
  },
  spec: { selector: { app: 'prometheus' }, ports: [{ name: 'web', port: 9090, protocol: 'TCP' }] },
};

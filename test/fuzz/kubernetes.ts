import { Readable } from 'node:stream';
import fc from 'fast-check';
import type { KubeClient } from '../../src/adapters/kubernetes/connection/client';
import { responseError } from '../../src/adapters/kubernetes/connection/errors';
import { parseCredential } from '../../src/adapters/kubernetes/connection/execCredential';
import { KnownNamespaces } from '../../src/adapters/kubernetes/knownNamespaces';
import { ExperimentCache } from '../../src/adapters/kubernetes/experiments/experimentCache';
import { createExperimentGateway } from '../../src/adapters/kubernetes/experiments/experiments';
import { objectPath } from '../../src/adapters/kubernetes/experiments/kinds';
import { streamLines } from '../../src/adapters/kubernetes/watch/lines';
import { listAll } from '../../src/adapters/kubernetes/watch/lists';
import { createOrchestrationGateway } from '../../src/adapters/kubernetes/experiments/orchestration';
import { toSelectablePod } from '../../src/adapters/kubernetes/pods';
import { listPrometheusServices } from '../../src/adapters/kubernetes/services';
import { toTarget } from '../../src/adapters/kubernetes/targets';
import { writeYaml as toYaml } from '../../src/adapters/yaml/write';
import { watchOnce, type WatchProgress } from '../../src/adapters/kubernetes/watch/watchStream';
import { extensionOf } from '../../src/core/injection/prolongation';
import { toExperiment } from '../../src/core/experiments/parse';
import { derivePhase, timeLeft } from '../../src/core/experiments/phase';
import { SELECTORS_ANNOTATION } from '../../src/core/experiments/labels';
import { cloneManifest } from '../../src/core/injection/manifest';
import { needsItsPod } from '../../src/core/experiments/podLives';
import { namespacesOf } from '../../src/core/injection/policy';
import { reportManifest } from '../../src/core/report/reportManifest';
import { markIn } from '../../src/core/scenario/mark';
import { impactOf } from '../../src/core/impact/impact';
import { asWritten } from '../../src/core/impact/hits';
import { selectPods } from '../../src/core/impact/selectPods';
import { toSpan } from '../../src/core/experiments/spans';
import { timelineOf } from '../../src/core/experiments/timeline';
import { silentLog } from '../support';
import { EXPERIMENT, NETWORK, POD, SCHEDULE, SERVICE, STATUS, WORKFLOW, WORKFLOW_NODE } from './examples';
import { anyJson, anyText, jsonText, like, longText, nearly, textLike } from './inputs';
import { target } from './run';

const NOW = Date.parse('2026-01-01T00:01:00Z');

/** A client whose server answers with this text, as JSON or as a stream. */
const answering = (text: string): KubeClient =>
  ({
    server: 'https://127.0.0.1:1',
    json: () => Promise.resolve(JSON.parse(text) as unknown),
    stream: () => Promise.resolve(Readable.from([text.slice(0, 7), text.slice(7)])),
  }) as unknown as KubeClient;

const event = like(
  { type: 'MODIFIED', object: EXPERIMENT },
  { type: 'BOOKMARK', object: { kind: 'StressChaos', metadata: { resourceVersion: '12' } } },
  { type: 'ERROR', object: STATUS },
);
const list = like({ kind: 'List', metadata: { resourceVersion: '9', continue: '' }, items: [EXPERIMENT, NETWORK] });

const NOTHING_ELSE = { pods: [], nodes: undefined, unseen: [], database: [], memoryUsed: {}, nowMs: NOW };

/** Everything that is done with an experiment once it is read. */
function useExperiment(input: unknown): void {
  const experiment = toExperiment(input);
  derivePhase(experiment, NOW);
  timeLeft(experiment, NOW);
  toSpan(experiment, NOW);
  timelineOf(experiment.targets, []);
  markIn(experiment);
  namespacesOf(experiment.object);
  for (const one of experiment.targets) needsItsPod(experiment, one);
  objectPath(experiment.ref.kind, experiment.ref.namespace, experiment.ref.name);
  toYaml(reportManifest(experiment.object));
  toYaml(cloneManifest(experiment.object, 'fuzz'));
  const { metadata } = experiment.object;
  const kept = JSON.stringify(experiment.object.spec);
  asWritten({ ...experiment.object, metadata: { ...metadata, annotations: { [SELECTORS_ANNOTATION]: kept } } });
  impactOf([experiment.object], { ...NOTHING_ELSE, experiments: [experiment] });
  extensionOf(experiment, 60_000, NOW, 'fuzz'); // refuses with AppError
}

/** Readers of what an API server and its objects say. */
export const KUBERNETES = [
  target('chaosObject', like(EXPERIMENT, NETWORK), useExperiment),
  target(
    'watchLines',
    fc.array(
      fc.oneof(
        event.map((one) => JSON.stringify(one)),
        anyText,
        longText,
      ),
      { maxLength: 6 },
    ),
    async (given) => {
      for await (const line of streamLines(Readable.from(given.map((one) => `${one}\n`)))) void line.length;
    },
  ),
  target(
    'watchEvents',
    fc.array(
      fc.oneof(
        event.map((one) => JSON.stringify(one)),
        jsonText(STATUS),
      ),
      { maxLength: 5 },
    ),
    async (given) => {
      const cache = new ExperimentCache();
      const collection = { kind: 'StressChaos', namespace: undefined };
      cache.open(collection);
      const progress: WatchProgress = { version: '1', events: 0, expired: false };
      const request = {
        client: answering(given.map((one) => `${one}\n`).join('')),
        path: '/apis',
        what: 'StressChaos',
        seconds: 1,
        silentMs: 5000,
        opened: () => undefined,
        changed: (item: unknown) => void cache.put(collection, item),
        removed: (item: unknown) => void cache.remove(collection, item),
      };
      try {
        await watchOnce(request, progress, new AbortController().signal);
      } finally {
        cache.snapshot();
      }
    },
  ),
  target('listAnswer', list, async (given) => {
    const { items } = await listAll(answering(JSON.stringify(given)), '/apis', 'list');
    const cache = new ExperimentCache();
    const collection = { kind: 'StressChaos', namespace: undefined };
    cache.open(collection);
    cache.replace(collection, items);
    cache.snapshot();
  }),
  target('errorStatus', fc.tuple(fc.integer({ min: 100, max: 599 }), like(STATUS)), ([code, body]) => {
    responseError(code, body, 'list StressChaos');
  }),
  target('pod', like(POD), (given) => {
    const pod = (given ?? {}) as Record<string, unknown>;
    toTarget(pod, 'observer');
    selectPods(pod['spec'], 'oceanbase', [toSelectablePod(pod)], new Map());
  }),
  target(
    'selector',
    fc.tuple(
      like({
        namespaces: ['oceanbase'],
        labelSelectors: { app: 'ob' },
        expressionSelectors: [{ key: 'app', operator: 'In', values: ['ob'] }],
        fieldSelectors: { 'spec.nodeName': 'n1' },
        podPhaseSelectors: ['Running', '!Failed'],
        nodes: ['n1'],
        nodeSelectors: { zone: 'a' },
        pods: { oceanbase: ['ob-1'] },
      }),
      nearly(POD),
    ),
    ([selector, pod]) => {
      selectPods(selector, 'oceanbase', [toSelectablePod((pod ?? {}) as Record<string, unknown>)], undefined);
    },
  ),
  target(
    'services',
    like({ metadata: {}, items: [SERVICE, { ...SERVICE, metadata: { name: 'oceanbase-dashboard' } }] }),
    (given) => listPrometheusServices(answering(JSON.stringify(given)), ['oceanbase']),
  ),
  target(
    'coreEvents',
    like({
      metadata: {},
      items: [
        {
          type: 'Warning',
          reason: 'Failed',
          message: 'Failed to apply chaos: x',
          count: 2,
          lastTimestamp: '2026-01-01T00:00:01Z',
          eventTime: null,
        },
      ],
    }),
    async (given) => {
      const gateway = createExperimentGateway({
        client: answering(JSON.stringify(given)),
        log: silentLog,
        namespaces: new KnownNamespaces([]),
      });
      const events = await gateway.events({ kind: 'StressChaos', namespace: 'oceanbase', name: 'one' });
      timelineOf(toExperiment(EXPERIMENT).targets, events);
    },
  ),
  target(
    'workflowsAndSchedules',
    fc.tuple(like(WORKFLOW), like(WORKFLOW_NODE), like(SCHEDULE), nearly(EXPERIMENT)),
    ([workflow, node, schedule, experiment]) => {
      const as = (kind: string, one: unknown): never => {
        const { metadata, spec, status } = toExperiment(one).object;
        return { apiVersion: 'chaos-mesh.org/v1alpha1', kind, metadata, spec, status } as never;
      };
      const { groups } = createOrchestrationGateway({
        client: answering('{}'),
        log: silentLog,
        namespaces: new KnownNamespaces([]),
      });
      const snapshot = {
        workflows: [as('Workflow', workflow)],
        nodes: [as('WorkflowNode', node)],
        schedules: [as('Schedule', schedule)],
      };
      groups(snapshot, [toExperiment(experiment)], NOW);
    },
  ),
  target(
    'credentialProgram',
    jsonText({
      kind: 'ExecCredential',
      status: {
        token: 't',
        expirationTimestamp: '2026-01-01T00:00:00Z',
        clientCertificateData: 'c',
        clientKeyData: 'k',
      },
    }),
    (given) => {
      parseCredential(given, 'program');
    },
  ),
  target('yamlWritten', anyJson, (given) => void toYaml({ given })),
  target('longNames', textLike('oceanbase/ob-1/observer', '{"ec2Instance":"i-1"}', 'http://10.0.0.1:31767'), (id) => {
    const status = {
      experiment: {
        desiredPhase: 'Run',
        containerRecords: [{ id, phase: 'Injected', selectorKey: '.', injectedCount: 1, events: [] }],
      },
    };
    useExperiment({ ...EXPERIMENT, status });
  }),
];

import { parseDuration } from '../../core/time/duration';
import type { Clock } from '../../core/base/clock';
import type { Disposable } from '../../core/base/disposable';
import { remoteClusterOf } from '../../core/experiments/remoteClusters';
import type { FaultBoard } from '../faults';
import { timestamp, type KubeObject, type ObjectStore } from '../kubernetes/objects/objects';
import { RESOURCES, type Resource } from '../kubernetes/objects/resources';
import { everyTick } from '../ticks';
import type { ChaosControls } from './controls';
import { EventRecorder } from './events';
import { faultsOf } from './faultsOf';
import { CHAOS_RESOURCES, happensOnce } from './kinds';
import { withKnobs } from './knobs';
import { applyMode, recordIds, simulatedSelection } from './selection';

const FINALIZER = 'chaos-mesh/records';
const PAUSE = 'experiment.chaos-mesh.org/pause';
const FORCE = 'chaos-mesh.chaos-mesh.org/cleanFinalizer';
/** Records of a NetworkChaos's other end: they move with the rest, the fault itself is kept at the source. */
const TARGET = '.Target';
const RETRY_MS = 3000;
/** So many events of a record are kept. */
const MOST_EVENTS = 100;
/** What is done by an object of the pod's own, which is waited for: once ordered, it has to succeed before it can be ended. */
const SYNCHRONIZED = new Set(['NetworkChaos', 'IOChaos', 'HTTPChaos']);

interface ContainerRecord {
  id: string;
  selectorKey: string;
  phase: string;
  injectedCount: number;
  recoveredCount: number;
  events: { type: string; operation: string; message?: string; timestamp: string }[];
}

interface Experiment {
  desiredPhase?: string;
  containerRecords?: ContainerRecord[];
}

/** The objects that the controllers act on, and what they act with. */
export interface ControllerOptions {
  store: ObjectStore;
  board: FaultBoard;
  clock: Clock;
  controls: ChaosControls;
  random: () => number;
}

/** Chaos Mesh's controller manager and daemons, as far as a client can see them. */
export class ChaosController implements Disposable {
  readonly #options: ControllerOptions;
  #controls: ChaosControls;
  readonly #due = new Map<string, number>();
  /** What the board is at work on, by record: it is brought to an end, whatever is wanted meanwhile. */
  readonly #busy = new Map<string, 'Injected' | 'Not Injected'>();
  /** Records whose last try has failed. */
  readonly #failing = new Set<string>();
  readonly #ticks: Disposable;
  readonly #events: EventRecorder;

  constructor(options: ControllerOptions) {
    this.#options = options;
    this.#controls = options.controls;
    this.#events = new EventRecorder(options.store, options.clock);
    this.#ticks = everyTick(options.clock, () => {
      this.#controls = withKnobs(options.store, options.controls);
      if (!this.#controls.stopped)
        for (const resource of CHAOS_RESOURCES)
          for (const object of options.store.list(resource))
            if (!isElsewhere(object)) this.#reconcile(resource, object);
    });
  }

  dispose(): void {
    this.#ticks.dispose();
  }

  #reconcile(resource: Resource, object: KubeObject): void {
    const { store, clock } = this.#options;
    const deleting = object.metadata.deletionTimestamp !== undefined;
    const finalizers = object.metadata.finalizers ?? [];
    if (!deleting && !finalizers.includes(FINALIZER)) {
      this.#events.record(object, 'Normal', 'FinalizerInited', 'Finalizer has been inited');
      store.update(resource, { ...object, metadata: { ...object.metadata, finalizers: [...finalizers, FINALIZER] } });
      this.#events.record(object, 'Normal', 'Updated', 'Successfully update finalizer of resource');
      return;
    }
    const next = structuredClone(object);
    const status = (next.status ??= {});
    const experiment = ((status['experiment'] as Experiment | undefined) ?? {}) as Experiment;
    status['experiment'] = experiment;
    const ends =
      Date.parse(object.metadata.creationTimestamp ?? '') +
      (parseDuration(String(object.spec?.['duration'] ?? '')) ?? Infinity);
    const timeUp = clock.now() >= ends;
    const paused = object.metadata.annotations?.[PAUSE] === 'true' && !happensOnce(object);
    const desired = deleting || timeUp || paused ? 'Stop' : 'Run';
    if (experiment.desiredPhase !== desired) {
      if (desired === 'Run') this.#events.record(object, 'Normal', 'Started', 'Experiment has started');
      else if (deleting) this.#events.record(object, 'Normal', 'Deleted', 'Experiment has been deleted');
      else if (timeUp) this.#events.record(object, 'Normal', 'TimeUp', 'Time up according to the duration');
      else this.#events.record(object, 'Normal', 'Paused', 'Experiment has been paused');
      experiment.desiredPhase = desired;
      this.#events.record(object, 'Normal', 'Updated', 'Successfully update desiredPhase of resource');
    }
    if (!experiment.containerRecords && desired === 'Run') this.#select(next, experiment);
    const records = experiment.containerRecords ?? [];
    const peers = records
      .filter((record) => record.selectorKey === TARGET)
      .map((record) => record.id.split('/')[1] as string);
    const before = phases(records);
    for (const record of records) this.#advance(object, record, desired, peers);
    if (phases(records) !== before)
      this.#events.record(object, 'Normal', 'Updated', 'Successfully update records of resource');
    const selected = records.length > 0;
    const injected = selected && records.every((record) => record.phase === 'Injected');
    const recovered = records.every(
      (record) => record.phase === 'Not Injected' && !this.#busy.has(keyOf(object, record)),
    );
    status['conditions'] = [
      { type: 'Selected', status: selected ? 'True' : 'False' },
      { type: 'AllInjected', status: injected ? 'True' : 'False' },
      { type: 'AllRecovered', status: selected && recovered ? 'True' : 'False' },
      { type: 'Paused', status: paused ? 'True' : 'False' },
    ];
    // What fails is tried again before anything else is looked at, also at what is to be forced.
    const forced =
      object.metadata.annotations?.[FORCE] === 'forced' &&
      !records.some((record) => this.#failing.has(keyOf(object, record)));
    if (deleting && (recovered || happensOnce(object) || forced)) return this.#finish(resource, next);
    if (JSON.stringify(next.status) !== JSON.stringify(object.status)) store.update(resource, next);
  }

  #select(object: KubeObject, experiment: Experiment): void {
    const { store, random } = this.#options;
    const pods = store.list(kind('Pod'));
    const nodes = store.list(kind('Node'));
    const spec = object.spec ?? {};
    const choose = (from: Record<string, unknown>): KubeObject[] =>
      applyMode(
        simulatedSelection(object, (from['selector'] ?? {}) as object, pods, nodes),
        String(from['mode']),
        String(from['value'] ?? ''),
        random,
      );
    const records = (from: Record<string, unknown>, selectorKey: string): ContainerRecord[] =>
      recordIds(object, choose(from)).map((id) => ({
        id,
        selectorKey,
        phase: 'Not Injected',
        injectedCount: 0,
        recoveredCount: 0,
        events: [],
      }));
    const sources = records(spec, '.');
    const target = object.kind === 'NetworkChaos' ? (spec['target'] as Record<string, unknown> | undefined) : undefined;
    experiment.containerRecords = [...sources, ...(target ? records(target, TARGET) : [])];
    if (sources.length === 0)
      this.#events.record(object, 'Warning', 'Failed', 'Failed to select targets: no pod is selected');
  }

  #advance(object: KubeObject, record: ContainerRecord, desired: string, peers: readonly string[]): void {
    const { board, clock, store } = this.#options;
    const key = keyOf(object, record);
    const [namespace, podName, container] = record.id.split('/') as [string, string, string | undefined];
    const pod = store.find(kind('Pod'), namespace, podName);
    const waiting = record.phase === 'Not Injected/Wait';
    const goal = this.#busy.get(key) ?? (desired === 'Run' || waiting ? 'Injected' : 'Not Injected');
    if (record.phase === goal) {
      this.#due.delete(key);
      this.#failing.delete(key);
      return;
    }
    if (!pod && desired === 'Stop') {
      record.phase = 'Not Injected';
      this.#busy.delete(key);
      this.#failing.delete(key);
      board.clearPrefix(key);
      return;
    }
    const due = this.#due.get(key);
    if (due === undefined) {
      this.#due.set(key, clock.now() + this.#controls.delayMs);
      return;
    }
    if (clock.now() < due) return;
    const operation = goal === 'Injected' ? 'Apply' : 'Recover';
    const refused = pod ? this.#failure(object, pod, operation) : `pod ${record.id} is not found`;
    if (refused === undefined && !this.#busy.has(key)) {
      const faults = record.selectorKey === TARGET ? [] : faultsOf(object, pod as KubeObject, peers);
      const where = { pod: podName, ...(container === undefined ? {} : { container }) };
      if (operation === 'Recover') board.clearPrefix(key);
      else faults.forEach((fault, i) => board.apply({ id: `${key}${i}`, ...where, fault }));
      this.#busy.set(key, goal);
    }
    const { pending, failure } = this.#busy.has(key) ? this.#outcome(key) : { pending: false, failure: refused };
    if (pending) return;
    // What a failed injection has done all the same is taken back.
    if (this.#busy.delete(key) && failure !== undefined && operation === 'Apply') board.clearPrefix(key);
    if (failure !== undefined) {
      this.#due.set(key, clock.now() + RETRY_MS);
      const last = record.events.at(-1);
      if (last?.message !== failure)
        this.#events.record(object, 'Warning', 'Failed', `Failed to ${operation.toLowerCase()} chaos: ${failure}`);
      note(record, { type: 'Failed', operation, message: failure, timestamp: timestamp(clock.now()) });
      if (SYNCHRONIZED.has(object.kind ?? ''))
        record.phase = operation === 'Apply' ? 'Not Injected/Wait' : 'Injected/Wait';
      this.#failing.add(key);
      return;
    }
    this.#due.delete(key);
    this.#failing.delete(key);
    note(record, { type: 'Succeeded', operation, timestamp: timestamp(clock.now()) });
    record.phase = goal;
    if (operation === 'Apply') {
      record.injectedCount += 1;
      this.#events.record(object, 'Normal', 'Applied', `Successfully apply chaos for ${record.id}`);
    } else {
      record.recoveredCount += 1;
      this.#events.record(object, 'Normal', 'Recovered', `Successfully recover chaos for ${record.id}`);
    }
  }

  /** What has become of a record's faults, a failure in the words of a daemon that is asked over gRPC. */
  #outcome(key: string): { pending: boolean; failure: string | undefined } {
    const { pending, failure } = this.#options.board.outcome(key);
    return { pending, failure: failure && `rpc error: code = Unknown desc = ${failure}` };
  }

  /** Why the daemon cannot do it, in Chaos Mesh's words; undefined when it can. */
  #failure(object: KubeObject, pod: KubeObject, operation: string): string | undefined {
    const controls = this.#controls;
    const node = String(pod.spec?.['nodeName']);
    if (controls.missingDaemons.has(node)) return `cannot find daemonIP on node ${node} in related Endpoints`;
    if (operation === 'Recover') return undefined;
    if (object.kind === 'NetworkChaos') {
      if (pod.spec?.['hostNetwork'] === true)
        return `It's dangerous to inject network chaos on a pod(${pod.metadata.namespace}/${pod.metadata.name}) with \`hostNetwork\``;
      if (controls.brokenNetwork.has(pod.metadata.name))
        return 'rpc error: code = Unknown desc = unable to apply tcs: error code: exit status 2, msg: RTNETLINK answers: Operation not supported';
      if (object.spec?.['action'] === 'delay' && !object.spec['delay'])
        return 'failed to set tcs: no valid netem parameters';
    }
    if (object.kind === 'IOChaos') {
      const containers = pod.spec?.['containers'] as { volumeMounts?: { mountPath: string }[] }[];
      const mounts = containers.flatMap((container) =>
        (container.volumeMounts ?? []).map(({ mountPath }) => mountPath),
      );
      const wanted = String(object.spec?.['volumePath']);
      if (!mounts.includes(wanted))
        return `rpc error: code = Unknown desc = toda startup takes too long or an error occurs: volume path ${wanted} is not a mount point`;
    }
    return undefined;
  }

  #finish(resource: Resource, object: KubeObject): void {
    const own = `${object.metadata.uid}|`;
    this.#options.board.clearPrefix(own);
    for (const key of this.#failing) if (key.startsWith(own)) this.#failing.delete(key);
    const finalizers = (object.metadata.finalizers ?? []).filter((finalizer) => finalizer !== FINALIZER);
    this.#options.store.update(resource, { ...object, metadata: { ...object.metadata, finalizers } });
  }
}

/**
 * Chaos Mesh's controllers pass over what has a `remoteCluster` (`RemoteChaosPredicate`, controllers/common/fx.go), whoever
 * made it: another one creates it in the cluster that a RemoteCluster of that name leads to. There is none here.
 */
const isElsewhere = ({ spec = {} }: KubeObject): boolean => remoteClusterOf({ spec }) !== undefined;

const keyOf = ({ metadata }: KubeObject, { selectorKey, id }: ContainerRecord): string =>
  `${metadata.uid}|${selectorKey}|${id}|`;

/** The newest events are kept. */
function note({ events }: ContainerRecord, event: ContainerRecord['events'][0]): void {
  events.push(event);
  if (events.length > MOST_EVENTS) events.shift();
}

const phases = (records: readonly ContainerRecord[]): string => records.map(({ phase }) => phase).join();
const kind = (name: string): Resource => RESOURCES.find((resource) => resource.kind === name) as Resource;

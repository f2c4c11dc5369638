import type { Clock } from '../../core/base/clock';
import type { Disposable } from '../../core/base/disposable';
import type { ActiveFault, FaultBoard } from '../faults';
import { timestamp, type KubeObject, type Metadata, type ObjectStore } from '../kubernetes/objects/objects';
import { RESOURCES, type Resource } from '../kubernetes/objects/resources';
import { isDaemon } from '../kubernetes/world';
import { everyTick } from '../ticks';
import { EventRecorder } from './events';

interface ContainerStatus {
  name: string;
  ready: boolean;
  restartCount: number;
  state: unknown;
  [key: string]: unknown;
}

/** How long a restart that nobody injected stands on the board: the simulator moves on when it is scraped, and must find it. */
const RESTART_MS = 30_000;
/** What the daemon's own processes do. */
const OF_DAEMON: ReadonlySet<string> = new Set(['cpu', 'memory', 'ioLatency', 'ioFault', 'ioMistake']);
const NAMESPACES = RESOURCES.find((resource) => resource.kind === 'Namespace') as Resource;
const PODS = RESOURCES.find((resource) => resource.kind === 'Pod') as Resource;

/** What the kubelet and ob-operator do: pods that were killed or deleted come again, and a pod's status tells of its faults. */
export class PodKeeper implements Disposable {
  readonly #store: ObjectStore;
  readonly #board: FaultBoard;
  readonly #clock: Clock;
  readonly #wanted: readonly KubeObject[];
  readonly #events: EventRecorder;
  #killed = new Set<string>();
  readonly #ticks: Disposable;

  constructor(store: ObjectStore, board: FaultBoard, clock: Clock) {
    this.#store = store;
    this.#board = board;
    this.#clock = clock;
    this.#wanted = store.list(PODS);
    this.#events = new EventRecorder(store, clock, 'kubelet');
    this.#ticks = everyTick(clock, () => this.sync());
  }

  dispose(): void {
    this.#ticks.dispose();
  }

  /** Brings the pods in line with the faults on the board. */
  sync(): void {
    for (const pod of this.#wanted) {
      const { namespace, name } = pod.metadata;
      const home = this.#store.find(NAMESPACES, undefined, namespace ?? '');
      // In a namespace that is going, or gone, nothing comes again.
      if (!home || home.metadata.deletionTimestamp) continue;
      if (!this.#store.find(PODS, namespace, name)) this.#deleted(pod);
    }
    const kills = this.#board.all().filter(({ fault }) => fault.type === 'podKill');
    for (const kill of kills) if (!this.#killed.has(kill.id)) this.#kill(kill);
    this.#killed = new Set(kills.map(({ id }) => id));
    for (const { metadata } of this.#wanted) {
      const failed = this.#board.on(metadata.name).some((fault) => fault.type === 'podFailure');
      this.#restart(metadata, ({ ready }) => ready === failed, !failed);
    }
  }

  #deleted(pod: KubeObject): void {
    this.#create(pod);
    if (isDaemon(pod)) return this.#endDaemon(pod);
    const id = `operator|${pod.metadata.name}|${this.#store.version}`;
    this.#lose(pod.metadata.name, () => true);
    this.#killed.add(id);
    this.#board.apply({ id, pod: pod.metadata.name, fault: { type: 'podKill' } });
    this.#clock.after(RESTART_MS, () => this.#board.clear(id));
  }

  #kill({ id, pod: name, container }: ActiveFault): void {
    const pod = this.#wanted.find(({ metadata }) => metadata.name === name);
    if (!pod || id.startsWith('operator|')) return;
    if (container !== undefined) {
      // Its processes and mounts are gone, and what was done to them; the pod's network stays as it was.
      this.#lose(name, (type) => OF_DAEMON.has(type) || type === 'clock');
      return this.#restart(pod.metadata, (status) => status.name === container, true);
    }
    this.#lose(name, () => true);
    this.#store.delete(PODS, pod.metadata.namespace, name);
    this.#create(pod);
  }

  /** Stressors and what delays files end with the daemon of their node. */
  #endDaemon({ spec }: KubeObject): void {
    const there = this.#wanted.filter((pod) => pod.spec?.['nodeName'] === spec?.['nodeName'] && !isDaemon(pod));
    for (const { metadata } of there) this.#lose(metadata.name, (type) => OF_DAEMON.has(type));
  }

  /** Faults that act in what was killed are over; their records do not know, as in Chaos Mesh. */
  #lose(name: string, goes: (type: string) => boolean): void {
    for (const { id, pod, fault } of this.#board.all())
      if (pod === name && !fault.type.startsWith('pod') && goes(fault.type)) this.#board.clear(id);
  }

  #create(pod: KubeObject): void {
    const since = timestamp(this.#clock.now());
    const statuses = (pod.status?.['containerStatuses'] ?? []) as ContainerStatus[];
    const conditions = (pod.status?.['conditions'] ?? []) as Record<string, unknown>[];
    const { uid: _uid, ...metadata } = pod.metadata;
    this.#store.create(PODS, {
      ...pod,
      metadata,
      status: {
        ...pod.status,
        startTime: since,
        conditions: conditions.map((condition) => ({ ...condition, lastTransitionTime: since })),
        containerStatuses: statuses.map((status) => ({ ...status, state: { running: { startedAt: since } } })),
      },
    });
  }

  /** Restarts the containers that are meant, and says whether they are ready since. */
  #restart(of: Metadata, meant: (status: ContainerStatus) => boolean, ready: boolean): void {
    const pod = this.#store.find(PODS, of.namespace, of.name);
    const statuses = (pod?.status?.['containerStatuses'] ?? []) as ContainerStatus[];
    if (!pod || !statuses.some(meant)) return;
    const now = timestamp(this.#clock.now());
    const next = statuses.map((status) =>
      meant(status)
        ? {
            ...status,
            ready,
            restartCount: status.restartCount + 1,
            state: { running: { startedAt: now } },
            lastState: { terminated: { exitCode: 137, reason: 'Error', finishedAt: now } },
          }
        : status,
    );
    const allReady = next.every((status) => status.ready) ? 'True' : 'False';
    const conditions = ((pod.status?.['conditions'] ?? []) as Record<string, unknown>[]).map((condition) =>
      ['Ready', 'ContainersReady'].includes(String(condition['type'])) && condition['status'] !== allReady
        ? { ...condition, status: allReady, lastTransitionTime: now }
        : condition,
    );
    this.#store.update(PODS, { ...pod, status: { ...pod.status, conditions, containerStatuses: next } });
    for (const { name } of statuses.filter(meant))
      if (ready) this.#events.record(pod, 'Normal', 'Started', `Started container ${name}`);
      else this.#events.record(pod, 'Normal', 'Killing', `Container ${name} definition changed, will be restarted`);
    if (!ready) this.#events.record(pod, 'Warning', 'Unhealthy', 'Readiness probe failed: connection refused');
  }
}

import { parseCron } from '../../core/time/cron';
import { parseDuration } from '../../core/time/duration';
import { SCHEDULE, SCHEDULE_LABEL } from '../../core/workflows/embedded';
import type { Clock } from '../../core/base/clock';
import type { Disposable } from '../../core/base/disposable';
import { timestamp, type KubeObject, type ObjectStore } from '../kubernetes/objects/objects';
import { everyTick } from '../ticks';
import type { ChaosControls } from './controls';
import { EventRecorder } from './events';
import { happensOnce } from './kinds';
import { withKnobs } from './knobs';
import { embeddedSpec, isOwnedBy, resourceOf, spawn } from './spawn';
import { conditionsOf } from './workflowStatus';

const PAUSE = 'experiment.chaos-mesh.org/pause';
/** With more missed runs than these Chaos Mesh gives up. */
const MOST_MISSED = 100;

const isPaused = ({ metadata }: KubeObject): boolean => metadata.annotations?.[PAUSE] === 'true';

/** Chaos Mesh's schedule controllers: cron, active, gc and pause. */
export class ScheduleController implements Disposable {
  readonly #store: ObjectStore;
  readonly #clock: Clock;
  readonly #events: EventRecorder;
  /** What was said last of each schedule: a refusal is told once for each run that it is about. */
  readonly #said = new Map<string, string>();
  readonly #ticks: Disposable;

  constructor(store: ObjectStore, clock: Clock, controls: ChaosControls) {
    this.#store = store;
    this.#clock = clock;
    this.#events = new EventRecorder(store, clock, 'schedule');
    this.#ticks = everyTick(clock, () => {
      if (!withKnobs(store, controls).stopped) this.reconcile();
    });
  }

  dispose(): void {
    this.#ticks.dispose();
  }

  /** One look at all schedules. */
  reconcile(): void {
    const resource = resourceOf(SCHEDULE);
    if (!resource) return;
    for (const schedule of this.#store.list(resource)) {
      if (schedule.metadata.deletionTimestamp) continue;
      this.#collect(schedule);
      this.#pause(schedule);
      const time = isPaused(schedule) ? undefined : this.#cron(schedule);
      const active = this.#children(schedule).map(({ apiVersion, kind, metadata }) => ({
        apiVersion,
        kind,
        name: metadata.name,
        namespace: metadata.namespace,
        uid: metadata.uid,
      }));
      const before = this.#store.find(resource, schedule.metadata.namespace, schedule.metadata.name);
      if (!before) continue;
      const status = { ...before.status, active, ...(time === undefined ? {} : { time: timestamp(time) }) };
      this.#store.update(resource, { ...before, status });
    }
  }

  #children({ metadata, spec }: KubeObject): KubeObject[] {
    const resource = resourceOf(String(spec?.['type']));
    if (!resource) return [];
    return this.#store
      .list(resource, metadata.namespace)
      .filter((one) => one.metadata.labels?.[SCHEDULE_LABEL] === metadata.name && isOwnedBy(one, metadata.uid))
      .sort((a, b) => (String(a.metadata.creationTimestamp) < String(b.metadata.creationTimestamp) ? -1 : 1));
  }

  /** Starts what is due; the time at which it did. */
  #cron(schedule: KubeObject): number | undefined {
    const { metadata, spec = {} } = schedule;
    const now = this.#clock.now();
    const cron = parseCron(String(spec['schedule']));
    if (!cron) return undefined;
    const seconds = spec['startingDeadlineSeconds'];
    const deadlineMs = typeof seconds === 'number' ? seconds * 1000 : undefined;
    const last = Date.parse(String(schedule.status?.['time'] ?? metadata.creationTimestamp));
    const earliest = deadlineMs === undefined ? last : Math.max(last, now - deadlineMs);
    let missed: number | undefined;
    let count = 0;
    for (let at = cron.next(earliest); at !== undefined && at <= now; at = cron.next(at)) {
      missed = at;
      count += 1;
      if (count > MOST_MISSED) {
        const why =
          'too many missed start time (> 100). Set or decrease .spec.startingDeadlineSeconds or check clock skew';
        return this.#say(schedule, 'Failed', `Failed to get run time: ${why}`);
      }
    }
    if (missed === undefined) return undefined;
    if (deadlineMs !== undefined && missed + deadlineMs < now)
      return this.#say(
        schedule,
        'MissSchedule',
        `Missed scheduled time to start a job: ${new Date(missed).toUTCString()}`,
      );
    const kind = String(spec['type']);
    const running = this.#children(schedule).find((one) => !this.#isOver(one));
    if ((spec['concurrencyPolicy'] ?? 'Forbid') === 'Forbid' && running)
      return this.#say(
        schedule,
        'Forbid',
        `Forbid spawning new job because: ${running.metadata.name} is still running`,
      );
    try {
      const labels = { [SCHEDULE_LABEL]: metadata.name };
      const generateName = `${metadata.name}-`;
      const child = spawn(
        this.#store,
        kind,
        { object: schedule, labels },
        { generateName },
        embeddedSpec(spec, kind) ?? {},
      );
      this.#events.record(schedule, 'Normal', 'Spawned', `Create new object: ${child.metadata.name}`);
      this.#events.record(schedule, 'Normal', 'Updated', 'Successfully update lastScheduleTime of resource');
      return now;
    } catch (error) {
      return this.#say(
        schedule,
        'Failed',
        `Failed to create new object: ${error instanceof Error ? error.message : ''}`,
      );
    }
  }

  #say(schedule: KubeObject, reason: string, message: string): undefined {
    const uid = schedule.metadata.uid ?? '';
    if (this.#said.get(uid) === message) return;
    this.#said.set(uid, message);
    this.#events.record(schedule, 'Warning', reason, message);
  }

  #isOver(child: KubeObject): boolean {
    if (child.kind === 'Workflow') return conditionsOf(child)['Accomplished'] === 'True';
    const { containerRecords = [] } = (child.status?.['experiment'] ?? {}) as {
      containerRecords?: { phase: string }[];
    };
    const all = (phase: string): boolean => containerRecords.every((record) => record.phase === phase);
    if (happensOnce(child)) return containerRecords.length > 0 && all('Injected');
    return this.#untilEnd(child) <= 0 && all('Not Injected');
  }

  #untilEnd({ metadata, spec }: KubeObject): number {
    const lasts = parseDuration(String(spec?.['duration'] ?? '')) ?? Infinity;
    return Date.parse(String(metadata.creationTimestamp)) + lasts - this.#clock.now();
  }

  /** Deletes the oldest beyond the limit of the history, unless they still run. */
  #collect(schedule: KubeObject): void {
    const limit = Number(schedule.spec?.['historyLimit'] ?? 1);
    const children = this.#children(schedule).filter(({ metadata }) => !metadata.deletionTimestamp);
    for (const child of children.slice(0, Math.max(0, children.length - limit))) {
      const resource = resourceOf(child.kind);
      if (!resource || (child.kind !== 'Workflow' && !happensOnce(child) && this.#untilEnd(child) > 0)) continue;
      this.#store.delete(resource, child.metadata.namespace, child.metadata.name);
    }
  }

  /** What runs is paused and resumed with its schedule; a schedule of workflows cannot be. */
  #pause(schedule: KubeObject): void {
    const paused = isPaused(schedule);
    if (schedule.spec?.['type'] === 'Workflow') {
      const { name } = schedule.metadata;
      if (paused) this.#say(schedule, 'Unsupported', `a workflow schedule ${name} cannot be paused`);
      return;
    }
    for (const child of this.#children(schedule)) {
      const resource = resourceOf(child.kind);
      if (!resource || isPaused(child) === paused) continue;
      const annotations = { ...child.metadata.annotations, [PAUSE]: String(paused) };
      this.#store.update(resource, { ...child, metadata: { ...child.metadata, annotations } });
    }
  }
}

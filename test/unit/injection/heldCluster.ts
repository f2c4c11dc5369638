import { AppError } from '../../../src/core/base/errors';
import type { ChaosObject, ExperimentRef } from '../../../src/core/experiments/experiment';
import { toExperiment } from '../../../src/core/experiments/parse';
import { ExperimentStore } from '../../../src/core/experiments/store';
import { InjectionService } from '../../../src/core/injection/injection';
import type { HeldObjects } from '../../../src/core/workflows/orchestration';
import { isStarter } from '../../../src/core/workflows/held';
import type { ExperimentSnapshot } from '../../../src/core/experiments/gateway';
import type { StopParts } from '../../../src/core/stop/stopOurs';
import { ManualClock, settle, silentLog } from '../../support';
import { chaosObject, CREATED } from '../experiments/experiments';
import { FakeGateway } from './fakes';

const OURS = { 'app.kubernetes.io/managed-by': 'distdiag' };

/** How an object came to be. */
interface Made {
  kind?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  /** The name of what has started it. */
  by?: string;
  /** Its target is injected, and is never recovered. */
  stuck?: boolean;
}

/** A cluster of workflows, schedules and what they have started; nothing belongs to anybody unless it is said. */
export class HeldCluster extends FakeGateway {
  readonly clock = new ManualClock(CREATED + 5000);
  readonly objects: ChaosObject[] = [];
  readonly stuck = new Set<string>();
  lost: HeldObjects['lost'] = [];
  /** Called after a deletion. */
  onDelete: (name: string) => void = () => undefined;

  add(
    name: string,
    { kind = 'StressChaos', labels = {}, annotations = {}, by, stuck = false }: Made = {},
  ): ChaosObject {
    const made = chaosObject({ kind, name, ours: false, records: [{ phase: 'Injected', appliedAfterMs: 500 }] });
    const owner = this.objects.find(({ metadata }) => metadata.name === by)?.metadata.uid ?? `uid-${by ?? ''}`;
    const object = {
      ...made,
      metadata: {
        ...made.metadata,
        uid: `uid-${name}-${this.objects.length}`,
        labels,
        annotations,
        ...(by === undefined ? {} : { ownerReferences: [{ kind: 'x', name: by, uid: owner }] }),
      },
    };
    this.objects.push(object);
    if (stuck) this.stuck.add(name);
    return object;
  }

  /** Of ours, by its label. */
  addOurs(name: string, kind: string): ChaosObject {
    return this.add(name, { kind, labels: OURS });
  }

  find(name: string): ChaosObject | undefined {
    return this.objects.find(({ metadata }) => metadata.name === name);
  }

  get names(): string[] {
    return this.objects.map(({ metadata }) => metadata.name ?? '').sort();
  }

  #of(...kinds: string[]): ChaosObject[] {
    return this.objects.filter(({ kind }) => kinds.includes(kind));
  }

  override snapshot(): ExperimentSnapshot {
    const experiments = this.objects.filter(({ kind }) => kind.endsWith('Chaos')).map(toExperiment);
    return { experiments, health: { state: 'live' }, missingKinds: [] };
  }

  readonly orchestration = {
    list: (): Promise<HeldObjects> =>
      Promise.resolve({
        workflows: this.#of('Workflow'),
        nodes: this.#of('WorkflowNode'),
        schedules: this.#of('Schedule'),
        lost: this.lost,
      }),
  };

  override get(ref: { name: string }): Promise<ChaosObject | undefined> {
    return Promise.resolve(this.find(ref.name));
  }

  override mark({ name }: { name: string }): Promise<void> {
    this.calls.push(`mark ${name}`);
    Object.assign(this.find(name)?.metadata.labels ?? {}, OURS);
    return Promise.resolve();
  }

  override setPaused({ name }: { name: string }, paused: boolean): Promise<void> {
    this.calls.push(`${paused ? 'pause' : 'resume'} ${name}`);
    return this.find(name) ? Promise.resolve() : Promise.reject(new AppError('notFound', `no ${name}`));
  }

  override delete({ name, kind }: { name: string; kind?: string }): Promise<void> {
    this.calls.push(`delete ${name}`);
    const object = this.find(name);
    if (!object) return Promise.resolve();
    if (this.stuck.has(name)) object.metadata.deletionTimestamp ??= new Date(this.clock.now()).toISOString();
    else this.objects.splice(this.objects.indexOf(object), 1);
    this.tell(this.snapshot());
    if (kind !== undefined && !isStarter(kind)) this.onDelete(name);
    return Promise.resolve();
  }

  parts(): StopParts & { store: ExperimentStore; injection: InjectionService } {
    const { clock, orchestration } = this;
    const store = new ExperimentStore({ gateway: this, clock });
    const injection = new InjectionService({ gateway: this, store, clock, log: silentLog });
    const scenarios = { stopAll: () => Promise.resolve({ stopped: [], failed: [] }) };
    return { gateway: this, orchestration, injection, scenarios, clock, log: silentLog, store };
  }

  /** Lets the cluster's time go on until work is done. */
  async until<T>(work: Promise<T>): Promise<T> {
    let done = false;
    const ended = work.finally(() => (done = true));
    ended.catch(() => undefined);
    for (let second = 0; !done && second < 2000; second++) {
      await settle();
      if (!done) this.clock.advance(1000);
    }
    return ended;
  }
}

export const namesOf = (refs: readonly Pick<ExperimentRef, 'name'>[]): string[] => refs.map(({ name }) => name).sort();

import { joined, msg, type Text } from '../base/text';
import { AppError, toAppError } from '../base/errors';
import type { ChaosObject, Experiment, ExperimentRef } from '../experiments/experiment';
import { toExperiment } from '../experiments/parse';
import type { ExperimentStore } from '../experiments/store';
import { pinnedManifest } from './prolongation';
import { Gate } from '../base/gate';
import { reasonToTakeBack, checkUnchanged, checkBeforeSending, type Intent } from './impactGuard';
import { untilInjected } from './injecting';
import { toManifest, withName } from './manifest';
import { heldBy } from '../workflows/held';
import { isStarter } from '../workflows/starters';
import { validatePlan, type InjectionPlan } from './plan';
import { checkObjects, checkPolicy, type InjectionPolicy, type PlanIssue } from './policy';
import type { Clock } from '../base/clock';
import type { Disposable } from '../base/disposable';
import type { Log } from '../base/log';
import type { ExperimentGateway } from '../experiments/gateway';
import { createReliably, deleteReliably, isUnsure, setPausedReliably } from './reliableRequests';
import { untilGone } from './stopping';
import type { WaitOptions } from '../experiments/waiting';

export type { WaitOptions } from '../experiments/waiting';

/** The outcome of stopping several experiments. */
export interface StopReport {
  stopped: readonly ExperimentRef[];
  failed: readonly { ref: ExperimentRef; error: AppError }[];
}

/** What the service needs. */
export interface InjectionServiceOptions {
  gateway: ExperimentGateway;
  store: ExperimentStore;
  clock: Clock;
  log: Log;
  random?: () => number;
}

/** How long to watch the cluster if it is unknown whether an experiment was created. */
const LOST_WATCH_MS = 5 * 60_000;
/** Concurrent requests while stopping many experiments. */
const STOPS_AT_ONCE = 16;

/** Injects and removes anomalies, and waits until Chaos Mesh has done so. Throws AppError only. */
export class InjectionService implements Disposable {
  readonly #options: InjectionServiceOptions;
  readonly #willAct = new Set<(lasting: boolean) => PromiseLike<void>>();
  readonly #closed = new AbortController();
  /** The creations in progress. */
  readonly #creating = new Set<Promise<unknown>>();
  #recall = new AbortController();
  #acting = 0;

  constructor(options: InjectionServiceOptions) {
    this.#options = options;
  }

  /** True while a fault is being created. */
  get isActing(): boolean {
    return this.#acting > 0;
  }

  /**
   * Called, and waited for, before anything is created or resumed: time to write down that a fault may act; `lasting` where
   * it is a workflow or a schedule, which goes on until it is stopped.
   */
  onWillAct(listener: (lasting: boolean) => PromiseLike<void>): Disposable {
    this.#willAct.add(listener);
    return { dispose: () => void this.#willAct.delete(listener) };
  }

  /**
   * Ends the injections that are under way, for whoever stops everything: what is not created yet will not be, and what
   * is just being created is deleted before this resolves. Never rejects.
   */
  async recall(): Promise<void> {
    this.#recall.abort(new AppError('cancelled', 'Everything was stopped in the meantime. Nothing was injected.'));
    this.#recall = new AbortController();
    await Promise.allSettled([...this.#creating]);
  }

  /** Aborts when everything in progress is recalled; for slow steps that lead to an injection. */
  get recalled(): AbortSignal {
    return this.#recall.signal;
  }

  /** From here on nothing is created or changed; existing experiments can still be stopped. */
  dispose(): void {
    this.#closed.abort(
      new AppError(
        'conflict',
        'Another cluster or other settings were selected in the meantime. Nothing was changed.',
        {
          hint: 'Start again to review the current targets.',
        },
      ),
    );
  }

  /**
   * Throws where another cluster or other settings were chosen than those that the user saw. Every act begins with it but
   * a stop, which takes a fault out of the cluster that it was seen in.
   */
  mustBeOpen(): void {
    this.#closed.signal.throwIfAborted();
  }

  /** Why the server would refuse an object, by a dry run; undefined if it would accept it. */
  async refusalOf(manifest: ChaosObject, signal?: AbortSignal): Promise<AppError | undefined> {
    try {
      await this.#options.gateway.dryRun(manifest, signal);
      return undefined;
    } catch (thrown) {
      const refusal = toAppError(thrown);
      if (refusal.code === 'cancelled') throw refusal;
      return refusal;
    }
  }

  /** Injects a plan that passes the policy; resolves when every target is injected, rejects with Chaos Mesh's own reason. */
  async inject(plan: InjectionPlan, policy: InjectionPolicy, options: WaitOptions = {}): Promise<Experiment> {
    refuse(validatePlan(plan, policy).problems);
    return this.injectManifest(toManifest(plan, this.#options.random), policy, options);
  }

  /** The same for an existing manifest, such as a clone to run again. */
  async injectManifest(manifest: ChaosObject, policy: InjectionPolicy, options: WaitOptions = {}): Promise<Experiment> {
    const intent = { manifests: [manifest] };
    return this.#send(manifest, intent, policy, options, (created) => untilInjected(this.#options, created, options));
  }

  /**
   * Creates a workflow or a schedule that passes the policy; resolves when the server has it. What it starts, and when, is
   * Chaos Mesh's.
   *
   * @param starts what it starts, where more is known of that than it says itself.
   */
  async createStarter(
    manifest: ChaosObject,
    policy: InjectionPolicy,
    options: WaitOptions = {},
    starts: Intent = heldBy(manifest),
  ): Promise<void> {
    await this.#send(manifest, starts, policy, options, (created) => Promise.resolve(created));
  }

  /**
   * Takes the fault back for as long as the experiment is paused, or suspends a schedule; resolves when the server has
   * heard it.
   */
  async pause(ref: ExperimentRef): Promise<void> {
    this.mustBeOpen();
    await setPausedReliably(this.#options, ref, true);
  }

  /** Resumes a paused experiment, under the same policy as a new fault. */
  async resume(experiment: Experiment, policy: InjectionPolicy): Promise<void> {
    refuse(
      checkPolicy(
        policy,
        experiment.targets.map((one) => one.namespace),
      ),
    );
    await this.#resume(experiment, { manifests: [pinnedManifest(experiment)] }, policy);
  }

  /** Resumes a suspended schedule, under the same policy. */
  async resumeStarter(object: ChaosObject, policy: InjectionPolicy): Promise<void> {
    const shown = toExperiment(object);
    await checkUnchanged(this.#options.gateway, shown);
    await this.#resume(shown, heldBy(object), policy);
  }

  /** Deletes an experiment; resolves when it is gone and so recovered, rejects as `stuck` after 30 seconds with the reason. */
  async stop(ref: ExperimentRef, options: WaitOptions = {}): Promise<void> {
    await this.#stop(ref, options, new Gate(1));
  }

  /** Stops all of these at once; a failure does not affect the others. */
  async stopAll(refs: readonly ExperimentRef[], options: WaitOptions = {}): Promise<StopReport> {
    const stopped: ExperimentRef[] = [];
    const failed: { ref: ExperimentRef; error: AppError }[] = [];
    const signal = options.signal ? { signal: options.signal } : {};
    const gate = new Gate(STOPS_AT_ONCE);
    await Promise.all(
      refs.map(async (ref) => {
        try {
          await this.#stop(ref, signal, gate);
          stopped.push(ref);
        } catch (thrown) {
          failed.push({ ref, error: toAppError(thrown) });
        }
        options.onProgress?.(msg`${stopped.length} of ${refs.length} stopped`);
      }),
    );
    return { stopped, failed };
  }

  async #resume(experiment: Experiment, intent: Intent, policy: InjectionPolicy): Promise<void> {
    const { ref, object } = experiment;
    this.mustBeOpen();
    refuse(checkObjects(policy, [object]));
    await checkBeforeSending(this.#options.clock, intent, policy, { signal: this.#closed.signal });
    await this.#act(isStarter(ref.kind), () => {
      this.mustBeOpen();
      return this.#watched(() => setPausedReliably(this.#options, ref, false));
    });
    const reason = await reasonToTakeBack(this.#options, intent, policy, experiment);
    if (reason === undefined) return;
    await setPausedReliably(this.#options, ref, true);
    throw takenBack(msg`${ref.name} was paused again.`, reason);
  }

  async #send(
    manifest: ChaosObject,
    intent: Intent,
    policy: InjectionPolicy,
    options: WaitOptions,
    then: (created: Experiment) => Promise<Experiment>,
  ): Promise<Experiment> {
    refuse(checkObjects(policy, [manifest]));
    const { signal, onProgress } = options;
    const recalled = this.#recall.signal;
    const left = AbortSignal.any([recalled, this.#closed.signal, ...(signal ? [signal] : [])]);
    try {
      left.throwIfAborted();
      onProgress?.('Server-side dry run …');
      await this.#options.gateway.dryRun(manifest, left);
      await checkBeforeSending(this.#options.clock, intent, policy, { ...options, signal: left });
      left.throwIfAborted();
      onProgress?.('Creating the experiment …');
      const created = await this.#act(isStarter(manifest.kind), () => {
        left.throwIfAborted();
        const creation = this.#create(manifest, left, recalled, options).finally(() => this.#creating.delete(creation));
        this.#creating.add(creation);
        return creation;
      });
      options.onCreated?.(created);
      const reason = await reasonToTakeBack(this.#options, intent, policy, created);
      if (reason !== undefined) {
        await this.stop(created.ref).catch((thrown: unknown) => {
          const { code, text, hint } = toAppError(thrown);
          throw new AppError(code, joined([reason, text]), hint === undefined ? {} : { hint });
        });
        throw takenBack(msg`${created.ref.name} was removed again.`, reason);
      }
      return await then(created);
    } catch (thrown) {
      const error = toAppError(thrown);
      // A request that was left says no more than that: why it was, the signal tells.
      throw error.code === 'cancelled' && left.aborted ? toAppError(left.reason) : error;
    }
  }

  /** Creates the object; if it was recalled meanwhile, deletes it again. */
  async #create(
    manifest: ChaosObject,
    left: AbortSignal,
    recalled: AbortSignal,
    { onProgress, onSending, onCreated }: WaitOptions,
  ): Promise<Experiment> {
    const named = withName(manifest, this.#options.random);
    onSending?.();
    const created = await this.#watched(() => createReliably(this.#options, named, { onProgress, signal: left }));
    this.#options.log.info(`created ${created.key}`);
    if (!recalled.aborted) return created;
    try {
      await deleteReliably(this.#options, created.ref);
    } catch (thrown) {
      onCreated?.(created);
      throw thrown;
    }
    throw toAppError(recalled.reason);
  }

  async #act<T>(lasting: boolean, work: () => Promise<T>): Promise<T> {
    this.#acting += 1;
    try {
      this.mustBeOpen();
      await Promise.all([...this.#willAct].map((listener) => listener(lasting)));
      return await work();
    } finally {
      this.#acting -= 1;
    }
  }

  /** Starts a fault; if the outcome is unknown, watches the cluster for a while. */
  async #watched<T>(work: () => Promise<T>): Promise<T> {
    const { clock, store } = this.#options;
    try {
      return await work();
    } catch (thrown) {
      if (isUnsure(toAppError(thrown))) {
        // It may be active after all; the watch makes sure that it is seen.
        const watching = store.subscribe(() => undefined);
        clock.after(LOST_WATCH_MS, () => watching.dispose());
      }
      throw thrown;
    }
  }

  async #stop(ref: ExperimentRef, options: WaitOptions, gate: Gate): Promise<void> {
    try {
      options.onProgress?.(msg`Stopping ${ref.name} …`);
      await gate.pass(() => deleteReliably(this.#options, ref));
      this.#options.log.info(`asked for the deletion of ${ref.kind} ${ref.namespace}/${ref.name}`);
      await untilGone(this.#options, ref, gate, options);
    } catch (thrown) {
      throw toAppError(thrown);
    }
  }
}

function refuse([problem]: readonly PlanIssue[]): void {
  if (problem) throw new AppError('invalid', problem.message, { hint: 'Nothing was changed in the cluster.' });
}

const takenBack = (what: Text, reason: Text): AppError =>
  new AppError('conflict', joined([what, reason]), {
    hint: 'Something else was started at the same moment. Start again to review the current targets.',
  });

import { AppError, toAppError } from './errors';
import type { ChaosObject, Experiment, ExperimentRef } from './experiment';
import { derivePhase } from './experimentPhase';
import type { ExperimentStore } from './experimentStore';
import { findExperiment } from './findExperiment';
import { Gate } from './gate';
import { toManifest, withName } from './manifest';
import { isStarter } from './orchestration/starters';
import { validatePlan, type InjectionPlan, type PlanReport } from './plan';
import { checkPolicy, namespacesOf, type InjectionPolicy, type PlanIssue } from './policy';
import type { Clock, Disposable, ExperimentGateway, ExperimentSnapshot, Log } from './ports';
import { createSurely, deleteSurely, isUnsure, setPausedSurely } from './surely';
import { untilGone } from './stopping';
import { waitForSnapshot, type WaitOptions } from './waiting';

export type { WaitOptions } from './waiting';

/** What would be created, checked by us and by the server. */
export interface InjectionPreview {
  manifest: ChaosObject;
  report: PlanReport;
  /** The server's refusal; undefined when it would accept it, or was not asked because the report has problems. */
  refusal: AppError | undefined;
}

/** What came of stopping several experiments. */
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

/** How long Chaos Mesh may fail and try again before the injection counts as failed. */
const FAILING_GRACE_MS = 10_000;
const FAILING: ReadonlySet<string> = new Set(['failing', 'partial', 'noTargets']);
const INJECT_TIMEOUT_MS = 90_000;
/** How long the cluster is watched for an experiment of which nobody knows whether it was created. */
const LOST_WATCH_MS = 5 * 60_000;
/** Requests under way at once where many experiments are stopped. */
const STOPS_AT_ONCE = 16;

/** Injects anomalies and takes them back, waiting until Chaos Mesh has done it. Throws AppError only. */
export class InjectionService implements Disposable {
  readonly #options: InjectionServiceOptions;
  readonly #willAct = new Set<(lasting: boolean) => PromiseLike<void>>();
  readonly #closed = new AbortController();
  /** What is being created just now. */
  readonly #creating = new Set<Promise<unknown>>();
  #recall = new AbortController();
  #acting = 0;

  constructor(options: InjectionServiceOptions) {
    this.#options = options;
  }

  /** True while a fault is on its way into the cluster. */
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
    this.#recall.abort(new AppError('cancelled', 'Everything was stopped meanwhile: nothing was injected.'));
    this.#recall = new AbortController();
    await Promise.allSettled([...this.#creating]);
  }

  /** Creates and resumes nothing from here on; what is there can still be stopped. */
  dispose(): void {
    this.#closed.abort(
      new AppError('conflict', 'Another cluster or other settings were chosen meanwhile: nothing was injected.', {
        hint: 'Begin again, to see what would be hit now.',
      }),
    );
  }

  /** Throws where nothing is created or resumed any more. */
  mustBeOpen(): void {
    this.#closed.signal.throwIfAborted();
  }

  /** Checks a plan against the policy, then against the server with nothing created. */
  async preview(plan: InjectionPlan, policy: InjectionPolicy, signal?: AbortSignal): Promise<InjectionPreview> {
    const report = validatePlan(plan, policy);
    const manifest = toManifest(plan, this.#options.random);
    if (report.problems.length > 0) return { manifest, report, refusal: undefined };
    try {
      await this.#options.gateway.dryRun(manifest, signal);
      return { manifest, report, refusal: undefined };
    } catch (thrown) {
      const refusal = toAppError(thrown);
      if (refusal.code === 'cancelled') throw refusal;
      return { manifest, report, refusal };
    }
  }

  /** Injects a plan that passes the policy; resolves when every target is injected, rejects with Chaos Mesh's own reason. */
  async inject(plan: InjectionPlan, policy: InjectionPolicy, options: WaitOptions = {}): Promise<Experiment> {
    refuse(validatePlan(plan, policy).problems);
    return this.injectManifest(toManifest(plan, this.#options.random), policy, options);
  }

  /** The same for an object that is already written, such as a clone to run again. */
  async injectManifest(manifest: ChaosObject, policy: InjectionPolicy, options: WaitOptions = {}): Promise<Experiment> {
    return this.#send(manifest, policy, options, (created) => this.#injected(created, options));
  }

  /**
   * Creates a workflow or a schedule that passes the policy; resolves when the server has it. What it starts, and when, is
   * Chaos Mesh's.
   */
  async createStarter(manifest: ChaosObject, policy: InjectionPolicy, options: WaitOptions = {}): Promise<void> {
    await this.#send(manifest, policy, options, (created) => Promise.resolve(created));
  }

  /** Takes the fault back for as long as the experiment is paused; resolves when the server has heard it. */
  async pause(ref: ExperimentRef): Promise<void> {
    await setPausedSurely(this.#options, ref, true);
  }

  /** Lets a paused experiment act again: as much a fault as a new one, so under the same policy. */
  async resume(experiment: Experiment, policy: InjectionPolicy): Promise<void> {
    refuse(
      checkPolicy(policy, [...namespacesOf(experiment.object), ...experiment.targets.map((one) => one.namespace)]),
    );
    await this.#act(isStarter(experiment.ref.kind), () => {
      this.mustBeOpen();
      return this.#watched(() => setPausedSurely(this.#options, experiment.ref, false));
    });
  }

  /** Deletes an experiment; resolves when it is gone and so recovered, rejects as `stuck` after 30 seconds with the reason. */
  async stop(ref: ExperimentRef, options: WaitOptions = {}): Promise<void> {
    await this.#stop(ref, options, new Gate(1));
  }

  /** Stops all of these at once; one that fails does not keep the others. */
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
        options.onProgress?.(`${stopped.length} of ${refs.length} stopped`);
      }),
    );
    return { stopped, failed };
  }

  async #send(
    manifest: ChaosObject,
    policy: InjectionPolicy,
    options: WaitOptions,
    then: (created: Experiment) => Promise<Experiment>,
  ): Promise<Experiment> {
    refuse(checkPolicy(policy, namespacesOf(manifest)));
    const { signal, onProgress } = options;
    const recalled = this.#recall.signal;
    const left = AbortSignal.any([recalled, this.#closed.signal, ...(signal ? [signal] : [])]);
    try {
      left.throwIfAborted();
      onProgress?.('The server checks it …');
      await this.#options.gateway.dryRun(manifest, left);
      left.throwIfAborted();
      onProgress?.('Creating it …');
      const created = await this.#act(isStarter(manifest.kind), () => {
        left.throwIfAborted();
        const creation = this.#create(manifest, left, recalled, options).finally(() => this.#creating.delete(creation));
        this.#creating.add(creation);
        return creation;
      });
      options.onCreated?.(created);
      return await then(created);
    } catch (thrown) {
      const error = toAppError(thrown);
      // A request that was left says no more than that: why it was, the signal tells.
      throw error.code === 'cancelled' && left.aborted ? toAppError(left.reason) : error;
    }
  }

  /** Creates it; what was recalled meanwhile is deleted again. */
  async #create(
    manifest: ChaosObject,
    left: AbortSignal,
    recalled: AbortSignal,
    { onProgress, onCreated }: WaitOptions,
  ): Promise<Experiment> {
    const named = withName(manifest, this.#options.random);
    const created = await this.#watched(() => createSurely(this.#options, named, { onProgress, signal: left }));
    this.#options.log.info(`created ${created.key}`);
    if (!recalled.aborted) return created;
    try {
      await deleteSurely(this.#options, created.ref);
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

  /** Does what lets a fault act, and watches the cluster for a while where it is not known whether it was done. */
  async #watched<T>(work: () => Promise<T>): Promise<T> {
    const { clock, store } = this.#options;
    try {
      return await work();
    } catch (thrown) {
      if (isUnsure(toAppError(thrown))) {
        // It may act after all: watched for, it is not left acting unseen.
        const watching = store.subscribe(() => undefined);
        clock.after(LOST_WATCH_MS, () => watching.dispose());
      }
      throw thrown;
    }
  }

  async #stop(ref: ExperimentRef, options: WaitOptions, gate: Gate): Promise<void> {
    try {
      options.onProgress?.(`Stopping ${ref.name} …`);
      await gate.pass(() => deleteSurely(this.#options, ref));
      this.#options.log.info(`asked for the deletion of ${ref.kind} ${ref.namespace}/${ref.name}`);
      await untilGone(this.#options, ref, gate, options);
    } catch (thrown) {
      throw toAppError(thrown);
    }
  }

  async #injected(created: Experiment, { signal, onProgress }: WaitOptions): Promise<Experiment> {
    const { clock, store } = this.#options;
    const since = clock.now();
    let failingSince: number | undefined;
    let seen = false;
    let said = '';
    const settled = (snapshot: ExperimentSnapshot): Experiment | undefined => {
      const live = findExperiment(snapshot, created.ref);
      if (!live) {
        if (seen && snapshot.health.state === 'live')
          throw new AppError('notFound', `${created.ref.name} was deleted before it was injected.`);
        const { health } = snapshot;
        if (clock.now() - since > INJECT_TIMEOUT_MS)
          throw slow(created, 'error' in health ? health.error.message : undefined);
        return undefined;
      }
      seen = true;
      const { phase, reason } = derivePhase(live, clock.now());
      const message = reason ?? (phase === 'injecting' ? 'Waiting for Chaos Mesh …' : '');
      if (message !== '' && message !== said) onProgress?.((said = message));
      if (phase === 'running' || phase === 'finished') return live;
      if (phase === 'deleting' || phase === 'stuck')
        throw new AppError('notFound', `${created.ref.name} is being deleted.`);
      if (phase === 'paused') return live;
      // By our own clock: the cluster's may be apart, so that "no targets" is seen before Chaos Mesh has looked.
      failingSince = FAILING.has(phase) ? (failingSince ?? clock.now()) : undefined;
      if (failingSince !== undefined && clock.now() - failingSince >= FAILING_GRACE_MS) throw failure(reason ?? phase);
      if (clock.now() - since > INJECT_TIMEOUT_MS) throw slow(created, reason);
      return undefined;
    };
    return waitForSnapshot(store, clock, settled, signal);
  }
}

function refuse([problem]: readonly PlanIssue[]): void {
  if (problem) throw new AppError('invalid', problem.message, { hint: 'Nothing was changed in the cluster.' });
}

const failure = (reason: string): AppError =>
  new AppError('injectionFailed', `Chaos Mesh could not inject: ${reason}`, {
    hint: 'The experiment is still there and may be tried again by Chaos Mesh: stop it, or see its YAML and events.',
  });

const slow = (created: Experiment, reason: string | undefined): AppError =>
  new AppError(
    'timeout',
    `${created.ref.name} was created, but is not injected after ${INJECT_TIMEOUT_MS / 1000} s.${reason ? ` ${reason}` : ''}`,
    {
      hint: "See whether the Chaos Mesh controller and the daemon on the target's node are running, or stop the experiment.",
    },
  );

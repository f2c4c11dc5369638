import { AppError, toAppError } from './errors';
import type { ChaosObject, Experiment, ExperimentRef } from './experiment';
import { toExperiment } from './experimentParse';
import { derivePhase, STUCK_AFTER_MS, stuckReason } from './experimentPhase';
import type { ExperimentStore } from './experimentStore';
import { toManifest } from './manifest';
import { validatePlan, type InjectionPlan, type PlanReport } from './plan';
import { checkPolicy, namespacesOf, type InjectionPolicy, type PlanIssue } from './policy';
import type { Clock, ExperimentGateway, ExperimentSnapshot, Log } from './ports';
import { sleep, waitForSnapshot } from './waiting';

/** How a wait can be followed and left. Aborting stops the wait only: never the injection, never the deletion. */
export interface WaitOptions {
  signal?: AbortSignal;
  /** A short sentence on what is being waited for. */
  onProgress?: (message: string) => void;
  /** Called once the experiment is there: from then on it acts, whether it is waited for or not. */
  onCreated?: (experiment: Experiment) => void;
}

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

/** Injects anomalies and takes them back, waiting until Chaos Mesh has done it. Throws AppError only. */
export class InjectionService {
  readonly #options: InjectionServiceOptions;

  constructor(options: InjectionServiceOptions) {
    this.#options = options;
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
    refuse(checkPolicy(policy, namespacesOf(manifest)));
    const { gateway, log } = this.#options;
    const { signal, onProgress } = options;
    try {
      onProgress?.('The server checks it …');
      await gateway.dryRun(manifest, signal);
      signal?.throwIfAborted();
      onProgress?.('Creating it …');
      const created = await gateway.create(manifest);
      log.info(`created ${created.key}`);
      options.onCreated?.(created);
      return await this.#injected(created, options);
    } catch (thrown) {
      throw toAppError(thrown);
    }
  }

  /** Lets a paused experiment act again: as much a fault as a new one, so under the same policy. */
  async resume(experiment: Experiment, policy: InjectionPolicy): Promise<void> {
    refuse(
      checkPolicy(policy, [...namespacesOf(experiment.object), ...experiment.targets.map((one) => one.namespace)]),
    );
    await this.#options.gateway.setPaused(experiment.ref, false);
  }

  /** Deletes an experiment; resolves when it is gone and so recovered, rejects as `stuck` after 30 seconds with the reason. */
  async stop(ref: ExperimentRef, options: WaitOptions = {}): Promise<void> {
    const { gateway, log } = this.#options;
    try {
      options.onProgress?.(`Stopping ${ref.name} …`);
      await gateway.delete(ref); // without the signal: what was begun is not taken back
      log.info(`asked for the deletion of ${ref.kind} ${ref.namespace}/${ref.name}`);
      await this.#gone(ref, options);
    } catch (thrown) {
      throw toAppError(thrown);
    }
  }

  /** Stops all of these at once; one that fails does not keep the others. */
  async stopAll(refs: readonly ExperimentRef[], options: WaitOptions = {}): Promise<StopReport> {
    const stopped: ExperimentRef[] = [];
    const failed: { ref: ExperimentRef; error: AppError }[] = [];
    const signal = options.signal ? { signal: options.signal } : {};
    await Promise.all(
      refs.map(async (ref) => {
        try {
          await this.stop(ref, signal);
          stopped.push(ref);
        } catch (thrown) {
          failed.push({ ref, error: toAppError(thrown) });
        }
        options.onProgress?.(`${stopped.length} of ${refs.length} stopped`);
      }),
    );
    return { stopped, failed };
  }

  async #injected(created: Experiment, { signal, onProgress }: WaitOptions): Promise<Experiment> {
    const { clock, store } = this.#options;
    const since = clock.now();
    let failingSince: number | undefined;
    let seen = false;
    let said = '';
    const settled = (snapshot: ExperimentSnapshot): Experiment | undefined => {
      const live = find(snapshot, created.ref);
      if (!live) {
        if (seen && snapshot.health.state === 'live')
          throw new AppError('notFound', `${created.ref.name} was deleted before it was injected.`);
        if (clock.now() - since > INJECT_TIMEOUT_MS) throw slow(created, undefined);
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

  async #gone(ref: ExperimentRef, { signal, onProgress }: WaitOptions): Promise<void> {
    const { clock, gateway, store } = this.#options;
    const since = clock.now();
    const late = (): boolean => clock.now() - since >= STUCK_AFTER_MS;
    const goneOrLate = (snapshot: ExperimentSnapshot): true | undefined => {
      const live = find(snapshot, ref);
      if (live?.deletingSince !== undefined)
        onProgress?.(`Chaos Mesh recovers ${live.targets.length} target(s) of ${ref.name} …`);
      return (!live && snapshot.health.state === 'live') || late() ? true : undefined;
    };
    for (;;) {
      await waitForSnapshot(store, clock, goneOrLate, signal);
      // The watch may be a moment behind, or down: the server has the last word.
      const object = await gateway.get(ref, signal);
      if (!object) return;
      if (late()) throw stuck(toExperiment(object));
      await sleep(clock, 1000, signal);
    }
  }
}

function refuse([problem]: readonly PlanIssue[]): void {
  if (problem) throw new AppError('invalid', problem.message, { hint: 'Nothing was changed in the cluster.' });
}

function find(snapshot: ExperimentSnapshot, ref: ExperimentRef): Experiment | undefined {
  return snapshot.experiments.find(
    ({ ref: other }) =>
      other.kind === ref.kind &&
      other.namespace === ref.namespace &&
      other.name === ref.name &&
      (ref.uid === undefined || other.uid === undefined || other.uid === ref.uid),
  );
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

const stuck = (live: Experiment): AppError =>
  new AppError(
    'stuck',
    `${live.ref.name} is still being deleted after ${STUCK_AFTER_MS / 1000} s. ${stuckReason(live)}`,
    {
      hint: 'It goes on in the background. Forcing the clean-up removes the object, but may leave the fault in the pod.',
    },
  );

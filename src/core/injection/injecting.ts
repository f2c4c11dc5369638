import { joined, msg, type Text } from '../base/text';
import { AppError } from '../base/errors';
import type { Experiment } from '../experiments/experiment';
import { derivePhase } from '../experiments/phase';
import type { ExperimentStore } from '../experiments/store';
import { findExperiment } from '../experiments/find';
import type { Clock } from '../base/clock';
import type { ExperimentSnapshot } from '../experiments/gateway';
import { waitForSnapshot, type WaitOptions } from '../experiments/waiting';

/** How long Chaos Mesh may retry before the injection counts as failed. */
const FAILING_GRACE_MS = 10_000;
const FAILING: ReadonlySet<string> = new Set(['failing', 'partial', 'noTargets']);
const INJECT_TIMEOUT_MS = 90_000;

/** Resolves when every target of an experiment is injected; rejects with Chaos Mesh's own reason. */
export function untilInjected(
  { clock, store }: { clock: Clock; store: ExperimentStore },
  created: Experiment,
  { signal, onProgress }: WaitOptions,
): Promise<Experiment> {
  const since = clock.now();
  let failingSince: number | undefined;
  let seen = false;
  let said = '';
  const settled = (snapshot: ExperimentSnapshot): Experiment | undefined => {
    const live = findExperiment(snapshot, created.ref);
    if (!live) {
      if (seen && snapshot.health.state === 'live')
        throw new AppError('notFound', msg`${created.ref.name} was deleted before it was injected.`);
      const { health } = snapshot;
      if (clock.now() - since > INJECT_TIMEOUT_MS)
        throw slow(created, 'error' in health ? health.error.text : undefined);
      return undefined;
    }
    seen = true;
    const { phase, reason } = derivePhase(live, clock.now());
    const message: Text = reason ?? (phase === 'injecting' ? 'Waiting for Chaos Mesh …' : '');
    if (message !== '' && String(message) !== said) {
      said = String(message);
      onProgress?.(message);
    }
    if (phase === 'running' || phase === 'finished') return live;
    if (phase === 'deleting' || phase === 'stuck')
      throw new AppError('notFound', msg`${created.ref.name} is being deleted.`);
    if (phase === 'paused') return live;
    // Uses our own clock: with the cluster's, "no targets" could appear before Chaos Mesh has selected any.
    failingSince = FAILING.has(phase) ? (failingSince ?? clock.now()) : undefined;
    if (failingSince !== undefined && clock.now() - failingSince >= FAILING_GRACE_MS) throw failure(reason ?? phase);
    if (clock.now() - since > INJECT_TIMEOUT_MS) throw slow(created, reason);
    return undefined;
  };
  return waitForSnapshot(store, clock, settled, signal);
}

const failure = (reason: Text): AppError =>
  new AppError('injectionFailed', msg`Chaos Mesh could not inject the fault: ${reason}`, {
    hint: 'The experiment still exists, and Chaos Mesh may retry it. Stop it, or check its YAML and events.',
  });

const slow = (created: Experiment, reason: Text | undefined): AppError =>
  new AppError(
    'timeout',
    joined([msg`${created.ref.name} was created but not injected within ${INJECT_TIMEOUT_MS / 1000} s.`, reason ?? '']),
    {
      hint: "Check that the Chaos Mesh controller and the daemon on the target's node are running, or stop the experiment.",
    },
  );

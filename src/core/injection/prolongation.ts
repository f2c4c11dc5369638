import { msg, type Text } from '../base/text';
import { formatDuration } from '../time/duration';
import { AppError } from '../base/errors';
import type { ChaosObject, Experiment } from '../experiments/experiment';
import { isOneShot } from '../experiments/kinds';
import { derivePhase, timeLeft } from '../experiments/phase';
import { CONTINUES_ANNOTATION } from '../experiments/labels';
import { cloneManifest } from './manifest';
import { WITHOUT_PODS } from '../impact/hits';
import { isRecord, recordsOf, textOf } from '../base/unknown';

/**
 * True where the new experiment may be there before the old one is gone. A spec and so a duration cannot be changed:
 * extending means a clone. Two of one kind on one pod add up (two delays are one behind the other, two stressors burn
 * twice, memory twice as much may end the database) or take each other's recovery away (pod failure keeps the image it
 * found, DNS and I/O are restored by whoever goes first). Only partitions may overlap: a second one changes nothing,
 * and a gap would connect the two sides for a moment.
 */
export function mayOverlap({ ref, object }: Experiment): boolean {
  return ref.kind === 'NetworkChaos' && object.spec['action'] === 'partition';
}

/** Why an experiment cannot be extended; undefined when it can. */
export function cannotExtend(experiment: Experiment, nowMs: number): AppError | undefined {
  const { name, kind } = experiment.ref;
  const { phase } = derivePhase(experiment, nowMs);
  const refusal = (message: Text, hint: Text): AppError => new AppError('invalid', message, { hint });
  if (isOneShot(kind, experiment.object.spec))
    return refusal(msg`${name} happens once: there is no duration to extend.`, 'Run it again instead.');
  if (experiment.durationMs === undefined)
    return refusal(
      msg`${name} runs until it is stopped: there is no duration to extend.`,
      'Stop it when it has run long enough.',
    );
  if (phase === 'paused') return refusal(msg`${name} is paused.`, 'Resume it first, then extend it.');
  if (phase === 'deleting' || phase === 'stuck')
    return refusal(msg`${name} is being deleted.`, 'Run it again once it is deleted.');
  if (phase === 'finished' || phase === 'noTargets' || phase === 'recovering' || timeLeft(experiment, nowMs) === 0)
    return refusal(msg`${name} is no longer running.`, 'Run it again instead.');
  return undefined;
}

/** A clone that acts on the very same targets for the time that is left and `moreMs` milliseconds more. Throws `invalid` where nothing can be extended. */
export function extensionOf(
  experiment: Experiment,
  moreMs: number,
  nowMs: number,
  createdBy: string,
  random?: () => number,
): ChaosObject {
  const refusal = cannotExtend(experiment, nowMs);
  if (refusal) throw refusal;
  const clone = cloneManifest(experiment.object, createdBy, random);
  const left = timeLeft(experiment, nowMs) ?? 0;
  const duration = formatDuration(Math.ceil((left + moreMs) / 1000) * 1000);
  const annotations = { ...clone.metadata.annotations, [CONTINUES_ANNOTATION]: experiment.ref.name };
  return {
    ...clone,
    metadata: { ...clone.metadata, annotations },
    spec: { ...pinned(clone.spec, experiment), duration },
  };
}

/** What a paused experiment hits when it goes on: the targets that it has chosen, as an object whose selector names them. */
export function pinnedManifest(experiment: Experiment): ChaosObject {
  const { object } = experiment;
  return { ...object, spec: pinned(structuredClone(object.spec), experiment) };
}

/** The spec with its selectors replaced by the pods that were selected: chosen anew, they might be others. */
function pinned(spec: Record<string, unknown>, { ref, object }: Experiment): Record<string, unknown> {
  if (WITHOUT_PODS.has(ref.kind)) return spec;
  const status = isRecord(object.status) && isRecord(object.status['experiment']) ? object.status['experiment'] : {};
  const records = recordsOf(status['containerRecords']);
  const targets = records.filter(({ selectorKey }) => selectorKey === '.Target');
  const pin = (of: Record<string, unknown>, chosen: typeof records): Record<string, unknown> => {
    // A namespace may be called `constructor`, which every object has of its own.
    const pods = new Map<string, Set<string>>();
    for (const { id } of chosen) {
      const [namespace, pod] = textOf(id).split('/');
      if (namespace && pod) pods.set(namespace, (pods.get(namespace) ?? new Set()).add(pod));
    }
    const { value: _value, ...rest } = of;
    if (pods.size === 0) return of;
    const named = Object.fromEntries([...pods].map(([namespace, names]) => [namespace, [...names]]));
    return { ...rest, mode: 'all', selector: { namespaces: [...pods.keys()], pods: named } };
  };
  const whole = pin(
    spec,
    records.filter((record) => !targets.includes(record)),
  );
  const target = whole['target'];
  return isRecord(target) ? { ...whole, target: pin({ ...target }, targets) } : whole;
}

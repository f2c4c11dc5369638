import type { ChaosObject, Experiment } from '../experiments/experiment';
import { toExperiment } from '../experiments/parse';
import { heldBy } from './held';
import { withDescendants } from './descendants';

/** By then Chaos Mesh has started what it starts at once. */
const YOUNG_MS = 60_000;

/**
 * What these workflows and schedules are about to start, where they are so new that nothing of it can be seen yet: the
 * experiments of their fullest moment, as if they were there, each as old as what starts it and with its uid.
 */
export function aboutToBegin(
  starters: readonly ChaosObject[],
  experiments: readonly Experiment[],
  nowMs: number,
): Experiment[] {
  return starters.flatMap((starter) => {
    const { createdAt, deletingSince } = toExperiment(starter);
    const old = nowMs - createdAt > YOUNG_MS || deletingSince !== undefined;
    const started = withDescendants(
      [starter],
      experiments.map(({ object }) => object),
    );
    if (old || started.size > 1) return [];
    const { manifests, moments } = heldBy(starter);
    const fullest = moments.reduce((most, one) => (one.length > most.length ? one : most), []);
    const { uid, creationTimestamp, namespace } = starter.metadata;
    return [...new Set(fullest)].flatMap((place) => {
      const manifest = manifests[place];
      if (!manifest) return [];
      return [toExperiment({ ...manifest, metadata: { ...manifest.metadata, uid, creationTimestamp, namespace } })];
    });
  });
}

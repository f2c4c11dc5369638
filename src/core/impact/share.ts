import { msg, type Text } from '../base/text';
import type { ChaosObject, Experiment, ExperimentPhase } from '../experiments/experiment';
import { derivePhase, holdsFault, isActive } from '../experiments/phase';
import { remoteClusterOf } from '../experiments/remoteClusters';
import { hitsOf, idsOf, lostPods, type Hits } from './hits';
import type { ImpactScope, Moments } from './scope';

/** How much of the database is hit, at the worst. */
export interface Share {
  /** Of the database's pods, by what is to be created. */
  hit: number;
  /** The same with those in which experiments act already, of anyone. */
  withRunning: number;
  of: number;
}

/** An active or upcoming fault: the pods (`namespace/name`) that it hits, or the candidates and how many of them at most. */
export interface Acting {
  manifest: ChaosObject;
  pods: ReadonlySet<string>;
  atMost: number;
}

/** In these a target that holds no fault will get none any more; in every other it is about to. */
const ENDING: ReadonlySet<ExperimentPhase> = new Set(['recovering', 'deleting', 'stuck']);

/** The experiments of anyone that act, or are about to. */
export function actingIn({ experiments, nowMs, pods, nodes }: ImpactScope): Acting[] {
  return experiments.flatMap((one: Experiment): Acting[] => {
    const { phase } = derivePhase(one, nowMs);
    const manifest = one.object;
    if (!isActive(phase) || remoteClusterOf(manifest) !== undefined) return [];
    if (one.targets.length === 0) {
      const { pods: chosen, atMost } = hitsOf(manifest, pods, nodes);
      return [{ manifest, pods: idsOf(chosen), atMost }];
    }
    const held = one.targets.filter((target) => !target.lost && (!ENDING.has(phase) || holdsFault(target)));
    const ids = new Set(held.map(({ namespace, pod }) => `${namespace}/${pod}`));
    return [{ manifest, pods: ids, atMost: ids.size }];
  });
}

/** True where the database may lose its majority. */
export const isMajority = ({ hit, withRunning, of }: Share): boolean => of > 1 && withRunning * 2 > of && hit > 0;

/** What that means, in one sentence. */
export const majorityText = ({ hit, withRunning, of }: Share): Text =>
  withRunning > hit
    ? msg`Including running experiments, ${withRunning} of the ${of} database pods are affected: the database may lose its majority and stop.`
    : msg`${hit} of the ${of} database pods are affected: the database may lose its majority and stop.`;

/** The share at the moment at which it is largest. */
export function worstShare(
  parts: readonly { manifest: ChaosObject; hits: Hits }[],
  moments: Moments,
  { database }: ImpactScope,
  running: readonly Acting[],
): Share {
  const ids = new Set(database.map(({ namespace, pod }) => `${namespace}/${pod}`));
  const known = new Set<string>();
  const unsure: Acting[] = [];
  for (const one of running) {
    if (one.atMost < one.pods.size) unsure.push(one);
    else choose(one.pods, one.atMost, ids, known, NOBODY);
  }
  const shares = moments.map((places): Share => {
    const hit = new Set<string>();
    for (const { manifest, hits } of places.flatMap((place) => parts[place] ?? [])) {
      const lost = lostPods(manifest, hits);
      choose(idsOf(lost.pods), lost.atMost, ids, hit, known);
    }
    const all = new Set([...hit, ...known]);
    for (const one of unsure) choose(one.pods, one.atMost, ids, all, NOBODY);
    return { hit: hit.size, withRunning: all.size, of: ids.size };
  });
  const isWorse = (one: Share, than: Share): boolean =>
    one.withRunning === than.withRunning ? one.hit > than.hit : one.withRunning > than.withRunning;
  return shares.reduce((worst, one) => (isWorse(one, worst) ? one : worst));
}

const NOBODY: ReadonlySet<string> = new Set();

/** Adds the worst case: where Chaos Mesh chooses, it may choose the pods that are not hit yet. */
function choose(
  from: ReadonlySet<string>,
  atMost: number,
  database: ReadonlySet<string>,
  hit: Set<string>,
  before: ReadonlySet<string>,
): void {
  const left = [...from].filter((id) => database.has(id) && !hit.has(id));
  const fresh = [...left.filter((id) => !before.has(id)), ...left.filter((id) => before.has(id))];
  for (const id of fresh.slice(0, atMost)) hit.add(id);
}

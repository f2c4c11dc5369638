import type { ChaosObject, Experiment, ExperimentPhase } from '../experiment';
import { isOneShot } from '../experimentKinds';
import { derivePhase, holdsFault, isActive } from '../experimentPhase';
import type { Target } from '../target';
import { textOf } from '../unknown';
import { headroomOf, headroomWarning, mountWarning, type Headroom } from './effects';
import { hitsOf, idsOf, lostPods, selectsPods, type Hits } from './hits';
import { podId, type NodeLabels, type SelectablePod } from './pod';
import { riskOf } from './risks';

/** What is known of the cluster before something is created in it. */
export interface HarmWorld {
  /** Pods of every namespace that the objects select from. */
  pods: readonly SelectablePod[];
  /** Undefined where the nodes cannot be listed. */
  nodes: NodeLabels | undefined;
  /** Namespaces whose pods cannot be listed, with the reason. */
  unseen: readonly { namespace: string; reason: string }[];
  /** The database's pods. */
  database: readonly Target[];
  /** All experiments, of anyone. */
  experiments: readonly Experiment[];
  /** Bytes in use by pod, where the metrics tell. */
  memoryUsed: Readonly<Record<string, number>>;
  /** Of the cluster's clock. */
  nowMs: number;
}

/** How much of the database is hit, at the worst. */
export interface Share {
  /** Of the database's pods, by what is to be created. */
  hit: number;
  /** The same with those in which experiments act already, of anyone. */
  withRunning: number;
  of: number;
}

/** What would be hit by objects that are created together, and what it may cost. */
export interface Harm {
  parts: readonly { manifest: ChaosObject; hits: Hits }[];
  share: Share;
  headroom: readonly Headroom[];
  /** To be confirmed by typing the context's name. */
  grave: readonly string[];
  /** To be read. */
  warnings: readonly string[];
  /** Nothing would come of it. */
  problems: readonly string[];
}

/** Which of several objects act at the same time, by their places: one list for each moment. */
export type Moments = readonly (readonly number[])[];

/**
 * What objects would do to a cluster if they were created now; all of them at once, or at the worst of the moments at
 * which some of them act.
 */
export function harmOf(manifests: readonly ChaosObject[], world: HarmWorld, moments?: Moments): Harm {
  const parts = manifests.map((manifest) => ({ manifest, hits: hitsOf(manifest, world.pods, world.nodes) }));
  const share = worstShare(parts, moments && moments.length > 0 ? moments : [[...parts.keys()]], world);
  const problems: string[] = [];
  const warnings = new Set<string>();
  const grave = new Set<string>();
  if (world.database.length > 1 && share.withRunning * 2 > world.database.length && share.hit > 0)
    grave.add(majority(share));
  for (const { namespace, reason } of world.unseen)
    grave.add(`What would be hit in ${namespace} is not known: its pods cannot be listed. ${reason}`);
  const headroom: Headroom[] = [];
  for (const { manifest, hits } of parts) {
    const problem = nothingOf(manifest, hits, world);
    if (problem !== undefined) problems.push(problem);
    if (hits.missing.length > 0 && hits.pods.length > 0)
      warnings.add(`${hits.missing.join(', ')} does not exist and is passed over.`);
    if (hits.uncertain)
      warnings.add('The labels of the nodes cannot be read: every pod that matches otherwise is counted.');
    for (const { target } of [...hits.pods, ...(hits.peers?.pods ?? [])])
      if (target.hostNetwork) grave.add(`${target.pod} uses its host's network: the whole host may be hit.`);
    for (const { target } of hits.pods) {
      const own = headroomOf(manifest, target, world.memoryUsed);
      headroom.push(...own);
      for (const text of [...own.map(headroomWarning), mountWarning(manifest, target)])
        if (text !== undefined) warnings.add(text);
      if (target.phase !== 'Running')
        warnings.add(`${target.pod} is ${target.phase.toLowerCase()}: Chaos Mesh may fail in it.`);
    }
    if (!isOneShot(manifest.kind, manifest.spec) && textOf(manifest.spec['duration']) === '')
      warnings.add('It has no duration: it acts until it is stopped.');
    const risk = riskOf(manifest);
    if (risk !== undefined) warnings.add(risk);
  }
  return { parts, share, headroom, grave: [...grave], warnings: [...warnings], problems };
}

const majority = ({ hit, withRunning, of }: Share): string =>
  withRunning > hit
    ? `With what runs already, ${withRunning} of the database's ${of} pods are hit: it may lose its majority and stop.`
    : `${hit} of the database's ${of} pods are hit: it may lose its majority and stop.`;

/** Why nothing would be hit; undefined where something is, or where nobody can tell. */
function nothingOf({ kind, metadata }: ChaosObject, hits: Hits, { unseen }: HarmWorld): string | undefined {
  if (!selectsPods(kind) || unseen.length > 0) return undefined;
  if (hits.problem !== undefined) return hits.problem;
  const name = metadata.name ?? metadata.generateName ?? kind;
  if (hits.pods.length === 0)
    return hits.missing.length > 0
      ? `The selector of ${name} names pods that do not exist: ${hits.missing.join(', ')}.`
      : `The selector of ${name} matches no pod.`;
  if (hits.atMost === 0) return `The mode of ${name} chooses none of the ${hits.pods.length} pods that match.`;
  if (hits.peers?.problem !== undefined) return hits.peers.problem;
  if (hits.peers?.pods.length === 0) return `The target of ${name} matches no pod.`;
  return undefined;
}

/** The share at the moment at which it is largest. */
function worstShare(parts: Harm['parts'], moments: Moments, world: HarmWorld): Share {
  const running = underExperiments(world);
  const shares = moments.map((places) => {
    const acting = parts.filter((_, i) => places.includes(i));
    return shareOf(acting, world, running);
  });
  const isWorse = (one: Share, than: Share): boolean =>
    one.withRunning === than.withRunning ? one.hit > than.hit : one.withRunning > than.withRunning;
  return shares.reduce((worst, one) => (isWorse(one, worst) ? one : worst));
}

/** Counted at the worst: where Chaos Mesh chooses, it may choose the pods that are not hit yet. */
function shareOf(parts: Harm['parts'], { database }: HarmWorld, underFault: ReadonlySet<string>): Share {
  const ids = new Set(database.map(({ namespace, pod }) => `${namespace}/${pod}`));
  const hit = new Set<string>();
  const running = new Set([...underFault].filter((id) => ids.has(id)));
  for (const { manifest, hits } of parts) {
    const lost = lostPods(manifest, hits);
    const mine = [...idsOf(lost.pods)].filter((id) => ids.has(id));
    const fresh = [...mine.filter((id) => !hit.has(id) && !running.has(id)), ...mine.filter((id) => running.has(id))];
    for (const id of fresh.slice(0, lost.atMost)) hit.add(id);
  }
  return { hit: hit.size, withRunning: new Set([...hit, ...running]).size, of: ids.size };
}

/** In these a target that holds no fault will get none any more; in every other it is about to. */
const ENDING: ReadonlySet<ExperimentPhase> = new Set(['recovering', 'deleting', 'stuck']);

/** Pods in which an experiment acts or is about to act. */
function underExperiments({ experiments, nowMs, pods, nodes }: HarmWorld): Set<string> {
  return new Set(
    experiments.flatMap((one) => {
      const { phase } = derivePhase(one, nowMs);
      if (!isActive(phase)) return [];
      if (one.targets.length === 0) return hitsOf(one.object, pods, nodes).pods.map(podId);
      return one.targets
        .filter((target) => !target.replaced && (!ENDING.has(phase) || holdsFault(target)))
        .map((target) => `${target.namespace}/${target.pod}`);
    }),
  );
}

import { distinct, msg, type Text } from '../base/text';
import { formatDuration, LONG_MS, parseDuration } from '../time/duration';
import type { ChaosObject } from '../experiments/experiment';
import { isOneShot } from '../experiments/kinds';
import { elsewhereText, remoteClustersOf } from '../experiments/remoteClusters';
import { isRecord, textOf } from '../base/unknown';
import { mountWarning } from './effects';
import { hitsOf, namesPods, selectsPods, type Hits } from './hits';
import { restOf, type Rest } from './rest';
import { riskOf, unknownsOf } from './risks';
import { actingIn, isMajority, majorityText, worstShare, type Share } from './share';
import { headroomOf, headroomWarning, loadWarning, strainsOf, type Headroom } from './strain';
import type { ImpactScope, Moments } from './scope';

/** What would be hit by objects that are created together, and what it may cost. */
export interface Impact {
  /** `rest`: what the summary of each leaves out. */
  parts: readonly { manifest: ChaosObject; hits: Hits; rest: Rest }[];
  /** What else a workflow or a schedule contains. */
  besides: readonly string[];
  /** Other clusters that are acted in. */
  clusters: readonly string[];
  share: Share;
  headroom: readonly Headroom[];
  /** To be confirmed by typing the context's name. */
  grave: readonly Text[];
  /** To be read. */
  warnings: readonly Text[];
  /** Those of the warnings without which a program is refused: it cannot read them. */
  serious: readonly Text[];
  /** Nothing would come of it. */
  problems: readonly Text[];
}

/** What a workflow or a schedule does other than starting experiments. */
export interface Besides {
  /** Images of containers that it runs. */
  images: readonly string[];
  rest: Rest;
}

/**
 * What objects would do to a cluster if they were created now; all of them at once, or at the worst of the moments at
 * which some of them act.
 *
 * @param besides given where a workflow or a schedule starts them.
 */
export function impactOf(
  manifests: readonly ChaosObject[],
  world: ImpactScope,
  moments?: Moments,
  besides?: Besides,
): Impact {
  const parts = manifests.map((manifest) => ({
    manifest,
    hits: hitsOf(manifest, world.pods, world.nodes),
    rest: restOf(manifest, besides !== undefined),
  }));
  const times = moments && moments.length > 0 ? moments : [[...parts.keys()]];
  const running = actingIn(world);
  const share = worstShare(parts, times, world, running);
  const problems: Text[] = [];
  const warnings: Text[] = [];
  const serious: Text[] = [];
  const grave: Text[] = [];
  const add = (to: Text[], text: Text | undefined): void => void (text !== undefined && to.push(text));
  if (isMajority(share)) grave.push(majorityText(share));
  const clusters = remoteClustersOf(manifests.map(({ spec }) => spec));
  for (const cluster of clusters) grave.push(elsewhereText(cluster));
  for (const { namespace, reason } of world.unseen)
    grave.push(msg`The targets in ${namespace} are unknown because its pods cannot be listed. ${reason}`);
  if (world.unlisted !== undefined)
    (world.isForbidden ? warnings : grave).push(
      msg`The running experiments are unknown because not all experiments can be listed. ${world.unlisted}`,
    );
  if (besides && besides.images.length > 0)
    grave.push(
      msg`Containers run with the permissions of the namespace, and what they do is unknown: ${besides.images.join(', ')}.`,
    );
  if (besides?.rest.cut || parts.some(({ rest }) => rest.cut))
    grave.push('It contains more than can be shown here. Review its YAML first.');
  const headroom: Headroom[] = [];
  for (const { target, strain, used } of strainsOf(parts, times, running, world)) {
    const own = headroomOf(target, strain, used);
    if (own) headroom.push(own);
    add(serious, own && headroomWarning(own));
    const load = loadWarning(target, strain);
    add(load?.beyond ? serious : warnings, load?.text);
  }
  for (const { manifest, hits } of parts) {
    const problem = nothingOf(manifest, hits, world);
    if (problem !== undefined) problems.push(problem);
    grave.push(...unknownsOf(manifest));
    if (hits.missing.length > 0 && hits.pods.length > 0)
      warnings.push(msg`${hits.missing.join(', ')} does not exist and is skipped.`);
    if (hits.uncertain) warnings.push('Node labels cannot be read: every pod that matches otherwise is counted.');
    for (const { target } of [...hits.pods, ...(hits.peers?.pods ?? [])])
      if (target.hostNetwork) grave.push(msg`${target.pod} uses the host network: the whole host may be affected.`);
    for (const { target } of hits.pods) {
      add(warnings, mountWarning(manifest, target));
      if (target.phase !== 'Running')
        warnings.push(msg`${target.pod} is ${target.phase.toLowerCase()}: the injection may fail.`);
    }
    add(serious, lastingOf(manifest));
    if (besides) add(serious, choosingOf(manifest));
    add(warnings, riskOf(manifest));
  }
  return {
    parts,
    besides: besides?.rest.lines ?? [],
    clusters,
    share,
    headroom,
    grave: distinct(grave),
    warnings: distinct([...serious, ...warnings]),
    serious: distinct(serious),
    problems,
  };
}

/** That it acts for long, or without an end; undefined where there is nothing to say. */
function lastingOf({ kind, spec }: ChaosObject): Text | undefined {
  if (isOneShot(kind, spec)) return undefined;
  const text = textOf(spec['duration']);
  if (text === '') return 'No duration: it runs until it is stopped.';
  const ms = parseDuration(text);
  if (ms === undefined || !Number.isFinite(ms)) return msg`Its duration "${text}" is not valid: it may never end.`;
  return ms > LONG_MS ? msg`It runs for ${formatDuration(ms)}.` : undefined;
}

/** That what a workflow or a schedule starts chooses its pods only then. */
function choosingOf(object: ChaosObject): Text | undefined {
  const { spec, metadata, kind } = object;
  const selectors = [spec, ...(isRecord(spec['target']) ? [spec['target']] : [])].map(({ selector }) => selector);
  if (!selectsPods(object) || selectors.every(namesPods)) return undefined;
  return msg`${metadata.name ?? kind} selects its pods when it starts: others may match by then.`;
}

/** Why nothing would be hit; undefined where something is, or where nobody can tell. */
function nothingOf(object: ChaosObject, hits: Hits, { unseen }: ImpactScope): Text | undefined {
  if (!selectsPods(object) || unseen.length > 0) return undefined;
  if (hits.problem !== undefined) return hits.problem;
  const name = object.metadata.name ?? object.metadata.generateName ?? object.kind;
  if (hits.pods.length === 0)
    return hits.missing.length > 0
      ? msg`The selector of ${name} names pods that do not exist: ${hits.missing.join(', ')}.`
      : msg`The selector of ${name} matches no pod.`;
  if (hits.atMost === 0) return msg`The mode of ${name} selects none of the ${hits.pods.length} matching pods.`;
  if (hits.peers?.problem !== undefined) return hits.peers.problem;
  if (hits.peers?.pods.length === 0) return msg`The target of ${name} matches no pod.`;
  return undefined;
}

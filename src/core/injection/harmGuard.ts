import { msg, saysSame, type Text } from '../base/text';
import { AppError, toAppError } from '../base/errors';
import type { ChaosObject, Experiment } from '../experiments/experiment';
import { idOf, kinOf } from '../workflows/kin';
import type { InjectionPolicy } from './policy';
import type { Clock } from '../base/clock';
import type { Log } from '../base/log';
import type { ExperimentGateway } from '../experiments/gateway';
import { isSameSpec } from '../experiments/sameSpec';
import { impactOf, type Besides, type Impact } from '../impact/impact';
import { podId } from '../impact/pod';
import { isMajority, majorityText, type Share } from '../impact/share';
import type { ImpactScope, Moments } from '../impact/scope';
import { sleep } from '../time/waiting';
import { type WaitOptions } from '../experiments/waiting';

/** What is about to act: one experiment, or those that a workflow or a schedule starts. */
export interface Intent extends Partial<Besides> {
  manifests: readonly ChaosObject[];
  moments?: Moments;
}

/** How long others may take to make room: what has just ended is recovered, the later of two takes itself back. */
const PATIENCE_MS = 20_000;
const LOOK_EVERY_MS = 1000;
const TRIES = 3;

/**
 * Looks again right before something acts. Rejects with `conflict` where more would be hit than was agreed to; where only
 * too many pods are hit just now, it waits a while for what is ending.
 */
export async function untilAgreed(
  clock: Clock,
  intent: Intent,
  { look, agreed }: InjectionPolicy,
  { signal, onProgress }: Pick<WaitOptions, 'signal' | 'onProgress'> = {},
): Promise<void> {
  if (!look) return;
  for (const since = clock.now(); ;) {
    const now = harm(intent, await look(intent.manifests, false, signal));
    const more = moreThan(agreed, now);
    if (more !== undefined) throw refusal(more);
    if (!isCrowded(now.share, agreed?.share)) return;
    if (clock.now() - since >= PATIENCE_MS) throw refusal(majorityText(now.share));
    onProgress?.('Waiting until fewer pods are affected …');
    await sleep(clock, LOOK_EVERY_MS, signal);
  }
}

/** Rejects with `conflict` where an object says something else by now: a schedule can be changed while it is suspended. */
export async function mustBeAsShown(
  gateway: Pick<ExperimentGateway, 'get'>,
  { ref, object }: Experiment,
): Promise<void> {
  const live = await gateway.get(ref);
  if (live && !(isSameSpec(object.spec, live.spec) && isSameSpec(live.spec, object.spec)))
    throw refusal(msg`${ref.name} was changed in the meantime.`);
}

/**
 * Looks once more when it is in the cluster, for what others began at the same moment. Resolves with the reason to take
 * it back: of several that are too many together, whoever is later does so, and the earlier one waits for that.
 */
export async function isTooMuch(
  { clock, log }: { clock: Clock; log: Log },
  intent: Intent,
  { look, agreed }: InjectionPolicy,
  mine: Experiment,
): Promise<Text | undefined> {
  if (!look) return undefined;
  let failures = 0;
  for (const since = clock.now(); ;) {
    try {
      const world = await look(intent.manifests, true);
      const own = kinOf(
        [mine.object],
        world.experiments.map(({ object }) => object),
      );
      const others = world.experiments.filter(({ object }) => !own.has(idOf(object)));
      const shareWith = (experiments: readonly Experiment[]): Share => harm(intent, { ...world, experiments }).share;
      const share = shareWith(others);
      if (!isCrowded(share, agreed?.share)) return undefined;
      const late = clock.now() - since >= PATIENCE_MS;
      if (late || isCrowded(shareWith(others.filter((one) => isEarlier(one, mine))), agreed?.share))
        return majorityText(share);
    } catch (thrown) {
      failures += 1;
      log.warn(`${mine.ref.name}: what acts beside it cannot be looked at: ${toAppError(thrown).message}`);
      if (failures >= TRIES) return undefined; // right before it, there was room
    }
    await sleep(clock, LOOK_EVERY_MS);
  }
}

const harm = ({ manifests, moments, images, rest }: Intent, world: ImpactScope): Impact =>
  impactOf(manifests, world, moments, images && rest ? { images, rest } : undefined);

/** More than a majority allows, and more than whoever was asked has agreed to. */
const isCrowded = (share: Share, agreed: Share | undefined): boolean =>
  isMajority(share) && share.withRunning > (agreed && isMajority(agreed) ? agreed.withRunning : 0);

/** By the server's own order, which every window sees alike. */
const isEarlier = (one: Experiment, than: Experiment): boolean =>
  one.createdAt === than.createdAt ? (one.ref.uid ?? '') < (than.ref.uid ?? '') : one.createdAt < than.createdAt;

/** What of this was not shown: pods that match only now, or something grave. The share is looked at besides. */
function moreThan(agreed: Impact | undefined, now: Impact): Text | undefined {
  const hit = ({ parts }: Impact): string[] =>
    parts.flatMap(({ hits }) => [...hits.pods, ...(hits.peers?.pods ?? [])].map(podId));
  const shown = new Set(agreed ? hit(agreed) : hit(now));
  const fresh = [...new Set(hit(now))].filter((id) => !shown.has(id));
  if (fresh.length > 0) return msg`More pods match than were shown: ${fresh.join(', ')}.`;
  const known = [majorityText(now.share), ...(agreed?.grave ?? [])];
  return now.grave.find((text) => !known.some((one) => saysSame(one, text)));
}

const refusal = (reason: Text): AppError =>
  new AppError('conflict', msg`The cluster has changed since the preview. ${reason}`, {
    hint: 'Nothing was injected. Start again to review the current targets.',
  });

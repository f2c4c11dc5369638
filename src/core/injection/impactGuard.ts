import { msg, saysSame, type Text } from '../base/text';
import { AppError, toAppError } from '../base/errors';
import type { ChaosObject, Experiment } from '../experiments/experiment';
import { idOf, withDescendants } from '../workflows/descendants';
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

/** What is about to start: one experiment, or those of a workflow or a schedule. */
export interface Intent extends Partial<Besides> {
  manifests: readonly ChaosObject[];
  moments?: Moments;
}

/** How long to wait for others: ended faults recover, and the later of two injections is taken back. */
const PATIENCE_MS = 20_000;
const CHECK_EVERY_MS = 1000;
const TRIES = 3;

/**
 * Checks the cluster once more right before an object is sent. Rejects with `conflict` if it would hit more than was agreed
 * to. If only too many pods are affected at the moment, waits a while for other faults to end.
 */
export async function checkBeforeSending(
  clock: Clock,
  intent: Intent,
  { currentScope, agreed }: InjectionPolicy,
  { signal, onProgress }: Pick<WaitOptions, 'signal' | 'onProgress'> = {},
): Promise<void> {
  if (!currentScope) return;
  for (const since = clock.now(); ;) {
    const now = impactIn(intent, await currentScope(intent.manifests, false, signal));
    const more = moreThan(agreed, now);
    if (more !== undefined) throw refusal(more);
    if (!exceedsAgreed(now.share, agreed?.share)) return;
    if (clock.now() - since >= PATIENCE_MS) throw refusal(majorityText(now.share));
    onProgress?.('Waiting until fewer pods are affected …');
    await sleep(clock, CHECK_EVERY_MS, signal);
  }
}

/** Rejects with `conflict` if an object has changed since it was shown: a schedule can be edited while it is suspended. */
export async function checkUnchanged(
  gateway: Pick<ExperimentGateway, 'get'>,
  { ref, object }: Experiment,
): Promise<void> {
  const live = await gateway.get(ref);
  if (live && !(isSameSpec(object.spec, live.spec) && isSameSpec(live.spec, object.spec)))
    throw refusal(msg`${ref.name} was changed in the meantime.`);
}

/**
 * Checks once more after the object was created, for faults that others started at the same moment. Resolves with the reason
 * to take it back. If several are too many together, the later one is taken back, and the earlier one waits for that.
 */
export async function reasonToTakeBack(
  { clock, log }: { clock: Clock; log: Log },
  intent: Intent,
  { currentScope, agreed }: InjectionPolicy,
  mine: Experiment,
): Promise<Text | undefined> {
  if (!currentScope) return undefined;
  let failures = 0;
  for (const since = clock.now(); ;) {
    try {
      const scope = await currentScope(intent.manifests, true);
      const own = withDescendants(
        [mine.object],
        scope.experiments.map(({ object }) => object),
      );
      const others = scope.experiments.filter(({ object }) => !own.has(idOf(object)));
      const shareWith = (experiments: readonly Experiment[]): Share =>
        impactIn(intent, { ...scope, experiments }).share;
      const share = shareWith(others);
      if (!exceedsAgreed(share, agreed?.share)) return undefined;
      const late = clock.now() - since >= PATIENCE_MS;
      if (late || exceedsAgreed(shareWith(others.filter((one) => isEarlier(one, mine))), agreed?.share))
        return majorityText(share);
    } catch (thrown) {
      failures += 1;
      log.warn(`${mine.ref.name}: cannot check what runs beside it: ${toAppError(thrown).message}`);
      if (failures >= TRIES) return undefined; // right before it, there was room
    }
    await sleep(clock, CHECK_EVERY_MS);
  }
}

const impactIn = ({ manifests, moments, images, rest }: Intent, scope: ImpactScope): Impact =>
  impactOf(manifests, scope, moments, images && rest ? { images, rest } : undefined);

/** A majority of the database is affected, and more of it than was agreed to. */
const exceedsAgreed = (share: Share, agreed: Share | undefined): boolean =>
  isMajority(share) && share.withRunning > (agreed && isMajority(agreed) ? agreed.withRunning : 0);

/** In the server's order, which is the same for every window. */
const isEarlier = (one: Experiment, than: Experiment): boolean =>
  one.createdAt === than.createdAt ? (one.ref.uid ?? '') < (than.ref.uid ?? '') : one.createdAt < than.createdAt;

/** What was not shown: pods that match only now, or a grave risk. The share is checked separately. */
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

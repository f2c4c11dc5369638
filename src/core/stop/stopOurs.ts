import { msg } from '../base/text';
import { AppError, toAppError } from '../base/errors';
import type { ChaosObject } from '../experiments/experiment';
import { Gate } from '../base/gate';
import type { InjectionService, StopReport } from '../injection/injection';
import { isMarked } from '../experiments/labels';
import { idOf, withDescendants } from '../workflows/descendants';
import { findOurs, objectsIn, partOf, refOf, refsOf, type FindParts, type Part } from './ours';
import type { ScenarioRuns } from '../scenario/runs';
import { deleteReliably, type ReliableRequestParts } from '../injection/reliableRequests';
import type { WaitOptions } from '../experiments/waiting';

/** What stopping everything needs. */
export interface StopParts extends ReliableRequestParts, Pick<FindParts, 'orchestration'> {
  injection: Pick<InjectionService, 'recall' | 'stopAll'>;
  scenarios: Pick<ScenarioRuns, 'stopAll'>;
}

/** The outcome of a stop. */
export interface PartReport extends StopReport {
  /** Why more may still be running. */
  lost: readonly AppError[];
}

/** How often to look for what was started meanwhile. */
const ROUNDS = 5;
const MARKS_AT_ONCE = 16;

/** Cancels what this window would still start after the stop; resolves with the failures. */
export async function endOwn({ injection, scenarios }: StopParts): Promise<AppError[]> {
  const ended = await Promise.allSettled([injection.recall(), scenarios.stopAll()]);
  return ended.flatMap((one) => (one.status === 'rejected' ? [toAppError(one.reason)] : []));
}

/**
 * Stops a part: first its workflows and schedules, then all experiments, and those started meanwhile. Resolves when
 * everything is gone, or is stuck, which the report names; never rejects.
 */
export async function stopPart(parts: StopParts, part: Part, options: WaitOptions = {}): Promise<PartReport> {
  const stopped: StopReport['stopped'][number][] = [];
  const failed: StopReport['failed'][number][] = [];
  const lost = await inRounds(parts, part, async (some, roots) => {
    const disarmed = disarm(parts, some);
    markOurs(parts, some, roots);
    await disarmed;
    const report = await parts.injection.stopAll(refsOf(some), options);
    stopped.push(...report.stopped);
    failed.push(...report.failed);
  });
  return { stopped, failed, lost };
}

/**
 * Handles a part, then what it has started meanwhile, until the cluster has nothing more of it; `roots` is everything
 * found so far. Resolves with the reasons why there may be more nevertheless.
 */
export async function inRounds(
  parts: StopParts,
  part: Part,
  handle: (part: Part, roots: readonly ChaosObject[]) => Promise<void>,
): Promise<AppError[]> {
  const roots = objectsIn(part);
  const handled = new Set<string>();
  let next = part;
  for (let round = 0; ; round++) {
    const objects = objectsIn(next);
    objects.forEach((one) => handled.add(idOf(one)));
    await handle(next, roots);
    // Experiments start nothing.
    if (part.starters.length + part.nodes.length === 0) return [];
    const look = await findOurs(parts);
    next = without(partOf(look, roots), handled);
    roots.push(...objectsIn(next));
    const lost = look.doubt ? [look.doubt] : [];
    if (refsOf(next).length === 0) return lost;
    // A workflow or schedule that could not be deleted starts its experiments again.
    const goesOn = look.starters.some((one) => handled.has(idOf(one)) && one.metadata.deletionTimestamp === undefined);
    if (goesOn || round === ROUNDS) return [...lost, endless(next)];
  }
}

/** Requests the deletion of workflows and schedules. Whoever waits for the deletion reports failures. */
export async function disarm(parts: StopParts, { starters }: Part): Promise<void> {
  const tell = (thrown: unknown): void => parts.log.warn(toAppError(thrown).message);
  await Promise.all(starters.map((one) => deleteReliably(parts, refOf(one)).catch(tell)));
}

/**
 * Labels what our workflows and schedules have started, so that it is found again if it is stuck after its owner is gone.
 * Nothing waits for this: what cannot be labelled is stopped nevertheless.
 */
export function markOurs({ gateway, log }: StopParts, part: Part, roots: readonly ChaosObject[]): void {
  const marked = roots.filter(({ metadata }) => isMarked(metadata));
  const ours = withDescendants(marked, [...roots, ...objectsIn(part)]);
  const gate = new Gate(MARKS_AT_ONCE);
  for (const object of [...part.starters, ...part.experiments.map((one) => one.object)])
    if (!isMarked(object.metadata) && ours.has(idOf(object)))
      gate
        .pass(() => gateway.mark(refOf(object)))
        .catch((thrown: unknown) => log.debug(`${object.metadata.name ?? ''}: ${toAppError(thrown).message}`));
}

const without = ({ starters, nodes, experiments }: Part, ids: ReadonlySet<string>): Part => {
  const isNew = (one: ChaosObject): boolean => !ids.has(idOf(one));
  return {
    starters: starters.filter(isNew),
    nodes: nodes.filter(isNew),
    experiments: experiments.filter(({ object }) => isNew(object)),
  };
};

const endless = (part: Part): AppError =>
  new AppError(
    'stuck',
    msg`More experiments start while these are stopped: ${refsOf(part)
      .map(({ kind, name }) => `${kind} ${name}`)
      .join(', ')}.`,
    { hint: 'Find out what starts them, and stop that first.' },
  );

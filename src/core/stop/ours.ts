import { AppError, toAppError } from '../base/errors';
import type { ChaosObject, Experiment, ExperimentRef } from '../experiments/experiment';
import { isMarked } from '../experiments/labels';
import { WORKFLOW_NODE } from '../workflows/embedded';
import { isStarter } from '../workflows/starters';
import { idOf, kinOf } from '../workflows/kin';
import type { HeldObjects, OrchestrationGateway } from '../workflows/orchestration';
import { isUnseen, type ExperimentGateway, type ExperimentSnapshot } from '../experiments/gateway';
import { textOf } from '../base/unknown';

/** What acts or may act, and what starts it. */
export interface Part {
  /** Workflows and schedules. */
  starters: readonly ChaosObject[];
  /** The steps of workflows: Chaos Mesh's own, looked at for what belongs to them. */
  nodes: readonly ChaosObject[];
  experiments: readonly Experiment[];
}

/** All that the cluster holds at one moment, as far as it could be looked at. */
export interface OwnObjects extends Part {
  /** Kinds that could not be listed, and namespaces: more may be there. */
  unlisted: readonly { kind: string; error: AppError }[];
  /** Why the experiments are not, or not surely, all that are there. */
  error: AppError | undefined;
  /** The same, or why what starts them is not. What may not be seen at all is no reason: it was not started from here. */
  doubt: AppError | undefined;
}

/** Where a look is taken. */
export interface FindParts {
  gateway: Pick<ExperimentGateway, 'list'>;
  orchestration: Pick<OrchestrationGateway, 'list'>;
}

/**
 * Looks at the cluster anew. Rejects only when aborted: what cannot be listed is told, and where experiments cannot be,
 * those that were `known` before stand in.
 */
export async function findOurs(
  { gateway, orchestration }: FindParts,
  known: readonly Experiment[] = [],
  signal?: AbortSignal,
): Promise<OwnObjects> {
  const listing = gateway.list(signal).catch((thrown: unknown): ExperimentSnapshot => {
    return { experiments: [], missingKinds: [], health: { state: 'failed', error: toAppError(thrown) } };
  });
  const [snapshot, held] = await Promise.all([listing, orchestration.list(signal)]);
  signal?.throwIfAborted();
  const { experiments, health } = snapshot;
  const lost = 'error' in health ? health.error : undefined;
  const seen = new Map(experiments.map((one) => [one.key, one]));
  for (const one of known) if (lost || isUnseen(snapshot, one.ref)) seen.set(one.key, seen.get(one.key) ?? one);
  return {
    ...heldParts(held),
    experiments: withOurs([...seen.values()], held),
    unlisted: [...unlistedIn(snapshot), ...held.lost],
    error: lost,
    doubt: lost ?? held.lost[0]?.error,
  };
}

/** What a list of experiments leaves out, and why. A kind that the cluster does not have has no objects either. */
export function unlistedIn({ missingKinds, onlyIn }: ExperimentSnapshot): OwnObjects['unlisted'] {
  const missing = missingKinds.filter(({ error }) => error.code !== 'notInstalled');
  if (!onlyIn) return missing;
  const error = new AppError('forbidden', 'You are not allowed to list the experiments of all namespaces.', {
    hint: 'Run DistDiag: Show Missing Permissions for the role to request from the administrator.',
  });
  return [...missing, { kind: `Experiments outside of ${onlyIn.join(', ')}`, error }];
}

/** The experiments with `ours` true also for those that only what has started them carries a mark of this project. */
export function withOurs(experiments: readonly Experiment[], held: HeldObjects): Experiment[] {
  const objects = [...objectsOf(held), ...experiments.map(({ object }) => object)];
  const kin = kinOf(
    objects.filter(({ metadata }) => isMarked(metadata)),
    objects,
  );
  return experiments.map((one) => (one.ours || !kin.has(idOf(one.object)) ? one : { ...one, ours: true }));
}

/** Everything of this project: what carries a mark of it, and what that has started, however far down. */
export function oursIn(look: Part): Part {
  return partOf(
    look,
    objectsIn(look).filter(({ metadata }) => isMarked(metadata)),
  );
}

/** The roots, and what they have started, however far down. */
export function partOf({ starters, nodes, experiments }: Part, roots: readonly ChaosObject[]): Part {
  const kin = kinOf(roots, objectsIn({ starters, nodes, experiments }));
  const listed = new Set(starters.map(idOf));
  return {
    // What is known to start more is stopped also where it could not be listed.
    starters: [
      ...starters.filter((one) => kin.has(idOf(one))),
      ...roots.filter((one) => isStarter(one.kind) && !listed.has(idOf(one))),
    ],
    nodes: nodes.filter((one) => kin.has(idOf(one))),
    experiments: experiments.filter(({ object }) => kin.has(idOf(object))),
  };
}

/** The workflows and schedules above an experiment: while they are there, it is started again. */
export const startersAbove = (part: Part, { object }: Experiment): ChaosObject[] =>
  part.starters.filter((starter) => kinOf([starter], objectsIn(part)).has(idOf(object)));

/** The workflows and schedules of a part, then its experiments. */
export const refsOf = ({ starters, experiments }: Part): ExperimentRef[] => [
  ...starters.map(refOf),
  ...experiments.map(({ ref }) => ref),
];

/** What names an object of the cluster. */
export function refOf({ kind, metadata }: ChaosObject): ExperimentRef {
  const uid = textOf(metadata.uid);
  const ref = { kind, namespace: textOf(metadata.namespace), name: textOf(metadata.name) };
  return uid === '' ? ref : { ...ref, uid };
}

/** All objects of a part. */
export const objectsIn = ({ starters, nodes, experiments }: Part): ChaosObject[] => [
  ...starters,
  ...nodes,
  ...experiments.map(({ object }) => object),
];

const objectsOf = ({ workflows, nodes, schedules }: HeldObjects): ChaosObject[] => [
  ...schedules,
  ...workflows,
  ...nodes,
];

function heldParts(held: HeldObjects): Pick<Part, 'starters' | 'nodes'> {
  const all = objectsOf(held);
  return {
    starters: all.filter(({ kind }) => kind !== WORKFLOW_NODE),
    nodes: all.filter(({ kind }) => kind === WORKFLOW_NODE),
  };
}

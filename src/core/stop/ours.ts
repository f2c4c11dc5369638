import { AppError, toAppError } from '../base/errors';
import type { ChaosObject, Experiment, ExperimentRef } from '../experiments/experiment';
import { isMarked } from '../experiments/labels';
import { WORKFLOW_NODE } from '../workflows/embedded';
import { isStarter } from '../workflows/starters';
import { idOf, withDescendants } from '../workflows/descendants';
import type { HeldObjects, OrchestrationGateway } from '../workflows/orchestration';
import { isUnseen, type ExperimentGateway, type ExperimentSnapshot } from '../experiments/gateway';
import { textOf } from '../base/unknown';

/** Experiments, and what starts them. */
export interface Part {
  /** Workflows and schedules. */
  starters: readonly ChaosObject[];
  /** The steps of workflows: Chaos Mesh's own objects, which link experiments to their workflow. */
  nodes: readonly ChaosObject[];
  experiments: readonly Experiment[];
}

/** The cluster's experiments, workflows and schedules at one moment, as far as they could be listed. */
export interface OwnObjects extends Part {
  /** Kinds and namespaces that could not be listed: there may be more. */
  unlisted: readonly { kind: string; error: AppError }[];
  /** Why the experiments may be incomplete. */
  error: AppError | undefined;
  /** The same, or why workflows and schedules may be incomplete. Kinds that may not be listed at all do not count: they were not started from here. */
  doubt: AppError | undefined;
}

/** What `findOurs` lists from. */
export interface FindParts {
  gateway: Pick<ExperimentGateway, 'list'>;
  orchestration: Pick<OrchestrationGateway, 'list'>;
}

/**
 * Lists the cluster afresh. Rejects only when aborted: what cannot be listed is in the result, and experiments that were
 * `known` before stand in for those that cannot be listed.
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

/** What a list of experiments leaves out, and why. A kind that the cluster lacks has no objects. */
export function unlistedIn({ missingKinds, onlyIn }: ExperimentSnapshot): OwnObjects['unlisted'] {
  const missing = missingKinds.filter(({ error }) => error.code !== 'notInstalled');
  if (!onlyIn) return missing;
  const error = new AppError('forbidden', 'You are not allowed to list the experiments of all namespaces.', {
    hint: 'Run DistDiag: Show Missing Permissions for the role to request from the administrator.',
  });
  return [...missing, { kind: `Experiments outside of ${onlyIn.join(', ')}`, error }];
}

/** Sets `ours` also for experiments without DistDiag's label that were started by an object with it. */
export function withOurs(experiments: readonly Experiment[], held: HeldObjects): Experiment[] {
  const objects = [...objectsOf(held), ...experiments.map(({ object }) => object)];
  const ids = withDescendants(
    objects.filter(({ metadata }) => isMarked(metadata)),
    objects,
  );
  return experiments.map((one) => (one.ours || !ids.has(idOf(one.object)) ? one : { ...one, ours: true }));
}

/** Everything with DistDiag's label, and everything that it has started, directly or not. */
export function oursIn(look: Part): Part {
  return partOf(
    look,
    objectsIn(look).filter(({ metadata }) => isMarked(metadata)),
  );
}

/** The roots, and everything that they have started, directly or not. */
export function partOf({ starters, nodes, experiments }: Part, roots: readonly ChaosObject[]): Part {
  const ids = withDescendants(roots, objectsIn({ starters, nodes, experiments }));
  const listed = new Set(starters.map(idOf));
  return {
    // A known workflow or schedule is stopped even if it could not be listed.
    starters: [
      ...starters.filter((one) => ids.has(idOf(one))),
      ...roots.filter((one) => isStarter(one.kind) && !listed.has(idOf(one))),
    ],
    nodes: nodes.filter((one) => ids.has(idOf(one))),
    experiments: experiments.filter(({ object }) => ids.has(idOf(object))),
  };
}

/** The workflows and schedules above an experiment: while they exist, they start it again. */
export const startersAbove = (part: Part, { object }: Experiment): ChaosObject[] =>
  part.starters.filter((starter) => withDescendants([starter], objectsIn(part)).has(idOf(object)));

/** The workflows and schedules of a part, then its experiments. */
export const refsOf = ({ starters, experiments }: Part): ExperimentRef[] => [
  ...starters.map(refOf),
  ...experiments.map(({ ref }) => ref),
];

/** The reference to an object of the cluster. */
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

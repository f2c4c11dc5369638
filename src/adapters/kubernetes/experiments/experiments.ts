import { msg } from '../../../core/base/text';
import { AppError, toAppError } from '../../../core/base/errors';
import type { ChaosObject, ExperimentEvent, ExperimentRef } from '../../../core/experiments/experiment';
import { INJECTABLE_KINDS } from '../../../core/experiments/kinds';
import { FORCE_CLEAN_ANNOTATION, PAUSE_ANNOTATION, toExperiment } from '../../../core/experiments/parse';
import { MANAGED_BY, MANAGED_BY_LABEL } from '../../../core/experiments/labels';
import { sent } from '../../../core/injection/manifest';
import type { ExperimentGateway } from '../../../core/experiments/gateway';
import { isRecord, textOf, timeOf } from '../../../core/base/unknown';
import { urlPart } from '../../../core/base/urlPart';
import type { KubeClient } from '../connection/client';
import { ExperimentCache } from './experimentCache';
import { watchExperiments, type ExperimentWatchOptions } from './experimentWatch';
import { collectionPath, discoverKinds, missingKind, objectPath } from './kinds';
import { eventCount } from '../podEvents';
import { listAll } from '../watch/lists';
import { listScoped } from '../watch/scoped';

/** Chaos Mesh experiments of one cluster, straight from its API server. */
export function createExperimentGateway(options: ExperimentWatchOptions): ExperimentGateway {
  const { client, log, namespaces } = options;

  const post = async (manifest: ChaosObject, dryRun: boolean, signal?: AbortSignal): Promise<ChaosObject> => {
    const namespace = manifest.metadata.namespace;
    if (!namespace)
      throw new AppError('invalid', 'The experiment names no namespace.', { hint: 'Set metadata.namespace.' });
    if (!manifest.kind)
      throw new AppError('invalid', 'The experiment names no kind.', { hint: 'Set kind, such as StressChaos.' });
    const what =
      `${dryRun ? 'check' : 'create'} ${manifest.kind} ${manifest.metadata.name ?? manifest.metadata.generateName ?? ''}`.trim();
    const query = { fieldManager: 'distdiag', fieldValidation: 'Strict', dryRun: dryRun ? 'All' : undefined };
    try {
      return chaosObject(
        await client.json({
          method: 'POST',
          path: collectionPath(manifest.kind, namespace),
          body: sent(manifest),
          query,
          signal,
          what,
        }),
        what,
      );
    } catch (thrown) {
      throw explainMissing(toAppError(thrown), manifest.kind, namespace);
    }
  };

  const patch = async (
    ref: ExperimentRef,
    metadata: Record<string, unknown>,
    what: string,
    signal?: AbortSignal,
  ): Promise<void> => {
    const body = { metadata: { ...metadata, ...(ref.uid === undefined ? {} : { uid: ref.uid }) } };
    const contentType = 'application/merge-patch+json';
    await client.json({
      method: 'PATCH',
      path: objectPath(ref.kind, ref.namespace, ref.name),
      body,
      contentType,
      signal,
      what: `${what} ${ref.name}`,
    });
  };

  const read = async (ref: ExperimentRef, signal?: AbortSignal): Promise<ChaosObject | undefined> => {
    const what = `read ${ref.kind} ${ref.name}`;
    try {
      const path = objectPath(ref.kind, ref.namespace, ref.name);
      const object = chaosObject(await client.json({ path, signal, what }), what);
      const { uid } = object.metadata;
      return ref.uid === undefined || uid === undefined || uid === ref.uid ? object : undefined;
    } catch (thrown) {
      if (toAppError(thrown).code === 'notFound') return undefined;
      throw thrown;
    }
  };

  return {
    async list(signal) {
      const cache = new ExperimentCache();
      const kinds = await discoverKinds(client, signal);
      for (const kind of INJECTABLE_KINDS) if (!kinds.includes(kind)) cache.absent(kind, missingKind(kind));
      const errors = await Promise.all(kinds.map((kind) => listKind(client, cache, kind, namespaces, signal)));
      // One kind that cannot be listed does not hide the others: what is known can be stopped.
      const failures = errors.filter((error) => error !== undefined);
      if (failures.length === kinds.length || signal?.aborted)
        throw failures[0] ?? new AppError('cancelled', 'Cancelled.');
      return cache.snapshot();
    },
    watch: (listener, known) => watchExperiments(options, listener, known),
    get: read,
    dryRun: (manifest, signal) => post(manifest, true, signal),
    create: async (manifest, signal) => {
      namespaces.add(manifest.metadata.namespace ?? ''); // before the answer, which may get lost
      return toExperiment(await post(manifest, false, signal));
    },
    setPaused: (ref, paused, signal) =>
      patch(ref, { annotations: { [PAUSE_ANNOTATION]: paused ? 'true' : null } }, paused ? 'pause' : 'resume', signal),
    mark: (ref, signal) => patch(ref, { labels: { [MANAGED_BY_LABEL]: MANAGED_BY } }, 'mark', signal),
    forceClean: (ref, signal) =>
      patch(ref, { annotations: { [FORCE_CLEAN_ANNOTATION]: 'forced' } }, 'force the clean-up of', signal),
    removeFinalizers: (ref, signal) => patch(ref, { finalizers: null }, 'empty the finalizers of', signal),
    async delete(ref, signal) {
      const body = {
        apiVersion: 'v1',
        kind: 'DeleteOptions',
        ...(ref.uid === undefined ? {} : { preconditions: { uid: ref.uid } }),
      };
      try {
        await client.json({
          method: 'DELETE',
          path: objectPath(ref.kind, ref.namespace, ref.name),
          body,
          signal,
          what: `delete ${ref.kind} ${ref.name}`,
        });
      } catch (thrown) {
        const error = toAppError(thrown);
        // A conflict: the name belongs to another object by now, or this one was changed at the same moment.
        const gone =
          error.code === 'notFound' ||
          (error.code === 'conflict' && ref.uid !== undefined && (await read(ref, signal)) === undefined);
        if (!gone) throw error;
        log.debug(`${ref.name} was gone already`);
      }
    },
    async events(ref, signal) {
      const fields = {
        'involvedObject.kind': ref.kind,
        'involvedObject.name': ref.name,
        'involvedObject.uid': ref.uid,
      };
      const fieldSelector = Object.entries(fields)
        .flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${value}`]))
        .join(',');
      const path = `/api/v1/namespaces/${urlPart(ref.namespace)}/events`;
      const { items } = await listAll(client, path, `list the events of ${ref.name}`, { signal, fieldSelector });
      return items.map(toEvent).sort((a, b) => (a.at ?? 0) - (b.at ?? 0));
    },
  };
}

/** Lists one kind into the cache; what fails is noted there, and returned where it is no matter of permissions. */
async function listKind(
  client: KubeClient,
  cache: ExperimentCache,
  kind: string,
  namespaces: Iterable<string>,
  signal?: AbortSignal,
): Promise<AppError | undefined> {
  const lists = await listScoped(client, namespaces, (scope) => collectionPath(kind, scope), `list ${kind}`, signal);
  for (const { scope, items, error } of lists) {
    const collection = { kind, namespace: scope };
    cache.open(collection);
    if (error) cache.broken(collection, error.code === 'notFound' ? missingKind(kind) : error, Date.now());
    else {
      cache.replace(collection, items);
      cache.live(collection);
    }
  }
  return lists.find(({ error }) => error && error.code !== 'forbidden' && error.code !== 'notFound')?.error;
}

function chaosObject(answer: unknown, what: string): ChaosObject {
  if (isRecord(answer) && isRecord(answer['metadata']) && isRecord(answer['spec']))
    return answer as unknown as ChaosObject;
  throw new AppError('badAnswer', msg`${what}: the server's response is not such an object.`);
}

/** A POST that is answered by 404 lacks its kind or its namespace: which one, the message tells. */
function explainMissing(error: AppError, kind: string, namespace: string): AppError {
  if (error.code !== 'notFound') return error;
  if (/namespaces/.test(error.message)) {
    return new AppError('notFound', msg`Namespace "${namespace}" does not exist.`, {
      hint: 'Check distdiag.target.namespace and distdiag.chaosNamespace.',
    });
  }
  return new AppError('notInstalled', msg`The cluster does not have ${kind}.`, {
    hint: 'Install Chaos Mesh, or choose another cluster.',
  });
}

/** Old writers fill in count and timestamps, new ones eventTime and series. */
function toEvent(event: Readonly<Record<string, unknown>>): ExperimentEvent {
  const series = isRecord(event['series']) ? event['series'] : {};
  const began = timeOf(event['firstTimestamp']) ?? timeOf(event['eventTime']);
  return {
    at: timeOf(event['lastTimestamp']) ?? timeOf(series['lastObservedTime']) ?? began,
    firstAt: began,
    count: eventCount(event),
    type: textOf(event['type']),
    reason: textOf(event['reason']),
    message: textOf(event['message']),
  };
}

import { msg } from '../../../core/base/text';
import { AppError } from '../../../core/base/errors';
import { INJECTABLE_KINDS, pluralOf } from '../../../core/experiments/kinds';
import { CHAOS_API_VERSION } from '../../../core/experiments/labels';
import { isRecord, recordsOf, textOf } from '../../../core/base/unknown';
import { urlPart } from '../../../core/base/urlPart';
import type { KubeClient } from '../connection/client';

/** What is asked first of all. */
export const LOOKED_FOR = 'look for Chaos Mesh';

/** Asks which injectable Chaos Mesh kinds the cluster has; throws `notInstalled` when it has none. */
export async function discoverKinds(client: KubeClient, signal?: AbortSignal): Promise<string[]> {
  const what = LOOKED_FOR;
  let answer: unknown;
  try {
    answer = await client.json({ path: `/apis/${CHAOS_API_VERSION}`, what, signal });
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code !== 'notFound') throw thrown;
    throw (await otherVersion(client, signal)) ?? notInstalled();
  }
  if (!isRecord(answer) || !Array.isArray(answer['resources']))
    throw new AppError('badAnswer', msg`${what}: the server's response is not a list of resources.`);
  const served = new Set(recordsOf(answer['resources']).map((resource) => textOf(resource['kind'])));
  const kinds = INJECTABLE_KINDS.filter((kind) => served.has(kind));
  if (kinds.length === 0) throw notInstalled();
  return kinds;
}

/** The cluster has Chaos Mesh, in a version that we do not speak. */
async function otherVersion(client: KubeClient, signal?: AbortSignal): Promise<AppError | undefined> {
  const [group, version] = CHAOS_API_VERSION.split('/') as [string, string];
  let answer: unknown;
  try {
    answer = await client.json({ path: `/apis/${group}`, what: LOOKED_FOR, signal });
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'notFound') return undefined;
    throw thrown;
  }
  const served = isRecord(answer) ? recordsOf(answer['versions']).map((one) => textOf(one['version'])) : [];
  if (served.length === 0 || served.includes(version)) return undefined;
  return new AppError(
    'notInstalled',
    msg`Chaos Mesh in this cluster serves ${group}/${served.join(', ')}, not ${version}.`,
    {
      hint: 'Install a version of Chaos Mesh that serves it, or select another cluster.',
    },
  );
}

/** The cluster has no Chaos Mesh at all. */
export const notInstalled = (): AppError =>
  new AppError('notInstalled', 'Chaos Mesh is not installed in this cluster.', {
    hint: 'Install it with its Helm chart, choose another cluster, or start the demo cluster.',
  });

/** The reason for a kind that the cluster lacks while it has others. */
export const missingKind = (kind: string): AppError =>
  new AppError('notInstalled', msg`Chaos Mesh in this cluster has no ${kind}.`, {
    hint: 'A newer version of Chaos Mesh may provide it.',
  });

/** The path of a kind's collection, cluster-wide or in a namespace. */
export function collectionPath(kind: string, namespace?: string): string {
  const scope = namespace === undefined ? '' : `/namespaces/${urlPart(namespace)}`;
  return `/apis/${CHAOS_API_VERSION}${scope}/${pluralOf(kind)}`;
}

/** The path of one object. */
export function objectPath(kind: string, namespace: string, name: string): string {
  return `${collectionPath(kind, namespace)}/${urlPart(name)}`;
}

import { msg, type Text } from '../base/text';
import type { ChaosObject } from './experiment';
import { everyRecord, isRecord, textOf } from '../base/unknown';

/**
 * The clusters besides the context's own in which an object acts. Chaos Mesh creates whatever has a `remoteCluster` in
 * that cluster; a workflow and a schedule hold it deeper.
 */
export function remoteClustersOf(spec: unknown): string[] {
  const names = everyRecord(spec).map(({ remoteCluster }) => textOf(remoteCluster));
  return [...new Set(names)].filter((name) => name !== '');
}

/** The other cluster that an experiment affects; undefined if it affects the context's own. */
export const remoteClusterOf = ({ spec }: Pick<ChaosObject, 'spec'>): string | undefined =>
  (isRecord(spec) && textOf(spec['remoteCluster'])) || undefined;

/** The warning before affecting another cluster. */
export const elsewhereText = (cluster: string): Text =>
  msg`It runs in another cluster, "${cluster}" (remoteCluster), which DistDiag is not connected to: its targets there are unknown.`;

import { everyRecord, textOf } from './unknown';

/**
 * The clusters besides the context's own in which an object acts. Chaos Mesh creates whatever has a `remoteCluster` in
 * that cluster; a workflow and a schedule hold it deeper.
 */
export function remoteClustersOf(spec: unknown): string[] {
  const names = everyRecord(spec).map(({ remoteCluster }) => textOf(remoteCluster));
  return [...new Set(names)].filter((name) => name !== '');
}

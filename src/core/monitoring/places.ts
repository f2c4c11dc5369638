import type { DatabasePod } from '../cluster/databasePod';

/** Pods of now that were not there then, unless as many are known that were there and are gone. */
export function placesUnknown(now: readonly DatabasePod[], then: readonly string[]): string[] {
  const names = now.map(({ pod }) => pod);
  const later = names.filter((pod) => !then.includes(pod));
  const gone = then.filter((pod) => !names.includes(pod));
  return gone.length < later.length ? later : [];
}

import type { DatabasePod } from '../cluster/databasePod';

/** Current pods that did not exist at that time, unless as many gone pods of that time are known. */
export function placesUnknown(now: readonly DatabasePod[], then: readonly string[]): string[] {
  const names = now.map(({ pod }) => pod);
  const later = names.filter((pod) => !then.includes(pod));
  const gone = then.filter((pod) => !names.includes(pod));
  return gone.length < later.length ? later : [];
}

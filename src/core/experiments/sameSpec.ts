import { isRecord } from '../base/unknown';

/** True if a written spec agrees with a live one; fields that the server has added do not count. */
export function isSameSpec(written: unknown, live: unknown): boolean {
  if (Array.isArray(written))
    return Array.isArray(live) && written.length === live.length && written.every((one, i) => isSameSpec(one, live[i]));
  if (isRecord(written))
    return isRecord(live) && Object.entries(written).every(([key, value]) => isSameSpec(value, live[key]));
  if (written === null) return live === null || live === undefined;
  return written === live;
}

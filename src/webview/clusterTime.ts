/** How far the cluster's clock is ahead of this machine's, milliseconds. */
let aheadMs = 0;

/** Takes the cluster's time as the host has just told it. */
export function heardTime(nowMs: number): void {
  aheadMs = nowMs - Date.now();
}

/** The cluster's time, by which the charts are dated. */
export const clusterNow = (): number => Date.now() + aheadMs;

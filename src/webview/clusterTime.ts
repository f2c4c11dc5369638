/** How far the cluster's clock is ahead of this machine's, milliseconds. */
let aheadMs = 0;

/** Sets the cluster's time, as the host has just sent it. */
export function heardTime(nowMs: number): void {
  aheadMs = nowMs - Date.now();
}

/** The cluster's time, which the charts use. */
export const clusterNow = (): number => Date.now() + aheadMs;

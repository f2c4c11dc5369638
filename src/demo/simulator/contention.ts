/**
 * How long things take when what they need is in use. The constants are fitted to recordings of three servers of
 * OceanBase's kernel under six faults (`test/unit/demo/simulator/recordedEffects.json`).
 */

/** How many times longer I/O takes on a machine; `pressure` is the demand of all on it, as a share of its cores. */
export const hostStretch = (pressure: number): number => 1 + 4 * Math.min(pressure, 1.8) ** 3;

/** How many times longer CPU work takes in a container; `use` is its demand as a share of its CPU limit. */
export function quotaStretch(use: number): number {
  // Beyond the limit only the database's threads wait for each other; busy loops take turns with them.
  return 1 + 3 * (Math.min(use, 1) + 0.07 * Math.log2(Math.max(1, use))) ** 4;
}

/** Part of what stretches the one that also stretches the other: I/O needs some CPU, and threads share the machine. */
export const partly = (stretch: number): number => stretch ** 0.35;

/** Share of scheduler periods in which a container is held back; `use` is what it gets as a share of its limit. */
export const throttledShare = (use: number): number => 1 - Math.exp(-((use / 0.77) ** 6));

/** Transactions that wait for a row, of `open` ones: few wait for each other, and of many most. */
export function waitingForRows(open: number, conflict: number): number {
  const odds = 2 * conflict * open;
  return (open * odds) / (1 + odds);
}

/** What each gets of `available`, as the kernel shares it: nobody more than asked for, the rest in equal parts. */
export function shareOut(demands: readonly number[], available: number): number[] {
  const given = demands.map(() => 0);
  const order = demands.map((_, index) => index).sort((a, b) => (demands[a] as number) - (demands[b] as number));
  let rest = available;
  order.forEach((index, place) => {
    const share = Math.min(demands[index] as number, Math.max(0, rest) / (order.length - place));
    given[index] = share;
    rest -= share;
  });
  return given;
}

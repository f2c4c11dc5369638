/** Round values on an axis that hold both ends, three or four of them. */
export function niceTicks(low: number, high: number): number[] {
  if (!(high > low)) return niceTicks(low - (Math.abs(low) || 1) / 2, low + (Math.abs(low) || 1) / 2);
  const raw = (high - low) / 3;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = ([1, 2, 2.5, 5, 10].find((multiple) => multiple * power >= raw * 0.999) ?? 10) * power;
  const first = Math.floor(low / step + 1e-9);
  const last = Math.ceil(high / step - 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
}

/** Times of day on whole minutes within both ends, five at the most. */
export function minuteTicks(fromMs: number, toMs: number): number[] {
  const minutes = [1, 2, 5, 10, 15, 30, 60, 120, 360, 720].find((one) => (toMs - fromMs) / (one * 60_000) <= 5) ?? 1440;
  const step = minutes * 60_000;
  const ticks: number[] = [];
  for (let at = Math.ceil(fromMs / step) * step; at <= toMs; at += step) ticks.push(at);
  return ticks;
}

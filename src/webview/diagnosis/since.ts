/** Scores from here on count as anomalous; each type's own threshold is close to it. */
const HALF = 0.5;

/** Since when a node has been anomalous; `open`: already before the first sample. */
export interface Since {
  ms: number;
  open: boolean;
}

/**
 * The start of the high scores that last until a moment; undefined if there are none. A moment without a score (NaN) does
 * not end them.
 */
export function anomalousSince(timestamps: Float64Array, scores: Float64Array, atMs: number): Since | undefined {
  let since: number | undefined;
  for (let i = timestamps.length - 1; i >= 0; i--) {
    const [ms, score] = [timestamps[i] as number, scores[i] as number];
    if (ms > atMs || Number.isNaN(score)) continue;
    if (score < HALF) return since === undefined ? undefined : { ms: since, open: false };
    since = ms;
  }
  return since === undefined ? undefined : { ms: since, open: true };
}

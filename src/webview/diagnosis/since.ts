/** A score from here on counts as anomalous: each type's own threshold is near it. */
const HALF = 0.5;

/** Since when a node has been anomalous; `open`: it was so before the first sample already. */
export interface Since {
  ms: number;
  open: boolean;
}

/**
 * The begin of the stretch of high scores that reaches up to a moment; undefined where there is none. A moment without a
 * score (NaN) does not end it.
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

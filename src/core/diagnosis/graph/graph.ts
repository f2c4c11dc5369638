import type { MetricStretch, NodeObservation } from '../types';

/**
 * The compound anomaly graph: w_ij = (1/d) Σ_k |r(m_ik, m_jk)|, the mean over the metrics that both nodes have of the
 * absolute Pearson correlation of their windows (DistDiagnosis, JOS 7282). A constant series has no correlation: 0. A
 * window of few samples is looked at with what came before it.
 * Row-major, nodes × nodes, symmetric, zero on the diagonal.
 */
export function anomalyGraph(nodes: readonly NodeObservation[]): Float64Array {
  const n = nodes.length;
  const weights = new Float64Array(n * n);
  /** How many metrics all nodes have in common; of the others, how many each pair has. */
  let ofAll = 0;
  let ofPairs: Int32Array | undefined;
  const metrics = new Set(nodes.flatMap((node) => Object.keys(node.metrics)));
  for (const metric of metrics) {
    const samples = nodes.map((node) => samplesOf(node.metrics[metric]));
    const length = samples.reduce((longest, { length: own }) => Math.max(longest, own), 0);
    // Standardised once per node: a correlation is then one dot product. A missing metric is 0 and adds nothing.
    const rows = new Float64Array((n + AT_ONCE - 1) * length);
    const there = samples.map((own, i) => standardise(own, rows, i * length));
    addCorrelations(weights, n, rows, length);
    if (there.every(Boolean)) ofAll += 1;
    else countPairs((ofPairs ??= new Int32Array(n * n)), there);
  }
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      const at = i * n + j;
      const count = ofAll + (ofPairs?.[at] ?? 0);
      const weight = count > 0 ? (weights[at] as number) / count : 0;
      weights[at] = weight;
      weights[j * n + i] = weight;
    }
  }
  return weights;
}

/** Two samples always correlate perfectly, and a few nearly do: fewer than this say nothing. */
const LEAST_SAMPLES = 20;
const NO_SAMPLES = new Float64Array(0);

/** The samples of a metric to correlate: the window, and if it is short the end of the baseline before it. */
function samplesOf(stretch: MetricStretch | undefined): Float64Array {
  if (!stretch?.window.some(Number.isFinite)) return NO_SAMPLES;
  const { baseline, window } = stretch;
  const before = baseline.subarray(Math.max(0, baseline.length + Math.min(0, window.length - LEAST_SAMPLES)));
  if (before.length === 0) return window;
  const samples = new Float64Array(before.length + window.length);
  samples.set(before);
  samples.set(window, before.length);
  return samples;
}

/** How many other nodes one pass over a row is correlated with: pair by pair, half of the time goes into reading memory. */
const AT_ONCE = 4;

/** Adds |r| of every pair, above the diagonal. Blocks that reach beyond the last node read rows of zeros. */
function addCorrelations(weights: Float64Array, n: number, rows: Float64Array, length: number): void {
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j += AT_ONCE) {
      let r0 = 0;
      let r1 = 0;
      let r2 = 0;
      let r3 = 0;
      for (let k = 0, other = j * length; k < length; k++, other++) {
        const own = rows[i * length + k] as number;
        r0 += own * (rows[other] as number);
        r1 += own * (rows[other + length] as number);
        r2 += own * (rows[other + 2 * length] as number);
        r3 += own * (rows[other + 3 * length] as number);
      }
      const at = i * n + j;
      weights[at] = (weights[at] as number) + Math.min(1, Math.abs(r0));
      weights[at + 1] = (weights[at + 1] as number) + Math.min(1, Math.abs(r1));
      weights[at + 2] = (weights[at + 2] as number) + Math.min(1, Math.abs(r2));
      weights[at + 3] = (weights[at + 3] as number) + Math.min(1, Math.abs(r3));
    }
  }
}

function countPairs(counts: Int32Array, there: readonly boolean[]): void {
  const n = there.length;
  for (let i = 0; i < n; i++) {
    if (!there[i]) continue;
    for (let j = i + 1; j < n; j++) counts[i * n + j] = (counts[i * n + j] as number) + Number(there[j]);
  }
}

/** Writes the values to `rows` from `place` on, with zero mean and unit length; gaps and a constant series become 0. False without data. */
function standardise(values: Float64Array, rows: Float64Array, place: number): boolean {
  let sum = 0;
  let count = 0;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    sum += value;
    count += 1;
  }
  if (count === 0) return false;
  const mean = sum / count;
  let square = 0;
  for (const value of values) if (Number.isFinite(value)) square += (value - mean) * (value - mean);
  const norm = Math.sqrt(square);
  if (norm <= 1e-12 * Math.max(1, Math.abs(mean))) return true;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (Number.isFinite(value)) rows[place + i] = (value - mean) / norm;
  }
  return true;
}
